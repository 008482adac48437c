"""openbsd_vnet.hosts.deploy: plugins/modules/deploy.py says what it takes."""

from __future__ import annotations

from ansible_collections.openbsd_vnet.hosts.plugins.plugin_utils.command import CommandAction, drifted, flags


class ActionModule(CommandAction):
    OPTIONS = {
        "no_rehearsal": {"type": "str"},
        "no_tests": {"type": "bool", "default": False},
        "remove": {"type": "list", "elements": "str", "default": []},
        "restart_guests": {"type": "bool", "default": False},
    }

    def result(self, args):
        removed = [word for path in args["remove"] for word in ("--remove", path)]
        plan = None
        if self._task.check_mode or self._task.diff:
            plan, _ = self.ask(args, "plan", *removed, *flags(args, "interrupt"))
        if self._task.check_mode:
            result = self.planned(args, plan)
        else:
            why = args.get("no_rehearsal")
            rehearsal = [] if why is None else ["--no-rehearsal", why]
            result = self.deployed(args, "deploy", *removed, *flags(args, "no_tests", "restart_guests"), *rehearsal)
        if self._task.diff:
            result["diff"] = [{"prepared": each["diff"]} for each in plan["changes"] if each["diff"]]
        return result

    def planned(self, args, plan):
        result = {"changed": bool(plan["changes"]), "result": "planned", "simulated": plan["simulated"]}
        refused = [each["text"] for each in plan["refused"]]
        if plan["drifted"] and not args["over_drift"]:
            refused.append(drifted(plan["drifted"]))
        if refused:
            result.update(failed=True, msg="\n".join(refused))
        return result

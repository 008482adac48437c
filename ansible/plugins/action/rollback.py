"""openbsd_vnet.hosts.rollback: plugins/modules/rollback.py says what it takes."""

from __future__ import annotations

from ansible_collections.openbsd_vnet.hosts.plugins.plugin_utils.command import CommandAction


class ActionModule(CommandAction):
    OPTIONS = {"to": {"type": "str"}}
    _supports_check_mode = False

    def result(self, args):
        if self._task.check_mode:
            return {"changed": False, "skipped": True, "msg": "what it would change is not known before"}
        to = args.get("to")
        return self.deployed(args, "rollback", *([] if to is None else ["--to", to]))

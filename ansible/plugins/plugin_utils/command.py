"""What the actions share: the command openbsd-vnet, run where Ansible runs, and its answer as the result of a task."""

from __future__ import annotations

import json
import os
import shlex
import subprocess

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

COMMON = {
    "name": {"type": "str"},
    "folder": {"type": "str", "default": "."},
    "command": {"type": "raw", "default": "openbsd-vnet"},
    "interrupt": {"type": "bool", "default": False},
    "over_drift": {"type": "bool", "default": False},
    "timeout": {"type": "int"},
}

# How a deployment that failed ended, where the host is, or will be, what it was.
BACK = ("untouched", "restored", "watchdog")


class CommandAction(ActionBase):
    """An action that needs no connection: the command has one of its own."""

    _requires_connection = False
    _supports_check_mode = True
    _supports_async = False
    OPTIONS = {}

    def run(self, tmp=None, task_vars=None):
        super().run(tmp, task_vars)
        _, args = self.validate_argument_spec({**COMMON, **self.OPTIONS})
        if not args.get("name"):
            args["name"] = (task_vars or {}).get("inventory_hostname")
        return self.result(args)

    def result(self, args):
        raise NotImplementedError

    def ask(self, args, verb, *words):
        """Runs the command; what it says as JSON."""
        command = args["command"]
        start = [str(word) for word in command] if isinstance(command, list) else shlex.split(str(command))
        if not start:
            raise AnsibleActionFail("command: names no program")
        folder = os.path.join(self._loader.get_basedir(), args["folder"])
        # The host comes last, where nothing is taken for an option.
        call = [*start, verb, "--json", *words, "--", args["name"]]
        try:
            done = subprocess.run(call, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except OSError as error:
            raise AnsibleActionFail(f"{start[0]}: {error.strerror}: install openbsd-vnet where Ansible runs, or say command") from error
        said = done.stderr.decode(errors="replace").strip()
        try:
            answer = json.loads(done.stdout)
        except ValueError as error:
            # It says why on standard error, and nothing else: the host was not reached, or the call was wrong.
            raise AnsibleActionFail(said or f"{start[0]} {verb} ended with status {done.returncode}, and said nothing") from error
        return answer, said

    def deployed(self, args, verb, *words):
        """Deploys or rolls back; the result of the task."""
        options = [*words, "--auto-confirm", *flags(args, "interrupt", "over_drift")]
        if args.get("timeout") is not None:
            options += ["--timeout", str(args["timeout"])]
        answer, said = self.ask(args, verb, *options)
        kind = answer.get("result")
        result = {"changed": kind == "deployed", "result": kind, "simulated": answer.get("simulated", False)}
        for key in ("id", "end", "differs"):
            if key in answer:
                result[key] = answer[key]
        warnings = [line for line in said.splitlines() if line]
        if kind == "deployed":
            warnings += [
                f"{each['area']} {each['subject']}: expected {each['expected']}, found {each['found']}" for each in answer.get("differs", [])
            ]
            if "differs" not in answer:
                warnings.append("what runs could not be held against the files")
        elif kind != "unchanged":
            result.update(failed=True, msg=why_failed(answer))
            result["changed"] = kind == "failed" and answer.get("end") not in BACK
        if warnings:
            result["warnings"] = warnings
        return result


def flags(args, *names):
    """The options of those that are on."""
    return [f"--{name.replace('_', '-')}" for name in names if args.get(name)]


def drifted(paths):
    return f"changed by others on the host: {', '.join(paths)}: 'openbsd-vnet pull' brings that here, over_drift deploys over it"


def why_failed(answer):
    """Why nothing was deployed, or nothing kept."""
    kind = answer.get("result")
    if kind == "tests-failed":
        return f"policy tests fail, nothing was changed\n{answer.get('tests', '')}".rstrip()
    if kind == "rehearsal-failed":
        return f"nothing was changed, because the way back does not work: {answer.get('message')}"
    if kind == "drifted":
        return drifted(answer.get("paths", []))
    if kind == "rejected":
        return "\n".join(["the host refuses the files, nothing was changed", *map(complaint, answer.get("complaints", []))])
    ends = {
        "untouched": "nothing was changed",
        "restored": "the host rolled back",
        "watchdog": f"the host rolls back by itself, within {answer.get('seconds')} s",
        "trying": "the host has not rolled back yet, and goes on trying",
        "incomplete": "the host rolled back, and not all is as before",
        "undecided": "whether the host kept it is not known",
    }
    lines = [f"{answer.get('step')}: {answer.get('message')}; {ends.get(answer.get('end'), answer.get('end'))}"]
    return "\n".join(lines + answer.get("differs", []))


def complaint(each):
    place = ":".join(str(part) for part in (each.get("path"), each.get("line")) if part is not None)
    return f"{place}: {each.get('text')}" if place else str(each.get("text"))

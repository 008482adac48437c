#!/usr/bin/python
"""What the action of this name takes: it runs where Ansible runs, and nothing is copied to the host."""

DOCUMENTATION = r"""
module: deploy
short_description: Deploys the files of an OpenBSD host, which rolls back by itself where it is lost
description:
  - Runs C(openbsd-vnet deploy) where Ansible runs. The host's own programs check the files, a watchdog on the host takes back what
    is not confirmed over a new connection, and nothing is kept before.
  - In check mode it runs C(openbsd-vnet plan). With C(--diff) it shows what that says, with keys hidden.
options:
  name:
    description: What openbsd-vnet.json calls the host. C(inventory_hostname) by default.
    type: str
  folder:
    description: The folder of openbsd-vnet.json, or one below it, from the playbook's.
    type: str
    default: .
  command:
    description: The command, as a text or as a list of words.
    type: raw
    default: openbsd-vnet
  interrupt:
    description: Also does what interrupts the network.
    type: bool
    default: false
  no_rehearsal:
    description: Why the way back is not rehearsed on a host where it was not tried.
    type: str
  no_tests:
    description: Deploys although policy tests fail, without running them.
    type: bool
    default: false
  over_drift:
    description: Deploys over what others changed on the host.
    type: bool
    default: false
  remove:
    description: Files of the host that are taken away.
    type: list
    elements: str
    default: []
  restart_guests:
    description: Restarts vmd where vm.conf has changed, which shuts all guests down.
    type: bool
    default: false
  timeout:
    description: How long the host waits for the confirmation, in seconds.
    type: int
author:
  - openbsd-vnet
"""

EXAMPLES = r"""
- name: Deploy the files of a host
  openbsd_vnet.hosts.deploy:
    folder: ..
"""

RETURN = r"""
result:
  description: As C(openbsd-vnet deploy --json) has it, or C(planned).
  type: str
  returned: always
id:
  description: The name of the deployment.
  type: str
  returned: when something was deployed, or begun
end:
  description: How one that failed ended.
  type: str
  returned: when it failed after its beginning
differs:
  description: What is not as after a start with the files.
  type: list
  returned: when that was looked at
"""

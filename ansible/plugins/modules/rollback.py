#!/usr/bin/python
"""What the action of this name takes: it runs where Ansible runs, and nothing is copied to the host."""

DOCUMENTATION = r"""
module: rollback
short_description: Deploys what an OpenBSD host had before a deployment
description:
  - Runs C(openbsd-vnet rollback) where Ansible runs. In check mode it does nothing.
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
  to:
    description: The deployment before which it was so. The latest that was confirmed by default.
    type: str
  interrupt:
    description: Also does what interrupts the network.
    type: bool
    default: false
  over_drift:
    description: Rolls back over what others changed on the host.
    type: bool
    default: false
  timeout:
    description: How long the host waits for the confirmation, in seconds.
    type: int
author:
  - openbsd-vnet
"""

EXAMPLES = r"""
- name: Take the latest deployment back
  openbsd_vnet.hosts.rollback:
    folder: ..
"""

RETURN = r"""
result:
  description: As C(openbsd-vnet rollback --json) has it.
  type: str
  returned: always
"""

/** Where a host keeps its files. Those of interfaces are in `hostname/names.ts`, for their names say more. */

export const PF_CONF = "/etc/pf.conf";
export const VM_CONF = "/etc/vm.conf";
export const SYSCTL_CONF = "/etc/sysctl.conf";
export const RC_CONF_LOCAL = "/etc/rc.conf.local";
export const DHCPD_CONF = "/etc/dhcpd.conf";
export const RESOLV_CONF = "/etc/resolv.conf";
export const MYGATE = "/etc/mygate";
export const MYNAME = "/etc/myname";
export const SERVICES_FILE = "/etc/services";

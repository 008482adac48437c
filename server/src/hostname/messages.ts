/**
 * What ifconfig and the shell say of the commands that netstart makes of a hostname file, in their words. `{if}` is the
 * interface, numbers are the words that a message names. messages.test.ts has an example of
 * each: one without does not compile.
 */

const NO_IOCTL = "Inappropriate ioctl for device";

/** ksh(1), which runs netstart. */
export const SHELL_MESSAGES = ["no closing quote", "{0}: not found"] as const;

/** ifconfig(8): ifconfig.c, brconfig.c, sff.c and what the kernel answers. */
export const MESSAGES = [
	// Reading the words
	"'{0}' requires argument",
	"'{0}' requires 2 arguments",
	"{if}: SIOCGIFFLAGS: Device not configured",

	// Addresses
	"{0}: bad value",
	"{0}: No address associated with hostname",
	"prefix {0}: {1}",
	"{0}: non-contiguous mask",
	"{0} not allowed for this address family",
	"could not determine link local address",
	"invalid pltime {0}: {1}",
	"invalid vltime {0}: {1}",
	"SIOCDIFADDR: Can't assign requested address",
	`SIOCAIFADDR: ${NO_IOCTL}`,
	"SIOCAIFADDR: Device not configured",

	// Any interface
	"mtu {0}: {1}",
	"SIOCSIFMTU: Invalid argument",
	`SIOCSIFMTU: ${NO_IOCTL}`,
	"metric {0}: {1}",
	"priority {0}: {1}",
	"llprio {0}: {1}",
	"SIOCSIFLLPRIO: Invalid argument",
	"setifgroup: group name empty",
	"setifgroup: group name too long",
	"setifgroup: group names may not end in a digit",
	"unsetifgroup: group name too long",
	"{0}: SIOCDIFGROUP: No such file or directory",
	"SIOCSIFDESCR: File name too long",
	"SIOCSIFRTLABEL: File name too long",
	"rdomain {0}: {1}",
	"malformed link-level address",
	"SIOCSIFLLADDR: Invalid argument",
	"SIOCSIFLLADDR: Operation not supported by device",
	"{if}: SIOCIFCREATE: Invalid argument",
	"{if}: SIOCIFDESTROY: Invalid argument",
	"{if}: SIOCSIFFLAGS: Device not configured",

	// Media
	`{if}: SIOCGIFMEDIA: ${NO_IOCTL}`,
	"only one `{0}' command may be issued",
	"may not issue `media' after `mode' commands",
	"may not issue `media' after `mediaopt' commands",
	"must specify `media' before `instance'",
	"may not issue both `media' and `-mediaopt'",
	"unknown {0} media subtype: {1}",
	"unknown {0} media mode: {1}",
	"unknown {0} media option: {1}",
	"media instance {0}: {1}",

	// Bridges and switches
	`{if}: {0}: ${NO_IOCTL}`,
	`{if}: ioctl SIOCBRDGADDL {0}: ${NO_IOCTL}`,
	`{if}: ioctl SIOCBRDGGIFFLGS {0}: ${NO_IOCTL}`,
	"{if}: ioctl SIOCBRDGSIFFLGS {0}: Invalid argument",
	`{if}: {1}: ${NO_IOCTL}`,
	`{if}: 0: ${NO_IOCTL}`,
	`{if}: ${NO_IOCTL}`,
	`{if} endpoint {0} {1}: ${NO_IOCTL}`,
	`{if} -endpoint {0}: ${NO_IOCTL}`,
	`ioctl(SIOCBRDGGRL): ${NO_IOCTL}`,
	"{if}: {0}: No such file or directory",
	"{if}: {0}: Invalid argument",
	"{if}: {0}: Protocol not supported",
	"only vether can be local interface",
	"{if}: ioctl SIOCBRDGADDL {0}: No such file or directory",
	"{if}: Invalid argument",
	"protected domain {0} is: {1}: {2}",
	"Invalid address: {0}",
	"Invalid address: {0}: Undefined error: 0",
	"{if} {0} {1}: invalid Ethernet address",
	"{if} endpoint {0}: No address associated with hostname",
	"maxaddr {0} is: {1}",
	"timeout {0} is: {1}",
	"hellotime {0} is: {1}",
	"fwddelay {0} is: {1}",
	"maxage {0} is: {1}",
	"holdcnt {0} is: {1}",
	"spanpriority {0} is: {1}",
	"invalid arg for proto: {0}",
	"ifpriority {0} is: {1}",
	"ifcost {0} is: {1}",
	"invalid rule",
	"invalid rule: {0}",
	"invalid address: {0}",
	"{if}: No such file or directory",

	// VLANs and tunnels
	"vnetid {0}: {1}",
	"SIOCSVNETID: Invalid argument",
	`SIOCSVNETID: ${NO_IOCTL}`,
	`SIOCDVNETID: ${NO_IOCTL}`,
	`{if}: {0}: SIOCSIFPARENT: ${NO_IOCTL}`,
	`SIOCDIFPARENT: ${NO_IOCTL}`,
	"{if}: {0}: SIOCSIFPARENT: Invalid argument",
	"{if}: {0}: SIOCSIFPARENT: Protocol not supported",
	"{if}: {0}: SIOCSIFPARENT: Device busy",
	"tx prio {0}: {1}",
	`SIOCSTXHPRIO: ${NO_IOCTL}`,
	"rx prio {0}: {1}",
	`SIOCSRXHPRIO: ${NO_IOCTL}`,
	"error in parsing address string: {1}",
	"source and destination address families do not match",
	`SIOCSLIFPHYADDR: ${NO_IOCTL}`,
	"tunneladdr {0}: {1}",
	`tunneladdr {0}: ${NO_IOCTL}`,
	`SIOCDIFPHYADDR: ${NO_IOCTL}`,
	`SIOCSLIFPHYRTABLE: ${NO_IOCTL}`,
	"tunnelttl {0}: {1}",
	`SIOCSLIFPHYTTL: ${NO_IOCTL}`,
	`SIOCSLIFPHYDF: ${NO_IOCTL}`,
	`SIOCSLIFPHYECN: ${NO_IOCTL}`,
	`SIOCSVNETFLOWID: ${NO_IOCTL}`,
	"keepalive period {0}: {1}",
	"keepalive count {0}: {1}",
	`SIOCSETKALIVE: ${NO_IOCTL}`,

	// Trunks
	`{if} {0}: SIOCSTRUNKPORT: ${NO_IOCTL}`,
	`{if}: {0}: SIOCSTRUNKDELPORT: ${NO_IOCTL}`,
	"{if} {0}: SIOCSTRUNKPORT: Invalid argument",
	"{if} {0}: SIOCSTRUNKPORT: Protocol not supported",
	"{if}: {0}: SIOCSTRUNKDELPORT: Invalid argument",
	"Invalid trunk protocol: {0}",
	"{if}: SIOCSTRUNK: Protocol not supported",
	`{if}: SIOCSTRUNK: ${NO_IOCTL}`,
	"Invalid lacpmode option for trunk: {if}",
	"Invalid lacptimeout option for trunk: {if}",
	"Invalid option for trunk: {if}",
	`{if}: SIOCGTRUNK: ${NO_IOCTL}`,

	// carp, pfsync, pflow
	"vhid {0}: {1}",
	"advbase {0}: {1}",
	"advskew {0}: {1}",
	"balancing {0}: unknown mode",
	"non parsable arg: {0}",
	"vhid {0}: value too large",
	"advskew {0}: value too large",
	"{if}: SIOCSVH: Invalid argument",
	`{if}: SIOCGVH: ${NO_IOCTL}`,
	"maxupd {0}: {1}",
	"{if}: SIOCSETPFSYNC: Invalid argument",
	`{if}: SIOCGETPFSYNC: ${NO_IOCTL}`,
	"{0} bad value",
	"Invalid pflow protocol: {0}",
	`{if}: SIOCSETPFLOW: ${NO_IOCTL}`,

	// pppoe
	"PPPOESETPARMS: Device not configured",
	"setpppproto",
	"setppppeerflags",
	"unspecified protocol",
	`{if}: SIOCGSPPPPARAMS(SPPPIOGXAUTH): ${NO_IOCTL}`,

	// WireGuard
	"wgkey (key): {1}",
	"wgpeer (key): {1}",
	"wgpsk (key): {1}",
	"{0}: wgpeer not set",
	"wgport: {0}, {1}",
	"wgrtable {0}: {1}",
	"{1}",
	"wgaip: bad address",
	"wgpka: {0}, {1}",
	`{if}: SIOCSWG: ${NO_IOCTL}`,

	// pair, MPLS
	"SIOCSIFPAIR: Invalid argument",
	`SIOCSIFPAIR: ${NO_IOCTL}`,
	"mpls label {0} is {1}",
	`SIOCSETLABEL: ${NO_IOCTL}`,
	`-mplslabel: ${NO_IOCTL}`,
	`pwecw: ${NO_IOCTL}`,
	`pwefat: ${NO_IOCTL}`,
	"pweneighbor: invalid label: {1}",
	"pweneighbor {0}: {1}",
	`pweneighbor: ${NO_IOCTL}`,
	`-pweneighbor: ${NO_IOCTL}`,

	// Wireless
	"strings too long",
	"{0} may not be specified twice",
	"nwid and join may not be used at the same time",
	`SIOCS80211NWID: ${NO_IOCTL}`,
	`{if}: SIOCS80211JOIN: ${NO_IOCTL}`,
	"malformed BSSID: {0}",
	`{if}: SIOCS80211BSSID: ${NO_IOCTL}`,
	`{if}: SIOCS80211NWKEY: ${NO_IOCTL}`,
	`{if}: SIOCS80211WPAPARMS: ${NO_IOCTL}`,
	"wpakey: invalid pre-shared key",
	"wpakey: passphrase must be between 8 and 63 characters",
	"wpakey: nwid not set",
	`{if}: SIOCS80211WPAPSK: ${NO_IOCTL}`,
	"wpaakms: unknown akm: {0}",
	"wpaciphers: unknown cipher: {0}",
	"wpagroupcipher: unknown cipher: {0}",
	"wpaprotos: unknown protocol: {0}",
	`{if}: SIOCG80211WPAPARMS: ${NO_IOCTL}`,
	"invalid channel {0}: {1}",
	`{if}: SIOCS80211CHANNEL: ${NO_IOCTL}`,
	"Invalid nwflag: {0}",
	`{if}: SIOCG80211FLAGS: ${NO_IOCTL}`,
	"powersave {0}: {1}",
	`{if}: SIOCG80211POWER: ${NO_IOCTL}`,

	// umb
	`{if}: SIOCGUMBPARAM: ${NO_IOCTL}`,
] as const;

export type ShellText = (typeof SHELL_MESSAGES)[number];
export type IfconfigText = (typeof MESSAGES)[number];

/** A message with the interface's name and the words that it names. */
export function filled(template: ShellText | IfconfigText, name: string, args: readonly string[]): string {
	return template.replace(/\{(if|\d)\}/g, (_, what: string) => (what === "if" ? name : (args[Number(what)] ?? "")));
}

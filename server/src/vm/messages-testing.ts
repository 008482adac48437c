/** What vmd says, by examples: messages.test.ts holds our reading against them, and test/openbsd a real vmd. */
import type { Examples } from "../text/testing.ts";
import type { VmdMessage } from "./messages.ts";

const guest = (...lines: string[]): string => `vm "a" {\n\tdisk "/a"\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
const instance = (...lines: string[]): string => `vm "a" instance "b" {\n\tdisk "/b"\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
const nic = (options: string): string => guest(`interface { ${options} }`);
const bridged = (...lines: string[]): string => `switch "a" {\n\tinterface veb0\n${lines.map((line) => `\t${line}\n`).join("")}}\n`;
const long = (length: number): string => "n".repeat(length);
const slashes = (length: number): string => "/".repeat(length);

export type Text = VmdMessage["template"];

export const warning = "macro '{0}' not used";

/** `at` is what the editor underlines; undefined where it says something else, or nothing. */
export type Example = readonly [refused: string, said: string, at: string | undefined, accepted: string];

/** For each message a text of which vmd says it, and the nearest one of which it says nothing. */
export const examples: Examples<Exclude<Text, typeof warning>, Example> = {
	"macro '{0}' not defined": [["include $f\n", "macro 'f' not defined", "$f", 'f = "/f"\ninclude $f\n']],
	"reached end of file while parsing quoted string": [
		['include "/f\n', "reached end of file while parsing quoted string", '"/f', 'include "/f"\n'],
	],
	"string too long": [
		[`include "${long(8095)}"\n`, "string too long", undefined, `include "${long(8094)}"\n`],
		[`include '${long(8094)}\\"'\n`, "string too long", undefined, `include '${long(8092)}\\"'\n`],
		[`include ${long(8096)}\n`, "string too long", undefined, `include ${long(8095)}\n`],
		[`include $${long(8095)}\n`, "string too long", undefined, `include "/f"\n`],
	],
	'"{0}" invalid number: {1}': [
		[
			guest("memory 9223372036854775808"),
			'"9223372036854775808" invalid number: too large',
			"9223372036854775808",
			guest("memory 137438953472"),
		],
		[
			"staggered start parallel -9223372036854775809 delay 1\n",
			'"-9223372036854775809" invalid number: too small',
			"-9223372036854775809",
			"staggered start parallel -9223372036854775808 delay 1\n",
		],
	],

	"syntax error": [
		["vm\n", "syntax error", "vm", guest()],
		['x = "a\0"\n', "syntax error", '"a\0', 'x = "a"\ninclude $x\n'],
	],
	"macro name cannot contain whitespace": [['"a b" = "/f"\n', "macro name cannot contain whitespace", '"a b"', '" a" = "/f"\n']],
	"failed to include file {0}": [['include "/missing"\n', "failed to include file /missing", undefined, 'include "/present"\n']],
	"failed to get user: {0}": [["socket owner bob\n", "failed to get user: bob", "bob", "socket owner alice\n"]],
	"failed to get group: {0}": [["socket owner root:bobs\n", "failed to get group: bobs", "bobs", "socket owner root:users\n"]],
	"invalid local prefix: {0}": [
		["local prefix 10.0.0.0/0\n", "invalid local prefix: too small", "10.0.0.0/0", "local prefix 0.0.0.0/1\n"],
		["local prefix 10.0.0.0/17\n", "invalid local prefix: too large", "10.0.0.0/17", "local prefix 10.0.0.0/16\n"],
		["local prefix 10.0.0.0/x\n", "invalid local prefix: invalid", "10.0.0.0/x", "local prefix 10.0.0.0\n"],
		["local prefix 256.0.0.0/8\n", "invalid local prefix: invalid format", "256.0.0.0/8", "local prefix 255.0.0.0/8\n"],
		["local prefix 10.0.0.0.0/8\n", "invalid local prefix: invalid format", "10.0.0.0.0/8", 'local prefix "10/8"\n'],
		["local prefix 10.1.0.1\n", "invalid local prefix: bad mask", "10.1.0.1", "local prefix 0x0a01\n"],
		["local prefix 10.128.0.0/8\n", "invalid local prefix: bad mask", "10.128.0.0/8", "local prefix 10.128.0.0/9\n"],
	],
	"invalid local inet6 prefix: {0}": [
		["local inet6 prefix fd00::/65\n", "invalid local inet6 prefix: too large", "fd00::/65", "local inet6 prefix fd00::/64\n"],
		["local inet6 prefix fd00::/-1\n", "invalid local inet6 prefix: too small", "fd00::/-1", "local inet6 prefix ::/0\n"],
		["local inet6 prefix fd00::/\n", "invalid local inet6 prefix: invalid", "fd00::/", "local inet6 prefix fd00::\n"],
		["local inet6 prefix fd00::1\n", "invalid local inet6 prefix: bad mask", "fd00::1", "local inet6 prefix fd00:0:0:1::\n"],
		[
			"local inet6 prefix fd00\n",
			"invalid local inet6 prefix: Name or service not known",
			"fd00",
			"local inet6 prefix fd00:0:0:0:0:0:0:0\n",
		],
		["local inet6 prefix 1::2::\n", "invalid local inet6 prefix: Name or service not known", "1::2::", "local inet6 prefix 1:0:0:2::\n"],
		[
			"local inet6 prefix 1:2:3:4:5:6:7::8\n",
			"invalid local inet6 prefix: Name or service not known",
			"1:2:3:4:5:6:7::8",
			"local inet6 prefix 1:2:3:4::0.0.0.0\n",
		],
		[
			"local inet6 prefix ::256.0.0.0\n",
			"invalid local inet6 prefix: Name or service not known",
			"::256.0.0.0",
			"local inet6 prefix ffff::\n",
		],
		["local inet6 prefix fd00g::\n", "invalid local inet6 prefix: Name or service not known", "fd00g::", "local inet6 prefix fd0f::\n"],
	],
	"agentx context too large": [[`agentx context ${long(33)}\n`, "agentx context too large", long(33), `agentx context ${long(32)}\n`]],
	"agentx path too large": [[`agentx path /${long(103)}\n`, "agentx path too large", `/${long(103)}`, `agentx path /${long(102)}\n`]],
	"agentx path is not absolute": [["agentx path a/b\n", "agentx path is not absolute", "a/b", "agentx path /a\n"]],

	'switch "{0}" is missing interface name': [['switch "a" {\n\tup\n}\n', 'switch "a" is missing interface name', '"a"', bridged("up")]],
	"invalid switch interface: {0}": [
		[bridged("interface vether0"), "invalid switch interface: vether0", "vether0", bridged("interface bridge0")],
		[bridged("interface veb"), "invalid switch interface: veb", "veb", bridged("interface veb4294967295")],
		[bridged("interface veb4294967296"), "invalid switch interface: veb4294967296", "veb4294967296", bridged("interface veb1")],
		[bridged("interface veb0x"), "invalid switch interface: veb0x", "veb0x", bridged("interface veb00")],
	],
	"switch interface too long: {0}": [
		[
			bridged(`interface veb${"0".repeat(13)}`),
			`switch interface too long: veb${"0".repeat(13)}`,
			`veb${"0".repeat(13)}`,
			bridged(`interface veb${"0".repeat(12)}`),
		],
	],
	"invalid group name: {0}": [
		[bridged(`group ${long(16)}`), `invalid group name: ${long(16)}`, long(16), bridged(`group ${long(15)}`)],
		[bridged("group lan0"), "invalid group name: lan0", "lan0", bridged("group lan0a")],
		[nic("group lan0"), "invalid group name: lan0", "lan0", nic("group 0lan")],
	],
	"invalid rdomain: {0}": [
		[bridged("rdomain 256"), "invalid rdomain: 256", "256", bridged("rdomain 255")],
		[nic("rdomain -1"), "invalid rdomain: -1", "-1", nic("rdomain 0")],
	],

	"vm name too long": [
		[`vm ${long(64)} {\n\tdisk "/a"\n}\n`, "vm name too long", long(64), `vm ${long(63)} {\n\tdisk "/a"\n}\n`],
		// Twenty-one characters of three bytes each, and a byte.
		[`vm "${"€".repeat(21)}n" {\n\tdisk "/a"\n}\n`, "vm name too long", `"${"€".repeat(21)}n"`, guest()],
		[`vm "${"é".repeat(32)}" {\n\tdisk "/a"\n}\n`, "vm name too long", `"${"é".repeat(32)}"`, guest()],
		[`vm "${"𝕒".repeat(16)}" {\n\tdisk "/a"\n}\n`, "vm name too long", `"${"𝕒".repeat(16)}"`, guest()],
	],
	"vm {0} name too long": [
		[
			`vm ${long(64)} instance "b" {\n\tdisk "/b"\n}\n`,
			`vm ${long(64)} name too long`,
			long(64),
			`vm ${long(63)} {\n\tdisk "/a"\n}\nvm ${long(63)} instance "b" {\n\tdisk "/b"\n}\n`,
		],
	],
	"invalid memory size: {0}: {1}": [
		[guest("memory 1GB"), "invalid memory size: 1GB: Invalid argument", "1GB", guest("memory 1G")],
		[guest("memory 1X"), "invalid memory size: 1X: Invalid argument", "1X", guest('memory "1g B"')],
		[guest("memory 1.5.5G"), "invalid memory size: 1.5.5G: Invalid argument", "1.5.5G", guest("memory 1.55G")],
		[guest('memory "--1G"'), "invalid memory size: --1G: Invalid argument", '"--1G"', guest('memory " +1G"')],
		[guest("memory 8E"), "invalid memory size: 8E: Result too large", "8E", guest("memory 0.00000002E")],
		[
			guest('memory "1000000000000000000000"'),
			"invalid memory size: 1000000000000000000000: Result too large",
			'"1000000000000000000000"',
			guest('memory "00000000000002000000"'),
		],
	],
	"memory size must be at least 1MB": [
		[guest("memory 1048575"), "memory size must be at least 1MB", "1048575", guest("memory 1048576")],
		[guest("memory 1023K"), "memory size must be at least 1MB", "1023K", guest("memory 1024K")],
		[guest('memory "-1G"'), "memory size must be at least 1MB", '"-1G"', guest('memory "1M"')],
	],
	"memory size too large (limit is {0})": [
		[guest("memory 137438953473"), "memory size too large (limit is 128G)", "137438953473", guest("memory 137438953472")],
		[guest("memory 129G"), "memory size too large (limit is 128G)", "129G", guest("memory 128G")],
	],
	"failed to parse size: {0}": [[guest("memory 1GB"), "failed to parse size: 1GB", undefined, guest("memory 1GB".slice(0, -1))]],
	"memory specified more than once": [
		[guest("memory 1G", "memory 1073741824"), "memory specified more than once", "1073741824", guest("memory 1073741824")],
	],
	"argument specified more than once": [[guest("memory 1G", "memory 2G"), "argument specified more than once", "2G", guest("memory 2G")]],
	"kernel specified more than once": [
		[guest('boot "/bsd"', 'boot "/bsd"'), "kernel specified more than once", '"/bsd"', guest('boot "/bsd"', "boot device net")],
	],
	"kernel path not found: {0}": [
		[guest('boot ""'), "kernel path not found: No such file or directory", '""', guest('boot "/"')],
		[guest(`boot "${slashes(1024)}"`), "kernel path not found: File name too long", `"${slashes(1024)}"`, guest(`boot "${slashes(1023)}"`)],
		[guest(`boot "/${long(256)}"`), "kernel path not found: File name too long", `"/${long(256)}"`, guest('boot "/"')],
	],
	"cdrom specified more than once": [
		[guest('cdrom "/c"', 'cdrom "/d"'), "cdrom specified more than once", '"/d"', guest('cdrom ""', 'cdrom "/d"')],
	],
	"cdrom name too long": [[guest(`cdrom "/${long(1023)}"`), "cdrom name too long", `"/${long(1023)}"`, guest(`cdrom "/${long(1022)}"`)]],
	"failed to parse disks: {0}": [[guest('disk ""'), "failed to parse disks: ", undefined, guest('disk "/b"')]],
	"too many disks": [
		[
			guest(...["b", "c", "d", "e"].map((name) => `disk "/${name}"`)),
			"too many disks",
			undefined,
			guest('disk "/b"', 'disk "/c"', 'disk "/d"'),
		],
	],
	"disk {0}: {1}": [
		[guest('disk ""'), "disk : No such file or directory", '""', guest('disk "/b"')],
		[
			guest(`disk "${slashes(1023)}b"`),
			`disk ${slashes(1023)}b: File name too long`,
			`"${slashes(1023)}b"`,
			guest(`disk "${slashes(1022)}b"`),
		],
		[guest(`disk "/${long(256)}"`), `disk /${long(256)}: File name too long`, `"/${long(256)}"`, guest(`disk "/${long(255)}"`)],
	],
	"unrecognized disk format {0}": [
		[guest('disk "/b" format vmdk'), "unrecognized disk format vmdk", "vmdk", guest('disk "/b" format Raw')],
	],
	"interfaces specified more than once": [
		[guest("interfaces 1", "interfaces 2"), "interfaces specified more than once", "2", guest("interfaces 0", "interfaces 2")],
	],
	"too many interfaces: {0}": [
		[guest("interfaces 5"), "too many interfaces: 5", "5", guest("interfaces 4")],
		[guest("interfaces -1"), "too many interfaces: -1", "-1", guest("interfaces 0")],
		[
			guest("interface", "interface", "interface", "interface", "interface tap9"),
			"too many interfaces: 5",
			"interface tap9",
			guest("interface", "interface", "interface", "interface tap9"),
		],
	],
	"invalid interface: {0}": [
		[guest("interface vether0"), "invalid interface: vether0", "vether0", guest("interface tap0")],
		[guest("interface tap0x"), "invalid interface: tap0x", "tap0x", guest("interface tap")],
	],
	"interface name too long: {0}": [
		[
			guest(`interface tap${"0".repeat(13)}`),
			`interface name too long: tap${"0".repeat(13)}`,
			`tap${"0".repeat(13)}`,
			guest(`interface tap${"0".repeat(12)}`),
		],
	],
	"switch name too long: {0}": [[nic(`switch ${long(64)}`), `switch name too long: ${long(64)}`, long(64), nic(`switch ${long(63)}`)]],
	"invalid address: {0}": [
		[nic("lladdr 0:1:2:3:4"), "invalid address: 0:1:2:3:4", "0:1:2:3:4", nic("lladdr 0:1:2:3:4:5")],
		[nic("lladdr 0:1:2:3:4:100"), "invalid address: 0:1:2:3:4:100", "0:1:2:3:4:100", nic("lladdr 0:1:2:3:4:0ff")],
	],

	'vm "{0}" failed: {1}': [['vm "a b" {\n\tdisk "/a"\n}\n', 'vm "a b" failed: Invalid argument', undefined, guest()]],
	"invalid configuration, no devices": [
		['vm "a" {\n\towner root\n}\n', "invalid configuration, no devices", '"a"', 'vm "a" {\n\tcdrom "/c"\n}\n'],
	],
	"no kernel or disk/cdrom specified": [['vm "a" {\n\tmemory 1G\n}\n', "no kernel or disk/cdrom specified", '"a"', guest("memory 1G")]],
	"invalid VM name": [
		['vm "a b" {\n\tdisk "/a"\n}\n', "invalid VM name", '"a b"', 'vm "a.b_c-1" {\n\tdisk "/a"\n}\n'],
		["vm _a {\n\tdisk '/a'\n}\n", "invalid VM name", "_a", "vm '1a' {\n\tdisk '/a'\n}\n"],
	],
	'vm "{0}" disk {1} cannot be reused': [
		[guest() + instance('disk "/x/../a"'), 'vm "b" disk /a cannot be reused', '"b"', guest() + instance('disk "/x/a"')],
	],
	'vm "{0}" lladdr cannot be reused': [
		[
			guest("interface") + instance("interface { lladdr 0:1:2:3:4:5 }"),
			'vm "b" lladdr cannot be reused',
			'"b"',
			guest("interface") + instance("interface"),
		],
	],
	'vm "{0}" {1} cannot be reused': [
		[
			guest("interface tap3") + instance("interface tap3"),
			'vm "tap3" b cannot be reused',
			'"b"',
			guest("interface tap3") + instance("interface tap4"),
		],
		[guest("interface tap3") + instance(), 'vm "tap3" b cannot be reused', '"b"', guest("interface") + instance()],
	],
	'vm "{0}" user mismatch': [
		[guest("owner alice") + instance("owner carol"), 'vm "b" user mismatch', '"b"', guest("owner alice") + instance("owner alice")],
	],
	'vm "{0}" group mismatch': [
		[
			guest("owner alice:users") + instance("owner alice:staff"),
			'vm "b" group mismatch',
			'"b"',
			guest("owner alice:users") + instance("owner alice:users"),
		],
	],
	'vm "{0}" cannot change instance permissions': [
		[
			guest() + instance("allow instance boot"),
			'vm "b" cannot change instance permissions',
			'"b"',
			guest("allow instance boot") + instance(),
		],
	],
};

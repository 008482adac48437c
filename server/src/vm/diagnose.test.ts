import { describe, expect, test } from "vitest";
import { type Examples, told } from "../text/testing.ts";
import { VmFile } from "./file.ts";
import type { VmCode } from "./lint.ts";

const host = { users: { root: 0 }, groups: { wheel: 0 }, memory: 8 * 1024 ** 3 };
const readFile = (path: string): string | undefined =>
	path === "/faulty" ? "vm\nlocal\n" : path === "/good" ? 'switch "x" {\n\tinterface veb9\n}\n' : undefined;

/** The editor takes any file to be there; texts that are too long stand in messages.test.ts. */
type Elsewhere = "vm/include" | "vm/string-too-long" | "vm/name-too-long";

/** For each code files of OpenBSD 7.5 that have the fault, and ones near to it, with all that is told of them. */
const table: Examples<Exclude<VmCode, Elsewhere>, readonly [text: string, told: readonly string[]]> = {
	"vm/syntax-error": [
		[
			'vm "a" {\n\tmemory\n}\n',
			['error vm/syntax-error at "memory": syntax error | Something is missing at the end of this line. Expected: size.'],
		],
		["vm\n", ['error vm/syntax-error at "vm": syntax error | Something is missing at the end of this line. Expected: guest.']],
		[
			'vm "a"\n{\n\tdisk "/a"\n}\n',
			[
				'error vm/syntax-error at "\\"a\\"": syntax error | Something is missing at the end of this line. Expected: string, `instance`, `{`.',
				'error vm/syntax-error at "{": syntax error | Expected: `vm`, `switch`, `include`, `local`, `socket`, `staggered`, `agentx`, end of line.',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1G enable\n}\n',
			[
				'error vm/syntax-error at "enable": syntax error | Each option of a block stands on a line of its own. Expected: end of line. | Put `enable` on a line of its own => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1G \\n\\tenable\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemroy 1G\n}\n',
			[
				'error vm/syntax-error at "memroy": syntax error | Expected: end of line, `disk`, `memory`, `interface`, `interfaces`, `local`, `boot`, `cdrom`. | Change it to `memory` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\nvm "b" {\n\tdisk "/b"\n}\n',
			['error vm/syntax-error at "vm": syntax error | The block above is not closed: a `}` is missing before this line.'],
		],
		['vm "a" {\n\tdisk "/a"\n', ['error vm/syntax-error at "\\"/a\\"": syntax error | The block is not closed: a `}` is missing.']],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface { up\n}\n',
			['error vm/syntax-error at "}": syntax error | The block is not closed: a `}` is missing.'],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface up, down\n}\n',
			['error vm/syntax-error at ",": syntax error | Without braces, a comma may follow the second and later options only.'],
		],
		[
			"switch net {\n\tinterface veb0\n}\n",
			[
				'error vm/syntax-error at "net": syntax error | `net` is a reserved word; as a name it needs quotes. | Quote `net` => "switch \\"net\\" {\\n\\tinterface veb0\\n}\\n"',
			],
		],
		[
			"local\n",
			['error vm/syntax-error at "local": syntax error | Something is missing at the end of this line. Expected: `inet6`, `prefix`.'],
		],
		["agentx path\n", ['error vm/syntax-error at "path": syntax error | Something is missing at the end of this line. Expected: path.']],
		["a b\n", ['error vm/syntax-error at "b": syntax error | Expected: `=`.']],
		["x = 1\n", ['error vm/syntax-error at "1": syntax error | Expected: string.']],
		[
			"}\n",
			[
				'error vm/syntax-error at "}": syntax error | Expected: `vm`, `switch`, `include`, `local`, `socket`, `staggered`, `agentx`, end of line.',
			],
		],
		[
			'vm "a" {\n}\n',
			[
				'error vm/syntax-error at "}": syntax error | Expected: end of line, `disk`, `memory`, `interface`, `interfaces`, `local`, `boot`, `cdrom`.',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tboot device tape\n}\n',
			['error vm/syntax-error at "tape": syntax error | Expected: `disk`, `cdrom`, `net`.'],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tallow instance { boot disk }\n}\n',
			[
				'information vm/allow-without-owner at "allow instance { boot": Without `owner`, only root can make instances of this guest',
				'error vm/syntax-error at "disk": syntax error | Each option of a block stands on a line of its own. Expected: `,`, end of line, `}`. | Put `disk` on a line of its own => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tallow instance { boot \\n\\tdisk }\\n}\\n"',
				'error vm/syntax-error at "}": syntax error | Expected: `vm`, `switch`, `include`, `local`, `socket`, `staggered`, `agentx`, end of line.',
			],
		],
		["socket owner\n", ['error vm/syntax-error at "owner": syntax error | Something is missing at the end of this line. Expected: user.']],
		["vm a 5 {\n}\n", ['error vm/syntax-error at "5": syntax error | Expected: string, `{`.']],
		["foo\n", ['error vm/syntax-error at "foo": syntax error | Something is missing at the end of this line. Expected: `=`.']],
		[
			"# x\n(\n",
			[
				'error vm/syntax-error at "(": syntax error | Expected: `vm`, `switch`, `include`, `local`, `socket`, `staggered`, `agentx`, end of line.',
			],
		],
	],
	"vm/unterminated-string": [
		[
			'vm "a {\n',
			[
				'error vm/unterminated-string at "\\"a {": reached end of file while parsing quoted string | Close the quote => "vm \\"a\\" {\\n"',
				'error vm/syntax-error at "\\"a {": syntax error | Something is missing at the end of this line. Expected: string, `instance`, `{`.',
			],
		],
		[
			'x = "a\n',
			[
				'warning vm/unused-macro at "x": macro \'x\' not used | Remove this macro => "" | unnecessary',
				'error vm/unterminated-string at "\\"a": reached end of file while parsing quoted string | Close the quote => "x = \\"a\\"\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tboot \'/b\n}\n',
			['error vm/unterminated-string at "\'/b": reached end of file while parsing quoted string'],
		],
	],
	"vm/invalid-number": [
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 99999999999999999999\n}\n',
			['error vm/invalid-number at "99999999999999999999": "99999999999999999999" invalid number: too large'],
		],
		[
			"staggered start parallel -99999999999999999999 delay 1\n",
			[
				'error vm/invalid-number at "-99999999999999999999": "-99999999999999999999" invalid number: too small',
				'error vm/no-parallel at "-99999999999999999999": With parallel 0, vmd starts no guest at all | Write `1` => "staggered start parallel 1 delay 1\\n"',
			],
		],
	],
	"vm/unknown-macro": [
		[
			'vm "a" {\n\tmemory $size\n}\n',
			[
				'error vm/no-device at "\\"a\\"": invalid configuration, no devices | vmd -n accepts this, but vmd refuses to start: the block configures no device. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tmemory $size\\n}\\n"',
				"error vm/unknown-macro at \"$size\": macro 'size' not defined",
			],
		],
		["include $a\n", ["error vm/unknown-macro at \"$a\": macro 'a' not defined"]],
		[
			'dir = "/x"\nvm "a" {\n\tdisk $dri\n}\n',
			[
				'warning vm/unused-macro at "dir": macro \'dir\' not used | Remove this macro => "vm \\"a\\" {\\n\\tdisk $dri\\n}\\n" | unnecessary',
				"error vm/unknown-macro at \"$dri\": macro 'dri' not defined",
			],
		],
		[
			'a = "$b"\ninclude $a\n',
			[
				'warning vm/macro-in-quotes at "$b": $b is not expanded inside quotes | Write the macro outside of them, as in $b "...". | Write `$b` => "a = $b\\ninclude $a\\n"',
				'error vm/syntax-error at "$a": syntax error | Expected: file.',
			],
		],
	],
	"vm/macro-name": [
		[
			'"a b" = "x"\n',
			[
				'error vm/macro-name at "\\"a b\\"": macro name cannot contain whitespace | Write `a_b` => "a_b = \\"x\\"\\n"',
				'warning vm/unused-macro at "\\"a b\\"": macro \'a b\' not used | Remove this macro => "" | unnecessary',
			],
		],
	],
	"vm/included-faults": [
		[
			'include "/faulty"\n',
			[
				'error vm/included-faults at "\\"/faulty\\"": /faulty has faults of its own | vmd rejects the whole configuration for a fault in a file that it includes. | see 0: syntax error | see 3: syntax error',
			],
		],
		['include "/good"\n', []],
	],
	"vm/missing-interface": [
		[
			'switch "a" {\n\tup\n}\n',
			[
				'error vm/missing-interface at "\\"a\\"": switch "a" is missing interface name | Add `interface veb0` => "switch \\"a\\" {\\n\\tinterface veb0\\n\\tup\\n}\\n"',
			],
		],
	],
	"vm/switch-interface": [['switch "a" {\n\tinterface em0\n}\n', ['error vm/switch-interface at "em0": invalid switch interface: em0']]],
	"vm/interface-name": [
		[
			'vm "a" {\n\tinterface em0\n}\n',
			[
				'error vm/no-disk at "\\"a\\"": no kernel or disk/cdrom specified | vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tinterface em0\\n}\\n"',
				'error vm/interface-name at "em0": invalid interface: em0 | Write `tap` => "vm \\"a\\" {\\n\\tinterface tap\\n}\\n"',
			],
		],
	],
	"vm/group-name": [
		[
			'switch "a" {\n\tinterface veb0\n\tgroup web1\n}\n',
			[
				'error vm/group-name at "web1": invalid group name: web1 | Write `web` => "switch \\"a\\" {\\n\\tinterface veb0\\n\\tgroup web\\n}\\n"',
			],
		],
	],
	"vm/rdomain": [['switch "a" {\n\tinterface veb0\n\trdomain 256\n}\n', ['error vm/rdomain at "256": invalid rdomain: 256']]],
	"vm/lladdr": [
		[
			'vm "a" {\n\tinterface { lladdr 1:2:3 }\n}\n',
			[
				'error vm/no-disk at "\\"a\\"": no kernel or disk/cdrom specified | vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tinterface { lladdr 1:2:3 }\\n}\\n"',
				'error vm/lladdr at "1:2:3": invalid address: 1:2:3',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tinterface { lladdr 0:1:2 }\n}\n', ['error vm/lladdr at "0:1:2": invalid address: 0:1:2']],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface { lladdr 00-01-02-03-04-05 }\n}\n',
			['error vm/lladdr at "00-01-02-03-04-05": invalid address: 00-01-02-03-04-05'],
		],
	],
	"vm/memory": [
		[
			'vm "a" {\n\tmemory 1GB\n}\n',
			[
				'error vm/no-device at "\\"a\\"": invalid configuration, no devices | vmd -n accepts this, but vmd refuses to start: the block configures no device. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tmemory 1GB\\n}\\n"',
				'error vm/memory at "1GB": invalid memory size: 1GB: Invalid argument | Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G. | Write `1G` => "vm \\"a\\" {\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1\n}\n',
			[
				'error vm/memory at "1": memory size must be at least 1MB | Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G.',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1GB\n}\n',
			[
				'error vm/memory at "1GB": invalid memory size: 1GB: Invalid argument | Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G. | Write `1G` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 129G\n}\n',
			[
				'error vm/memory at "129G": memory size too large (limit is 128G) | Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G.',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1KB\n}\n',
			[
				'error vm/memory at "1KB": invalid memory size: 1KB: Invalid argument | Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G. | Write `1K` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1K\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 512 M\n}\n',
			[
				'error vm/memory at "512": memory size must be at least 1MB | Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G.',
				'error vm/syntax-error at "M": syntax error | Expected: end of line.',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tmemory 1g\n}\n', []],
	],
	"vm/path": [
		['vm "a" {\n\tdisk ""\n}\n', ['error vm/path at "\\"\\"": disk : No such file or directory']],
		['vm "a" {\n\tdisk "/a"\n\tdisk ""\n}\n', ['error vm/path at "\\"\\"": disk : No such file or directory']],
		['vm "a" {\n\tdisk "/a"\n\tboot ""\n}\n', ['error vm/path at "\\"\\"": kernel path not found: No such file or directory']],
	],
	"vm/disk-format": [
		['vm "a" {\n\tdisk "/a" format vmdk\n}\n', ['error vm/disk-format at "vmdk": unrecognized disk format vmdk']],
		['vm "a" {\n\tdisk "/a"\n\tdisk /b format qcow\n}\n', ['error vm/disk-format at "qcow": unrecognized disk format qcow']],
		['vm "a" {\n\tdisk "/a"\n\tdisk /b format vmdk\n}\n', ['error vm/disk-format at "vmdk": unrecognized disk format vmdk']],
	],
	"vm/too-many": [
		[
			'vm "a" {\n\tinterfaces 5\n}\n',
			[
				'error vm/no-device at "\\"a\\"": invalid configuration, no devices | vmd -n accepts this, but vmd refuses to start: the block configures no device. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tinterfaces 5\\n}\\n"',
				'error vm/too-many at "5": too many interfaces: 5 | Write `4` => "vm \\"a\\" {\\n\\tinterfaces 4\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tdisk "/1"\n\tdisk "/2"\n\tdisk "/3"\n\tdisk "/4"\n}\n',
			['error vm/too-many at "disk \\"/4\\"": too many disks | A guest has at most 4 disks.'],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterfaces 5\n}\n',
			['error vm/too-many at "5": too many interfaces: 5 | Write `4` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterfaces 4\\n}\\n"'],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface\n\tinterface\n\tinterface\n\tinterface\n\tinterface\n}\n',
			['error vm/too-many at "interface": too many interfaces: 5 | A guest has at most 4 interfaces.'],
		],
	],
	"vm/given-twice": [
		[
			'vm "a" {\n\tmemory 1G\n\tmemory 2G\n}\n',
			[
				'error vm/no-disk at "\\"a\\"": no kernel or disk/cdrom specified | vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tmemory 1G\\n\\tmemory 2G\\n}\\n"',
				'error vm/given-twice at "2G": argument specified more than once | Remove this line => "vm \\"a\\" {\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1G\n\tmemory 2G\n}\n',
			[
				'error vm/given-twice at "2G": argument specified more than once | Remove this line => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tcdrom "/c"\n\tcdrom "/d"\n}\n',
			[
				'error vm/given-twice at "\\"/d\\"": cdrom specified more than once | Remove this line => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tcdrom \\"/c\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tboot "/b"\n\tboot "/c"\n}\n',
			[
				'error vm/given-twice at "\\"/c\\"": kernel specified more than once | Remove this line => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tboot \\"/b\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterfaces 1\n\tinterfaces 2\n}\n',
			[
				'error vm/given-twice at "2": interfaces specified more than once | Remove this line => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterfaces 1\\n}\\n"',
			],
		],
	],
	"vm/unknown-user": [
		['vm "a" {\n\tdisk "/a"\n\towner alice\n}\n', ['error vm/unknown-user at "alice": failed to get user: alice']],
		['vm "a" {\n\tdisk "/a"\n\towner rot:wheel\n}\n', ['error vm/unknown-user at "rot": failed to get user: rot']],
		[
			"socket owner alice:x\n",
			['error vm/unknown-user at "alice": failed to get user: alice', 'error vm/unknown-group at "x": failed to get group: x'],
		],
		["socket owner :wheel\n", []],
	],
	"vm/unknown-group": [
		['vm "a" {\n\tdisk "/a"\n\towner :users\n}\n', ['error vm/unknown-group at "users": failed to get group: users']],
		['vm "a" {\n\tdisk "/a"\n\towner "root:users"\n}\n', ['error vm/unknown-group at "users": failed to get group: users']],
	],
	"vm/local-prefix": [["local prefix 10.0.0.0/24\n", ['error vm/local-prefix at "10.0.0.0/24": invalid local prefix: too large']]],
	"vm/agentx": [['agentx path "master"\n', ['error vm/agentx at "\\"master\\"": agentx path is not absolute']]],
	"vm/no-disk": [
		[
			'vm "a" {\n\tmemory 1G\n}\n',
			[
				'error vm/no-disk at "\\"a\\"": no kernel or disk/cdrom specified | vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "b" {\n\tdisk "/b"\n}\nvm "b" instance "a" {\n\tmemory 1G\n}\n',
			[
				'error vm/no-disk at "\\"a\\"": no kernel or disk/cdrom specified | vmd -n accepts this, but vmd refuses to start: disks are not inherited, so the instance needs one of its own. | see 3: The template | Add a disk => "vm \\"b\\" {\\n\\tdisk \\"/b\\"\\n}\\nvm \\"b\\" instance \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			"vm 'a/b' {\n\tmemory 1G\n}\n",
			[
				'error vm/no-disk at "\'a/b\'": no kernel or disk/cdrom specified | vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot. | Add a disk => "vm \'a/b\' {\\n\\tdisk \\"/var/vm/a-b.img\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
	],
	"vm/no-device": [
		[
			'vm "a" {\n\tdisable\n}\n',
			[
				'error vm/no-device at "\\"a\\"": invalid configuration, no devices | vmd -n accepts this, but vmd refuses to start: the block configures no device. | Add a disk => "vm \\"a\\" {\\n\\tdisk \\"/var/vm/a.img\\"\\n\\tdisable\\n}\\n"',
			],
		],
	],
	"vm/guest-name": [
		[
			'vm "a b" {\n\tdisk "/a"\n}\n',
			[
				'error vm/guest-name at "\\"a b\\"": invalid VM name | vmd -n accepts this, but vmd refuses to start: a name is letters, digits, `.`, `-` and `_`, and begins with a letter or digit. | Rename it to `a-b` => "vm \\"a-b\\" {\\n\\tdisk \\"/a\\"\\n}\\n"',
			],
		],
		[
			'vm "a b" {\n\tdisk "/a b"\n}\n',
			[
				'error vm/guest-name at "\\"a b\\"": invalid VM name | vmd -n accepts this, but vmd refuses to start: a name is letters, digits, `.`, `-` and `_`, and begins with a letter or digit. | Rename it to `a-b` => "vm \\"a-b\\" {\\n\\tdisk \\"/a b\\"\\n}\\n"',
			],
		],
		[
			'vm "-a" {\n\tdisk "/-a"\n}\n',
			[
				'error vm/guest-name at "\\"-a\\"": invalid VM name | vmd -n accepts this, but vmd refuses to start: a name is letters, digits, `.`, `-` and `_`, and begins with a letter or digit. | Rename it to `a` => "vm \\"a\\" {\\n\\tdisk \\"/-a\\"\\n}\\n"',
			],
		],
		[
			'vm "é" {\n\tdisk "/é"\n}\n',
			[
				'error vm/guest-name at "\\"é\\"": invalid VM name | vmd -n accepts this, but vmd refuses to start: a name is letters, digits, `.`, `-` and `_`, and begins with a letter or digit. | Rename it to `guest` => "vm \\"guest\\" {\\n\\tdisk \\"/é\\"\\n}\\n"',
			],
		],
	],
	"vm/unknown-template": [
		[
			'vm "base" instance "a" {\n\tdisk "/a"\n}\n',
			[
				'error vm/unknown-template at "\\"base\\"": vm "a" failed: Unknown error: 1007 | vmd -n accepts this, but vmd refuses to start: no guest `base` is defined.',
			],
		],
		[
			'vm "base" {\n\tdisk "/base"\n}\nvm "bose" instance "a" {\n\tdisk "/a"\n}\n',
			[
				'error vm/unknown-template at "\\"bose\\"": vm "a" failed: Unknown error: 1007 | vmd -n accepts this, but vmd refuses to start: no guest `bose` is defined. | Change it to `base` => "vm \\"base\\" {\\n\\tdisk \\"/base\\"\\n}\\nvm \\"base\\" instance \\"a\\" {\\n\\tdisk \\"/a\\"\\n}\\n"',
			],
		],
		[
			'vm "b" instance "a" {\n\tdisk "/a"\n}\nvm "b" {\n\tdisk "/b"\n}\n',
			[
				'error vm/unknown-template at "\\"b\\"": vm "a" failed: Unknown error: 1007 | vmd -n accepts this, but vmd refuses to start: `b` must be defined before its instances. | see 38: The template',
			],
		],
	],
	"vm/instance": [
		[
			'vm "a" {\n\tdisk "/a"\n}\nvm "a" instance "b" {\n\tdisk "/a"\n}\n',
			[
				'error vm/instance at "\\"b\\"": vm "b" disk /a cannot be reused | vmd -n accepts this, but vmd refuses to start: a disk of the template cannot be used by its instance. | see 3: The template',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\tdisk "/a"\n}\n',
			[
				'error vm/instance at "\\"b\\"": vm "b" disk /a cannot be reused | vmd -n accepts this, but vmd refuses to start: a disk of the template cannot be used by its instance. | see 3: The template',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\tinterface { lladdr 0:1:2:3:4:5 }\n}\n',
			[
				'error vm/instance at "\\"b\\"": vm "b" lladdr cannot be reused | vmd -n accepts this, but vmd refuses to start: an instance cannot set lladdr while its template has an interface. | see 3: The template',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface tap3\n}\nvm "a" instance "b" {\n\tdisk "/b"\n}\n',
			[
				'error vm/instance at "\\"b\\"": vm "tap3" b cannot be reused | vmd -n accepts this, but vmd refuses to start: the name of the template\'s tap is taken over. Write plain `interface` in the template, or name another tap here. | see 3: The template',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\towner root\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\towner :wheel\n}\n', []],
		[
			'vm "a" {\n\tdisk "/a"\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\tallow instance boot\n}\n',
			[
				'error vm/instance at "\\"b\\"": vm "b" cannot change instance permissions | vmd -n accepts this, but vmd refuses to start: an instance takes its permissions from the template. | see 3: The template',
				'information vm/allow-without-owner at "allow instance boot": Without `owner`, only root can make instances of this guest',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n}\nvm "b" {\n\tdisk "/b"\n}\nvm "a" instance "b" {\n\tdisk "/b"\n}\n',
			[
				'error vm/instance at "\\"b\\"": vm "b" failed: Too many processes | vmd -n accepts this, but vmd refuses to start: a guest `b` is defined above. | see 3: The template',
			],
		],
	],
	"vm/newer-word": [
		[
			'vm "a" {\n\tdisk "/a"\n\tseves\n}\n',
			['error vm/newer-word at "seves": syntax error | `seves` came with OpenBSD 7.8; the vmd of 7.5 does not know it.'],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tsev\n}\n',
			['error vm/newer-word at "sev": syntax error | `sev` came with OpenBSD 7.6; the vmd of 7.5 does not know it.'],
		],
	],
	"vm/removed-word": [
		[
			'vm "a" {\n\tkernel "/bsd.rd"\n\tdisk "/a"\n}\n',
			[
				'error vm/removed-word at "kernel": syntax error | `kernel` is gone since OpenBSD 6.1; write boot. | Replace `kernel` by `boot` => "vm \\"a\\" {\\n\\tboot \\"/bsd.rd\\"\\n\\tdisk \\"/a\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tkernel "/bsd"\n}\n',
			[
				'error vm/removed-word at "kernel": syntax error | `kernel` is gone since OpenBSD 6.1; write boot. | Replace `kernel` by `boot` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tboot \\"/bsd\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tnifs 2\n}\n',
			[
				'error vm/removed-word at "nifs": syntax error | `nifs` is gone since OpenBSD 6.1; write interfaces. | Replace `nifs` by `interfaces` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterfaces 2\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tcpus 2\n}\n',
			['error vm/removed-word at "cpus": syntax error | vmd has no `cpus`: Guests of vmd have one CPU; there is no word to change it.'],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tsize 1G\n}\n',
			[
				'error vm/removed-word at "size": syntax error | vmd has no `size`: The size of a disk is set when its image is made, with `vmctl create -s`.',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tid 1\n}\n',
			['error vm/removed-word at "id": syntax error | vmd has no `id`: A guest\'s number is given by vmd; it cannot be set.'],
		],
		[
			'switch "a" {\n\tinterface veb0\n\tadd em0\n}\n',
			[
				'error vm/removed-word at "add": syntax error | `add` is gone since OpenBSD 6.3; write a line `add INTERFACE` in the hostname file of the switch\'s interface.',
			],
		],
	],
	"vm/unknown-switch": [
		[
			'switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lam" }\n}\n',
			[
				'information vm/unused-switch at "\\"lan\\"": switch "lan" is used by no guest | Remove this switch => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"lam\\" }\\n}\\n" | unnecessary',
				'error vm/unknown-switch at "\\"lam\\"": switch "lam" not found | vmd starts the guest anyway, with an interface that is plugged into nothing. | Change it to `lan` => "switch \\"lan\\" {\\n\\tinterface veb0\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"lan\\" }\\n}\\n" | Define the switch `lam` => "switch \\"lan\\" {\\n\\tinterface veb0\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"lam\\" }\\n}\\n\\nswitch \\"lam\\" {\\n\\tinterface veb0\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface { switch "other" }\n}\n',
			[
				'error vm/unknown-switch at "\\"other\\"": switch "other" not found | vmd starts the guest anyway, with an interface that is plugged into nothing. | Define the switch `other` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"other\\" }\\n}\\n\\nswitch \\"other\\" {\\n\\tinterface veb0\\n}\\n"',
			],
		],
		['include "/x"\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n', []],
	],
	"vm/disabled-switch": [
		[
			'switch "lan" {\n\tdisable\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "lan" }\n}\n',
			[
				'error vm/disabled-switch at "\\"lan\\"": switch "lan" is disabled, so it does not exist for guests | Remove `disable` from the switch, or use another. | see 16: Disabled here | Enable the switch "lan" => "switch \\"lan\\" {\\n\\tinterface veb0\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"lan\\" }\\n}\\n"',
			],
		],
	],
	"vm/duplicate-guest": [
		[
			'vm "a" {\n\tdisk "/a"\n}\nvm "a" {\n\tdisk "/b"\n}\n',
			['warning vm/duplicate-guest at "\\"a\\"": vm "a" is defined twice: this definition is ignored | see 3: The definition that counts'],
		],
	],
	"vm/duplicate-switch": [
		[
			'switch "a" {\n\tinterface veb0\n}\nswitch "a" {\n\tinterface veb1\n}\n',
			['warning vm/duplicate-switch at "\\"a\\"": switch "a" is defined twice: guests always get the first | see 7: The first definition'],
		],
	],
	"vm/shared-bridge": [
		[
			'switch "a" {\n\tinterface veb0\n}\nswitch "b" {\n\tinterface veb0\n}\n',
			[
				'warning vm/shared-bridge at "veb0": veb0 is also the interface of switch "a" | Guests of both switches share one network. | see 24: The other switch',
			],
		],
	],
	"vm/unused-switch": [
		[
			'switch "a" {\n\tinterface veb0\n}\nvm "b" {\n\tdisk "/b"\n\tinterface\n}\n',
			[
				'information vm/unused-switch at "\\"a\\"": switch "a" is used by no guest | Remove this switch => "vm \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface\\n}\\n" | unnecessary',
			],
		],
		// Without any guest, they are started by `vmctl start -n a`.
		['switch "a" {\n\tinterface veb0\n}\n', []],
		['switch "a" {\n\tinterface veb0\n\tdisable\n}\nvm "b" {\n\tdisk "/b"\n}\n', []],
	],
	"vm/numeric-name": [
		[
			'vm "42" {\n\tdisk "/a"\n}\n',
			[
				'warning vm/numeric-name at "\\"42\\"": vmctl takes 42 for a guest\'s id | Begin the name with a letter. | Rename it to `vm42` => "vm \\"vm42\\" {\\n\\tdisk \\"/a\\"\\n}\\n"',
			],
		],
	],
	"vm/memory-rounded": [
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1048577\n}\n',
			[
				'information vm/memory-rounded at "1048577": memory is rounded down to 1M | Write `1M` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1M\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 1500K\n}\n',
			[
				'information vm/memory-rounded at "1500K": memory is rounded down to 1M | Write `1M` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tmemory 1M\\n}\\n"',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tmemory 2097152\n}\n', []],
	],
	"vm/host-memory": [
		[
			'vm "a" {\n\tdisk "/a"\n\tmemory 3G\n}\nvm "b" {\n\tdisk "/b"\n\tmemory 6G\n}\n',
			[
				'warning vm/host-memory at "6G": The guests up to here need 9.0G of memory; the host has 8.0G | Give guests less memory, or disable some.',
			],
		],
	],
	"vm/shared-tap": [
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface tap0\n}\nvm "b" {\n\tdisk "/b"\n\tinterface tap0\n}\n',
			[
				'error vm/shared-tap at "tap0": tap0 is also pinned by "a" | A tap can be opened once: the guest that comes second does not start. | see 31: Pinned here too | Write `tap1` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface tap0\\n}\\nvm \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface tap1\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface tap0\n\tinterface tap0\n}\n',
			[
				'error vm/shared-tap at "tap0": tap0 is pinned twice in "a" | A tap can be opened once: the guest that comes second does not start. | see 31: Pinned here too | Write `tap1` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface tap0\\n\\tinterface tap1\\n}\\n"',
			],
		],
	],
	"vm/tap-without-device": [
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface tap7\n}\n',
			[
				'information vm/tap-without-device at "tap7": A new system has no /dev/tap7 | Make the device node on the host: cd /dev && sh MAKEDEV tap7',
			],
		],
	],
	"vm/tap-taken": [
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface\n}\nvm "b" {\n\tdisk "/b"\n\tinterface tap0\n}\n',
			[
				'warning vm/tap-taken at "tap0": An interface without a pinned tap may take tap0 before "b" starts | Pin every interface, or pin numbers above those that vmd gives out.',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tinterface tap0\n}\nvm "b" {\n\tdisk "/b"\n\tinterface\n}\n', []],
	],
	"vm/leading-zero": [
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface tap01\n}\n',
			[
				'error vm/leading-zero at "tap01": tap01 is not an interface\'s name | vmd reads the number, but the interface is called tap1. | Write `tap1` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface tap1\\n}\\n"',
			],
		],
		[
			'switch "a" {\n\tinterface veb00\n}\n',
			[
				'error vm/leading-zero at "veb00": veb00 is not an interface\'s name | vmd reads the number, but the interface is called veb0. | Write `veb0` => "switch \\"a\\" {\\n\\tinterface veb0\\n}\\n"',
			],
		],
	],
	"vm/shared-lladdr": [
		[
			'switch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" lladdr 02:00:00:00:00:01 }\n}\nvm "b" {\n\tdisk "/b"\n\tinterface { switch "s" lladdr 02:00:00:00:00:01 }\n}\n',
			[
				'error vm/shared-lladdr at "02:00:00:00:00:01": 02:00:00:00:00:01 is also the address of "a" in this switch | see 82: The other interface | Write `02:00:00:00:00:02` => "switch \\"s\\" {\\n\\tinterface veb0\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"s\\" lladdr 02:00:00:00:00:01 }\\n}\\nvm \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface { switch \\"s\\" lladdr 02:00:00:00:00:02 }\\n}\\n"',
			],
		],
		[
			'switch "lan" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch lan lladdr 2:0:0:0:0:1 }\n}\nvm "b" {\n\tdisk "/b"\n\tinterface { switch lan lladdr 02:00:00:00:00:01 }\n}\n',
			[
				'error vm/shared-lladdr at "02:00:00:00:00:01": 02:00:00:00:00:01 is also the address of "a" in this switch | see 84: The other interface | Write `02:00:00:00:00:02` => "switch \\"lan\\" {\\n\\tinterface veb0\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch lan lladdr 2:0:0:0:0:1 }\\n}\\nvm \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface { switch lan lladdr 02:00:00:00:00:02 }\\n}\\n"',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tinterface { lladdr 2:0:0:0:0:1 }\n}\nvm "b" {\n\tdisk "/b"\n\tinterface { lladdr 2:0:0:0:0:1 }\n}\n', []],
	],
	"vm/multicast-lladdr": [
		[
			'vm "a" {\n\tdisk "/a"\n\tinterface { lladdr 01:00:00:00:00:01 }\n}\n',
			[
				'warning vm/multicast-lladdr at "01:00:00:00:00:01": 01:00:00:00:00:01 is a multicast address | An interface\'s own address has the lowest bit of its first octet clear. | Write `02:00:00:00:00:01` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { lladdr 02:00:00:00:00:01 }\\n}\\n"',
			],
		],
	],
	"vm/instance-lladdr": [
		[
			'switch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" }\n}\nvm "a" instance "b" {\n\tdisk "/b"\n}\n',
			[
				'warning vm/instance-lladdr at "\\"b\\"": "b" has the same MAC address as "a" | It takes over the template\'s interface with its address. Give it an `interface` of its own, without lladdr. | see 52: The inherited interface',
			],
		],
	],
	"vm/rdomain-differs": [
		[
			'switch "s" {\n\tinterface veb0\n\trdomain 1\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" rdomain 2 }\n}\n',
			[
				'warning vm/rdomain-differs at "2": rdomain 2 is not that of switch "s", which is 1 | see 38: The switch\'s routing domain | Write `rdomain 1` => "switch \\"s\\" {\\n\\tinterface veb0\\n\\trdomain 1\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"s\\" rdomain 1 }\\n}\\n"',
			],
		],
	],
	"vm/relative-path": [
		[
			'vm "a" {\n\tdisk "a.img"\n}\n',
			['warning vm/relative-path at "\\"a.img\\"": a.img is looked for from vmd\'s working directory | Write the absolute path.'],
		],
	],
	"vm/format-differs": [
		[
			'vm "a" {\n\tdisk "/a.qcow2" format raw\n}\n',
			[
				'warning vm/format-differs at "raw": /a.qcow2 does not look like a raw image | Leave `format` out, and vmd looks into the file. | Remove `format raw` => "vm \\"a\\" {\\n\\tdisk \\"/a.qcow2\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tdisk "/b.qcow2" format raw\n}\n',
			[
				'warning vm/format-differs at "raw": /b.qcow2 does not look like a raw image | Leave `format` out, and vmd looks into the file. | Remove `format raw` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tdisk \\"/b.qcow2\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tdisk "/b.raw" format qcow2\n}\n',
			[
				'warning vm/format-differs at "qcow2": /b.raw does not look like a qcow2 image | Leave `format` out, and vmd looks into the file. | Remove `format qcow2` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tdisk \\"/b.raw\\"\\n}\\n"',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tdisk "/b.img" format qcow2\n}\n', []],
	],
	"vm/shared-disk": [
		[
			'vm "a" {\n\tdisk "/x"\n}\nvm "b" {\n\tdisk "/x"\n}\n',
			[
				'warning vm/shared-disk at "\\"/x\\"": /x is also a disk of "a" | An image can be opened by one guest only; copy it, or derive one with vmctl create -b. | see 15: The other use',
			],
		],
	],
	"vm/allow-without-owner": [
		[
			'vm "a" {\n\tdisk "/a"\n\tallow instance { memory }\n}\n',
			['information vm/allow-without-owner at "allow instance { memory }": Without `owner`, only root can make instances of this guest'],
		],
	],
	"vm/not-permitted": [
		[
			'vm "a" {\n\tdisk "/a"\n\tallow instance { disk, owner root }\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\tmemory 1G\n}\n',
			[
				'warning vm/not-permitted at "1G": "a" does not allow its instances to set `memory` | see 21: What it allows | Allow `memory` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tallow instance { memory, disk, owner root }\\n}\\nvm \\"a\\" instance \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tmemory 1G\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tallow instance { disk, owner root }\n}\nvm "a" instance "b" {\n\tdisk "/b"\n\tinterface\n\tcdrom "/c"\n\tboot "/b"\n}\n',
			[
				'warning vm/not-permitted at "interface": "a" does not allow its instances to set `interface` | see 21: What it allows | Allow `interface` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tallow instance { interface, disk, owner root }\\n}\\nvm \\"a\\" instance \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface\\n\\tcdrom \\"/c\\"\\n\\tboot \\"/b\\"\\n}\\n"',
				'warning vm/not-permitted at "\\"/c\\"": "a" does not allow its instances to set `cdrom` | see 21: What it allows | Allow `cdrom` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tallow instance { cdrom, disk, owner root }\\n}\\nvm \\"a\\" instance \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface\\n\\tcdrom \\"/c\\"\\n\\tboot \\"/b\\"\\n}\\n"',
				'warning vm/not-permitted at "\\"/b\\"": "a" does not allow its instances to set `boot` | see 21: What it allows | Allow `boot` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tallow instance { boot, disk, owner root }\\n}\\nvm \\"a\\" instance \\"b\\" {\\n\\tdisk \\"/b\\"\\n\\tinterface\\n\\tcdrom \\"/c\\"\\n\\tboot \\"/b\\"\\n}\\n"',
			],
		],
	],
	"vm/boot-device": [
		[
			'vm "a" {\n\tdisk "/a"\n\tboot device cdrom\n}\n',
			[
				'warning vm/boot-device at "boot device cdrom": There is no `cdrom` to boot from | Remove `boot device cdrom` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tboot device net\n}\n',
			[
				'warning vm/boot-device at "boot device net": There is no `boot` image for a network boot | Remove `boot device net` => "vm \\"a\\" {\\n\\tdisk \\"/a\\"\\n}\\n"',
			],
		],
		['vm "a" {\n\tdisk "/a"\n\tboot device disk\n}\n', []],
		['vm "a" {\n\tdisk "/a"\n\tboot "/b"\n\tboot device net\n}\n', []],
	],
	"vm/local-and-switch": [
		[
			'switch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tlocal interface { switch "s" }\n}\n',
			[
				'warning vm/local-and-switch at "local": A local interface is plugged into a switch as well | Remove `local` or the switch: the tap would have an address of its own and be in a bridge. | Remove `local` => "switch \\"s\\" {\\n\\tinterface veb0\\n}\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tinterface { switch \\"s\\" }\\n}\\n"',
			],
		],
	],
	"vm/no-parallel": [
		[
			"staggered start parallel 0 delay 30\n",
			['error vm/no-parallel at "0": With parallel 0, vmd starts no guest at all | Write `1` => "staggered start parallel 1 delay 30\\n"'],
		],
	],
	"vm/unused-macro": [['a = "x"\n', ['warning vm/unused-macro at "a": macro \'a\' not used | Remove this macro => "" | unnecessary']]],
	"vm/macro-in-quotes": [
		[
			'dir = "/var/vm"\nvm "a" {\n\tdisk "$dir/a.img"\n\tcdrom $dir\n}\n',
			[
				'warning vm/relative-path at "\\"$dir/a.img\\"": $dir/a.img is looked for from vmd\'s working directory | Write the absolute path.',
				'warning vm/macro-in-quotes at "$dir": $dir is not expanded inside quotes | Write the macro outside of them, as in $dir "...". | Write `$dir "/a.img"` => "dir = \\"/var/vm\\"\\nvm \\"a\\" {\\n\\tdisk $dir \\"/a.img\\"\\n\\tcdrom $dir\\n}\\n"',
			],
		],
		[
			'dir = "/d"\nvm "a" {\n\tdisk "/a"\n\tdisk "$dir/b"\n\tdisk $dir\n}\n',
			[
				'warning vm/relative-path at "\\"$dir/b\\"": $dir/b is looked for from vmd\'s working directory | Write the absolute path.',
				'warning vm/macro-in-quotes at "$dir": $dir is not expanded inside quotes | Write the macro outside of them, as in $dir "...". | Write `$dir "/b"` => "dir = \\"/d\\"\\nvm \\"a\\" {\\n\\tdisk \\"/a\\"\\n\\tdisk $dir \\"/b\\"\\n\\tdisk $dir\\n}\\n"',
			],
		],
		[
			'vm "a" {\n\tdisk "/a"\n\tdisk \'$x\'\n}\n',
			[
				"warning vm/relative-path at \"'$x'\": $x is looked for from vmd's working directory | Write the absolute path.",
				'warning vm/macro-in-quotes at "$x": $x is not expanded inside quotes | Write the macro outside of them, as in $x "...".',
			],
		],
	],
	"vm/long-description": [
		[
			'vm "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {\n\tdisk "/a"\n\tinterface\n}\n',
			[
				'information vm/long-description at "\\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\\"": The description of the guest\'s tap has no room for the whole name',
			],
		],
	],
	"vm/disabled-template": [
		[
			'vm "a" {\n\tdisable\n\tdisk "/a"\n}\nvm "a" instance "b" {\n\tdisk "/b"\n}\n',
			['information vm/disabled-template at "\\"a\\"": "a" is disabled; its instance starts without it | see 10: Disabled here'],
		],
	],
	"vm/joined-comment": [
		[
			'# see \\\nx = "1"\n',
			[
				'warning vm/joined-comment at "x = \\"1\\"": This line is part of the comment above: a backslash joins the two. | Remove the backslash => "# see \\nx = \\"1\\"\\n"',
			],
		],
		["# see \\\\\nx = '1'\ninclude $x\n", ['error vm/syntax-error at "$x": syntax error | Expected: file.']],
	],
};

describe.each(Object.entries(table))("%s", (code, rows) => {
	test.each(rows)("%j", (text, expected) => {
		const found = VmFile.parse(text, { path: "/etc/vm.conf", host, readFile, release: "7.5" }).diagnostics();
		expect(found.map((one) => told(text, one))).toEqual(expected);
	});

	test("has an example", () => {
		expect(rows.some(([, lines]) => lines.some((line) => line.includes(` ${code} at `)))).toBe(true);
	});
});

test("of one code, the first thousand have fixes: each is searched for in the file", () => {
	const text = Array.from({ length: 1500 }, (_, i) => `switch "s${i}" {\n\tinterface bridge${i}\n}\n`)
		.concat('vm "a" {\n\tdisk "/a"\n}\n')
		.join("");
	const unused = VmFile.parse(text, { path: "/etc/vm.conf" })
		.diagnostics()
		.filter(({ code }) => code === "vm/unused-switch");
	expect(unused.map(({ fixes }) => fixes?.length)).toEqual([...Array(1000).fill(1), ...Array(500).fill(undefined)]);
});

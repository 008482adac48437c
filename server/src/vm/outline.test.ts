import { expect, test } from "vitest";
import type { OutlineNode } from "../text/language.ts";
import { render } from "../text/message.ts";
import { VmFile } from "./file.ts";

/** A node as `kind name [details] start-end "its name"`, those below it indented. */
function shown(text: string, { kind, name, details = [], span, nameSpan, children }: OutlineNode, indent = ""): readonly string[] {
	const beside = details.map((detail) => (typeof detail === "string" ? detail : render(detail))).join(", ");
	return [
		`${indent}${kind} ${name} [${beside}] ${span.start}-${span.end} ${JSON.stringify(text.slice(nameSpan.start, nameSpan.end))}`,
		...children.flatMap((child) => shown(text, child, `${indent}  `)),
	];
}

test.each([
	[
		'dir = "/var/vm/"\ninclude "/etc/vm.d/x" # more\n',
		['macro dir [/var/vm/] 0-16 "dir"', 'option include [/etc/vm.d/x] 17-38 "\\"/etc/vm.d/x\\""'],
	],
	[
		'vm "a" {\n\tdisable\n\tdisk $dir "a.img" format qcow2\n\tmemory 1G\n\tinterface tap3 { switch "lan" lladdr 02:00:00:00:00:01 locked lladdr group web rdomain 1 up }\n\towner root:wheel\n}\n',
		['guest a [, 1.0G, disabled] 0-175 "\\"a\\""', '  interface tap3 [, lan, ] 62-155 "tap3"'],
	],
	[
		"vm 'b' instance c {\n\tdisk '/c'\n\tlocal interface down\n\tinterface tap\n\tboot device net\n\tboot \"/bsd\"\n\tcdrom /c.iso\n\tinterfaces 2\n\tallow instance { boot, owner :wheel }\n\tsev\n}\n",
		[
			'guest c [instance of b, , ] 0-171 "c"',
			'  interface interface 0 [local, , ] 32-52 "interface"',
			'  interface tap [, , ] 54-67 "tap"',
		],
	],
	[
		"switch lan {\n\tenable\n\tinterface veb0\n\trdomain 2\n\tgroup guests\n\tlocked lladdr\n\tdown\n}\n",
		['switch lan [veb0, ] 0-84 "lan"'],
	],
	[
		"local inet6 prefix fd00::/64\nlocal prefix 10.0.0.0/16\nsocket owner :wheel\nsocket owner 1000\nstaggered start parallel 2 delay 30\nagentx context a path /b\n",
		[
			'option local [] 0-28 "local inet6 prefix fd00::/64"',
			'option local [] 29-53 "local prefix 10.0.0.0/16"',
			'option socket [] 54-73 "socket owner :wheel"',
			'option socket [] 74-91 "socket owner 1000"',
			'option staggered [] 92-127 "staggered start parallel 2 delay 30"',
			'option agentx [] 128-152 "agentx context a path /b"',
		],
	],
	["foo bar\n}\n", []],
	['vm "a" {\n\tkernel "/b"\n\tmemroy 1\n}\n', ['guest a [, , ] 0-33 "\\"a\\""']],
	['x = "a\n', ['macro x [a] 0-6 "x"']],
	['vm "a b" {\n\tdisk "/a\\\nb" "c"\n\towner "root"\n}\n', ['guest a b [, , ] 0-44 "\\"a b\\""']],
])("the outline of %j", (text, expected) => {
	const nodes = VmFile.parse(text, { path: "/etc/vm.conf" }).outline();
	expect(nodes.flatMap((node) => shown(text, node))).toEqual(expected);
});

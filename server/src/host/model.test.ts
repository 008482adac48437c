// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell writes parameters so
import { expect, test } from "vitest";
import { filesOf } from "./fixture.ts";
import { hostBuilder, isSetElsewhere } from "./model.ts";

test.each<readonly [what: string, files: string, set: boolean]>([
	["a command that names the interface", "//- /etc/hostname.em0\n!ifconfig em1 up\n", true],
	["a command of its own file that is given its name", "//- /etc/hostname.em1\n!/usr/local/sbin/dhcpcd \\$if\n", true],
	["the same with braces", "//- /etc/hostname.em1\n!dhcpcd ${if}\n", true],
	["a command of another file that is given that file's name", "//- /etc/hostname.em0\n!dhcpcd $if\n", false],
	["a command of its own file about something else", "//- /etc/hostname.em1\n!route add default 10.0.0.1\n", false],
	["a name that only begins so", "//- /etc/hostname.em0\n!ifconfig em10 up\n", false],
	["a file that is named after a MAC address", "//- /etc/hostname.00:1b:21:ab:cd:ef\nup\n", true],
])("whether em1 may be set up in a way that is not followed: %s", (_, files, set) => {
	expect(isSetElsewhere(hostBuilder()({ name: "hv1", files: filesOf(files) }), "em1")).toBe(set);
});

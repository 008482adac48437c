/** For tests and docs/diagnostics.md: a host for each check of checks-load.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { loadChecks } from "./checks-load.ts";

export const loadExamples: ExamplesOf<keyof typeof loadChecks> = {
	"host/no-address-at-load": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.em1
up
//- /etc/pf.conf
set skip on lo
match out on em0 inet from em1:network nat-to (em0)
block
`,
		mended: [["/etc/hostname.em1", "up\n", "inet 10.50.0.1/24\n"]],
	},
	"host/name-at-load": {
		fault: `//- /etc/pf.conf
set skip on lo
block
pass in from www.example.com
`,
		mended: [["/etc/pf.conf", "pass in from www.example.com\n", "pass in from 198.51.100.7\n"]],
	},
	"host/file-misspelt": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "ftp"
load anchor "ftp" from "/etc/pf.anchors/proxy_ftp"
//- /etc/pf.anchors/proxy-ftp
pass out proto tcp to port ftp
`,
		mended: [
			["/etc/pf.conf", 'load anchor "ftp" from "/etc/pf.anchors/proxy_ftp"\n', 'load anchor "ftp" from "/etc/pf.anchors/proxy-ftp"\n'],
		],
	},
};

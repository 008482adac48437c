/** For tests and docs/diagnostics.md: policy tests, one for each code. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { pfTestDiagnostics } from "./diagnostics.ts";

export const pfTestExamples: ExamplesOf<keyof typeof pfTestDiagnostics> = {
	"pftest/syntax": {
		fault: `//- /etc/policy.pftest
outside web01 tcp 80
`,
	},
	"pftest/unknown-guest": {
		fault: `//- /etc/vm.conf
vm "web01" {
	disk "/var/vm/web01.img"
}
//- /etc/pf.conf
set skip on lo
block
//- /etc/policy.pftest
outside web02 tcp 80 block
`,
		mended: [["/etc/policy.pftest", "outside web02 tcp 80 block\n", "outside web01 tcp 80 block\n"]],
	},
	"pftest/fails": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/pf.conf
set skip on lo
block
pass in on egress proto tcp to port ssh
//- /etc/policy.pftest
outside host tcp 22 block
`,
		mended: [["/etc/policy.pftest", "outside host tcp 22 block\n", "outside host tcp 22 pass\n"]],
	},
	"pftest/depends": {
		fault: `//- /etc/hostname.em0
inet autoconf
//- /etc/pf.conf
set skip on lo
block
pass out on egress proto tcp to port www user _pkgfetch
//- /etc/policy.pftest
host outside tcp 80 pass
`,
		mended: [["/etc/pf.conf", "pass out on egress proto tcp to port www user _pkgfetch\n", "pass out on egress proto tcp to port www\n"]],
	},
};

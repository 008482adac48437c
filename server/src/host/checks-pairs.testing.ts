/** For tests and docs/diagnostics.md: two hosts for each check of checks-pairs.ts. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { pairChecks } from "./checks-pairs.ts";

/** Two hosts that share 192.0.2.1, and what else stands in the files of their carp interfaces. */
const pair = (own: string, theirs: string, more = ""): string => `//- /etc/hostname.em0
inet 192.0.2.2/24
//- /etc/hostname.carp0
inet 192.0.2.1 255.255.255.0 192.0.2.255 carpdev em0 ${own}
${more}//- /hv2/etc/hostname.em0
inet 192.0.2.3/24
//- /hv2/etc/hostname.carp0
inet 192.0.2.1 255.255.255.0 192.0.2.255 carpdev em0 ${theirs}
`;

export const pairExamples: ExamplesOf<keyof typeof pairChecks> = {
	"host/pair-vhid": {
		fault: pair("vhid 1 pass secret", "vhid 2 pass secret advskew 100"),
		mended: [["/hv2/etc/hostname.carp0", "vhid 2", "vhid 1"]],
	},
	"host/pair-pass": {
		fault: pair("vhid 1 pass secret", "vhid 1 pass secrte advskew 100"),
		mended: [["/hv2/etc/hostname.carp0", "secrte", "secret"]],
	},
	"host/pair-addresses": {
		fault: pair("vhid 1 pass secret\ninet alias 192.0.2.10/32", "vhid 1 pass secret advskew 100"),
		mended: [["/hv2/etc/hostname.carp0", "advskew 100\n", "advskew 100\ninet alias 192.0.2.10/32\n"]],
	},
	"host/pair-peer": {
		fault: pair("vhid 1 pass secret carppeer 192.0.2.4", "vhid 1 pass secret advskew 100 carppeer 192.0.2.2"),
		mended: [["/etc/hostname.carp0", "192.0.2.4", "192.0.2.3"]],
	},
	"host/pair-skew": {
		fault: pair("vhid 1 pass secret", "vhid 1 pass secret"),
		mended: [["/hv2/etc/hostname.carp0", "pass secret", "pass secret advskew 100"]],
	},
	"host/pair-missing": {
		fault: pair(
			"vhid 1 pass secret",
			"vhid 1 pass secret advskew 100",
			"//- /etc/hostname.carp1\ninet 10.0.0.1 255.255.255.0 10.0.0.255 carpdev em1 vhid 2 pass secret\n",
		),
		mended: [["/hv2/etc/hostname.carp1", "", "inet 10.0.0.1 255.255.255.0 10.0.0.255 carpdev em1 vhid 2 pass secret advskew 100\n"]],
	},
	"host/pair-sync-missing": {
		fault: pair("vhid 1 pass secret", "vhid 1 pass secret advskew 100", "//- /etc/hostname.pfsync0\nup syncdev em2\n"),
		mended: [["/hv2/etc/hostname.pfsync0", "", "up syncdev em2\n"]],
	},
};

/** For tests and docs/diagnostics.md: files that a running host has gone apart from. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { liveDiagnostics } from "./live-drift.ts";

export const liveExamples: ExamplesOf<keyof typeof liveDiagnostics> = {
	"live/other-guests-tap": {
		fault: `//- /etc/vm.conf
# on the running host tap0 is db01's, tap1 web01's
vm "web01" {
	disk "/var/vm/web01.img"
	interface
}
vm "db01" {
	disk "/var/vm/db01.img"
	interface
}
//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap0 proto tcp to port 80
`,
		taps: [
			["tap0", "db01"],
			["tap1", "web01"],
		],
	},
	"live/unused-tap": {
		fault: `//- /etc/vm.conf
# on the running host tap1 is web01's
vm "web01" {
	disk "/var/vm/web01.img"
	interface
}
//- /etc/pf.conf
set skip on lo
block
anchor "vm/*"
load anchor "vm/web01" from "/etc/pf.vm/web01.conf"
//- /etc/pf.vm/web01.conf
pass out on tap0 proto tcp to port 80
`,
		taps: [["tap1", "web01"]],
	},
};

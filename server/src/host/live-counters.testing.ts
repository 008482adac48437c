/** For tests and docs/diagnostics.md: rules that a running host has not counted for long. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { counterDiagnostics } from "./live-counters.ts";

export const counterExamples: ExamplesOf<keyof typeof counterDiagnostics> = {
	"live/never-counted": {
		fault: `//- /etc/pf.conf
set skip on lo
block return
pass in proto tcp to port 8080
`,
		quiet: [["pass in proto tcp from any to any port = 8080 flags S/SA", "2026-10-20", 42]],
	},
};

/** For tests and docs/diagnostics.md: rules that pfctl refuses, by kind. */
import type { ExamplesOf } from "../../text/example.testing.ts";
import type { PF_ERRORS } from "./check.ts";

/** No editor tells it: what isn't in the folder may be on the host. */
type Untold = "pf/file";

export const pfErrorExamples: ExamplesOf<Exclude<keyof typeof PF_ERRORS, Untold>> = {
	"pf/syntax": {
		fault: `//- /etc/pf.conf
pass in form any
`,
	},
	"pf/unknown-macro": {
		fault: `//- /etc/pf.conf
pass in on $lan
`,
	},
	"pf/macro-name": {
		fault: `//- /etc/pf.conf
"my net" = "10.0.0.0/8"
`,
	},
	"pf/host": {
		fault: `//- /etc/pf.conf
pass from 10.0.0.0/33
`,
		mended: [["/etc/pf.conf", "pass from 10.0.0.0/33\n", "pass from 10.0.0.0/24\n"]],
	},
	"pf/unknown-name": {
		fault: `//- /etc/pf.conf
pass proto tcp to port htpp
`,
	},
	"pf/range": {
		fault: `//- /etc/pf.conf
pass set prio 9
`,
	},
	"pf/too-long": {
		fault: `//- /etc/pf.conf
table <a-name-of-more-than-thirty-one-characters>
`,
	},
	"pf/redefined": {
		fault: `//- /etc/pf.conf
pass label "a" label "b"
`,
	},
	"pf/combination": {
		fault: `//- /etc/pf.conf
pass proto icmp to port 80
`,
	},
	"pf/no-rule": {
		fault: `//- /etc/pf.conf
pass inet from ::1
`,
	},
	"pf/pool": {
		fault: `//- /etc/pf.conf
match out inet from any to any nat-to ::1
`,
	},
	"pf/table": {
		fault: `//- /etc/pf.conf
table <t> forever
`,
	},
	"pf/queue": {
		fault: `//- /etc/pf.conf
pass set queue nosuch
`,
	},
	"pf/limiter": {
		fault: `//- /etc/pf.conf
pass state limiter nosuch
`,
	},
	"pf/anchor": {
		fault: `//- /etc/pf.conf
anchor "a/b" {
}
`,
	},
	"pf/endless-include": {
		fault: `//- /etc/pf.conf
include "/etc/pf.conf"
`,
	},
	"pf/include-elsewhere": {
		fault: `//- /etc/pf.conf
include "/etc/pf.macros"
`,
	},
	"pf/unlisted-port": {
		fault: `//- /etc/pf.conf
pass proto tcp to port our-service
`,
	},
	"pf/option": {
		fault: `//- /etc/pf.conf
set optimization fast
`,
	},
};

/** For tests and docs/diagnostics.md: rules that decide nothing. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { PolicyCode } from "./lint.ts";

export const policyExamples: ExamplesOf<PolicyCode> = {
	"policy/rule-shadowed": {
		fault: `//- /etc/pf.conf
block in quick proto tcp
pass in proto tcp to port www
`,
	},
	"policy/rule-overridden": {
		fault: `//- /etc/pf.conf
pass in proto tcp to port www
block in
`,
	},
	"policy/rule-redundant": {
		fault: `//- /etc/pf.conf
pass in proto tcp to port www
pass in
`,
	},
	"policy/rule-generalised": {
		fault: `//- /etc/pf.conf
block in
block in proto tcp
`,
	},
	"policy/rule-impossible": {
		fault: `//- /etc/pf.conf
set skip on lo
block
anchor "a" in on em0 {
	pass out
}
`,
	},
};

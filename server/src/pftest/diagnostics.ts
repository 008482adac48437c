import type { DiagnosticCatalog } from "../text/diagnostic.ts";

export const pfTestDiagnostics = {
	"pftest/syntax": {
		severity: "error",
		title: "A line that is not an expectation",
		why: "The line is not tested.",
		remedy: "Write from, to, service and expectation.",
		example: "outside web01 tcp 80\n",
	},
	"pftest/unknown-guest": {
		severity: "error",
		title: "A guest that vm.conf does not define",
		why: "Nothing can be said of its packets.",
		remedy: "Write the name as vm.conf has it.",
	},
	"pftest/fails": {
		severity: "error",
		title: "An expectation that the rules do not meet",
		why: "Loaded on the host, the rules would let through what they should not, or keep out what should pass.",
		remedy: "Correct the rule that decides, or the expectation.",
	},
	"pftest/depends": {
		severity: "warning",
		title: "An expectation that cannot be decided from the files",
		why: "The answer depends on what only the host knows, such as the owner of a socket or a table's contents.",
		remedy: "Look at what it depends on; give the addresses of a guest with `address`.",
	},
} as const satisfies DiagnosticCatalog;

import { describe } from "../text/check.ts";
import type { DiagnosticCatalog } from "../text/diagnostic.ts";

export const pfTestDiagnostics = {
	"pftest/syntax": describe.error(
		"A line that is not an expectation",
		"The line is not tested.",
		"Write from, to, service and expectation.",
	),
	"pftest/unknown-guest": describe.error(
		"A guest that vm.conf does not define",
		"Nothing can be said of its packets.",
		"Write the name as vm.conf has it.",
	),
	"pftest/fails": describe.error(
		"An expectation that the rules do not meet",
		"Loaded on the host, the rules would let through what they should not, or keep out what should pass.",
		"Correct the rule that decides, or the expectation.",
	),
	"pftest/depends": describe.warning(
		"An expectation that cannot be decided from the files",
		"The answer depends on what only the host knows, such as the owner of a socket or a table's contents.",
		"Look at what it depends on; give the addresses of a guest with `address`.",
	),
} as const satisfies DiagnosticCatalog;

/** Every diagnostic code, from the rooms that report them. */
import { hostChecks } from "../host/checks.ts";
import { counterDiagnostics } from "../host/live-counters.ts";
import { liveDiagnostics } from "../host/live-drift.ts";
import { packetChecks } from "../policy/checks.ts";
import { policyDiagnostics } from "../policy/lint.ts";
import { languages } from "../project/languages.ts";
import type { DiagnosticCatalog } from "../text/diagnostic.ts";
import { boundDiagnostics } from "./bounded-diagnostics.ts";
import { lineEndDiagnostics } from "./line-ends.ts";

export const diagnosticCatalog: DiagnosticCatalog = {
	...Object.fromEntries([...languages.values()].flatMap(({ diagnostics }) => Object.entries(diagnostics))),
	...hostChecks,
	...packetChecks,
	...policyDiagnostics,
	...liveDiagnostics,
	...counterDiagnostics,
	...boundDiagnostics,
	...lineEndDiagnostics,
};

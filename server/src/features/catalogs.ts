/** Every diagnostic code, from the rooms that report them. */
import { hostChecks } from "../host/checks.ts";
import { liveDiagnostics } from "../host/live-drift.ts";
import { hostnameDiagnostics } from "../hostname/diagnostics.ts";
import { pfLintDiagnostics } from "../pf/lint/lint.ts";
import { PF_ERRORS } from "../pf/words/check.ts";
import { pfTestDiagnostics } from "../pftest/diagnostics.ts";
import { packetChecks } from "../policy/checks.ts";
import { policyDiagnostics } from "../policy/lint.ts";
import type { DiagnosticCatalog } from "../text/diagnostic.ts";
import { vmDiagnostics } from "../vm/lint.ts";
import { boundDiagnostics } from "./bounded-diagnostics.ts";
import { lineEndDiagnostics } from "./line-ends.ts";

export const diagnosticCatalog: DiagnosticCatalog = {
	...PF_ERRORS,
	...pfLintDiagnostics,
	...vmDiagnostics,
	...hostnameDiagnostics,
	...hostChecks,
	...packetChecks,
	...policyDiagnostics,
	...liveDiagnostics,
	...pfTestDiagnostics,
	...boundDiagnostics,
	...lineEndDiagnostics,
};

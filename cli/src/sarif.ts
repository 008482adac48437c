/** SARIF 2.1.0, as GitHub's code scanning and other services read it. */
import type { CheckedDiagnostic } from "@openbsd-vnet/server/features";
import { version } from "./version.ts";

/** A log with one run of this program. */
export function sarifLog(rules: readonly object[], results: readonly object[]): string {
	const driver = { name: "openbsd-vnet", version, rules };
	const log = {
		$schema: "https://json.schemastore.org/sarif-2.1.0.json",
		version: "2.1.0",
		runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
	};
	return `${JSON.stringify(log, undefined, "\t")}\n`;
}

/** @param file its path, as it is printed */
export function physical(file: string, range: CheckedDiagnostic["range"]) {
	const { start, end } = range;
	return {
		physicalLocation: {
			artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
			region: { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 },
		},
	};
}

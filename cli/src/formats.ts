/** The formats in which `check` prints what it found. */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type CheckedDiagnostic, diagnosticCatalog } from "@openbsd-vnet/server/features";
import { type FileReport, type Level, levels } from "./report.ts";
import { plain } from "./terminal.ts";
import { version } from "./version.ts";

export const formats: Readonly<Record<"text" | "json" | "sarif" | "github", (reports: readonly FileReport[]) => string>> = {
	text,
	json,
	sarif,
	github,
};

/** One line for each diagnostic, as compilers write them: editors and people find the place. Related places follow, indented. */
function text(reports: readonly FileReport[]): string {
	const lines: string[] = [];
	const counts = new Map<Level, number>();
	for (const { file, diagnostics } of reports) {
		for (const { severity, code, message, range, leftOut, relatedInformation = [] } of diagnostics) {
			for (const level of levels) counts.set(level, (counts.get(level) ?? 0) + (leftOut?.[level] ?? (level === severity ? 1 : 0)));
			lines.push(`${plain(file)}:${place(range.start)}: ${severity}: ${oneLine(message)} [${code}]`);
			for (const { location, message: why } of relatedInformation) {
				lines.push(`    ${plain(pathOf(location.uri, file))}:${place(location.range.start)}: ${oneLine(why)}`);
			}
		}
	}
	const summary = levels.flatMap((level) => {
		const count = counts.get(level) ?? 0;
		return count === 0 ? [] : [`${count} ${count === 1 || level === "information" ? level : `${level}s`}`];
	});
	if (summary.length > 0) lines.push(`${summary.join(", ")} in ${reports.length} ${reports.length === 1 ? "file" : "files"}`);
	return lines.map((line) => `${line}\n`).join("");
}

function json(reports: readonly FileReport[]): string {
	return `${JSON.stringify(reports, undefined, "\t")}\n`;
}

/** SARIF 2.1.0, as GitHub's code scanning and other services read it. */
function sarif(reports: readonly FileReport[]): string {
	const codes = [...new Set(reports.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort();
	const rules = codes.map((id) => {
		const rule = diagnosticCatalog[id];
		if (rule === undefined) return { id };
		return {
			id,
			shortDescription: { text: rule.title },
			fullDescription: { text: rule.why },
			help: { text: rule.remedy },
			defaultConfiguration: { level: sarifLevels[rule.severity] },
		};
	});
	const results = reports.flatMap(({ file, diagnostics }) =>
		diagnostics.map(({ code, severity, message, range, relatedInformation = [] }) => ({
			ruleId: code,
			ruleIndex: codes.indexOf(code),
			level: sarifLevels[severity],
			message: { text: message },
			locations: [physical(file, range)],
			relatedLocations: relatedInformation.map(({ location, message: why }, id) => ({
				id,
				...physical(pathOf(location.uri, file), location.range),
				message: { text: why },
			})),
		})),
	);
	const driver = { name: "openbsd-vnet", version, rules };
	const log = {
		$schema: "https://json.schemastore.org/sarif-2.1.0.json",
		version: "2.1.0",
		runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
	};
	return `${JSON.stringify(log, undefined, "\t")}\n`;
}

const sarifLevels: Readonly<Record<Level, string>> = { error: "error", warning: "warning", information: "note", hint: "note" };

function physical(file: string, range: CheckedDiagnostic["range"]) {
	const { start, end } = range;
	return {
		physicalLocation: {
			artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
			region: { startLine: start.line + 1, startColumn: start.character + 1, endLine: end.line + 1, endColumn: end.character + 1 },
		},
	};
}

/** Workflow commands that GitHub Actions shows as annotations. */
function github(reports: readonly FileReport[]): string {
	const commands: Readonly<Record<Level, string>> = { error: "error", warning: "warning", information: "notice", hint: "notice" };
	const lines = reports.flatMap(({ file, diagnostics }) =>
		diagnostics.map(({ severity, code, message, range: { start, end } }) => {
			// A column's end is only understood on the same line.
			const columns = start.line === end.line ? { col: start.character + 1, endColumn: end.character + 1 } : { col: start.character + 1 };
			const properties = { file, line: start.line + 1, endLine: end.line + 1, ...columns, title: code };
			const listed = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
			return `::${commands[severity]} ${listed.join(",")}::${data(message)}\n`;
		}),
	);
	return lines.join("");
}

function data(value: string): string {
	return value.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(value: string): string {
	return data(value).replaceAll(":", "%3A").replaceAll(",", "%2C");
}

function place({ line, character }: { line: number; character: number }): string {
	return `${line + 1}:${character + 1}`;
}

function oneLine(message: string): string {
	return plain(message.replace(/\s*\n\s*/g, " "));
}

/** A related place as the user knows it: from where the file itself was given. */
function pathOf(uri: string, file: string): string {
	const folder = dirname(file);
	return join(folder, relative(resolve(folder), fileURLToPath(uri)));
}

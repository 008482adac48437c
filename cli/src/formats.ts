/** The formats in which `check` prints what it found. */
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type CheckedDiagnostic, diagnosticCatalog } from "@openbsd-vnet/server/features";
import { type CheckReport, type FileReport, type Level, levels, numberOf } from "./check-report.ts";
import { pageOf } from "./explain.ts";
import { jsonOf } from "./json.ts";
import { physical, sarifLog } from "./sarif.ts";
import { severityLabel } from "./severity.ts";
import { type Piece, plain } from "./terminal.ts";
import { tell } from "./translations.ts";

/** @returns what is printed; a list where parts of it have colours */
type Format = (report: CheckReport) => string | readonly Piece[];

export const formats: Readonly<Record<"text" | "json" | "sarif" | "github", Format>> = { text, json, sarif, github };

/**
 * One line for each diagnostic, as compilers write them: editors and people find the place. The line of the file follows with a mark,
 * and related places, indented; at the end what was looked at.
 */
function text({ files, reports, quiet }: CheckReport): readonly Piece[] {
	const pieces: Piece[] = [];
	for (const { file, text: source, diagnostics } of reports) {
		const lines = source.split("\n");
		for (const { severity, code, message, range, relatedInformation = [] } of diagnostics) {
			const link = pageOf(code);
			const [label, gap] = severityLabel(severity);
			pieces.push({ text: `${plain(file)}:${place(range.start)}:`, style: "strong" }, " ", {
				text: label,
				style: severity,
			});
			pieces.push(`${gap}${oneLine(message)} `, { text: `[${code}]`, style: "faint", link }, "\n", ...excerpt(lines, range, severity));
			for (const { location, message: why } of relatedInformation) {
				pieces.push(`    ${plain(pathOf(location.uri, file))}:${place(location.range.start)}: ${oneLine(why)}\n`);
			}
		}
	}
	return quiet || files === 0 ? pieces : [...pieces, `${summary(files, reports)}\n`];
}

/** Longer lines are not shown: the place would be far from where one looks. */
const WIDEST = 160;

/** The line of a place, with a mark under it. */
function excerpt(lines: readonly string[], { start, end }: CheckedDiagnostic["range"], style: Level): readonly Piece[] {
	const line = (lines[start.line] ?? "").replace(/\r$/, "");
	if (line.trim() === "" || line.length > WIDEST) return [];
	const before = inColumns(line.slice(0, start.character), 0);
	const marked = inColumns(
		end.line === start.line ? line.slice(start.character, end.character) : line.slice(start.character),
		before.length,
	);
	const rest = inColumns(
		line.slice(start.character + (end.line === start.line ? end.character - start.character : line.length)),
		before.length + marked.length,
	);
	return [`    ${before}${marked}${rest}\n    ${" ".repeat(before.length)}`, { text: "^".padEnd(marked.length, "~"), style }, "\n"];
}

/** A part of a line as it is printed from that column on: a tab leads to a column of eight, and what acts on a terminal is escaped. */
function inColumns(part: string, column: number): string {
	let shown = "";
	for (const piece of part.split(/(\t)/)) shown += piece === "\t" ? " ".repeat(8 - ((column + shown.length) % 8)) : plain(piece);
	return shown;
}

function summary(files: number, reports: readonly FileReport[]): string {
	const counts = levels.flatMap((level) => {
		const count = numberOf(reports, level);
		return count === 0 ? [] : [countText(count, level)];
	});
	const looked = files === 1 ? tell("1 file checked") : tell("{0} files checked", files);
	if (counts.length === 0) return tell("{0}, no problems", looked);
	const found = counts.join(tell(", "));
	return reports.length === 1 ? tell("{0}: {1} in 1 file", looked, found) : tell("{0}: {1} in {2} files", looked, found, reports.length);
}

function countText(count: number, level: Level): string {
	switch (level) {
		case "error":
			return count === 1 ? tell("1 error") : tell("{0} errors", count);
		case "warning":
			return count === 1 ? tell("1 warning") : tell("{0} warnings", count);
		case "information":
			return tell("{0} information", count);
		case "hint":
			return count === 1 ? tell("1 hint") : tell("{0} hints", count);
	}
}

function json({ reports }: CheckReport): string {
	return jsonOf(
		"check",
		reports.map(({ file, diagnostics }) => ({ file, diagnostics })),
	);
}

/** SARIF 2.1.0, as GitHub's code scanning and other services read it. */
function sarif({ reports }: CheckReport): string {
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
	return sarifLog(rules, results);
}

const sarifLevels: Readonly<Record<Level, string>> = { error: "error", warning: "warning", information: "note", hint: "note" };

/** Workflow commands that GitHub Actions shows as annotations. */
function github({ reports }: CheckReport): string {
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

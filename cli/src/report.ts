/** `openbsd-vnet report`: what the files of a host say about its network, to be handed on. */
import { createHash } from "node:crypto";
import { type ExposureView, etcOf, filesOfHost, type HostFolder, type MatrixView, pathOnHost, uriOnHost } from "@openbsd-vnet/server";
import {
	type Block,
	type CheckedDiagnostic,
	exposureEnd,
	exposurePlaces,
	exposureTable,
	isConfigurationFile,
	isPolicyTestFile,
	markdown,
	type TestedExpectation,
	type Words,
} from "@openbsd-vnet/server/features";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { disk } from "./disk.ts";
import { html } from "./document.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { hostFolder } from "./host-folder.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { type Asked, asked, needsRules, noRules, pairsOf, placeOf } from "./questions.ts";
import { severityText } from "./severity.ts";
import { plain } from "./terminal.ts";
import { drawn } from "./topology.ts";
import { ownTranslations, tell, translated } from "./translations.ts";

interface ReportOptions extends Asked {
	readonly guest?: string | undefined;
	readonly format?: "markdown" | "html" | "json" | undefined;
}

interface Report {
	readonly host: string;
	/** The one that it is about; null where it is about all. */
	readonly guest: string | null;
	readonly files: readonly { readonly path: string; readonly sha256: string }[];
	readonly exposure: ExposureView;
	readonly reach: MatrixView;
	readonly tests: readonly (TestedExpectation & { readonly file: string })[];
	readonly findings: readonly (Pick<CheckedDiagnostic, "severity" | "code" | "message"> & {
		readonly file: string;
		readonly line: number;
	})[];
}

/** Runs the command. */
export async function runReport(
	{ json = false, format = json ? "json" : "markdown", guest, release, host: listed }: ReportOptions,
	[folder, ...more]: readonly string[],
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "report"));
	const host = await hostFolder({ host: listed, folder });
	const found = await reportOn(host, guest, release);
	if (format === "json") stdout.write(jsonOf("report", found.report));
	else if (format === "html")
		stdout.writeExact(html(blocksOf(host, found), titleOf(found.report), ownTranslations() === undefined ? "en" : "zh-CN"));
	else stdout.write(markdown(blocksOf(host, found), plain));
	return exitStatus.done;
}

interface Found {
	readonly report: Report;
	/** SVG. */
	readonly picture: string;
}

async function reportOn(host: HostFolder, guest: string | undefined, release: string | undefined): Promise<Found> {
	const { service, pf } = await asked(host, release);
	await needsRules(pf);
	const [exposure, reach] = [await service.exposure(pf), await service.reachability(pf)];
	if (exposure === null || reach === null) throw noRules(pf);
	if (guest !== undefined && !reach.ends.slice(2).includes(guest)) throw new PathError(tell("vm.conf has no guest '{0}'", guest));
	const files = [...(await filesOfHost(disk, host))].map(([path, { text }]) => ({
		path,
		sha256: createHash("sha256").update(text).digest("hex"),
	}));
	const uris = files.flatMap(({ path }) => uriOnHost(host, path) ?? []);
	const checked = await service.checkFiles(uris.filter(isConfigurationFile));
	const tested = await service.testFiles(uris.filter(isPolicyTestFile));
	const pathOf = (uri: string): string => pathOnHost(host, uri) ?? uri;
	const isAsked = (text: string): boolean => guest === undefined || text.split(/\s+/).includes(guest);
	const report: Report = {
		host: host.name,
		guest: guest ?? null,
		files,
		exposure: guest === undefined ? exposure : ofGuest(exposure, guest),
		reach: guest === undefined ? reach : cellsOf(reach, guest),
		tests: tested.flatMap(({ uri, tests }) => tests.filter(({ name }) => isAsked(name)).map((test) => ({ file: pathOf(uri), ...test }))),
		findings: [...checked].flatMap(([uri, all]) =>
			all
				.filter(({ severity, message }) => (severity === "error" || severity === "warning") && isAsked(message.replace(/[^\w.-]/g, " ")))
				.map(({ severity, code, message, range }) => ({ file: pathOf(uri), line: range.start.line, severity, code, message })),
		),
	};
	return { report, picture: await drawn(await service.topology(etcOf(host)), "light") };
}

/** What gets to a guest, and what may. */
function ofGuest(exposure: ExposureView, guest: string): ExposureView {
	return {
		...exposure,
		openings: exposure.openings.filter(({ reached }) => reached === null || reached.some(({ to }) => to === guest)),
		unfiltered: exposure.unfiltered.filter((end) => end === guest),
	};
}

/** The answers from and to a guest; the others are left empty. */
function cellsOf(reach: MatrixView, guest: string): MatrixView {
	const { ends, cells } = reach;
	const own = ends.indexOf(guest);
	return { ...reach, cells: cells.map((row, from) => row.map((cell, to) => (from === own || to === own ? cell : []))) };
}

function titleOf({ host, guest }: Report): string {
	return guest === null ? tell("Network of {0}", host) : tell("Network of {0}: {1}", host, guest);
}

function blocksOf(host: HostFolder, { report, picture }: Found): readonly Block[] {
	const { files, exposure, reach, tests, findings } = report;
	const heading = (text: string): Block => ({ kind: "heading", level: 2, text });
	const paragraph = (text: string): Block => ({ kind: "paragraph", text });
	const title = titleOf(report);
	return [
		{ kind: "heading", level: 1, text: title },
		paragraph(
			tell(
				"What the files of the host say, as OpenBSD reads them. Whether the host runs with them is another question, which openbsd-vnet verify asks.",
			),
		),
		{ kind: "picture", svg: picture, title },
		heading(tell("What the outside may reach")),
		...exposurePlaces(exposure).map(translated).map(paragraph),
		...exposureTable(exposure, translated, (location) => placeOf(host, location)),
		...exposureEnd(exposure).map(translated).map(paragraph),
		heading(tell("Who reaches whom")),
		paragraph(tell("Covers outside, host and guests, with every service that the rules tell apart.")),
		paragraph(tell("Outside stands for machines that no rule names; what rules let in from others is listed above.")),
		...(reach.note === "" ? [reachTable(reach)] : [paragraph(reach.note)]),
		heading(tell("Policy tests")),
		...(tests.length === 0
			? [paragraph(tell("There are none."))]
			: [
					{
						kind: "table" as const,
						head: [tell("test"), tell("result"), ""],
						rows: tests.map(({ file, name, line, result, reasons }) => [
							[{ code: name }],
							[resultText(result), ...reasons],
							[`${file}:${line + 1}`],
						]),
					},
				]),
		heading(tell("Errors and warnings")),
		...(findings.length === 0
			? [paragraph(tell("There are none."))]
			: [
					{
						kind: "table" as const,
						head: [tell("what"), tell("finding"), ""],
						rows: findings.map(({ file, line, severity, code, message }) => [
							[severityText(severity)],
							[message, { code }],
							[`${file}:${line + 1}`],
						]),
					},
				]),
		heading(tell("Files")),
		{ kind: "table", head: [tell("file"), "SHA-256"], rows: files.map(({ path, sha256 }) => [[{ code: path }], [{ code: sha256 }]]) },
	];
}

function reachTable(reach: MatrixView): Block {
	const rows = pairsOf(reach).map(({ from, to, all, reached, perhaps }): readonly (readonly Words[])[] => [
		[from],
		[to],
		[
			all ? tell("everything") : reached.length === 0 && perhaps.length === 0 ? tell("nothing") : reached.join(", "),
			perhaps.length === 0 ? "" : tell("it depends: {0}", perhaps.join(", ")),
		].filter((one) => one !== ""),
	]);
	return { kind: "table", head: [tell("from"), tell("to"), tell("service")], rows };
}

function resultText(result: Report["tests"][number]["result"]): string {
	return { passed: tell("passed"), failed: tell("failed"), undecided: tell("undecided") }[result];
}

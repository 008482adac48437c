/** For tests and docs/diagnostics.md: what is reported of an example, and its files after the fix. */

import { hostExamples } from "../host/examples.testing.ts";
import { counterExamples } from "../host/live-counters.testing.ts";
import { liveExamples } from "../host/live-drift.testing.ts";
import { hostnameExamples } from "../hostname/diagnostics.testing.ts";
import { pfLintExamples } from "../pf/lint/lint.testing.ts";
import { pfErrorExamples } from "../pf/words/check.testing.ts";
import { pfTestExamples } from "../pftest/diagnostics.testing.ts";
import { packetExamples } from "../policy/checks.testing.ts";
import { policyExamples } from "../policy/lint.testing.ts";
import { Documents } from "../project/documents.ts";
import { languageOf } from "../project/languages.ts";
import type { Diagnostic, Fix } from "../text/diagnostic.ts";
import { type Example, type ExampleFile, type ExampleFiles, type ExamplesOf, exampleFiles, mendedFiles } from "../text/example.testing.ts";
import { PF_CONF, VM_CONF } from "../text/host-paths.ts";
import type { Message } from "../text/message.ts";
import { vmExamples } from "../vm/lint.testing.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { type boundDiagnostics, bounded } from "./bounded-diagnostics.ts";
import { diagnosticCatalog } from "./catalogs.ts";
import { plainSession } from "./check.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import type { lineEndDiagnostics } from "./line-ends.ts";

const fileExamples: ExamplesOf<keyof typeof boundDiagnostics | keyof typeof lineEndDiagnostics> = {
	"file/more-diagnostics": { fault: `//- /etc/pf.conf\n${"pas in\n".repeat(1001)}` },
	"file/line-ends": { fault: "//- /etc/pf.conf\nset skip on lo\r\nblock\r\n" },
};

/** An example of each code. */
export const examples: Readonly<Record<string, Example>> = {
	...pfErrorExamples,
	...pfLintExamples,
	...vmExamples,
	...hostnameExamples,
	...pfTestExamples,
	...hostExamples,
	...packetExamples,
	...policyExamples,
	...liveExamples,
	...counterExamples,
	...fileExamples,
};

const ROOT = "file:///hv1";

interface Reported extends Diagnostic {
	readonly path: string;
}

/** An example as a person reads it. */
export interface ShownExample {
	readonly files: ExampleFiles;
	/** What is said of it, the words of a place in a file. */
	readonly found: readonly { readonly path: string; readonly line: number; readonly text: readonly Message[] }[];
	/** What the fix is called; undefined where there is none. */
	readonly fix?: Message;
	/** The files that are other ones after the fix, or without the fault, by path; undefined for one that is gone. */
	readonly after?: ReadonlyMap<string, string | undefined>;
	/** How often the code is reported then. */
	readonly left: number;
}

/** What a code's example shows. */
export async function shownExample(code: string, example: Example): Promise<ShownExample> {
	const files = exampleFiles(example);
	const own = (await reported(files, example)).filter((one) => one.code === code);
	const fixes = own[0]?.fixes ?? [];
	const fix = fixes.find(({ preferred }) => preferred === true) ?? fixes[0];
	const mended = fix === undefined ? mendedFiles(example) : fixed(files, own[0]?.path ?? "", fix);
	const found = own.map(({ path, span, related = [], message, advice }) => {
		// What is wrong in a file of none of the languages is told in another one, which says where.
		const [first] = related;
		const place = first?.message.template === "In {0}" ? first : { file: path, span };
		const text = files.get(place.file ?? path)?.text.slice(0, place.span.start) ?? "";
		return { path: place.file ?? path, line: text.split("\n").length, text: advice === undefined ? [message] : [message, advice] };
	});
	if (mended === undefined) return { files, found, left: 0 };
	const after = new Map(
		[...files, ...mended].flatMap(([path]) => (files.get(path)?.text === mended.get(path)?.text ? [] : [[path, mended.get(path)?.text]])),
	);
	const left = (await reported(mended, example)).filter((one) => one.code === code).length;
	return { files, found, ...(fix === undefined ? {} : { fix: fix.title }), after, left };
}

function fixed(files: ExampleFiles, own: string, { edits }: Fix): ExampleFiles {
	const result = new Map(files);
	for (const { file = own, span, text } of [...edits].sort((a, b) => b.span.start - a.span.start)) {
		const before = result.get(file)?.text ?? "";
		result.set(file, { ...result.get(file), text: before.slice(0, span.start) + text + before.slice(span.end) });
	}
	return result;
}

/** All that is reported of a host's files. */
async function reported(
	files: ExampleFiles,
	{ release, taps, quiet, facts }: Pick<Example, "release" | "taps" | "quiet" | "facts"> = {},
): Promise<readonly Reported[]> {
	const texts = Object.fromEntries([...files].map(([path, { text }]) => [ROOT + path, text]));
	// What is wrong in a file of none of the languages is told in one of these, which an editor has open.
	if (!files.has(VM_CONF) && !files.has(PF_CONF)) texts[ROOT + VM_CONF] = "";
	const memory = memoryWorkspace(texts, [ROOT]);
	const at = (uri: string): ExampleFile | undefined => files.get(uri.slice(ROOT.length));
	const workspace: Workspace = {
		...memory,
		...(release === undefined ? {} : { release }),
		read: async (uri) => (at(uri)?.notRead === undefined ? memory.read(uri) : undefined),
		notRead: async (uri) => at(uri)?.notRead,
		stat: async (uri) => {
			const mode = at(uri)?.mode;
			return mode === undefined ? {} : { mode };
		},
	};
	// An editor goes by the beginning of a name, netstart by the whole of it.
	const languageAt = (uri: string) => languageOf(uri) ?? (uri.startsWith(`${ROOT}/etc/hostname.`) ? "openbsd-hostname" : undefined);
	const uris = Object.keys(texts).filter((uri) => languageAt(uri) !== undefined && at(uri)?.notRead === undefined);
	// An open file's mode is not looked at.
	const documents = new Documents(workspace);
	await documents.readHostLists();
	for (const uri of uris) if (at(uri)?.mode === undefined) documents.open(uri, languageAt(uri) ?? "", 0, texts[uri] ?? "");
	if (taps !== undefined || quiet !== undefined) {
		const running = (taps ?? []).map(([name, guest]) => ({ name, guest, index: 0, state: "running" }));
		const host = { name: "hv1", taken: "14:03:12", simulated: false, taps: running };
		const rules = (quiet ?? []).map(([text, since, daysWithout]) => {
			const past = { since, daysWithout };
			return { anchor: "", text, evaluations: 4, packets: 0, bytes: 0, states: 0, past };
		});
		documents.setLive([{ etc: `${ROOT}/etc`, host, counters: { taken: "14:03:12", rules, limiters: [], tellAfterDays: 30 } }]);
	}
	// What is told only where the settings ask for it is told here.
	const severities = Object.fromEntries(
		Object.entries(diagnosticCatalog).flatMap(([code, { optional, severity }]) => (optional === true ? [[code, severity]] : [])),
	);
	const session = { ...plainSession(documents), settings: { lint: { severities } } };
	const found: Reported[] = [];
	for (const uri of uris) {
		await documents.whenAnalysed(uri);
		const file = documents.file(uri);
		if (file === undefined) continue;
		const { language, path } = file.identity;
		// What is known of the host comes to a language by its context alone.
		const own = facts && language.parse(file.text, { ...file.parsed.context, host: facts }).diagnostics();
		const { shown, more } = bounded(own ?? reportedDiagnostics(session, file));
		for (const one of more === undefined ? shown : [...shown, more]) found.push({ ...one, path });
	}
	return found;
}

// How long the editor's requests take on a large file after an edit in its middle, and what a workspace costs in memory.
// Usage, after `npx tsc -b`: node --expose-gc scripts/bench/features.mjs [lines]. Without a number for 10,000 and 100,000 lines.
import { codeActions } from "../../server/dist/features/code-actions.js";
import { completion } from "../../server/dist/features/completion.js";
import { definition } from "../../server/dist/features/definition.js";
import { diagnostics } from "../../server/dist/features/diagnostics.js";
import { documentSymbols } from "../../server/dist/features/document-symbols.js";
import { foldingRanges } from "../../server/dist/features/folding-ranges.js";
import { formatting } from "../../server/dist/features/formatting.js";
import { hover } from "../../server/dist/features/hover.js";
import { inlayHints } from "../../server/dist/features/inlay-hints.js";
import { semanticTokens, updatedTokens } from "../../server/dist/features/semantic-tokens.js";
import { TokenSequence } from "../../server/dist/features/token-sequence.js";
import { Documents } from "../../server/dist/project/documents.js";
import { languages } from "../../server/dist/project/languages.js";
import { memoryWorkspace } from "../../server/dist/workspace.js";
import { percentile } from "./lib/percentile.mjs";
import { guestsOf, rulesOf } from "./lib/samples.mjs";

const ROUNDS = 200;
/** How often a file is opened again in a server that has been at work, and how often before that, which is not counted. */
const COLD = 100;
const COLD_WARM = 30;
/** Rounds before, which are not counted. */
const WARM = 20;
const SIZES = process.argv[2] === undefined ? [10_000, 100_000] : [Number(process.argv[2])];

/** What is asked of pf.conf with 10,000 lines: the most that 99 of 100 requests take, in milliseconds. */
const ASKED = {
	"diagnostics of a file new to the server": 65,
	diagnostics: 5,
	completion: 10,
	hover: 1,
	definition: 2,
	"semantic token delta": 15,
	formatting: 50,
};

/** A file of about so many statements, with a place to type at in its middle and words to ask about. */
const samples = {
	"openbsd-pf": {
		path: "/etc/pf.conf",
		text: rulesOf,
		edit: ["10.", "10."],
		complete: "proto ",
		word: "$ext_if",
	},
	"openbsd-vm": {
		path: "/etc/vm.conf",
		text: guestsOf,
		edit: ["memory 1G", "memory 2G"],
		complete: "\tmemory",
		word: "switch",
	},
};

function timed(work) {
	const start = performance.now();
	work();
	return performance.now() - start;
}

/** A file that was opened on a host. @param documents those of a workspace */
async function opened(sample, text, host = "host", documents = new Documents(memoryWorkspace({}, []))) {
	const uri = `file:///${host}${sample.path}`;
	const language = languages.get(sample.id);
	documents.open(uri, language.id, 1, text);
	await documents.whenLoaded(uri);
	const client = { snippets: true, markdown: true, lineFoldingOnly: false, renameFiles: true, hierarchicalSymbols: true };
	return { documents, uri, session: { files: documents, settings: {}, client } };
}

/** What a file takes until its diagnostics are there that was just opened, in a server that has another one open. */
async function coldTimes(sample, size) {
	const text = sample.text(size);
	const other = await opened(sample, sample.text(100));
	const uri = "file:///host/etc/new.conf";
	const times = [];
	const rounds = Math.max(10, Math.round((COLD * 10_000) / Math.max(size, 10_000)));
	for (let round = -Math.min(COLD_WARM, rounds); round < rounds; round++) {
		globalThis.gc?.();
		// The collector's own threads go on for a while.
		await new Promise((resolve) => setTimeout(resolve, 20));
		const time = timed(() => {
			other.documents.open(uri, sample.id, 1, text);
			diagnostics(other.session, other.documents.file(uri));
		});
		await other.documents.close(uri);
		if (round >= 0) times.push(time);
	}
	return times;
}

/** Every request after each of many keystrokes. */
async function latencies(sample, size) {
	const text = sample.text(size);
	const { documents, uri, session } = await opened(sample, text);
	const middle = text.indexOf(sample.edit[0], Math.floor(text.length / 2));
	const at = (word, file) => file.text.indexOf(word, middle - 200) + Math.min(2, word.length);
	const tabs = { tabSize: 8, insertSpaces: false };
	let tokens = { file: documents.file(uri), data: TokenSequence.of(semanticTokens(documents.file(uri))) };
	const nothing = () => undefined;
	/** What an editor knows before it asks, and the request. */
	const requests = {
		diagnostics: [nothing, (file) => diagnostics(session, file)],
		completion: [
			(file) => file.text.indexOf(sample.complete, middle - 200) + sample.complete.length,
			(file, offset) => completion(session, file, offset),
		],
		hover: [(file) => at(sample.word, file), (file, offset) => hover(session, file, offset)],
		definition: [(file) => at(sample.word, file), (file, offset) => definition(session, file, offset)],
		"semantic token delta": [
			nothing,
			(file) => {
				tokens = { file, data: updatedTokens(tokens, file).data };
			},
		],
		"inlay hints of 60 lines": [nothing, (file) => inlayHints(session, file, { start: middle, end: middle + 4000 })],
		"code actions": [nothing, (file) => codeActions(session, file, { start: middle, end: middle })],
		formatting: [nothing, (file) => formatting(session, file, tabs)],
		outline: [nothing, (file) => documentSymbols(session, file)],
		folding: [nothing, (file) => foldingRanges(file)],
	};
	const times = new Map([["edit", []], ...Object.keys(requests).map((name) => [name, []])]);
	let version = 2;
	const keystroke = () => {
		const file = documents.file(uri);
		const [from, to] = sample.edit;
		const found = file.text.startsWith(from, middle) ? [from, to] : [to, from];
		const range = file.lines.range({ start: middle, end: middle + found[0].length });
		return timed(() => documents.change(uri, version++, [{ range, text: found[1] }]));
	};
	for (const [name, [prepare, request]] of Object.entries(requests)) {
		globalThis.gc?.();
		const rounds = Math.max(30, Math.round((ROUNDS * 10_000) / Math.max(size, 10_000)));
		for (let round = -WARM; round < rounds; round++) {
			const edit = keystroke();
			const file = documents.file(uri);
			const argument = prepare(file);
			const time = timed(() => request(file, argument));
			if (round < 0) continue;
			times.get("edit").push(edit);
			times.get(name).push(time);
		}
	}
	return times;
}

for (const size of SIZES) {
	for (const [id, sample] of Object.entries(samples)) {
		if (!languages.has(id)) {
			console.log(`${id}: not served yet`);
			continue;
		}
		sample.id = id;
		const [cold, halfCold] = [await coldTimes(sample, size), await coldTimes(sample, size / 2)];
		const half = await latencies(sample, size / 2);
		const times = await latencies(sample, size);
		console.log(`\n${id}, ${size} lines`);
		const rows = [
			["diagnostics of a file new to the server", percentile(cold, 0.5), percentile(cold, 0.99), percentile(halfCold, 0.5)],
			...[...times].map(([name, list]) => [name, percentile(list, 0.5), percentile(list, 0.99), percentile(half.get(name), 0.5)]),
		];
		console.table(
			Object.fromEntries(
				rows.map(([name, median, high, smaller]) => [
					name,
					{
						"median (ms)": median.toFixed(3),
						"p99 (ms)": high.toFixed(3),
						...(size === 10_000 ? { "asked (ms)": ASKED[name] ?? "" } : {}),
						"time for twice the lines": (median / smaller).toFixed(2),
					},
				]),
			),
		);
	}
}

// The memory of a workspace of 50 files, each of 200 lines, with everything asked of each once.
const gc = globalThis.gc;
if (gc === undefined) console.log("memory: run with --expose-gc");
else {
	gc();
	const before = process.memoryUsage().heapUsed;
	const documents = new Documents(memoryWorkspace({}, []));
	for (let i = 0; i < 50; i++) {
		const ids = Object.keys(samples).filter((id) => languages.has(id));
		const sample = samples[ids[i % ids.length]];
		const { uri, session } = await opened(sample, sample.text(200), `h${i}`, documents);
		const file = documents.file(uri);
		diagnostics(session, file);
		semanticTokens(file);
		documentSymbols(session, file);
	}
	gc();
	const used = (process.memoryUsage().heapUsed - before) / 1e6;
	console.log(`memory of ${documents.all().length} files of 200 lines: ${used.toFixed(1)} MB of heap (of the whole process: server.mjs)`);
}

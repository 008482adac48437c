// pf.conf: reading, checking and expanding rulesets of five kinds of rules in turn. Usage: node scripts/bench/pf.mjs
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import jsonLanguage from "vscode-json-languageservice";
import { PfFile, pfctl } from "../../server/dist/index.js";
import { grammarOf } from "../../server/dist/pf/grammar/grammar.js";
import { Lexer } from "../../server/dist/pf/grammar/lexer.js";
import { T } from "../../server/dist/pf/grammar/tokens.js";
import { newestRelease } from "../../server/dist/releases/releases.js";

const kinds = [
	(i) => `pass in quick on em0 inet proto tcp from 10.${(i >> 8) & 255}.${i & 255}.0/24 to any port { 80 443 8080 }`,
	(i) => `block in quick on $ext inet from <bad> to 192.0.2.${i & 255} # asked for in ticket ${i}`,
	(i) => `match out on em0 inet from 10.${i & 255}.${(i >> 8) & 255}.0/24 to any nat-to 203.0.113.${i & 255}`,
	(i) => `pass out quick on em1 inet6 proto tcp from 2001:db8::${(i & 0xffff).toString(16)} to any port 443 label "six${i}"`,
	(i) => `pass in on em1 inet proto { tcp udp } from any to 10.0.${(i >> 8) & 255}.${i & 255} port 53 # resolver of customer ${i}`,
];

export function ruleset(count) {
	const lines = ['ext = "em0"', "table <bad> persist"];
	for (let i = 0; i < count; i++) lines.push(kinds[i % kinds.length](i));
	return `${lines.join("\n")}\n`;
}

const PATH = { path: "/etc/pf.conf" };

function time(work) {
	const start = performance.now();
	work();
	return performance.now() - start;
}

const best = (runs, work) => Math.min(...Array.from({ length: runs }, () => time(work)));

function table(title, rows) {
	console.log(`\n${title}`);
	console.table(
		rows.map((row) =>
			Object.fromEntries(
				Object.entries(row).map(([name, value]) => [name, typeof value === "number" ? Number(value.toPrecision(3)) : value]),
			),
		),
	);
}

/** Runs one measurement in a process of its own, where nothing is warm. */
function fresh(what, count) {
	const run = spawnSync(process.execPath, ["--expose-gc", fileURLToPath(import.meta.url), what, String(count)], { encoding: "utf8" });
	return Number(run.stdout);
}

const alone = {
	"dry run": (text) => time(() => pfctl.dryRun(text)),
	diagnostics: (text) => time(() => PfFile.parse(text, PATH).diagnostics()),
	memory: (text) => {
		globalThis.gc();
		const before = process.memoryUsage().heapUsed;
		const file = PfFile.parse(text, PATH);
		file.diagnostics();
		globalThis.gc();
		const used = (process.memoryUsage().heapUsed - before) / 1e6;
		return file.text === text ? used : Number.NaN;
	},
};

function sizes() {
	const service = jsonLanguage.getLanguageService({});
	const rows = [];
	for (const count of [100, 1000, 10_000, 50_000]) {
		const text = ruleset(count);
		const json = JSON.stringify(text.split("\n"));
		const parse = best(5, () => JSON.parse(json));
		const document = jsonLanguage.TextDocument.create("file:///x.json", "json", 1, json);
		const languageService = best(3, () => service.parseJSONDocument(document));
		const warm = best(3, () => pfctl.dryRun(text));
		rows.push({
			rules: count,
			KB: text.length / 1024,
			"dry run, fresh process (ms)": fresh("dry run", count),
			"dry run, warm (ms)": warm,
			"diagnostics, fresh process (ms)": fresh("diagnostics", count),
			"diagnostics, warm (ms)": best(3, () => PfFile.parse(text, PATH).diagnostics()),
			"memory of the file (MB)": fresh("memory", count),
			"dry run / JSON.parse": warm / parse,
			"dry run / json-languageservice": warm / languageService,
		});
	}
	table("Reading, checking and expanding (native pfctl: about 260 ms for 10,000 rules)", rows);
}

function lexing() {
	const text = ruleset(10_000);
	const events = { macro: () => "em0", error() {} };
	const lexed = best(5, () => {
		const lexer = new Lexer("x", text, events, grammarOf(newestRelease).keywords, false);
		while (lexer.next() !== T.end);
	});
	const read = best(5, () => PfFile.parse(text, PATH));
	const small = ruleset(560);
	table("Speed on 10,000 rules, and a file of 52 KB", [
		{ what: "lexer", ms: lexed, "MB/s": text.length / lexed / 1000 },
		{ what: "lexing, parsing and expanding, with the words' roles", ms: read, "MB/s": text.length / read / 1000 },
		{ what: `${(small.length / 1024).toFixed(0)} KB read and checked, fresh process`, ms: fresh("diagnostics", 560) },
		{ what: `${(small.length / 1024).toFixed(0)} KB read and checked, warm`, ms: best(5, () => PfFile.parse(small, PATH).diagnostics()) },
	]);
}

function keystrokes() {
	const rows = [];
	for (const count of [10_000, 50_000]) {
		let file = PfFile.parse(ruleset(count), PATH);
		file.diagnostics();
		const at = file.text.indexOf(" to any port", file.text.length / 2);
		const took = [];
		for (let i = 0; i < 400; i++) {
			const span = { start: at, end: at + (i % 2) };
			took.push(
				time(() => {
					file = file.edit([{ span, text: i % 2 === 0 ? "x" : "" }]);
					file.diagnostics();
				}),
			);
		}
		took.sort((x, y) => x - y);
		const macro = file.text.indexOf("em0");
		const renamed = time(() => file.edit([{ span: { start: macro, end: macro + 3 }, text: "em7" }]).diagnostics());
		rows.push({
			rules: count,
			"median (ms)": took[200],
			"95 % (ms)": took[380],
			"99 % (ms)": took[396],
			"a macro that every fifth rule uses (ms)": renamed,
		});
	}
	table("One keystroke in the middle, until the diagnostics are there", rows);
}

function tables() {
	const addresses = Array.from({ length: 100_000 }, (_, i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`).join("\n");
	const text = 'table <bad> persist file "/etc/bad"\nblock in quick from <bad>\n';
	const readFile = (path) => (path === "/etc/bad" ? addresses : undefined);
	table("A table file of 100,000 addresses", [
		{ what: "dry run, first", ms: time(() => pfctl.dryRun(text, { readFile })) },
		{ what: "dry run, warm", ms: best(3, () => pfctl.dryRun(text, { readFile })) },
		{ what: "diagnostics", ms: best(3, () => PfFile.parse(text, { ...PATH, readFile }).diagnostics()) },
	]);
}

const [, main, what, count] = process.argv;
if (main === fileURLToPath(import.meta.url)) {
	if (what !== undefined) console.log(alone[what](ruleset(Number(count))));
	else {
		sizes();
		lexing();
		keystrokes();
		tables();
	}
}

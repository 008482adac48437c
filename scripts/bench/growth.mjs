// How the time of each stage grows with what it is given, for kinds of files that are hard in one way each: the exponent is 1 where
// twice as much takes twice as long. Processor time, so that other work on the machine hardly counts.
// Usage, after `npx tsc -b`: node scripts/bench/growth.mjs [KIND,KIND...] [SMALLER LARGER]

import { documentSymbols } from "../../server/dist/features/document-symbols.js";
import { foldingRanges } from "../../server/dist/features/folding-ranges.js";
import { formatting } from "../../server/dist/features/formatting.js";
import { semanticTokens } from "../../server/dist/features/semantic-tokens.js";
import { checkHost } from "../../server/dist/host/checks.js";
import { hostBuilder } from "../../server/dist/host/model.js";
import { pfFacts } from "../../server/dist/host/pf-facts.js";
import { grammarOf } from "../../server/dist/pf/grammar/grammar.js";
import { Lexer } from "../../server/dist/pf/grammar/lexer.js";
import { T } from "../../server/dist/pf/grammar/tokens.js";
import { PfTestFile } from "../../server/dist/pftest/file.js";
import { searchPackets } from "../../server/dist/policy/checks.js";
import { searchDeadRules } from "../../server/dist/policy/dead.js";
import { runPolicyTests } from "../../server/dist/policy/policy-tests.js";
import { Documents } from "../../server/dist/project/documents.js";
import { languages } from "../../server/dist/project/languages.js";
import { newestRelease } from "../../server/dist/releases/releases.js";
import { memoryWorkspace } from "../../server/dist/workspace.js";

const SIZES = process.argv[3] === undefined ? [4_000, 16_000] : process.argv.slice(3, 5).map(Number);
/** What takes less than so many milliseconds says nothing about how it grows. */
const TOO_SHORT = 20;
const ROUNDS = 2;

const KEYWORDS = grammarOf(newestRelease).keywords;

const address = (i) => `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
const lines = (count, line) => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join("");
const list = (count, item) => `{ ${Array.from({ length: count }, (_, i) => item(i)).join(" ")} }`;
const root = (count) => Math.floor(Math.sqrt(count));

/** Texts of about so many rules, lines or elements, by path; the first is the one that is edited. */
const kinds = {
	"the same rule": (n) => ({ "/etc/pf.conf": lines(n, () => "pass in proto tcp from 10.0.0.1 to any port 80") }),
	"different rules": (n) => ({ "/etc/pf.conf": lines(n, (i) => `pass in proto tcp from ${address(i)} to any port 80`) }),
	"nested anchors": (n) => ({ "/etc/pf.conf": lines(n / 10, (i) => `${lines(9, (d) => `anchor a${i}_${d} {`)}pass\n${"}\n".repeat(9)}`) }),
	/** As people write who give each zone an anchor, each direction one in it, and let lists multiply there. */
	"wide rules in nested anchors": (n) => ({
		"/etc/pf.conf": `table <lan> { 10.0.0.0/8 }\nblock return\n${lines(
			n / 60,
			(i) =>
				`anchor "z${i}" on { em0 em1 vlan${i} } {\n\tanchor "in" in from { <lan> ${address(i << 8)}/24 } {\n\t\tpass proto { tcp udp } to port { 53 80 443 }\n\t\tblock return proto tcp to ! ${address(i)}\n\t}\n\tanchor "out" out {\n\t\tpass quick inet proto { tcp udp icmp } to { ! <lan> ${address(i)} }\n\t\tblock\n\t}\n\tblock quick\n}`,
		)}`,
	}),
	/** As people write who decide by tags: zones set and test them in anchors, whoever owns the socket, and each ICMP message has its rule. */
	"tags of zones and rules for each ICMP message": (n) => ({
		"/etc/pf.conf": `block log\n${lines(
			n / 60,
			(i) =>
				`anchor "z${i}" {\n\tanchor "in" in on { em0 em1 vlan${i} } {\n\t\tmatch proto { tcp udp } tag T${i % 4}\n\t\tpass proto tcp to { (em0) (em1) (enc) } port { 22 80 } tagged T${i % 4}\n\t}\n\tanchor "out" out {\n\t\tpass proto { tcp udp } user { 1 2 3 } tagged T${i % 4}\n\t}\n}`,
		)}${lines(n / 4, (i) => `pass inet proto icmp to (self) icmp-type ${i % 19} code ${i % 8} max-pkt-rate 100/10`)}`,
	}),
	/** As a script writes a list of bad networks as rules, and was run a second time. */
	"networks blocked one by one and twice": (n) => ({
		"/etc/pf.conf": lines(n, (i) => `block in from ${address((i % (n / 2)) << 9)}/${16 + (i % 9)} to any`),
	}),
	"addresses beside rules": (n) => ({
		"/etc/pf.conf": 'table <bad> persist file "/etc/pf.bad"\nblock in quick from <bad>\npass\n',
		"/etc/pf.bad": lines(n, address),
	}),
	"one anchor, called often": (n) => ({ "/etc/pf.conf": `${lines(n, () => "anchor a")}load anchor a from "/etc/a"\n`, "/etc/a": "pass\n" }),
	macros: (n) => ({ "/etc/pf.conf": lines(n / 2, (i) => `m${i} = "${address(i)}"\npass in from $m${i}`) }),
	tables: (n) => ({ "/etc/pf.conf": lines(n / 2, (i) => `table <t${i}> { ${address(i)} }\npass in from <t${i}>`) }),
	labels: (n) => ({ "/etc/pf.conf": lines(n, (i) => `pass in from ${address(i)} label "l${i} $nr $if"`) }),
	tags: (n) => ({ "/etc/pf.conf": lines(n / 2, (i) => `match in from ${address(i)} tag t${i}\npass tagged t${i}`) }),
	"one rule with many tags": (n) => ({ "/etc/pf.conf": `pass ${"tag a ".repeat(n)}\n` }),
	queues: (n) => ({
		"/etc/pf.conf": `queue root on em0 bandwidth 9G\n${lines(n / 2, (i) => `queue q${i} parent root bandwidth 1K${i === 0 ? " default" : ""}\npass set queue q${i}`)}`,
	}),
	"broken lines": (n) => ({ "/etc/pf.conf": lines(n, (i) => `pass in frm ${address(i)} $m${i}`) }),
	"lists that multiply": (n) => ({
		"/etc/pf.conf": `pass from ${list(root(n), address)} to ${list(root(n), (i) => address(i + 70_000))}\n`,
	}),
	"one long list": (n) => ({ "/etc/pf.conf": `pass from ${list(n, address)}\n` }),
	"one long table": (n) => ({ "/etc/pf.conf": `table <t> ${list(n, address)}\npass from <t>\n` }),
	"small files": (n) => ({
		"/etc/pf.conf": `anchor "a/*"\n${lines(n / 10, (i) => `load anchor a/${i} from "/etc/pf.a/${i}.conf"`)}`,
		...Object.fromEntries(Array.from({ length: n / 10 }, (_, i) => [`/etc/pf.a/${i}.conf`, `pass in from ${address(i)}\n`])),
	}),
	guests: (n) => ({
		"/etc/vm.conf": `switch s {\n\tinterface veb0\n}\n${lines(n / 4, (i) => `vm g${i} {\n\tdisk "/d${i}"\n\tinterface { switch s }\n}`)}`,
	}),
	"switches that no guest uses": (n) => ({ "/etc/vm.conf": lines(n, (i) => `switch s${i} {\n\tinterface bridge${i}\n}`) }),
	"instances of a guest": (n) => ({
		"/etc/vm.conf": `vm base {\n\tdisk "/d"\n\tallow instance { disk }\n}\n${lines(n / 3, (i) => `vm g${i} instance base {\n\tdisk "/d${i}"\n}`)}`,
	}),
	"a long hostname file": (n) => ({ "/etc/hostname.em0": lines(n, (i) => `inet alias ${address(i)} 255.255.255.255`) }),
	"many dest lines": (n) => ({ "/etc/hostname.em0": `inet 10.0.0.1 255.0.0.0\n${lines(n, (i) => `dest ${address(i)}`)}` }),
};

/** A server that has the files, the first of them open; and the same as a host. */
async function given(files) {
	const onDisk = Object.fromEntries(Object.entries(files).map(([path, text]) => [`file:///host${path}`, text]));
	const documents = new Documents(memoryWorkspace(onDisk, ["file:///host"]));
	const [[path, text]] = Object.entries(files);
	const uri = `file:///host${path}`;
	const client = { snippets: true, markdown: true, lineFoldingOnly: false, renameFiles: true, hierarchicalSymbols: true };
	const id = path.endsWith("vm.conf") ? "openbsd-vm" : path.includes("hostname") ? "openbsd-hostname" : "openbsd-pf";
	return { documents, uri, text, path, id, files, session: { files: documents, settings: {}, client } };
}

function drained(search) {
	for (;;) if (search.next().done) return;
}

/** Each is given what the ones before it have left, and is timed. */
const stages = {
	lexing: (at) => {
		if (at.id !== "openbsd-pf") return;
		const events = { macro: () => "10.0.0.1", error: () => undefined };
		const lexer = new Lexer("pf.conf", at.text, events, KEYWORDS, false, true);
		for (lexer.next(); lexer.token !== T.end; lexer.next());
	},
	reading: (at) => {
		at.parsed = languages.get(at.id).parse(at.text, { path: at.path, readFile: (path) => at.files[path] });
	},
	"own checks": (at) => at.parsed.diagnostics(),
	rules: (at) => at.parsed.ruleset,
	expanding: (at) => at.parsed.expanded?.(),
	"a keystroke": (at) => at.parsed.edit([{ span: { start: at.text.length - 2, end: at.text.length - 2 }, text: " " }]).diagnostics(),
	outline: (at) => at.parsed.outline(),
	opening: (at) => {
		at.documents.open(at.uri, at.id, 1, at.text);
		at.file = at.documents.file(at.uri);
	},
	symbols: (at) => documentSymbols(at.session, at.file),
	folding: (at) => foldingRanges(at.file),
	tokens: (at) => semanticTokens(at.file),
	formatting: (at) => formatting(at.session, at.file, { tabSize: 8, insertSpaces: false }),
	"host's rules": (at) => {
		at.texts = new Map(Object.entries(at.files).map(([path, text]) => [path, path === at.path ? { text, parsed: at.parsed } : { text }]));
		at.pf = pfFacts(at.texts);
	},
	model: (at) => {
		at.host = hostBuilder()({ name: "host", files: at.texts, ...(at.pf && { pf: at.pf }) });
	},
	"host checks": (at) => checkHost(at.host),
	packets: (at) => drained(searchPackets(at.host)),
	"dead rules": (at) => at.pf && drained(searchDeadRules(at.pf.ruleset, undefined)),
	"policy tests": (at) =>
		runPolicyTests(at.host, PfTestFile.parse("outside host tcp 22 pass\nhost outside udp 53 block\n", { path: "/etc/a.pftest" })),
	"all of check": async (at) => {
		await at.documents.whenAnalysed(at.uri);
		at.session.files.hostDiagnostics(at.file);
	},
};

/** The processor's time of each stage, in milliseconds. */
async function measured(files) {
	const at = await given(files);
	const times = {};
	for (const [stage, run] of Object.entries(stages)) {
		const before = process.cpuUsage();
		await run(at);
		const { user, system } = process.cpuUsage(before);
		times[stage] = (user + system) / 1000;
	}
	return times;
}

async function best(files) {
	const rounds = [];
	for (let round = 0; round < ROUNDS; round++) {
		globalThis.gc?.();
		rounds.push(await measured(files));
	}
	return Object.fromEntries(Object.keys(stages).map((stage) => [stage, Math.min(...rounds.map((times) => times[stage]))]));
}

const wanted = process.argv[2] === undefined || process.argv[2] === "all" ? Object.keys(kinds) : process.argv[2].split(",");
for (const kind of wanted) {
	await measured(kinds[kind](500));
	const [less, more] = [await best(kinds[kind](SIZES[0])), await best(kinds[kind](SIZES[1]))];
	console.log(`${kind}: ${SIZES.join(" and ")}`);
	for (const stage of Object.keys(stages)) {
		if (more[stage] < TOO_SHORT) continue;
		const exponent = Math.log(more[stage] / Math.max(less[stage], 0.1)) / Math.log(SIZES[1] / SIZES[0]);
		console.log(`    ${stage.padEnd(16)} ${more[stage].toFixed(0)} ms, n^${exponent.toFixed(2)}`);
	}
}

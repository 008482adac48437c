import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../../../test/share.ts";
import type { SyntaxToken } from "../../text/language.ts";
import { render } from "../../text/message.ts";
import { span } from "../../text/span.ts";
import { PfFile } from "./file.ts";

const parse = (text: string) => PfFile.parse(text, { path: "/etc/pf.conf" });

/** What is reported, as `code at words`. */
const faults = (text: string) =>
	parse(text)
		.diagnostics()
		.filter(({ severity }) => severity === "error")
		.map(({ code, span }) => `${code} at ${text.slice(span.start, span.end)}`);

describe("diagnostics mark the words at fault", () => {
	test.each([
		["block\npass in form any\n", ["pf/syntax at form"]],
		["block\npass on $x\n", ["pf/unknown-macro at $x"]],
		["block\npass on $x to $y\npass to $z\n", ["pf/unknown-macro at $x", "pf/unknown-macro at $y", "pf/unknown-macro at $z"]],
		["block\npass proto tcp to port { 22 80x }\n", ["pf/unknown-name at 80x"]],
		['block\npass from "lan to any\npass\n', ['pf/syntax at "lan to any']],
		["block\npass proto icmp to port 80\n", ["pf/combination at pass proto icmp to port 80"]],
		["block\npass set queue nosuch\n", ["pf/queue at nosuch"]],
		['p = "proto nosuch"\nblock\npass $p\n', ["pf/unknown-name at $p"]],
	])("%j", (text, expected) => {
		expect(faults(text)).toEqual(expected);
	});

	test("a mistake in a macro's value relates to its definition", () => {
		const text = 'p = "proto nosuch"\nblock\npass $p\n';
		const first = parse(text)
			.diagnostics()
			.find(({ severity }) => severity === "error");
		expect(first && render(first.message)).toBe("unknown protocol nosuch");
		expect(first?.related?.map(({ span }) => text.slice(span.start, span.end))).toEqual(["p"]);
	});
});

test("behind a mistake words are still the names that they are, and a comparison is no table", () => {
	const text =
		'pass proto nosuch from <bad> to port < www tag "LAN" label "out" user root\npass in form <worse> on { em0 tap }\npass on $gone to <worst>\npass to <best>\n';
	const names = parse(text)
		.tokens()
		.flatMap(({ symbol }) => (symbol === undefined ? [] : [`${symbol.kind} ${symbol.name}`]));
	expect(names).toEqual([
		"table bad",
		"service www",
		"tag LAN",
		"label out",
		"user root",
		"table worse",
		"interface em0",
		"interface-group tap",
		"macro gone",
		"table worst",
		"table best",
	]);
});

/** The words behind a mistake (`!!`) with their groups, where they have one. */
test.each<readonly [text: string, told: string]>([
	[
		"pass in on !! em0 proto tcp from any to port 80 keep state (max 5)",
		"rule part:proto rule part:from address:any rule part:to rule part:port filter option:keep joint:state state option:max",
	],
	["pass set (prio !!, tos lowdelay) tos lowdelay", "set field:tos tos:lowdelay filter option:tos tos:lowdelay"],
	["pass log (all !! user, to pflog1) user root", "log option:user log option:to filter option:user"],
	["pass nat-to 10.0.0.1 x !! port 80", "pool option:port"],
	["pass to port !! port 80", "rule part:port"],
	['table <t> persist !! file "/etc/t"', "table option:file"],
	["queue q on em0 !! bandwidth 5M max 6M default", "queue option:bandwidth queue option:max queue option:default"],
	["antispoof !! quick for em0 label x", "antispoof option:quick antispoof option:for antispoof option:label"],
	["source limiter x !! id 3 table <t> above 4", "limiter option:id limiter option:table limiter part:above"],
	['load anchor !! from "/etc/a"', "joint:from"],
	["set timeout !! block-policy drop", "set option:block-policy block-policy:drop"],
	["table <t> { !! 10.0.0.1\nblock return in on em0", ""],
])("behind a mistake: %s", (marked, told) => {
	const at = marked.indexOf("!!");
	const found = PfFile.parse(`${marked}\n`, { path: "/etc/pf.conf", release: "7.9" })
		.tokens(span(at, marked.includes("\n") ? marked.indexOf("\n") : marked.length))
		.flatMap(({ entry }) => (entry === undefined ? [] : [`${entry.group}:${entry.name}`]));
	expect(found.join(" ")).toBe(told);
});

test("an anchor's file may use the queues and limiters of a ruleset that is not known", () => {
	const text = "pass in set queue std\npass in state limiter dns\n";
	const codes = (path: string, of = text): readonly string[] =>
		PfFile.parse(of, { path })
			.diagnostics()
			.map(({ code }) => code);
	expect(codes("/etc/pf.conf")).toEqual(["pf/queue", "pf/limiter"]);
	expect(codes("/etc/pf.web.conf")).toEqual([]);
	const edited = PfFile.parse(text, { path: "/etc/pf.web.conf" }).edit([{ span: { start: 0, end: 0 }, text: "pass state limiter web\n" }]);
	expect(edited.diagnostics()).toEqual([]);
	const main = PfFile.parse("state limiter dns id 1 limit 9\n", { path: "/etc/pf.conf" });
	const loaded = PfFile.parse(text, { path: "/etc/pf.web.conf" }).loadedBy(main);
	expect(loaded.diagnostics().map(({ code }) => code)).toEqual(["pf/queue"]);
});

test("a limiter is told by its limits", () => {
	const file = PfFile.parse('source limiter "home" id 2 entries 5 limit 9 rate 1/2\n', { path: "/etc/pf.conf" });
	expect(file.symbolFacts("source-limiter", "home")).toEqual({ value: "id 2 entries 5 limit 9 rate 1/2" });
	expect(file.symbolFacts("state-limiter", "home")).toBeUndefined();
});

test("marks are kept for the files that were looked through last, and are the same when they are made again", () => {
	const text = "pass in on em0\nblock from <bad>\n";
	const looked = (file: PfFile): SyntaxToken[] => {
		const tokens: SyntaxToken[] = [];
		file.eachToken((token) => tokens.push(token));
		return tokens;
	};
	const file = parse(text);
	const first = looked(file);
	expect(looked(file)[0]).toBe(first[0]);
	for (let i = 0; i < 8; i++) looked(parse(text));
	const again = looked(file);
	expect(again[0]).not.toBe(first[0]);
	expect(again).toEqual(first);
});

test.each([
	["nat on em0 from any to any -> em0\n", "4.7", "nat"],
	["scrub in all\n", "4.6", "scrub"],
	["no rdr on em0\n", "4.7", "no rdr"],
	["block\naltq on em0 cbq\n", "5.6", "altq"],
])("%j: says since when the spelling is gone, and what to write", (text, release, word) => {
	const found = parse(text)
		.diagnostics()
		.find(({ code }) => code === "pf/syntax");
	expect(found?.message.args).toEqual([word, release]);
});

test("completion comes from the parser", () => {
	const words = (text: string) =>
		parse(text)
			.expected(text.length)
			.expectations.map((each) =>
				each.kind === "keyword" ? each.entry.name : each.kind === "symbol" ? `<${each.of}>` : each.kind === "value" ? each.type : each.text,
			);
	expect(words("pass in on ")).toEqual(expect.arrayContaining(["<interface>", "<macro>", "any", "{", "!"]));
	expect(words("pass in on ")).not.toContain("proto");
	expect(words("pass in on em0 ")).toEqual(expect.arrayContaining(["inet", "proto", "from", "to", "keep"]));
	expect(words("block\n# pass in ")).toEqual([]);
	expect(words("block # pass in ")).toEqual([]);
	expect(words("set ")).toEqual(expect.arrayContaining(["skip", "block-policy", "limit"]));
	expect(words("block\n")).toEqual(expect.arrayContaining(["pass", "block", "match", "table", "anchor"]));
});

test("marks are in order, do not overlap, and say what a name is", () => {
	const text = 'lan = "em1"\ntable <t> { 10.0.0.0/8 } # ours\npass in on $lan from <t> to any tag T label "l"\n';
	const marks = parse(text).tokens();
	for (const [i, mark] of marks.entries()) expect(mark.span.start).toBeGreaterThanOrEqual(marks[i - 1]?.span.end ?? 0);
	expect(marks.flatMap(({ symbol }) => (symbol ? [`${symbol.use} ${symbol.kind} ${symbol.name}`] : []))).toEqual([
		"define macro lan",
		"define table t",
		"refer macro lan",
		"refer table t",
		"set tag T",
		"define label l",
	]);
});

test("an edit gives what the whole new text would give, and nothing throws", () => {
	const piece = fc.constantFrom(
		"pass ",
		"block ",
		"in on em0 ",
		"$x ",
		"x = ",
		'"',
		"{ ",
		"} ",
		"\n",
		"# ",
		"table <t> ",
		"anchor ",
		"port ",
		"\\",
		"\0",
	);
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 30 }), fc.nat(), piece, (pieces, at, inserted) => {
			const text = pieces.join("");
			const start = at % (text.length + 1);
			const edited = parse(text).edit([{ span: { start, end: start }, text: inserted }]);
			const whole = parse(edited.text);
			expect(edited.diagnostics()).toEqual(whole.diagnostics());
			expect(edited.tokens()).toEqual(whole.tokens());
			whole.expected(start);
			whole.outline();
			whole.expanded();
		}),
	);
});

test("edits one after the other give what the whole new text would give, whatever statements take from each other", {
	timeout: 120_000,
}, () => {
	const line = fc.constantFrom(
		'x = "em0"',
		'x = "em1"',
		'y = "on $x inet"',
		"pass in on $x",
		"pass out $y to <t>",
		"table <t> { 10.0.0.0/8 }",
		"table <t> const { }",
		"set state-policy if-bound",
		"set state-defaults no-sync",
		"set block-policy return",
		"set skip on lo0",
		"set reassemble no",
		"block all",
		"queue main on em0 bandwidth 9M",
		"queue web parent main bandwidth 1M default",
		"pass out set queue web",
		"pass in inet rdr-to { 10.0.0.1 10.0.0.2 }",
		"pass out inet nat-to { 192.0.2.1 192.0.2.2 }\npass in inet rdr-to { 10.0.0.1 10.0.0.2 }",
		"pass in inet6 rdr-to { 2001:db8::1 2001:db8::2 }",
		'anchor "a" {\n\tpass in on $x label "$nr"\n}',
		"anchor {\n\tblock\n\tpass form\n\tpass out\n}",
		'pass tag T label "r$nr"',
		"match tagged T divert-packet port 700",
		'include "/etc/more"',
		'load anchor "a" from "/etc/a"',
		'label = "open',
		'pass label "oops',
		"pass label 'oops",
		"# pass",
		"pass in \\",
		"",
		"pass in form",
	);
	const context = { path: "/etc/pf.conf", readFile: (path: string) => (path === "/etc/more" ? 'x = "vio0"\npass on $x\n' : undefined) };
	const change = fc.tuple(
		fc.nat(),
		fc.nat({ max: 40 }),
		fc.oneof(line, fc.constantFrom("\n", '"', "x", "$", "{", "}", " "), fc.constant("")),
	);
	fc.assert(
		fc.property(
			fc.array(line, { maxLength: 14 }),
			fc.array(change, { minLength: 1, maxLength: 5 }),
			fc.boolean(),
			(lines, changes, ended) => {
				let file = PfFile.parse(lines.join("\n") + (ended ? "\n" : ""), context);
				if (changes.length % 2 === 0) file.diagnostics();
				for (const [at, length, text] of changes) {
					const start = at % (file.text.length + 1);
					const before = file;
					file = file.edit([{ span: { start, end: Math.min(start + length, file.text.length) }, text }]);
					const whole = PfFile.parse(file.text, context);
					expect(file.diagnostics()).toEqual(whole.diagnostics());
					expect(file.tokens()).toEqual(whole.tokens());
					expect(file.statements()).toEqual(whole.statements());
					expect(file.definitions()).toEqual(whole.definitions());
					expect(file.expanded()).toEqual(whole.expanded());
					const shared = file.difference(before);
					if (shared === undefined) continue;
					const own = (one: PfFile, to: number) => one.tokens({ start: 0, end: to }).filter(({ span }) => span.end <= to);
					expect(own(file, shared.after.start)).toEqual(own(before, shared.before.start));
				}
			},
		),
		{ numRuns: runs(400, 3) },
	);
});

test("while the word at fault is written, and names are defined elsewhere, an error says what the whole new text would say of it", () => {
	let file = parse('em = "em0"\nport = "80"\npass in \nx = \npass out proto $x\n');
	file.diagnostics();
	const edits: readonly (readonly [before: string, text: string])[] = [
		["proto $x", "on $x "],
		["\nx =", "p"],
		["\nx =", "r"],
		["\npass out", "80 90"],
		["\nport", '\nlater = "proto tcp"'],
		["\nx =", "x"],
		["\npass in", "q"],
		["proto $x", "on em0 "],
		["\npass out", "z"],
	];
	for (const [before, text] of edits) {
		const at = file.text.indexOf(before);
		file = file.edit([{ span: { start: at, end: at }, text }]);
		expect(file.diagnostics(), file.text).toEqual(parse(file.text).diagnostics());
	}
});

test.each([1, 2, 3, 4])(
	"tables that pfctl makes keep numbers of their own when rule %i of four makes one no longer, or again",
	(number) => {
		const rule = (nth: number, hosts: string) => `pass in on em${nth} inet rdr-to ${hosts}\n`;
		const text = (hosts: string) => [1, 2, 3, 4].map((nth) => rule(nth, nth === number ? hosts : "{ 10.0.0.1 10.0.0.2 }")).join("");
		const [several, one] = [text("{ 10.0.0.1 10.0.0.2 }"), text("{ 10.0.0.1 }")];
		const lines = (file: PfFile) => file.expanded().map((each) => each.text);
		const at = one.indexOf("10.0.0.1 }") + "10.0.0.1".length;
		const fewer = parse(several).edit([{ span: { start: at, end: at + " 10.0.0.2".length }, text: "" }]);
		expect(fewer.text).toBe(one);
		expect(lines(fewer)).toEqual(lines(parse(one)));
		expect(lines(fewer.edit([{ span: { start: at, end: at }, text: " 10.0.0.2" }]))).toEqual(lines(parse(several)));
	},
);

test("a string that nothing closes costs its line alone", () => {
	const text = 'a = "1"\npass label "oops\npass in on em0\nanchor "a" {\n\tblock\n}\n'.replace('anchor "a"', "anchor a");
	const file = parse(text);
	expect(file.statements().map(({ start, end }) => text.slice(start, end))).toEqual([
		'a = "1"',
		'pass label "oops',
		"pass in on em0",
		"anchor a {\n\tblock\n}",
	]);
	expect(new Set(faults(text))).toEqual(new Set(['pf/syntax at "oops']));
});

test.each(["x", '"', "'", "\\\n", "\0", 'anchor "a" {\n', "}\n", "$", '"open', "x = "])(
	"typing %j in a long file, and taking it away again",
	(typed) => {
		const line = (i: number) => `pass in on em0 proto tcp from 10.0.${i >> 8}.${i & 255} to any port 22 # "rule ${i}\n`;
		const text = Array.from({ length: 400 }, (_, i) => line(i)).join("");
		const file = parse(text);
		file.diagnostics();
		for (const start of [0, text.indexOf("pass", 9000), text.indexOf("tcp", 9000), text.length]) {
			const edited = file.edit([{ span: { start, end: start }, text: typed }]);
			const whole = parse(edited.text);
			expect(edited.diagnostics()).toEqual(whole.diagnostics());
			expect(edited.statements()).toEqual(whole.statements());
			const back = edited.edit([{ span: { start, end: start + typed.length }, text: "" }]);
			expect(back.text).toBe(text);
			expect(back.diagnostics()).toEqual(file.diagnostics());
			expect(back.statements()).toEqual(file.statements());
		}
	},
);

test.each([
	["behind a rule", "pass out"],
	["behind an empty line like one before", "\n\npass out"],
])("the lines of a part of the file are the same as in the whole: %s", (_, from) => {
	const text = 'x = "em0"\n\npass in on $x label "r$nr"\nblock\n\npass out proto { tcp udp } to port 53 label "r$nr"\n';
	const file = parse(text);
	const start = text.indexOf(from) + (from.startsWith("\n") ? 1 : 0);
	const lines = (within?: { start: number; end: number }) => file.expanded(within).map((each) => each.text);
	expect(lines({ start, end: text.length })).toEqual(lines().slice(-2));
	expect(lines({ start, end: text.length })[1]).toContain('label "r3"');
});

test("a byte that pfctl marks macros' values with belongs to no macro of a statement before it", () => {
	const file = parse('m = "/a"\ninclude $m\n\u0001\n');
	const at = file.text.length - 1;
	const edited = file.edit([{ span: { start: at, end: at }, text: "add em1" }]);
	const words = ({ text, tokens: marks }: { text: string; tokens: readonly SyntaxToken[] }) =>
		marks.map(({ span }) => text.slice(span.start, span.end));
	expect(words({ text: edited.text, tokens: edited.tokens() })).toEqual(["m", "=", '"/a"', "include", "$m", "add", "em1"]);
	expect(parse(edited.text).tokens()).toEqual(edited.tokens());
});

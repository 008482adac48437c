import { expect, test } from "vitest";
import { render } from "../../text/message.ts";
import type { Release } from "../../text/vocabulary.ts";
import { PF_ADVICE } from "../words/check.ts";
import { PfFile } from "./file.ts";

/** A mistake, the one error that is shown of it, and the text with its fix; undefined where a person has to choose. */
const mistakes: readonly (readonly [text: string, message: string, fixed: string | undefined])[] = [
	[
		"pass in proto tcp to port { 22 80\nblock\n",
		"syntax error: `}` is missing before `block`",
		"pass in proto tcp to port { 22 80 }\nblock\n",
	],
	['anchor "a" {\n\tpass\npass out\n', "syntax error: `}` is missing", 'anchor "a" {\n\tpass\npass out\n}\n'],
	["pass in\n\ton em0\nblock\n", "syntax error: a rule goes on in the next line only behind `\\`", "pass in \\\n\ton em0\nblock\n"],
	[
		'anchor "a" {\n\tpass in\n\tproto tcp\n}\nblock\n',
		"syntax error: a rule goes on in the next line only behind `\\`",
		'anchor "a" {\n\tpass in \\\n\tproto tcp\n}\nblock\n',
	],
	["pass in }\nblock\n", "syntax error: this `}` closes nothing", "pass in \nblock\n"],
	["block\n}\npass\n", "syntax error: this `}` closes nothing", "block\n\npass\n"],
	[
		"web = { 22, 80 }\npass in proto tcp to port $web\n",
		"syntax error: the list of a macro stands in quotes",
		'web = "{ 22, 80 }"\npass in proto tcp to port $web\n',
	],
	["wan = \u201cem0\u201d\npass on $wan\n", "syntax error: typographic quotes", 'wan = "em0"\npass on $wan\n'],
	["wan = \u2018em0\u2019\npass on $wan\n", "syntax error: typographic quotes", 'wan = "em0"\npass on $wan\n'],
	['wan = "em0\npass on em0\n', "reached end of file while parsing quoted string", 'wan = "em0"\npass on em0\n'],
	["pass in proto tcp \\ \n\tto port 22\n", "syntax error: a blank behind the `\\` above", "pass in proto tcp \\\n\tto port 22\n"],
	["pass in proto tcp keep sate\n", "syntax error: `sate` in place of `state`", undefined],
	["pass in proto tcp;\n", "unknown protocol tcp;", "pass in proto tcp\n"],
	["block; pass out\n", "syntax error: pf.conf has no `;`", "block\n pass out\n"],
	["pass in on em0 prto tcp\n", "syntax error: `prto` cannot stand here: did you mean `proto`?", undefined],
	["blok all\n", "syntax error: no statement begins with `blok`: did you mean `block`?", undefined],
	["pas in\n", "syntax error: no statement begins with `pas`: did you mean `pass`?", undefined],
	["pass in proto tcp from any port 22 to\n", "syntax error: the line ends too early", undefined],
	["pass proto tcp in on em0\n", "syntax error: `in` belongs before `proto`", "pass in on em0 proto tcp\n"],
	["pass quick in on em0\n", "syntax error: `in` belongs before `quick`", "pass in quick on em0\n"],
	["pass on em0 in\n", "syntax error: `in` belongs before `on`", "pass in on em0\n"],
	["pass in inet on em0\n", "syntax error: `on` belongs before `inet`", "pass in on em0 inet\n"],
	["pass in 10.0.0.1 to any\n", "syntax error: `from` is missing before `10.0.0.1`", "pass in from 10.0.0.1 to any\n"],
	["pass in all from any\n", "syntax error: `all` and `from` exclude each other", "pass in from any\n"],
	["pass in proto tcp port 22\n", "syntax error: `port` stands behind `from` or `to`", "pass in proto tcp to port 22\n"],
	["table bad persist\n", "syntax error: the name of a table stands in `<` and `>`", "table <bad> persist\n"],
	["table <bad> 10.0.0.1\n", "invalid table option '10.0.0.1'", "table <bad> { 10.0.0.1 }\n"],
	["table <bad> { 10.0.0.1, }\n", "syntax error: a comma before `}`", "table <bad> { 10.0.0.1 }\n"],
	[
		"pass in on em1 route-to (em0 192.0.2.1) from any to any # c\n",
		"syntax error: route-to takes the address alone since OpenBSD 6.9",
		"pass in on em1 from any to any route-to 192.0.2.1 # c\n",
	],
	[
		"pass in on em1 from any route-to (em0 192.0.2.1) keep state\n",
		"syntax error: route-to takes the address alone since OpenBSD 6.9",
		"pass in on em1 from any route-to 192.0.2.1 keep state\n",
	],
	["pass from any proto tcp\n", "syntax error: `proto` belongs before `from`", "pass proto tcp from any\n"],
	["pass inet on { em0 em1 } proto tcp\n", "syntax error: `on` belongs before `inet`", "pass on { em0 em1 } inet proto tcp\n"],
	[
		"nat on em0 from 10.0.0.0/8 to any -> (em0)\n",
		"syntax error: OpenBSD 4.7 removed `nat`",
		"match out on em0 from 10.0.0.0/8 to any nat-to (em0)\n",
	],
	["no nat on em0 from 10.0.0.0/8 to any\n", "syntax error: OpenBSD 4.7 removed `no nat`", undefined],
	[
		"rdr on em0 proto tcp from any to any port 80 -> 10.0.0.1\n",
		"syntax error: OpenBSD 4.7 removed `rdr`",
		"match in on em0 proto tcp from any to any port 80 rdr-to 10.0.0.1\n",
	],
	["no rdr on em0 proto tcp from any to any port 80\n", "syntax error: OpenBSD 4.7 removed `no rdr`", undefined],
	["scrub in all\n", "syntax error: OpenBSD 4.6 removed `scrub`", "set reassemble yes\n"],
	['scrub-anchor "x"\n', "syntax error: OpenBSD's pf has no `scrub-anchor`", 'anchor "x"\n'],
	['nat-anchor "ftp-proxy/*"\n', "syntax error: OpenBSD 4.7 removed `nat-anchor`", 'anchor "ftp-proxy/*"\n'],
	['dummynet-anchor "x"\n', "syntax error: OpenBSD's pf has no `dummynet-anchor`", undefined],
	["altq on em0 cbq bandwidth 10Mb queue { a b }\n", "syntax error: OpenBSD 5.6 removed `altq`", undefined],
	["queue std bandwidth 10% cbq(default)\n", "syntax error: OpenBSD 5.6 removed `cbq`", undefined],
	["queue ssh bandwidth 10% priority 7\n", "syntax error: OpenBSD 5.6 removed `priority`", undefined],
	["set require-order no\n", "syntax error: OpenBSD's pf has no `require-order`", undefined],
	["set skip on lo0 em1\n", "syntax error: several values behind `on` stand in braces", "set skip on { lo0, em1 }\n"],
	["set block policy drop\n", "syntax error: `block-policy` is one word", "set block-policy drop\n"],
	["set limit states\n", "syntax error: the line ends too early", undefined],
	["skip on lo\n", "syntax error: `set` is missing before `skip`", "set skip on lo\n"],
	['wan "em0"\n', "syntax error: `=` is missing behind `wan`", 'wan = "em0"\n'],
	['ext_if := "em0"\n', "syntax error: a macro is defined with `=`", 'ext_if = "em0"\n'],
	["pass in proto tcp to port 1000-2000\n", "unknown port 1000-2000", "pass in proto tcp to port 1000:2000\n"],
	["pass in proto tcp flags S\\SA\n", "syntax error: the flags are parted by `/`", "pass in proto tcp flags S/SA\n"],
	["pass in proto tcp flags SYN\n", "bad flags SYN", undefined],
	["pass in proto tcp and udp\n", "syntax error: several values behind `proto` stand in braces", "pass in proto { tcp, udp }\n"],
	[
		"pass in proto tcp, udp to port 53\n",
		"syntax error: several values behind `proto` stand in braces",
		"pass in proto { tcp, udp } to port 53\n",
	],
	[
		"pass in proto tcp to port 22, 80\n",
		"syntax error: several values behind `port` stand in braces",
		"pass in proto tcp to port { 22, 80 }\n",
	],
	["pass in on em0, em1\n", "syntax error: several values behind `on` stand in braces", "pass in on { em0, em1 }\n"],
	["pass in from !{ 10.0.0.1 }\n", "syntax error: `!` stands before single addresses, not before a list", undefined],
	["pass in from not 10.0.0.1\n", "syntax error: pf writes `!` for not", "pass in from ! 10.0.0.1\n"],
	["allow in\n", "syntax error: pf has no rule `allow`", "pass in\n"],
	["deny in\n", "syntax error: pf has no rule `deny`", "block in\n"],
	["drop in\n", "syntax error: pf has no rule `drop`", "block drop in\n"],
	["return in\n", "syntax error: pf has no rule `return`", "block return in\n"],
	["reject in\n", "syntax error: pf has no rule `reject`", "block return in\n"],
	["pass in any\n", "syntax error: a rule for all packets says `all`", "pass in all\n"],
	["pass in modulate\n", "syntax error: the line ends too early", undefined],
	["pass in keep\n", "syntax error: the line ends too early", undefined],
	['a = "1.2.3.4" // a comment\npass from $a\n', "syntax error: a comment begins with `#`", 'a = "1.2.3.4" # a comment\npass from $a\n'],
	['web = ""\npass in rdr-to $web\n', "syntax error: the value of `$web` is not enough here", undefined],
	["// a comment\npass\n", "syntax error: a comment begins with `#`", "# a comment\npass\n"],
	["/* a */\npass\n", "syntax error: a comment begins with `#`", undefined],
	["; comment\npass\n", "syntax error: pf.conf has no `;`", "# comment\npass\n"],
	["include /etc/x\n", "syntax error: a path stands in quotes", 'include "/etc/x"\n'],
	["load anchor x /etc/x\n", "syntax error: a path stands in quotes", 'load anchor x from "/etc/x"\n'],
	['anchor "a"\n{\n\tpass\n}\n', "syntax error: `{` stands in a line of its own", 'anchor "a" {\n\tpass\n}\n'],
	['anchor "a" { pass }\n', "syntax error: the rules of a block begin in the line below its `{`", undefined],
	["pass\u00a0in\n", "syntax error: the character U+00A0 looks like another", "pass in\n"],
	["\ufeffblock\n", "syntax error: the character U+FEFF looks like another", "block\n"],
	["-A INPUT -p tcp --dport 22 -j ACCEPT\n", "syntax error: no statement begins with `-`", undefined],
	[
		"pass in on em0 inet proto tcp to port 80 -> 10.0.0.1\n",
		"syntax error: `->` is of pf before OpenBSD 4.7",
		"pass in on em0 inet proto tcp to port 80 rdr-to 10.0.0.1\n",
	],
	["match out on em0 nat-to\n", "syntax error: the line ends too early", undefined],
	["pass in label\n", "syntax error: the line ends too early", undefined],
	["pass in tag\n", "syntax error: the line ends too early", undefined],
	[
		"pass in proto tcp keep state max-src-conn 5\n",
		"syntax error: the options of a state stand in parentheses",
		"pass in proto tcp keep state (max-src-conn 5)\n",
	],
	[
		"pass in proto tcp keep state (max-src-conn 5, overload bad)\n",
		"syntax error: the name of a table stands in `<` and `>`",
		"pass in proto tcp keep state (max-src-conn 5, overload <bad>)\n",
	],
	["pass in proto tcp keep state (max-src-conn-rate 5 10)\n", "syntax error: `10` in place of `/`", undefined],
	["set timeout tcp.established = 10\n", "syntax error: an option has no `=`", "set timeout tcp.established 10\n"],
	["set block-policy = drop\n", "syntax error: an option has no `=`", "set block-policy drop\n"],
	["pass in inet4\n", "syntax error: `inet4` cannot stand here: did you mean `inet`?", undefined],
	["pass in ipv6\n", "syntax error: `ipv6` cannot stand here", undefined],
	["pass in queue (a, b\n", "syntax error: the line ends too early", undefined],
	["pass in on em0 Quick\n", "syntax error: `Quick` cannot stand here", undefined],
	["PASS in\n", "syntax error: `PASS` in capital letters", "pass in\n"],
	// biome-ignore lint/suspicious/noTemplateCurlyInString: what people write who know shells
	["pass in on ${wan}\n", "macro '' not defined", "pass in on $wan\n"],
];

const errorsIn = (text: string) =>
	PfFile.parse(text, { path: "/etc/pf.conf" })
		.diagnostics()
		.filter(({ severity }) => severity === "error");

test.each(mistakes)("%j", (text, message, fixed) => {
	const [first, ...more] = errorsIn(text);
	expect(more).toEqual([]);
	expect(render(first?.message ?? PF_ADVICE["pf/syntax"])).toBe(message);
	expect(first?.advice).not.toEqual(PF_ADVICE["pf/syntax"]);
	// The Problems panel shows so much of a line.
	expect(message.length).toBeLessThan(80);
	const [fix] = first?.fixes ?? [];
	const mended = [...(fix?.edits ?? [])]
		.sort((x, y) => y.span.start - x.span.start)
		.reduce((rest, { span, text: own }) => rest.slice(0, span.start) + own + rest.slice(span.end), text);
	expect(mended).toBe(fixed ?? text);
	if (fixed !== undefined) expect(errorsIn(fixed).filter(({ code }) => code === "pf/syntax")).toEqual([]);
});

const LIMITER = 'state limiter "dns" id 3 limit 9\n';

test.each<readonly [release: Release, text: string, message: string, fixed: string | undefined]>([
	["7.9", 'rate = "em0"\npass on $rate\n', "syntax error: `rate` is a reserved word since OpenBSD 7.9", '"rate" = "em0"\npass on $rate\n'],
	["7.9", "pass from <source>\n", "syntax error: `source` is a reserved word since OpenBSD 7.9", 'pass from <"source">\n'],
	["7.9", "pass in tag id\n", "syntax error: `id` is a reserved word since OpenBSD 7.9", 'pass in tag "id"\n'],
	["7.9", "pass in label mask\n", "syntax error: `mask` is a reserved word since OpenBSD 7.9", 'pass in label "mask"\n'],
	["7.9", "entries 5\n", "syntax error: `entries` cannot stand here", undefined],
	["7.8", LIMITER, "syntax error: `state limiter` came with OpenBSD 7.9", undefined],
	["7.8", "pass in state limiter dns\n", "syntax error: `state limiter` came with OpenBSD 7.9", undefined],
	["7.8", "source limiter a id 1\n", "syntax error: `source limiter` came with OpenBSD 7.9", undefined],
	["7.8", "pass source limiter a\n", "syntax error: `source limiter` came with OpenBSD 7.9", undefined],
])("of %s: %j", (release, text, message, fixed) => {
	const context = { path: "/etc/pf.conf", release };
	const [first, ...more] = PfFile.parse(text, context).diagnostics();
	expect(render(first?.message ?? PF_ADVICE["pf/syntax"])).toBe(message);
	expect(more).toEqual([]);
	const [fix] = first?.fixes ?? [];
	const mended = [...(fix?.edits ?? [])]
		.sort((x, y) => y.span.start - x.span.start)
		.reduce((rest, { span, text: own }) => rest.slice(0, span.start) + own + rest.slice(span.end), text);
	expect(mended).toBe(fixed ?? text);
	if (fixed !== undefined)
		expect(
			PfFile.parse(fixed, context)
				.diagnostics()
				.filter(({ code }) => code === "pf/syntax"),
		).toEqual([]);
});

test("as many mistakes as people make", () => {
	expect(mistakes.length).toBeGreaterThanOrEqual(45);
});

test("a fault is the same wherever it stands in a file, and whatever was edited before", () => {
	for (const [text, message] of mistakes) {
		const shifted = `set skip on lo\nblock\n# one ; and { two\npass out\n${text}`;
		const edited = PfFile.parse(`set skip on lo\n${text}`, { path: "/etc/pf.conf" }).edit([
			{ span: { start: 15, end: 15 }, text: "block\n# one ; and { two\npass out\n" },
		]);
		expect(edited.text).toBe(shifted);
		const found = edited.diagnostics().filter(({ severity }) => severity === "error");
		expect(
			found.map((one) => render(one.message)),
			text,
		).toEqual([message]);
		expect(edited.diagnostics(), text).toEqual(PfFile.parse(shifted, { path: "/etc/pf.conf" }).diagnostics());
	}
});

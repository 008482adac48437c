/** No line takes the grammars long: an editor colours a whole line before it shows it, and a file may hold anything. */
import { describe, expect, test } from "vitest";
import { nightly, shareOf } from "../share.ts";
import { grammarOf, tokenize } from "./textmate.ts";

const LENGTH = 10_000;
/** The processor's time for a line. What takes most needs a tenth of it, and what grows with the square many times as much. */
const MOST_MILLISECONDS = 500;

/** Letters and digits are much alike: all of them are tried at night. */
const ascii = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).filter(
	(sign) => nightly || !/[b-ehj-yB-EG-Y2-9]/.test(sign),
);
const words = [
	"\t é 中 \u{1f600} \0 \u001b {} () <> [] $$ :: \\\\ !! ,, {( ({ \"' #a",
	"a. a: a/ a- a, a\\ 1. 1: 1/ fe: $a <t> {a (a <a \"a !a =a 'a",
	"{_ }_ (_ )_ $_ \\_ !_ =_ ,_ a_ 1_ (a)_ \"a\"_ 'a'_ 10.0.0.1_ ::1_ <t>_",
	"on_{ from_{ to_{ port_{ proto_{ set_{ set_( nat-to_{ for_{ os_{ keep_( anchor_{ queue_ table_< label_ load_anchor_",
	"pass_ block_ match_ in_ inet_ interface_{ switch_{ vm_{ disk_ rule_ lladdr_ !echo_ up_ any_guest_ allow_ address_",
].flatMap((line) => line.split(" ").map((word) => word.replaceAll("_", " ")));
/** How a line begins, so that what follows is inside of something. */
const beginnings = {
	"openbsd-pf": ["", "pass in on em0 from { ", 'set limit { x = "'],
	"openbsd-vm": ["", 'vm "a" { '],
	"openbsd-hostname": ["", "inet rule "],
	"openbsd-pftest": ["", "allow tcp from "],
} as const;
const languages = ["openbsd-pf", "openbsd-vm", "openbsd-hostname", "openbsd-pftest"] as const;

describe.each(languages)("%s", (language) => {
	test.each(shareOf<string>(beginnings[language], Math.min(beginnings[language].length, 2)))(
		"%j and any letter or word many times",
		async (beginning) => {
			const grammar = await grammarOf(language);
			tokenize(grammar, "pass");
			const slow: string[] = [];
			for (const unit of new Set([...ascii, ...words])) {
				const line = beginning + unit.repeat(Math.ceil(LENGTH / unit.length));
				const before = process.cpuUsage();
				tokenize(grammar, line);
				const { user, system } = process.cpuUsage(before);
				if ((user + system) / 1000 > MOST_MILLISECONDS) slow.push(unit);
			}
			expect(slow).toEqual([]);
		},
	);

	test.each(["{", "(", "on {", "set {", "<", '"', "vm {"])("%j nests no deeper the longer the line is", async (unit) => {
		const grammar = await grammarOf(language);
		const deepest = (count: number) =>
			Math.max(...tokenize(grammar, unit.repeat(count)).flatMap((line) => line.map(({ scopes }) => scopes.length)));
		expect(deepest(200)).toBe(deepest(20));
	});
});

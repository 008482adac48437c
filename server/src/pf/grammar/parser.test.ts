import { expect, test } from "vitest";
import { systemOf } from "../ruleset/dryrun.ts";
import type { WrittenStatement } from "../syntax.ts";
import { Environment } from "./environment.ts";
import { Parser } from "./parser.ts";

function parserOf(text: string): Parser {
	return new Parser({ fileName: "", text, system: systemOf({}), environment: new Environment(), anchor: "" });
}

/** The words of what a text yields, in order. @param refused of which statement it is told that it is refused */
function yielded(text: string, refused?: string): readonly string[] {
	const parser = parserOf(text);
	const all: string[] = [];
	let answer = false;
	for (;;) {
		const written = parser.read(answer);
		if (written === undefined) return all;
		const words = text.slice(written.words.start, written.words.end);
		answer = words === refused;
		all.push(`${written.kind}: ${words.split("\n")[0]}`);
	}
}

test("a rule is yielded as it is written, with its lists", () => {
	const written = parserOf("pass in proto { tcp udp } from { 10.0.0.1 10.0.0.2 } to port { 80 443 }\n").read() as WrittenStatement & {
		kind: "rule";
	};
	const { spec } = written;
	expect(spec.protocols).toEqual([6, 17]);
	expect([spec.source.hosts.length, spec.destination.ports.length]).toEqual([2, 2]);
});

const BLOCK = `set skip on lo
antispoof for { em0 em1 }
anchor "a" {
	pass in
	anchor {
		block out
	}
	match
}
anchor "b"
pass out
`;

test("statements that make rules are yielded one by one, the call of an anchor behind its block", () => {
	expect(yielded(BLOCK)).toEqual([
		"antispoof: antispoof for { em0 em1 }",
		"rule: pass in",
		"rule: block out",
		"anchor: anchor {",
		"rule: match",
		'anchor: anchor "a" {',
		'anchor: anchor "b"',
		"rule: pass out",
	]);
});

test("a refused rule ends the blocks that it stands in: what follows are other statements", () => {
	expect(yielded(BLOCK, "block out")).toEqual([
		"antispoof: antispoof for { em0 em1 }",
		"rule: pass in",
		"rule: block out",
		"rule: match",
		'anchor: anchor "b"',
		"rule: pass out",
	]);
});

/** Two versions of a program as one, with the lines of anchors inside their calls. */
import { expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { block, call, pass, ruleset, type Surroundings } from "./fixture.ts";
import { jointProgram } from "./joint-program.ts";
import { type ProgramLine, programOf } from "./program.ts";

const RULES: Readonly<Record<string, Rule>> = {
	p: pass(),
	q: pass({ quick: true }),
	b: block(),
	x: block({ quick: true }),
	A: call("a"),
	B: call("b"),
	Q: call("a", { quick: true }),
};
const wordOf = ({ rule }: ProgramLine): string => Object.entries(RULES).find(([, one]) => one === rule)?.[0] ?? "?";
const rulesOf = (words: string): readonly Rule[] => [...words].map((word) => RULES[word] ?? pass());

/** `main`, or `main a:rules b:rules`, each rule a letter. */
function programFor(text: string) {
	const [main = "", ...rest] = text.split(" ");
	const anchors: NonNullable<Surroundings["anchors"]> = Object.fromEntries(
		rest.map((one) => [one.slice(0, 1), rulesOf(one.slice(2))] as const),
	);
	return programOf(ruleset(rulesOf(main === "-" ? "" : main), { anchors }));
}

/** Each line of both as a letter: `-b` is gone, `+b` has come; a call has its lines in brackets, `>` where a quick one is left. */
function jointOf(before: string, after: string): string {
	const programs = [programFor(before), programFor(after)] as const;
	const keys = programs.map((program) => program.lines.map((line) => `${line.path} ${wordOf(line)}`)) as [string[], string[]];
	const lines = jointProgram(programs, keys);
	const ends: number[] = [];
	let told = "";
	for (const [index, { kind, old, now, end }] of lines.entries()) {
		while (ends.at(-1) === index) {
			ends.pop();
			told += ")";
		}
		const [was, is] = [programs[0].lines[old], programs[1].lines[now]];
		if (was !== undefined && is !== undefined) expect(wordOf(was)).toBe(wordOf(is));
		const line = (was ?? is) as ProgramLine;
		told += was === undefined ? "+" : is === undefined ? "-" : "";
		told += kind === "leave" ? ">" : wordOf(line);
		if (kind === "leave") expect([line.kind, end]).toEqual(["call", index + 1]);
		else expect(line.kind).toBe(kind);
		if (kind === "rule") expect(end).toBe(index + 1);
		if (kind !== "call") continue;
		told += "(";
		ends.push(end);
	}
	for (const end of ends) expect(end).toBe(lines.length);
	return told + ")".repeat(ends.length);
}

it.each<[before: string, after: string, joint: string]>([
	["-", "-", ""],
	["pb", "pb", "pb"],
	["pb", "b", "-pb"],
	["pb", "p", "p-b"],
	["p", "pb", "p+b"],
	["b", "pb", "+pb"],
	["pb", "px", "p-b+x"],
	["pbx", "qbx", "-p+qbx"],
	["p", "-", "-p"],
	["-", "p", "+p"],
	["pA a:b", "pA a:b", "pA(b)"],
	["Ap a:b", "Ap a:bx", "A(b+x)p"],
	["Ap a:bx", "Ap a:x", "A(-bx)p"],
	["Ap a:", "Ap a:b", "A(+b)p"],
	["Ap a:b", "Ap a:", "A(-b)p"],
	["Ap a:b", "p a:b", "-A(-b)p"],
	["p a:b", "Ap a:b", "+A(+b)p"],
	["Ap a:bB b:x", "Ap a:bB b:xq", "A(bB(x+q))p"],
	["Ap a:bB b:x", "Bp a:bB b:x", "-A(-b-B(-x))+B(+x)p"],
	["pA a:b", "Ap a:b", "-pA(b)+p"],
	["Qp a:b", "Qp a:bx", "Q(b+x>)p"],
	["Qp a:b", "p a:b", "-Q(-b->)p"],
	["p a:b", "Qp a:b", "+Q(+b+>)p"],
	["Ap a:b", "Qp a:b", "-A(-b)+Q(+b+>)p"],
	["Ap a:Bx b:b", "ABp a:x b:b", "A(-B(-b)x)+B(+b)p"],
	["ApA a:b", "ApA a:bx", "A(b+x)pA(b+x)"],
])("%s and %s are %s", (before, after, joint) => expect(jointOf(before, after)).toBe(joint));

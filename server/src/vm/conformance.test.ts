import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { vmd } from "../index.ts";
import type { Expectation } from "../text/language.ts";
import type { VmdResult } from "./dryrun.ts";
import { VmFile } from "./file.ts";
import { vmLanguage } from "./language.ts";
import { Lexer, openSource, type Token } from "./lexer.ts";

/** Cases with the answers of OpenBSD's own vmd; they are no part of the project. */
const folder = ["../../../../shared/conformance/", "../../../../../shared/conformance/"]
	.map((path) => fileURLToPath(new URL(path, import.meta.url)))
	.find((path) => existsSync(path));
const read = (name: string): string => readFileSync(`${folder ?? ""}/${name}`, "utf8");
const cases = <T>(name: string): readonly T[] =>
	read(name)
		.split("\n")
		.filter(Boolean)
		.map((line) => JSON.parse(line) as T);
const table = (name: string): Record<string, number> =>
	Object.fromEntries(
		read(name)
			.trim()
			.split("\n")
			.map((line) => line.split(":"))
			.map(([key = "", id]) => [key, Number(id)]),
	);
const readFile = (path: string): string | undefined => {
	const name = /^\/etc\/vm\.d\/([\w.-]+)$/.exec(path)?.[1];
	return name !== undefined && existsSync(`${folder ?? ""}/vm.d/${name}`) ? read(`vm.d/${name}`) : undefined;
};
const plain = (lines: readonly string[]): readonly string[] => lines.map((line) => line.replace(/^vmd: /, "")).filter(Boolean);
const verdict = ({ accepted, stderr }: VmdResult): unknown => ({ accepted, stderr: plain(stderr) });

type Case = { input: string; accept: boolean; stderr: string[]; start: boolean; startStderr: string[] };

describe.skipIf(folder === undefined)("vmd's own answers (../shared/conformance)", () => {
	const options = folder === undefined ? {} : { users: table("users"), groups: table("groups"), readFile, fileName: "FILE" };

	it("dryRun prints what vmd -n prints, line by line", () => {
		for (const { input, accept, stderr } of cases<Case>("vm-cases.jsonl")) {
			expect(verdict(vmd.dryRun(input, options)), input).toEqual({ accepted: accept, stderr: plain(stderr) });
		}
	});

	it("dryRun and start print what vmd -n and a starting vmd print", () => {
		for (const { input, accept, stderr, start, startStderr } of cases<Case>("vm-start.jsonl")) {
			expect(verdict(vmd.dryRun(input, options)), input).toEqual({ accepted: accept, stderr: plain(stderr) });
			expect(verdict(vmd.start(input, options)), input).toEqual({ accepted: start, stderr: plain(startStderr) });
		}
	});

	it("dryRun passes OpenBSD's regress suite", () => {
		for (const name of readdirSync(`${folder ?? ""}/vm-regress`).filter((file) => file.endsWith(".conf"))) {
			const { accepted, stderr } = vmd.dryRun(read(`vm-regress/${name}`), options);
			const expected = read(`vm-regress/${name.replace(/conf$/, "ok")}`)
				.trim()
				.split("\n");
			expect(accepted ? ["configuration OK"] : plain(stderr).map((line) => line.replace(/^FILE:/, "")), name).toEqual(expected);
		}
	});

	it("the editor has an error for each file that vmd rejects, and none of vmd's for those that it accepts", () => {
		const host = { users: table("users"), groups: table("groups") };
		const inputs = [
			...cases<{ input: string; accept: boolean }>("vm-cases.jsonl"),
			...cases<{ input: string; accept: boolean }>("vm-start.jsonl"),
		];
		for (const { input, accept } of inputs) {
			if (input.includes("include")) continue;
			const found = vmLanguage.parse(input, { path: "/etc/vm.conf", host }).diagnostics();
			const ours = new Set([
				"vm/unknown-switch",
				"vm/disabled-switch",
				"vm/shared-tap",
				"vm/shared-lladdr",
				"vm/leading-zero",
				"vm/no-parallel",
			]);
			const start = new Set(["vm/no-disk", "vm/no-device", "vm/guest-name", "vm/unknown-template", "vm/instance"]);
			const rejected = found.some(
				({ severity, code }) => (severity === "error" && !ours.has(code) && !start.has(code)) || code === "vm/removed-word",
			);
			expect(rejected, input).toBe(!accept);
		}
	});

	it("the editor tells of a start that vmd refuses, and of no other", () => {
		const codes = new Set(["vm/no-disk", "vm/no-device", "vm/guest-name", "vm/unknown-template", "vm/instance"]);
		for (const { input, accept, start } of cases<Case>("vm-start.jsonl")) {
			if (!accept) continue;
			const host = { users: table("users"), groups: table("groups") };
			const found = VmFile.parse(input, { path: "/etc/vm.conf", host, readFile }).diagnostics();
			expect(
				found.some(({ code }) => codes.has(code)),
				input,
			).toBe(!start);
		}
	});

	it("each token of an accepted file is among those expected in its place", () => {
		let all = 0;
		let good = 0;
		for (const { input, accept } of [...cases<Case>("vm-cases.jsonl"), ...cases<Case>("vm-start.jsonl")]) {
			if (!accept) continue;
			const file = VmFile.parse(input, { path: "/etc/vm.conf" });
			for (const token of tokens(input)) {
				all++;
				if (file.expected(token.start).expectations.some((expectation) => admits(expectation, token))) good++;
			}
		}
		expect(all).toBeGreaterThan(10_000);
		expect(good / all).toBeGreaterThanOrEqual(0.995);
	});
});

/** The tokens of a file with places of their own: those out of macros stand at `$name`. */
function tokens(input: string): readonly Token[] {
	const macros = new Map<string, string>();
	const lexer = new Lexer(openSource("", input, 1), {
		macro: (name) => macros.get(name) ?? "x",
		fault: () => undefined,
		recover: true,
		release: "7.7",
	});
	const found: Token[] = [];
	for (let token = lexer.next(); token.kind !== "EOF"; token = lexer.next()) {
		const [name, equals] = found.slice(-2);
		if (equals?.kind === "=" && name !== undefined) macros.set(name.text, token.text);
		if (token.kind !== "NEWLINE" && token.start !== found.at(-1)?.start) found.push(token);
	}
	return found;
}

function admits(expectation: Expectation, { kind, text, expanded }: Token): boolean {
	switch (expectation.kind) {
		case "keyword":
			return expectation.entry.name === text.toLowerCase();
		case "punctuation":
			return expectation.text === kind;
		case "symbol":
			return expectation.of === "macro" ? expanded : kind === "STRING" || (expectation.of === "user" && kind === "NUMBER");
		case "value":
			return (
				expectation.type === "size" || kind === (expectation.type === "number" || expectation.type === "seconds" ? "NUMBER" : "STRING")
			);
	}
}

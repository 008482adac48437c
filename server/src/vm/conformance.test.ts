import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { vmd } from "../index.ts";
import type { VmdResult } from "./dryrun.ts";
import { vmLanguage } from "./language.ts";

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

describe.skipIf(folder === undefined)("vmd's own answers (../shared/conformance)", () => {
	const options = folder === undefined ? {} : { users: table("users"), groups: table("groups"), readFile, fileName: "FILE" };

	it("dryRun prints what vmd -n prints, line by line", () => {
		for (const { input, accept, stderr } of cases<{ input: string; accept: boolean; stderr: string[] }>("vm-cases.jsonl")) {
			expect(verdict(vmd.dryRun(input, options)), input).toEqual({ accepted: accept, stderr: plain(stderr) });
		}
	});

	it("dryRun and start print what vmd -n and a starting vmd print", () => {
		type Case = { input: string; accept: boolean; stderr: string[]; start: boolean; startStderr: string[] };
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
});

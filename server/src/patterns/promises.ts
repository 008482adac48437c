/** What a pattern promises, as policy tests: written beside the files, and held against the host that they make. */
import type { Host } from "../host/model.ts";
import { PfTestFile } from "../pftest/file.ts";
import { runPolicyTests } from "../policy/policy-tests.ts";
import { linesOf } from "../text/line-diff.ts";
import type { Message } from "../text/message.ts";
import { type Draft, withLines } from "./draft.ts";

const PATH = "/etc/policy.pftest";

/** A guest gets to the outside; rules of the host may still keep protocols in that are neither TCP, UDP nor ICMP. */
export function reachesOutside(guest: string): readonly string[] {
	return [`${guest} outside tcp pass`, `${guest} outside udp 53 pass`, `${guest} outside icmp pass`];
}

/** A promise that does not hold on the host. */
export interface Unmet {
	/** The policy test. */
	readonly test: string;
	readonly message: Message;
}

const words = (line: string): string => line.replace(/#.*/, "").trim().split(/\s+/).join(" ");

/** Behind a test that a pattern has written: a later pattern may promise something else of the same two. */
const MARK = "# pattern";

/**
 * Writes tests into the host's policy tests, in columns. Those that people have written stay as they are; what an earlier
 * pattern has promised of the same two ends makes way.
 */
export function ensureTests(draft: Draft, lines: readonly string[]): void {
	if (lines.length === 0) return;
	const head = "# Who may reach whom: what the patterns promise. The editor tells what fails as one types.\n";
	const wanted = new Set(lines);
	const pairs = new Set(lines.map(pairOf));
	const kept = linesOf(draft.text(PATH) ?? head).filter(
		(line) => !line.includes(MARK) || wanted.has(words(line)) || !pairs.has(pairOf(words(line))),
	);
	const known = new Set(kept.map(words));
	draft.write(PATH, withLines(kept.join(""), ...lines.filter((line) => !known.has(line)).map(inColumns)));
}

/** Who a test is about. */
function pairOf(line: string): string {
	return line.split(" ").slice(0, 2).join(" ");
}

function inColumns(line: string): string {
	const [from = "", to = "", ...service] = line.split(" ");
	const cells = [from.padEnd(12), to.padEnd(10), service.slice(0, -1).join(" ").padEnd(13), service.at(-1) ?? ""];
	return `${from === "address" ? line : cells.join(" ")}  ${MARK}`;
}

/** The tests that the host's files do not pass; one that cannot be decided is not met, but a block where no file shows a way. */
export function unmetTests(host: Host, lines: readonly string[]): readonly Unmet[] {
	if (host.pf === undefined) return [];
	const file = PfTestFile.parse(lines.map((line) => `${line}\n`).join(""), { path: PATH });
	return runPolicyTests(host, file).flatMap(({ name, result, failures }): Unmet[] =>
		result === "passed" || failures[0] === undefined || (name.endsWith(" block") && failures.every(({ trace }) => trace.ways.length === 0))
			? []
			: [{ test: name, message: failures[0].message }],
	);
}

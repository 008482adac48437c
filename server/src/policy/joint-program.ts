/** Two versions of a program as one: what both have stands there once, and what one of them has stands in its place. */
import { partners } from "../text/line-diff.ts";
import type { Program, ProgramLine } from "./program.ts";

/** A line of one version or of both, or where the evaluation leaves the anchor of a quick call. */
export interface JointLine {
	readonly kind: "rule" | "call" | "leave";
	/** The line of the earlier program; -1 where it does not have it. Of a `leave`, that of the call. */
	readonly old: number;
	readonly now: number;
	/** Where the evaluation goes on for packets that a call does not take. */
	readonly end: number;
}

/** @param keys what makes lines of either program the same: equal keys match the same packets, and do the same with them */
export function jointProgram(
	programs: readonly [Program, Program],
	keys: readonly [readonly string[], readonly string[]],
): readonly JointLine[] {
	const [before, after] = programs;
	const partner = paired(programs, partners(...keys));
	const joint: { kind: JointLine["kind"]; old: number; now: number; end: number }[] = [];
	const add = (old: number, now: number): void => {
		const line = (before.lines[old] ?? after.lines[now]) as ProgramLine;
		const at = { kind: line.kind, old, now, end: 0 };
		joint.push(at);
		if (line.kind === "call") {
			inside(old + 1, before.lines[old]?.end ?? 0, now + 1, after.lines[now]?.end ?? 0);
			if (line.rule.quick) joint.push({ kind: "leave", old, now, end: joint.length + 1 });
		}
		at.end = joint.length;
	};
	const next = (program: Program, index: number): number => {
		const { kind, end } = program.lines[index] as ProgramLine;
		return kind === "call" ? end : index + 1;
	};
	// Partners are in the same order in both, so those inside are all met before either ends.
	const inside = (old: number, oldEnd: number, now: number, nowEnd: number): void => {
		let [i, j] = [old, now];
		while (i < oldEnd || j < nowEnd) {
			if (i < oldEnd && partner[i] === -1) {
				add(i, -1);
				i = next(before, i);
			} else if (j !== partner[i]) {
				add(-1, j);
				j = next(after, j);
			} else {
				add(i, j);
				i = next(before, i);
				j = next(after, j);
			}
		}
	};
	inside(0, before.lines.length, 0, after.lines.length);
	return joint;
}

/** Lines of anchors are the same where the calls that lead to them are. */
function paired([before, after]: readonly [Program, Program], partner: readonly number[]): readonly number[] {
	const found: number[] = [];
	for (const [index, other] of partner.entries()) {
		const { call } = before.lines[index] as ProgramLine;
		const same = after.lines[other]?.call === (call < 0 ? -1 : found[call]);
		found.push(same ? other : -1);
	}
	return found;
}

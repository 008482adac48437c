/** What becomes in the end of the packets of one rule, and of those that a default block would stop. */
import { type EndpointMatch, isAny, isUnrestricted, type Rule } from "../pf/rules.ts";
import { decide, type Finding } from "./decide.ts";
import { type Intervals, intersection, overlap } from "./intervals.ts";
import { ICMP, ICMP6, TCP } from "./packet.ts";
import type { Program, ProgramLine } from "./program.ts";
import { type Box, DIM, type EachDimension, MAKES_STATE, OPENING_FLAGS, type Space } from "./space.ts";
import type { View } from "./view.ts";

/** What is looked for in all the places of one rule. */
export interface RuleSearch {
	readonly lines: readonly number[];
	readonly views: readonly View[];
	readonly program: Program;
	readonly space: Space;
	readonly meter: { pieces: number };
}

/** Whether a rule, or a call that leads to it, is about an interface or group of `set skip`, whichever interfaces are in it. */
export function isSkipped(line: number, { lines }: Program, skip: readonly string[]): boolean {
	for (let at = line; at >= 0; at = (lines[at] as ProgramLine).call) {
		const { rule } = lines[at] as ProgramLine;
		if (!rule.interfaceNegated && skip.includes(rule.interface)) return true;
	}
	return false;
}

/** Rules of the other verdict that are looked at for one rule. */
const MOST_OTHERS = 50;

/**
 * What becomes of a rule's packets. A rule that takes them all away may be overridden in turn: then another one of the other verdict
 * decides on some of them in the end, or may, and is told too. Exceptions to a block of everything are meant as such.
 */
export function fateOf({ lines, views, program, space, meter }: RuleSearch): Finding {
	const finding = decide(lines, views, program, space, meter);
	const [first = 0] = lines;
	const { rule } = program.lines[first] as ProgramLine;
	if (finding.kind !== "overridden" || isWideBlock(rule)) return finding;
	if (finding.by.some(({ action }) => action !== rule.action)) return finding;
	const inside = insideOf(views, first);
	let left = MOST_OTHERS;
	for (const [index, other] of program.lines.entries()) {
		if (index < first || other.kind !== "rule" || other.rule.action === "match" || other.rule.action === rule.action) continue;
		if (isException(other.rule, rule)) continue;
		if (
			!inside.some(({ boxes, whole }) => boxes[index]?.constraints.every(({ dimension, set }) => overlap(whole[dimension], set)) === true)
		)
			continue;
		if (left-- === 0) break;
		const { kind } = decide([index], inside, program, space, meter);
		if (kind === "live" || kind === "undecided") return { ...finding, by: [...finding.by, other.rule] };
	}
	return finding;
}

/** Whether a pass asks for certain addresses where a block does not: then it was written as an exception. */
export function isException(pass: Rule, block: Rule): boolean {
	return block.action === "block" && (["source", "destination"] as const).some((end) => isSelective(pass[end]) && !isSelective(block[end]));
}

/** Whether an end asks for certain addresses. */
export function isSelective({ address, negated }: EndpointMatch): boolean {
	return negated || !isAny(address);
}

/** The packets that a line matches, by the classes that have any. */
export function insideOf(views: readonly View[], line: number): readonly View[] {
	return views.flatMap((view) => {
		const box = view.boxes[line];
		return box === undefined ? [] : [narrowed(view, box.constraints)];
	});
}

/** Without the packets outside of a box. */
function narrowed(view: View, constraints: Box["constraints"]): View {
	const whole: EachDimension<Intervals> = [...view.whole];
	for (const { dimension, set } of constraints) whole[dimension] = intersection(whole[dimension], set);
	return { ...view, whole };
}

/** A block of everything in some direction, on which rules below make exceptions. */
export function isDefaultBlock(rule: Rule): boolean {
	return isWideBlock(rule) && rule.interface === "";
}

/** The same, be it of one interface alone. */
function isWideBlock({ action, quick, protocol, source, destination, flagSet, tagged, receivedOn }: Rule): boolean {
	const wide = isUnrestricted(source) && isUnrestricted(destination);
	return action === "block" && !quick && wide && protocol === 0 && flagSet === 0 && tagged === "" && receivedOn === "";
}

/** The rules that pass every packet that opens a connection, if no such packet is left to the block. */
export function openersOf({ lines, views, program, space, meter }: RuleSearch): readonly Rule[] | undefined {
	const opening = views.map((view) => {
		const { family, protocol } = view.packetClass;
		if (protocol === TCP) return narrowed(view, [{ dimension: DIM.flags, set: OPENING_FLAGS }]);
		if (protocol === ICMP || protocol === ICMP6) return narrowed(view, [{ dimension: DIM.icmp, set: MAKES_STATE[family] }]);
		return view;
	});
	const finding = decide(lines, opening, program, space, meter);
	return finding.kind === "overridden" ? finding.by : undefined;
}

/** A program as the packets of one class see it: the box of what each line matches, and what it makes of packets. */
import type { Rule } from "../pf/rules.ts";
import { type Intervals, intersection } from "./intervals.ts";
import { TCP, UDP } from "./packet.ts";
import type { Program, ProgramLine } from "./program.ts";
import {
	type Box,
	DIM,
	type Dimension,
	type EachDimension,
	EVERYTHING,
	eachDimension,
	type PacketClass,
	type Region,
	type Space,
} from "./space.ts";
import type { chooseAddress } from "./translate.ts";

/** What a match changes for the rules after it. */
export interface Effect {
	readonly tag: number | undefined;
	/** The place of the new source, UNKNOWN where it cannot be told. */
	readonly source: number | undefined;
	readonly destination: number | undefined;
	readonly sourcePort: number | undefined;
	readonly destinationPort: number | undefined;
	/** The translation cannot be made: the packet is dropped, whatever rule decided before. */
	readonly fails: boolean;
}

/** A value that a translation has given and that is not known: it is none of any dimension. */
export const UNKNOWN = Number.MIN_SAFE_INTEGER;

export const CHANGING: readonly (readonly [Exclude<keyof Effect, "fails">, Dimension])[] = [
	["tag", DIM.tag],
	["source", DIM.source],
	["destination", DIM.destination],
	["sourcePort", DIM.sourcePort],
	["destinationPort", DIM.destinationPort],
];

/** A program as the packets of one class see it. */
export interface View {
	readonly packetClass: PacketClass;
	readonly whole: Region;
	/** By line; undefined where no packet of the class matches. Rules in a call without effects inside carry its box, too. */
	readonly boxes: readonly (Box | undefined)[];
	readonly effects: readonly (Effect | undefined)[];
	/** By line: whether it is a call of which some rule has effects. */
	readonly stepped: readonly boolean[];
	/** By dimension: the first line that changes it. */
	readonly firstChange: Readonly<EachDimension<number>>;
	/** The lines that matter before a rule that is looked at, and those that matter after it. */
	readonly before: SomeLines;
	readonly after: SomeLines;
}

/** Some lines of a program, in their order. */
export interface Lines {
	/** The first of them at or after a line; the number of all lines where there is none. */
	next(from: number): number;
}

/** The dimensions in which rules most often ask for one value, by which the lines of a large program are found. */
const INDEXED: readonly Dimension[] = [DIM.source, DIM.destination, DIM.destinationPort, DIM.interface];

/** So many lines are gone through one by one. */
const FEW = 64;

export class SomeLines implements Lines {
	readonly #lines: readonly ProgramLine[];
	readonly #boxes: readonly (Box | undefined)[];
	readonly #list: readonly number[];
	/** By line, the position in the list of the first one at or after it. */
	readonly #from: Int32Array;
	readonly #indexes = new Map<Dimension, Index>();

	constructor(lines: readonly ProgramLine[], boxes: readonly (Box | undefined)[], wanted: (index: number) => boolean) {
		const list: number[] = [];
		const from = new Int32Array(lines.length);
		for (let index = 0; index < lines.length; index++) {
			from[index] = list.length;
			if (wanted(index)) list.push(index);
		}
		this.#lines = lines;
		this.#boxes = boxes;
		this.#list = list;
		this.#from = from;
	}

	get length(): number {
		return this.#list.length;
	}

	next(from: number): number {
		return this.#list[this.#from[from] ?? this.#list.length] ?? this.#lines.length;
	}

	/** Those of them that may match packets of a piece; `isFixed` dimensions have the piece's values at every line. */
	of(piece: Region, isFixed: (dimension: Dimension) => boolean): Lines {
		if (this.#list.length <= FEW) return this;
		let best: Lines = this;
		let least = this.#list.length;
		for (const dimension of INDEXED) {
			const set = piece[dimension];
			if (set.length !== 2 || set[0] !== set[1] || !isFixed(dimension)) continue;
			const { wide, exact } = this.#index(dimension);
			const own = exact.get(set[0] as number) ?? NO_LINES;
			if (wide.length + own.length >= least) continue;
			least = wide.length + own.length;
			best = new Merged(own, wide);
		}
		return best;
	}

	#index(dimension: Dimension): Index {
		const known = this.#indexes.get(dimension);
		if (known !== undefined) return known;
		const exact = new Map<number, number[]>();
		const values = new Set<number>();
		for (const line of this.#list) {
			// Packets that a call does not take go on behind it, so none is left out.
			const value = (this.#lines[line] as ProgramLine).kind === "rule" ? onlyValue(this.#boxes[line] as Box, dimension) : undefined;
			if (value === undefined) continue;
			values.add(line);
			const own = exact.get(value);
			if (own === undefined) exact.set(value, [line]);
			else own.push(line);
		}
		const wide = new SomeLines(this.#lines, this.#boxes, (line) => this.next(line) === line && !values.has(line));
		const index = { exact, wide };
		this.#indexes.set(dimension, index);
		return index;
	}
}

const NO_LINES: readonly number[] = [];

/** Lines by the one value that they ask for in a dimension, and those that ask for more or nothing. */
interface Index {
	readonly exact: ReadonlyMap<number, readonly number[]>;
	readonly wide: SomeLines;
}

/** The one value that a box has in a dimension. */
function onlyValue({ constraints }: Box, dimension: Dimension): number | undefined {
	for (const { dimension: own, set } of constraints)
		if (own === dimension) return set.length === 2 && set[0] === set[1] ? set[0] : undefined;
	return undefined;
}

/** A few lines and others, in their order. */
class Merged implements Lines {
	readonly #few: readonly number[];
	readonly #others: Lines;

	constructor(few: readonly number[], others: Lines) {
		this.#few = few;
		this.#others = others;
	}

	next(from: number): number {
		let low = 0;
		let high = this.#few.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#few[middle] as number) < from) low = middle + 1;
			else high = middle;
		}
		const other = this.#others.next(from);
		return Math.min(this.#few[low] ?? other, other);
	}
}

export type ChooseAddress = (rule: Rule, path: string, family: PacketClass["family"]) => { readonly nat: Choice; readonly rdr: Choice };
type Choice = ReturnType<typeof chooseAddress>["nat"];

/** What a program was before some of its rules became others, in their places, and neither those nor these have effects. */
export interface EarlierView {
	readonly view: View;
	/** The lines of those rules. */
	readonly changed: readonly number[];
}

/** @param earlier the view of the same space before an edit: what the edit leaves alone is taken from there */
export function viewOf(program: Program, space: Space, packetClass: PacketClass, choose: ChooseAddress, earlier?: EarlierView): View {
	const { lines } = program;
	const effects = earlier?.view.effects ?? lines.map(({ rule, path }) => effectOf(rule, path, space, packetClass, choose));
	const stepped =
		earlier?.view.stepped ??
		lines.map(({ end }, index) => {
			for (let at = index; at < end; at++) if (effects[at] !== undefined) return true;
			return false;
		});
	const boxOf = (index: number, known: readonly (Box | undefined)[]): Box | undefined => {
		const { rule, path, call } = lines[index] as ProgramLine;
		const own = space.box(rule, path, packetClass);
		const outer = call >= 0 && !stepped[call] ? known[call] : EVERYTHING;
		return own === undefined || outer === undefined ? undefined : both(outer, own);
	};
	const boxes: (Box | undefined)[] = [];
	if (earlier === undefined) for (let index = 0; index < lines.length; index++) boxes.push(boxOf(index, boxes));
	else {
		const { view, changed } = earlier;
		const come = changed.map((index) => boxOf(index, view.boxes));
		if (changed.every((index, at) => view.boxes[index] === undefined && come[at] === undefined)) return view;
		for (const box of view.boxes) boxes.push(box);
		for (const [at, index] of changed.entries()) boxes[index] = come[at];
	}
	const lastUse = eachDimension(-1);
	const firstChange = eachDimension(lines.length);
	for (const [index, box] of boxes.entries()) {
		if (box === undefined) continue;
		for (const { dimension } of box.constraints) lastUse[dimension] = index;
		const effect = effects[index];
		if (effect === undefined) continue;
		for (const [field, dimension] of CHANGING)
			if (effect[field] !== undefined) firstChange[dimension] = Math.min(firstChange[dimension], index);
	}
	const changes = (index: number): boolean => {
		const effect = effects[index];
		if (effect === undefined) return false;
		return effect.fails || CHANGING.some(([field, dimension]) => effect[field] !== undefined && lastUse[dimension] > index);
	};
	/** Whether a line matters to rules after it, or to rules before it. */
	const matters =
		(lasts: (line: ProgramLine) => boolean) =>
		(index: number): boolean => {
			const line = lines[index] as ProgramLine;
			if (line.kind === "call") return stepped[index] as boolean;
			return boxes[index] !== undefined && ((!line.rule.once && lasts(line)) || changes(index));
		};
	return {
		packetClass,
		whole: space.whole(packetClass),
		boxes,
		effects,
		stepped,
		firstChange,
		before: new SomeLines(
			lines,
			boxes,
			matters(({ final }) => final !== "no"),
		),
		after: new SomeLines(
			lines,
			boxes,
			matters(({ rule }) => rule.quick || rule.action !== "match"),
		),
	};
}

function both(x: Box, y: Box): Box | undefined {
	if (x.constraints.length === 0 && !x.partial) return y;
	const sets = new Map<Dimension, Intervals>(x.constraints.map(({ dimension, set }) => [dimension, set]));
	for (const { dimension, set } of y.constraints) {
		const known = sets.get(dimension);
		const merged = known === undefined ? set : intersection(known, set);
		if (merged.length === 0) return undefined;
		sets.set(dimension, merged);
	}
	return { constraints: [...sets].map(([dimension, set]) => ({ dimension, set })), partial: x.partial || y.partial };
}

export function effectOf(
	rule: Rule,
	path: string,
	space: Space,
	{ family, protocol }: PacketClass,
	choose: ChooseAddress,
): Effect | undefined {
	const translates = rule.action === "match" && (rule.nat !== undefined || rule.rdr !== undefined);
	if (rule.tag === "" && !translates) return undefined;
	const tag = rule.tag === "" ? undefined : space.tag(rule.tag);
	if (!translates || (rule.family !== undefined && rule.family !== family)) {
		return { tag, source: undefined, destination: undefined, sourcePort: undefined, destinationPort: undefined, fails: false };
	}
	const { nat, rdr } = choose(rule, path, family);
	const place = (choice: Choice): number | undefined =>
		choice === undefined ? undefined : choice.kind === "known" ? space.place(choice.address, family) : UNKNOWN;
	const withPorts = protocol === TCP || protocol === UDP;
	const [natLow, natHigh] = rule.nat?.ports ?? [0, 0];
	const [rdrLow, rdrHigh] = rule.rdr?.ports ?? [0, 0];
	return {
		tag,
		source: place(nat),
		destination: place(rdr),
		sourcePort: withPorts && natHigh !== 0 ? (natLow === natHigh ? natLow : UNKNOWN) : undefined,
		destinationPort: withPorts && rdrLow !== 0 ? (rdrHigh === 0 || rdrHigh === rdrLow ? rdrLow : UNKNOWN) : undefined,
		fails: nat?.kind === "none" || rdr?.kind === "none",
	};
}

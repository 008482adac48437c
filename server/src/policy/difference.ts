/**
 * What two versions of a ruleset do otherwise, for all packets. The lines of both are followed at the same time; packets that match no
 * line which only one of them has are treated alike, so the search begins with what such lines match, and gives a piece up where both
 * versions have come to the same. What is left differs for certain, or by something that is not known here.
 */
import type { Rule, Ruleset } from "../pf/rules.ts";
import { printLimiter, printOption, printQueue } from "../pf/ruleset/print.ts";
import { finished } from "../text/portions.ts";
import { namesOf, overloadedBy } from "./dead.ts";
import { type Cut, cutOf, restsOf } from "./decide.ts";
import { type Intervals, intersection, overlap, single, where, difference as without } from "./intervals.ts";
import { type JointLine, jointProgram } from "./joint-program.ts";
import { Contents, criteriaOf, type LineSurroundings, lineKey, poolsOf, tablesIn } from "./line-keys.ts";
import { isSame } from "./lists.ts";
import { interfacesOf, type KnownInterface, loadedTablesOf } from "./network.ts";
import type { Packet } from "./packet.ts";
import { type Program, type ProgramLine, programOf } from "./program.ts";
import { joined, replaced, unlike, witnessOf } from "./regions.ts";
import {
	type Box,
	CLASSES,
	DIM,
	type Dimension,
	type EachDimension,
	type PacketClass,
	type Region,
	type Space,
	spacesOf,
} from "./space.ts";
import { chooseAddress } from "./translate.ts";
import { type Treatment, treatmentOf } from "./treatment.ts";
import { CHANGING, type Effect, effectOf, SomeLines } from "./view.ts";

/** A ruleset, and the interfaces of its host as far as they are known. */
export interface Version {
	readonly ruleset: Ruleset;
	readonly interfaces: readonly KnownInterface[] | undefined;
}

/** Packets that are treated otherwise: those of two rules, or all that one takes from others. */
export interface TreatmentChange {
	readonly before: Treatment;
	readonly after: Treatment;
	/** Several rules decided them before, of which `before` has one. */
	readonly isMergedBefore: boolean;
	readonly isMergedAfter: boolean;
	/** All of them, by class. Regions of one class do not overlap. */
	readonly packets: readonly { readonly packetClass: PacketClass; readonly regions: readonly Region[] }[];
	readonly witness: Packet;
	/** Rules of which it is not known whether they match; empty where the change is certain. */
	readonly depends: readonly Rule[];
}

export interface TreatmentDifference {
	readonly changes: readonly TreatmentChange[];
	/** False where not all packets could be looked at. */
	readonly isWhole: boolean;
	/** Settings, queues and limiters that only one version has, as pfctl prints them. */
	readonly settings: { readonly gone: readonly string[]; readonly come: readonly string[] };
	/** In which the regions are. */
	readonly space: Space;
}

export function treatmentDifference(before: Version, after: Version): TreatmentDifference {
	return finished(searchDifference(before, after));
}

/** So much work is done, in pieces and in lines by which a piece comes. */
const MOST_PIECES = 300_000;
const LINES_OF_A_PIECE = 64;
/** More lines than these that only one version has are looked at together: what each of them matches would be cut out of all others. */
const MOST_STARTS = 200;
/** After so many pieces others have their turn. */
const PORTION = 500;

/** One version with what its lines match. */
interface Side extends LineSurroundings {
	readonly version: Version;
	readonly program: Program;
	/** The lines that match by chance or once, each with how many before it ask the same: each of them has luck of its own. */
	readonly chances: ReadonlyMap<ProgramLine, number>;
}

type Which = 0 | 1;
const BOTH: readonly Which[] = [0, 1];

/** What the rules so far have made of a packet of one version. */
interface State {
	/** The place of the last pass or block rule that matched; -1 for none. */
	readonly decided: number;
	readonly matched: Matched | undefined;
	readonly changed: readonly (number | undefined)[];
	readonly ended: "quick" | "translation" | "limit" | "skip" | undefined;
	/** Lines before it are inside a call that did not take the packet. */
	readonly from: number;
}

/** The match rules that matched, the last one first. */
interface Matched {
	readonly rule: Rule;
	/** Of the anchor that it stands in. */
	readonly path: string;
	readonly before: Matched | undefined;
}

const BEGIN: State = { decided: -1, matched: undefined, changed: [], ended: undefined, from: 0 };

/** What is supposed of something that is not known. */
interface Supposed {
	readonly key: string;
	readonly rule: Rule;
	readonly matches: boolean;
	readonly before: Supposed | undefined;
}

interface Piece {
	readonly region: Region;
	readonly states: readonly [State, State];
	readonly supposed: Supposed | undefined;
	readonly next: number;
}

/**
 * The same in portions; each gives how much work it was.
 *
 * @param eachRule whether what each rule does is a change of its own, also where they do it in place of one that only one version has
 * @param most how much work is done: then it ends, with what was found so far
 */
export function* searchDifference(
	before: Version,
	after: Version,
	eachRule = false,
	most = MOST_PIECES,
): Generator<number, TreatmentDifference, void> {
	const contents = new Contents();
	const sides = [sideOf(before, contents), sideOf(after, contents)] as const;
	const names = [...new Set(sides.flatMap(({ version, program }) => namesOf(program, version.interfaces)))];
	const [oldSpace, space] = spacesOf(
		sides.map(({ version: { ruleset }, program, interfaces, tables }) => [{ ruleset, interfaces, tables, names }, program.lines] as const),
	) as readonly [Space, Space];
	const spaces = [oldSpace, space] as const;
	const settings = settingsOf(before.ruleset, after.ruleset);
	const isCutOff = before.ruleset.cutOff === true || after.ruleset.cutOff === true;
	if (isCutOff || sides.some(({ program }) => !program.complete)) return { changes: [], isWhole: false, settings, space };
	const others = JSON.stringify(before.interfaces) === JSON.stringify(after.interfaces) ? undefined : names;
	const keys = sides.map((side) => side.program.lines.map((line) => lineKey(line, side, others))) as [string[], string[]];
	const lines = jointProgram([sides[0].program, sides[1].program], keys);
	yield lines.length;
	const found: Gathered = { changes: new Map(), eachRule, hasOtherPools: false };
	const meter = { pieces: most };
	for (const packetClass of CLASSES) {
		const search = new Search(sides, spaces, lines, packetClass, names);
		yield lines.length;
		yield* search.run(meter, found);
		if (meter.pieces <= 0) break;
	}
	const changes = [...found.changes.values()].map(({ old, now, isMergedOld, isMergedNow, regions, witness, depends }): TreatmentChange => {
		const packets = [...regions].map(([packetClass, all]) => ({ packetClass, regions: joined(all) }));
		return { before: old, after: now, isMergedBefore: isMergedOld, isMergedAfter: isMergedNow, packets, witness, depends };
	});
	const rank = ({ before, after }: TreatmentChange): number => RANKS[`${before.verdict} ${after.verdict}`];
	return { changes: changes.sort((x, y) => rank(x) - rank(y)), isWhole: meter.pieces > 0 && !found.hasOtherPools, settings, space };
}

/** What opens the host comes first. */
const RANKS: Readonly<Record<`${Treatment["verdict"]} ${Treatment["verdict"]}`, number>> = {
	"block pass": 0,
	"pass block": 1,
	"pass pass": 2,
	"block block": 3,
};

/** The changes so far, by what makes packets belong to one. */
interface Gathered {
	readonly changes: Map<string, Found>;
	readonly eachRule: boolean;
	/** Some rule translates or routes to other addresses than before, by the same words: which packets that is felt by is not told. */
	hasOtherPools: boolean;
}

interface Found {
	readonly old: Treatment;
	readonly now: Treatment;
	isMergedOld: boolean;
	isMergedNow: boolean;
	readonly regions: Map<PacketClass, Region[]>;
	readonly witness: Packet;
	readonly depends: readonly Rule[];
}

function sideOf(version: Version, contents: Contents): Side {
	const program = programOf(version.ruleset);
	const tables = loadedTablesOf(version.ruleset, overloadedBy(program));
	return { version, program, chances: chancesOf(program), interfaces: interfacesOf(version.interfaces), tables, contents };
}

function chancesOf({ lines }: Program): ReadonlyMap<ProgramLine, number> {
	const counts = new Map<string, number>();
	const chances = new Map<ProgramLine, number>();
	for (const line of lines) {
		const { rule, path } = line;
		if (rule.probability === 0 && rule.maxPacketRate === undefined && !rule.once) continue;
		const key = `${path} ${criteriaOf(rule)}`;
		const count = counts.get(key) ?? 0;
		counts.set(key, count + 1);
		chances.set(line, count);
	}
	return chances;
}

/** The search among the packets of one class. */
class Search {
	readonly #sides: readonly [Side, Side];
	readonly #space: Space;
	readonly #lines: readonly JointLine[];
	readonly #class: PacketClass;
	/** By line: what it matches in either version; undefined where nothing, or where the version does not have it. */
	readonly #boxes: readonly [readonly (Box | undefined)[], readonly (Box | undefined)[]];
	readonly #effects: readonly [readonly (Effect | undefined)[], readonly (Effect | undefined)[]];
	readonly #around: SomeLines;
	/** By dimension: the first line that changes it. */
	readonly #firstChange: (number | undefined)[] = [];
	/** The lines of one version alone. */
	readonly #single: readonly number[];
	readonly #starts: readonly Piece[];

	constructor(
		sides: readonly [Side, Side],
		spaces: readonly [Space, Space],
		lines: readonly JointLine[],
		packetClass: PacketClass,
		names: readonly string[],
	) {
		this.#sides = sides;
		this.#space = spaces[1];
		this.#lines = lines;
		this.#class = packetClass;
		this.#effects = [lines.map((line) => this.#effectOf(0, line, spaces[0])), lines.map((line) => this.#effectOf(1, line, spaces[1]))];
		for (const effects of this.#effects)
			for (const [index, effect] of effects.entries())
				for (const [field, dimension] of CHANGING)
					if (effect?.[field] !== undefined) this.#firstChange[dimension] = Math.min(this.#firstChange[dimension] ?? index, index);
		this.#boxes = [this.#boxesOf(0, spaces[0]), this.#boxesOf(1, spaces[1])];
		this.#around = new SomeLines(
			lines.map(({ old, now }) => (this.#line(0, old) ?? this.#line(1, now)) as ProgramLine),
			lines.map((_, index) => this.#boxOf(index)),
			(index) => this.#boxOf(index) !== undefined,
		);
		this.#single = lines.flatMap(({ kind, old, now }, index) =>
			kind !== "leave" && (old < 0 || now < 0) && this.#boxOf(index) !== undefined ? [index] : [],
		);
		this.#starts = this.#begin(spaces, names);
	}

	*run(meter: { pieces: number }, found: Gathered): Generator<number, void, void> {
		let portion = 0;
		for (const start of this.#starts) {
			const stack: Piece[] = [start];
			for (let piece = stack.pop(); piece !== undefined; piece = stack.pop()) {
				const work = this.#follow(piece, stack, found);
				meter.pieces -= work;
				portion += work;
				if (meter.pieces <= 0) return;
				if (portion < PORTION) continue;
				yield portion;
				portion = 0;
			}
		}
		yield portion;
	}

	/** Follows a piece until it is cut in two, or its end; what is left of it then waits on the stack. Returns how much work it was. */
	#follow({ region, states: [old, now], supposed, next }: Piece, stack: Piece[], found: Gathered): number {
		const isFixed = (dimension: Dimension) => old.changed[dimension] === undefined && now.changed[dimension] === undefined;
		const around = this.#around.of(region, isFixed);
		let seen = 0;
		for (let index = next; ; index++) {
			seen++;
			index = around.next(index);
			if (isEqual(old, now, index) && !this.#differsFrom(index, region, isFixed)) break;
			const line = this.#lines[index];
			if (line === undefined || (old.ended !== undefined && now.ended !== undefined)) {
				this.#tell(region, old, now, supposed, found);
				break;
			}
			const there = BOTH.filter((which) => this.#isAsked(which, which === 0 ? old : now, index, line));
			if (line.kind === "leave") {
				const left = [old, now].map((state, which) => (there.includes(which as Which) ? this.#leave(which as Which, state, line) : state));
				stack.push({ region, states: left as [State, State], supposed, next: index + 1 });
				break;
			}
			const pieces = this.#split({ region, states: [old, now], supposed, next: index + 1 }, index, there);
			if (pieces === undefined) {
				index = line.end - 1;
				continue;
			}
			stack.push(...pieces);
			break;
		}
		return 1 + seen / LINES_OF_A_PIECE;
	}

	/** Whether the version has the line, and its packets come to it. */
	#isAsked(which: Which, state: State, index: number, line: JointLine): boolean {
		return (which === 0 ? line.old : line.now) >= 0 && state.ended === undefined && state.from <= index;
	}

	/** Whether a line from here on that only one version has may match. */
	#differsFrom(index: number, region: Region, isFixed: (dimension: Dimension) => boolean): boolean {
		for (let at = this.#single.length - 1; at >= 0; at--) {
			const single = this.#single[at] as number;
			if (single < index) return false;
			// Of many, one may match.
			if (at >= MOST_STARTS) return true;
			const { constraints } = this.#boxOf(single) as Box;
			if (constraints.every(({ dimension, set }) => !isFixed(dimension) || overlap(region[dimension], set))) return true;
		}
		return false;
	}

	/** The piece by whether a line matches in either version; undefined where it matches nothing of it in both. */
	#split(piece: Piece, index: number, there: readonly Which[]): readonly Piece[] | undefined {
		const [old, now] = piece.states;
		// What decides whether it matches is the same for both.
		const groups = there.length === 2 && isSame(old.changed, now.changed) ? [there] : there.map((which) => [which]);
		let pieces: readonly Piece[] = [piece];
		let matches = false;
		for (const group of groups) {
			const [which = 0] = group;
			const box = this.#boxes[which][index];
			pieces = pieces.flatMap((one) => {
				const cut = box && cutOf(one.region, box, one.states[which].changed);
				if (cut === undefined) return [this.#passBy(one, group, index)];
				matches = true;
				return [
					...this.#worlds(one, cut, box as Box, group, index),
					...restsOf(one.region, cut).map((region) => this.#passBy({ ...one, region }, group, index)),
				];
			});
		}
		return matches ? pieces : undefined;
	}

	/** What the line makes of the part that it matches, or may match. */
	#worlds(piece: Piece, cut: Cut, box: Box, group: readonly Which[], index: number): readonly Piece[] {
		const [which = 0] = group;
		const inside = { ...piece, region: cut.inside };
		const line = this.#lineOf(which, index);
		const { rule, path } = line;
		// After its first packet a rule with `once` is gone.
		if (!box.partial && !cut.unknown && !rule.once) return [this.#match(inside, group, index, false)];
		const own = group.length === 1 && (cut.unknown || piece.states[which].changed.length > 0) ? `${which} ${index} ` : "";
		const key = `${own}${path} ${criteriaOf(rule)} ${tablesIn(rule, path, this.#sides[which])} ${this.#sides[which].chances.get(line) ?? 0}`;
		const known = suppositionOf(piece.supposed, key);
		const limited = rule.limiters.some(({ action }) => action === "block");
		const suppose = (matches: boolean): Piece => ({ ...inside, supposed: { key, rule, matches, before: piece.supposed } });
		if (known !== undefined) return [known ? this.#match(inside, group, index, false) : this.#passBy(inside, group, index)];
		return [
			this.#match(suppose(true), group, index, false),
			this.#passBy(suppose(false), group, index),
			...(limited
				? [this.#match({ ...inside, supposed: { key: `${key} limited`, rule, matches: true, before: piece.supposed } }, group, index, true)]
				: []),
		];
	}

	#match(piece: Piece, group: readonly Which[], index: number, isLimited: boolean): Piece {
		const [old, now] = piece.states;
		const after = (which: Which) =>
			group.includes(which) ? this.#after(piece.states[which], which, index, isLimited) : piece.states[which];
		const first = after(0);
		if (old === now && group.length === 2) return { ...piece, states: [first, first] };
		const second = after(1);
		// What is the same stays one list, so that it is found to be the same at once.
		const isShared = group.length === 2 && old.matched === now.matched;
		return { ...piece, states: [first, isShared ? { ...second, matched: first.matched } : second] };
	}

	#passBy(piece: Piece, group: readonly Which[], index: number): Piece {
		const line = this.#lines[index] as JointLine;
		if (line.kind !== "call") return piece;
		const states = piece.states.map((state, which) => (group.includes(which as Which) ? { ...state, from: line.end } : state));
		return { ...piece, states: states as [State, State] };
	}

	#after(state: State, which: Which, index: number, isLimited: boolean): State {
		const { rule, kind, path } = this.#lineOf(which, index);
		const effect = this.#effects[which][index];
		const changed = effect === undefined ? state.changed : changedBy(state.changed, effect);
		if (kind === "call") return { ...state, changed };
		if (isLimited) return { ...state, decided: index, ended: "limit" };
		if (rule.action === "match") {
			const matched: Matched = { rule, path, before: state.matched };
			return { ...state, matched, changed, ended: effect?.fails === true ? "translation" : rule.quick ? "quick" : undefined };
		}
		return { ...state, decided: index, changed, ended: rule.quick ? "quick" : undefined };
	}

	/** A quick call ends the evaluation where a rule of its own anchor decides. */
	#leave(which: Which, state: State, line: JointLine): State {
		const call = this.#line(which, which === 0 ? line.old : line.now) as ProgramLine;
		const decided = state.decided < 0 ? undefined : this.#lineOf(which, state.decided);
		const by = decided === undefined ? undefined : this.#line(which, decided.call);
		return by !== undefined && by.rule === call.rule ? { ...state, ended: "quick" } : state;
	}

	#tell(region: Region, old: State, now: State, supposed: Supposed | undefined, found: Gathered): void {
		const [before, after] = [this.#treatment(0, old), this.#treatment(1, now)];
		if (before.key === after.key) {
			if (before.verdict === "pass" && this.#poolsOf(0, old) !== this.#poolsOf(1, now)) found.hasOtherPools = true;
			return;
		}
		const depends: Rule[] = [];
		for (let one = supposed; one !== undefined; one = one.before) depends.push(one.rule);
		// What a rule of one version alone takes from others, or leaves to them, is one change.
		const [byOld, byNow] = found.eachRule ? [false, false] : [this.#isSingle(old.decided), this.#isSingle(now.decided)];
		const decided = byNow ? `- ${now.decided}` : byOld ? `${old.decided} -` : `${old.decided} ${now.decided}`;
		const done = found.eachRule ? `${before.key} ${after.key}` : `${before.verdict} ${before.reason} ${after.verdict} ${after.reason}`;
		const key = `${decided} ${done} ${depends.length > 0}`;
		const known = found.changes.get(key) ?? {
			old: before,
			now: after,
			isMergedOld: false,
			isMergedNow: false,
			regions: new Map<PacketClass, Region[]>(),
			witness: witnessOf(this.#space, region, this.#class),
			depends,
		};
		found.changes.set(key, known);
		if (known.old.rule !== before.rule) known.isMergedOld = true;
		if (known.now.rule !== after.rule) known.isMergedNow = true;
		const regions = known.regions.get(this.#class) ?? [];
		known.regions.set(this.#class, regions);
		regions.push(region);
	}

	/** Whether the line is one that a single version has. */
	#isSingle(index: number): boolean {
		const line = this.#lines[index];
		return line !== undefined && (line.old < 0 || line.now < 0);
	}

	#treatment(which: Which, { decided, matched, ended, changed }: State): Treatment {
		const rules: Rule[] = [];
		for (let one = matched; one !== undefined; one = one.before) rules.push(one.rule);
		const rule = decided < 0 ? undefined : this.#lineOf(which, decided).rule;
		const [tag] = this.#space.tags(single(changed[DIM.tag] ?? 0)) as readonly [string];
		const made = treatmentOf(rules.reverse(), rule, ended === "quick" ? undefined : ended, this.#class.family, tag);
		if (rule === undefined) return made;
		const { path } = this.#lineOf(which, decided);
		const { interfaces, tables } = this.#sides[which];
		const { nat, rdr } = chooseAddress(rule, this.#class.family, { interfaces, tables, path });
		const fails = nat?.kind === "none" || rdr?.kind === "none";
		return fails ? treatmentOf(rules, rule, "translation", this.#class.family, tag) : made;
	}

	#poolsOf(which: Which, { decided, matched }: State): string {
		const rules = decided < 0 ? [] : [this.#lineOf(which, decided)];
		const all: { readonly rule: Rule; readonly path: string }[] = [...rules];
		for (let one = matched; one !== undefined; one = one.before) all.push(one);
		return poolsOf(all, this.#sides[which]);
	}

	/** The packets that lines of one version match, or that rules before them can change into such; no packet is in two of the pieces. */
	#begin(spaces: readonly [Space, Space], names: readonly string[]): readonly Piece[] {
		const everywhere: Region = replaced(this.#space.whole(this.#class), DIM.interface, this.#space.everyInterface);
		const skipped = spaces.map((_, which) => this.#skipped(which as Which, names)) as [Intervals, Intervals];
		const skips = unlike(skipped);
		const regions = this.#single.length > MOST_STARTS ? [everywhere] : this.#single.flatMap((index) => this.#startsOf(index, everywhere));
		regions.push(replaced(everywhere, DIM.interface, skips));
		const pieces: Piece[] = [];
		const done: Region[] = [];
		for (const start of regions) {
			let rests: readonly Region[] = [start];
			for (const other of done) {
				const constraints = other.map((set, dimension) => ({ dimension: dimension as Dimension, set }));
				rests = rests.flatMap((rest) => {
					const cut = cutOf(rest, { constraints }, []);
					return cut === undefined ? [rest] : restsOf(rest, cut);
				});
			}
			done.push(start);
			for (const region of rests) pieces.push(...this.#bySkip(region, skipped));
		}
		return pieces;
	}

	#bySkip(region: Region, skipped: readonly [Intervals, Intervals]): readonly Piece[] {
		const own = region[DIM.interface];
		const pieces: Piece[] = [];
		for (const old of [false, true]) {
			for (const now of [false, true]) {
				const part = (set: Intervals, isIn: boolean, among: Intervals) => (isIn ? intersection(among, set) : without(among, set));
				const set = part(skipped[1], now, part(skipped[0], old, own));
				if (set.length === 0) continue;
				const begin = (isSkipped: boolean): State => (isSkipped ? { ...BEGIN, ended: "skip" } : BEGIN);
				pieces.push({ region: replaced(region, DIM.interface, set), states: [begin(old), begin(now)], supposed: undefined, next: 0 });
			}
		}
		return pieces;
	}

	#skipped(which: Which, names: readonly string[]): Intervals {
		const { version, interfaces } = this.#sides[which];
		return where(0, names.length - 1, (index) =>
			version.ruleset.options.skip.some((skip) => interfaces.matches(skip, names[index] as string) === true),
		);
	}

	#startsOf(index: number, everywhere: Region): readonly Region[] {
		const region: EachDimension<Intervals> = [...everywhere];
		const { old, now } = this.#lines[index] as JointLine;
		const which: Which = old >= 0 ? 0 : 1;
		// What the calls ask for that lead here counts as well.
		for (let at = old >= 0 ? old : now; at >= 0; at = (this.#line(which, at) as ProgramLine).call) {
			const joint = this.#jointOf(which, at);
			// A call that only one version has is looked at with all that is in it.
			if (joint !== index && this.#single.includes(joint)) return [];
			for (const { dimension, set } of (this.#boxes[which][joint] as Box).constraints)
				if ((this.#firstChange[dimension] ?? index) >= index) region[dimension] = intersection(region[dimension], set);
		}
		return region.every((set) => set.length > 0) ? [region] : [];
	}

	readonly #joint: [Map<number, number>, Map<number, number>] = [new Map(), new Map()];

	#jointOf(which: Which, index: number): number {
		const known = this.#joint[which];
		if (known.size === 0)
			for (const [at, { kind, old, now }] of this.#lines.entries()) if (kind !== "leave") known.set(which === 0 ? old : now, at);
		return known.get(index) as number;
	}

	#boxesOf(which: Which, space: Space): readonly (Box | undefined)[] {
		const boxes: (Box | undefined)[] = [];
		/** Calls that take no packet of the class, by where they end. */
		let until = 0;
		for (const [index, { old, now, end }] of this.#lines.entries()) {
			const own = which === 0 ? old : now;
			const line = this.#line(which, own);
			const isInside = index < until;
			if (line === undefined || isInside) {
				boxes.push(undefined);
				continue;
			}
			const box = space.box(line.rule, line.path, this.#class);
			boxes.push(box);
			if (box === undefined) until = end;
		}
		return boxes;
	}

	#effectOf(which: Which, { old, now }: JointLine, space: Space): Effect | undefined {
		const line = this.#line(which, which === 0 ? old : now);
		if (line === undefined) return undefined;
		const { interfaces, tables } = this.#sides[which];
		return effectOf(line.rule, line.path, space, this.#class, (rule, path, family) =>
			chooseAddress(rule, family, { interfaces, tables, path }),
		);
	}

	/** What a line matches in the version that has it. */
	#boxOf(index: number): Box | undefined {
		return this.#boxes[0][index] ?? this.#boxes[1][index];
	}

	/** Undefined for -1, where the version does not have the line. */
	#line(which: Which, index: number): ProgramLine | undefined {
		return this.#sides[which].program.lines[index];
	}

	#lineOf(which: Which, index: number): ProgramLine {
		const { old, now } = this.#lines[index] as JointLine;
		return this.#line(which, which === 0 ? old : now) as ProgramLine;
	}
}

/** Whether both versions treat a packet alike that comes to a line, as far as the lines before it count. */
function isEqual(old: State, now: State, index: number): boolean {
	if (old === now) return true;
	return (
		old.decided === now.decided &&
		old.matched === now.matched &&
		old.ended === now.ended &&
		Math.max(old.from, index) === Math.max(now.from, index) &&
		isSame(old.changed, now.changed)
	);
}

function changedBy(changed: State["changed"], effect: Effect): State["changed"] {
	const made = [...changed];
	for (const [field, dimension] of CHANGING) if (effect[field] !== undefined) made[dimension] = effect[field];
	return made;
}

function suppositionOf(supposed: Supposed | undefined, key: string): boolean | undefined {
	for (let one = supposed; one !== undefined; one = one.before) if (one.key === key) return one.matches;
	return undefined;
}

function settingsOf(before: Ruleset, after: Ruleset): TreatmentDifference["settings"] {
	const [old, now] = [printedSettings(before), printedSettings(after)];
	return { gone: [...old].filter((line) => !now.has(line)), come: [...now].filter((line) => !old.has(line)) };
}

function printedSettings({ definitions, queues }: Ruleset): ReadonlySet<string> {
	const lines = definitions.flatMap((definition) =>
		definition.kind === "option"
			? [printOption(definition.option)]
			: definition.kind === "limiter"
				? [printLimiter(definition.limiter)]
				: [],
	);
	return new Set([...lines, ...queues.map(printQueue)]);
}

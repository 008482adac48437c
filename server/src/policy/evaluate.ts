/** Which rule decides on a packet: pf's evaluation of a ruleset with its anchors (sys/net/pf.c, pf_test_rule). */
import { formatIp } from "../pf/names/address.ts";
import type { Anchor, Rule, Ruleset } from "../pf/rules.ts";
import { anchorCalls } from "./anchors.ts";
import { type Candidate, type Criterion, type Question, questionsOf } from "./criteria.ts";
import { type Interfaces, interfacesOf, type KnownInterface, type TableLookup, tablesOf } from "./network.ts";
import { icmpRole, type Packet } from "./packet.ts";
import { PICKED, translate } from "./translate.ts";

/** Something that the answer depends on and that is not known here. */
export interface Condition {
	readonly rule: Rule;
	/** `anchors`: those that call others many times over are not followed to their ends. */
	readonly criterion: Criterion | "translation" | "anchors";
	/** Whether this outcome supposes that the rule matches by it. */
	readonly holds: boolean;
}

export interface Outcome {
	readonly verdict: "pass" | "block";
	/** `skip`: pf does nothing on the interface; `default`: no rule matched; `translation`: it could not be made, and the packet is dropped; `limit`: that of its limiter is reached. */
	readonly reason: "rule" | "default" | "skip" | "translation" | "depth" | "limit";
	/** The last pass or block rule that matched. */
	readonly rule: Rule | undefined;
	/** All that matched, match rules among them, in the order of evaluation. */
	readonly matched: readonly Rule[];
	/** The packet after all translations. */
	readonly packet: Packet;
	/** True where the kernel picks the source port. */
	readonly sourcePortPicked: boolean;
	/** What must be so for this outcome; empty where it is certain. */
	readonly conditions: readonly Condition[];
}

/** The usual one first. */
export type Outcomes = readonly [Outcome, ...Outcome[]];

export interface Evaluator {
	/**
	 * One outcome where all is known; otherwise one for each way that it can go, at most `MAX_WORLDS`. The first one
	 * supposes what is usual: no special owner, fingerprint or priority, rates and limits that are not exceeded.
	 */
	evaluate(packet: Packet): Outcomes;
	/** Every rule that the packet comes to, in that order, with what each says to it; the usual is supposed. */
	explain(packet: Packet): readonly Encounter[];
}

/** A rule that a packet comes to. */
export interface Encounter {
	readonly rule: Rule;
	/** The path of the anchor that the rule is in. */
	readonly anchor: string;
	/** Why it does not match: empty where it does. One alone is a near miss. */
	readonly failed: readonly Criterion[];
	/** What was supposed of it. */
	readonly supposed: readonly Criterion[];
}

/** With more open questions than this the rest of the worlds is not followed; the answer then says "unknown" all the same. */
export const MAX_WORLDS = 64;

/** pf follows anchors no deeper than this (PF_ANCHOR_STACK_MAX). */
const MAX_DEPTH = 64;
/**
 * So many rules are asked for one packet where the ruleset has no more in all worlds together: a few anchors that call others many
 * times over make any number of them.
 */
const MIN_ASKED = 200_000;
/** So many rules are told of that a packet comes to. */
const MAX_ENCOUNTERS = 100_000;

interface CompiledRule {
	readonly rule: Rule;
	/** Questions whose answers are the same for all packets of one class. */
	readonly fixed: readonly Question[];
	readonly questions: readonly Question[];
	/** The rulesets that an anchor call evaluates, in order. */
	readonly children: readonly CompiledRuleset[];
	/** Those of them that have rules for an interface. */
	readonly near: (name: string) => readonly CompiledRuleset[];
	/** Those of them that have rules for the packets of a class: a wildcard may call hundreds of which one matters. */
	readonly busy: ByClass<CompiledRuleset>;
}

/** A rule that packets of a class can match, with the questions that are left. */
interface Step {
	readonly compiled: CompiledRule;
	readonly questions: readonly Question[];
}

interface CompiledRuleset {
	readonly path: string;
	readonly rules: CompiledRule[];
	/**
	 * The steps by class of packets (interface, direction, family and protocol). Most rules ask for those, so most
	 * drop out once for all packets of the class; this is what the kernel's skip steps are for.
	 */
	readonly classes: ByClass<Step>;
}

/** So that a host with many interfaces and rules does not keep a list of steps for each for ever. */
const MAX_PARTS = 500_000;

/** A class of packets: what lists are kept by. A text in its place would be made and looked through at each place of each packet. */
class ClassKey {
	/** Its parts, by destination. */
	readonly #there = new Map<number | string, ClassKey>();

	/** Those of its packets that go to one destination, as the evaluator tells them apart. */
	to(destination: number | string): ClassKey {
		return madeOnce(this.#there, destination, () => new ClassKey());
	}
}

function madeOnce<Key, Value>(known: Map<Key, Value>, key: Key, make: () => Value): Value {
	const before = known.get(key);
	if (before !== undefined) return before;
	const made = make();
	known.set(key, made);
	return made;
}

/** The classes of packets, each made once, by interface and by a number for the rest. */
class ClassKeys {
	readonly #known = new Map<string, Map<number, ClassKey>>();

	of({ interface: name, direction, family, protocol }: Packet): ClassKey {
		const own = madeOnce(this.#known, name, () => new Map<number, ClassKey>());
		return madeOnce(own, protocol * 4 + (family === "inet" ? 0 : 2) + (direction === "in" ? 0 : 1), () => new ClassKey());
	}
}

/** Lists for classes of packets, made when one is asked for first. */
class ByClass<Part> {
	readonly #known = new Map<ClassKey, readonly Part[]>();
	/** How long they are together. */
	#parts = 0;

	get(key: ClassKey, make: () => readonly Part[]): readonly Part[] {
		const before = this.#known.get(key);
		if (before !== undefined) return before;
		const made = make();
		this.#parts += made.length + 1;
		if (this.#parts > MAX_PARTS) {
			this.#known.clear();
			this.#parts = made.length + 1;
		}
		this.#known.set(key, made);
		return made;
	}
}

/** Where the evaluation stands in one ruleset; `call` is the anchor rule that led there. */
interface Frame {
	readonly ruleset: CompiledRuleset;
	readonly steps: readonly Step[];
	readonly call: CompiledRule | undefined;
	/** The rulesets that the call enters for the packet, and which of them this is. */
	readonly siblings: readonly CompiledRuleset[];
	readonly child: number;
	next: number;
}

/** The last pass or block rule that matched, the call of the ruleset that it is in, and that ruleset's path. */
interface Decided {
	readonly rule: Rule;
	readonly call: CompiledRule | undefined;
	readonly path: string;
}

/** One way in which the evaluation can go on. */
interface World {
	readonly candidate: Candidate;
	/** The class of the packet. */
	readonly key: ClassKey;
	/** With its destination, where packets are told apart by that; undefined where they are not. */
	readonly keyThere: ClassKey | undefined;
	frames: Frame[];
	matched: Rule[];
	decided: Decided | undefined;
	readonly conditions: Condition[];
	/** What is supposed of things not known, by criterion and name; undefined while nothing is. */
	supposed: ReadonlyMap<string, boolean> | undefined;
	/** Every rule is looked at, also those that the packet's class rules out. */
	readonly thorough: boolean;
}

/**
 * Prepares a ruleset for the evaluation of packets.
 *
 * @param interfaces the host's interfaces; what depends on them is undecided where they are not known
 */
export function createEvaluator(
	ruleset: Ruleset,
	interfaces: readonly KnownInterface[] | undefined,
	options: EvaluatorOptions = {},
): Evaluator {
	return new RulesetEvaluator(ruleset, interfaces, options);
}

export interface EvaluatorOptions {
	/** What the tables hold; without, what they hold when the ruleset is loaded. */
	readonly tables?: TableLookup;
	/**
	 * Equal for packets whose destinations no rule tells apart. For the evaluation of very many packets: rules for other destinations
	 * then drop out once for all that go to one.
	 */
	readonly destinationOf?: (packet: Packet) => number | string;
}

class RulesetEvaluator implements Evaluator {
	readonly #skip: readonly string[];
	readonly #network: Interfaces;
	readonly #tables: TableLookup;
	readonly #main: CompiledRuleset;
	readonly #destinationOf: EvaluatorOptions["destinationOf"];
	readonly #keys = new ClassKeys();
	/** So many rules are asked for one packet. */
	readonly #most: number;
	#asked = 0;

	constructor(ruleset: Ruleset, interfaces: readonly KnownInterface[] | undefined, { tables, destinationOf }: EvaluatorOptions) {
		this.#skip = ruleset.options.skip;
		this.#network = interfacesOf(interfaces);
		this.#tables = tables ?? tablesOf(ruleset);
		// A match rule may send what comes behind it elsewhere.
		this.#destinationOf = changesDestinations(ruleset) ? undefined : destinationOf;
		const compiled = this.#compile(ruleset);
		this.#main = compiled.main;
		this.#most = Math.max(MIN_ASKED, MAX_WORLDS * compiled.rules);
	}

	evaluate(packet: Packet): Outcomes {
		const start = this.#startOf(packet, false);
		if (this.#skips(packet)) return [outcomeOf(start, "pass", "skip")];
		const worlds: World[] = [];
		this.#asked = 0;
		const first = this.#run(start, worlds, 0);
		const outcomes: [Outcome, ...Outcome[]] = [first];
		for (let world = worlds.pop(); world !== undefined; world = worlds.pop()) {
			outcomes.push(this.#run(world, worlds, outcomes.length));
		}
		// What the rules that were not asked say is not known.
		if (this.#asked > this.#most) outcomes.push({ ...first, verdict: first.verdict === "pass" ? "block" : "pass" });
		return outcomes;
	}

	explain(packet: Packet): readonly Encounter[] {
		const encounters: Encounter[] = [];
		if (this.#skips(packet)) return encounters;
		const world = this.#startOf(packet, true);
		for (;;) {
			const frame = world.frames.at(-1);
			if (frame === undefined || encounters.length > MAX_ENCOUNTERS) return encounters;
			const step = frame.steps[frame.next];
			if (step === undefined) {
				leave(world, frame);
				continue;
			}
			frame.next++;
			const { failed, supposed } = answersOf(step, world);
			encounters.push({ rule: step.compiled.rule, anchor: frame.ruleset.path, failed, supposed });
			if (failed.length > 0) continue;
			if (this.#apply(world, step.compiled, frame) !== undefined) return encounters;
		}
	}

	#startOf(packet: Packet, thorough: boolean): World {
		const key = this.#keys.of(packet);
		const destination = this.#destinationOf?.(packet);
		return startOf(packet, this.#main, thorough, key, destination === undefined ? undefined : key.to(destination));
	}

	/** The rulesets that packets can come to, each with its questions, and how many rules they have together. */
	#compile(ruleset: Ruleset): { main: CompiledRuleset; rules: number } {
		const compiled = new Map<string, CompiledRuleset>();
		const called = anchorCalls(ruleset);
		let rules = 0;
		const compile = (anchor: Anchor): CompiledRuleset => {
			const known = compiled.get(anchor.path);
			if (known !== undefined) return known;
			const result: CompiledRuleset = { path: anchor.path, rules: [], classes: new ByClass() };
			compiled.set(anchor.path, result);
			rules += anchor.rules.length;
			const around = { interfaces: this.#network, tables: this.#tables, path: anchor.path };
			for (const rule of anchor.rules) {
				const questions = questionsOf(rule, around);
				const children = called(rule).map(compile);
				result.rules.push({
					rule,
					fixed: questions.filter((question) => question.fixed),
					questions: questions.filter((question) => !question.fixed),
					children,
					near: nearOf(children, this.#network),
					busy: new ByClass(),
				});
			}
			return result;
		};
		return { main: compile(ruleset.main), rules };
	}

	#skips(packet: Packet): boolean {
		return this.#skip.some((name) => this.#network.matches(name, packet.interface) === true);
	}

	/** Follows one world to its end; where the packet could go two ways, the other one is put aside in `worlds`. */
	#run(world: World, worlds: World[], finished: number): Outcome {
		for (;;) {
			const frame = world.frames.at(-1);
			if (frame === undefined) return this.#decide(world);
			const step = frame.steps[frame.next];
			if (step === undefined) {
				leave(world, frame);
				continue;
			}
			const { rule } = step.compiled;
			if (++this.#asked > this.#most) {
				world.conditions.push({ rule, criterion: "anchors", holds: true });
				return this.#decide(world);
			}
			const open = firstOpen(step, world);
			if (open === undefined) {
				frame.next++;
			} else if (open === "limited") {
				world.matched.push(rule);
				world.decided = decidedBy(rule, frame);
				return outcomeOf(world, "block", "limit");
			} else if (open === "match") {
				frame.next++;
				const outcome = this.#apply(world, step.compiled, frame);
				if (outcome !== undefined) return outcome;
			} else {
				// The rule is asked again in both worlds, with what is supposed there.
				if (worlds.length + finished + 1 < MAX_WORLDS) {
					const other = copyOf(world);
					suppose(other, rule, open, !open.usual);
					worlds.push(other);
				}
				suppose(world, rule, open, open.usual);
			}
		}
	}

	/** Whether a rule's translation of the packet could be made. */
	#translated(world: World, rule: Rule, path: string): boolean {
		const result = translate(world.candidate, rule, { interfaces: this.#network, tables: this.#tables, path });
		if (result === "unknown") world.conditions.push({ rule, criterion: "translation", holds: true });
		return result !== "failed";
	}

	/** What a rule that matches does; an outcome where the evaluation ends with it. */
	#apply(world: World, compiledRule: CompiledRule, frame: Frame): Outcome | undefined {
		const { rule } = compiledRule;
		if (rule.tag !== "") world.candidate.tag = rule.tag;
		if (rule.anchor !== undefined) {
			const siblings = childrenFor(compiledRule, world);
			const [first] = siblings;
			if (first === undefined) return undefined;
			if (world.frames.length >= MAX_DEPTH) return outcomeOf(world, "block", "depth");
			world.frames.push(frameOf(first, world, compiledRule, siblings, 0));
			return undefined;
		}
		world.matched.push(rule);
		if (rule.action === "match") {
			if (!this.#translated(world, rule, frame.ruleset.path)) return outcomeOf(world, "block", "translation");
		} else {
			world.decided = decidedBy(rule, frame);
		}
		return rule.quick ? this.#decide(world) : undefined;
	}

	#decide(world: World): Outcome {
		if (world.decided === undefined) return outcomeOf(world, "pass", "default");
		const { rule, path } = world.decided;
		if (!this.#translated(world, rule, path)) return outcomeOf(world, "block", "translation");
		return outcomeOf(world, rule.action === "block" ? "block" : "pass", "rule");
	}
}

function decidedBy(rule: Rule, { call, ruleset: { path } }: Frame): Decided {
	return { rule, call, path };
}

function answersOf({ questions }: Step, { candidate }: World): { failed: Criterion[]; supposed: Criterion[] } {
	const failed: Criterion[] = [];
	const supposed: Criterion[] = [];
	for (const { ask, criterion, usual, negated } of questions) {
		const answer = ask(candidate);
		if (answer === "unknown") supposed.push(criterion);
		if (answer === "no" || (answer === "unknown" && usual === negated)) failed.push(criterion);
	}
	return { failed, supposed };
}

/**
 * The first question whose answer is neither known nor supposed, or that the rule matches; undefined where one is answered with no.
 * It is `limited` where it would match, and the limit of its limiter is reached.
 */
function firstOpen({ questions }: Step, { candidate, supposed }: World): Question | "match" | "limited" | undefined {
	let open: Question | undefined;
	for (const question of questions) {
		const answer = question.ask(candidate);
		const known = answer === "unknown" ? supposed?.get(supposition(question, candidate)) : undefined;
		if (answer === "no" || known === question.negated) return question.blocks ? (open ?? "limited") : undefined;
		if (answer === "unknown" && known === undefined) open ??= question;
	}
	return open ?? "match";
}

/** Supposes the answer to a question of a rule, in one world. */
function suppose(world: World, rule: Rule, question: Question, answer: boolean): void {
	world.supposed = new Map(world.supposed).set(supposition(question, world.candidate), answer);
	world.conditions.push({ rule, criterion: question.criterion, holds: answer !== question.negated });
}

function supposition({ criterion, unknown }: Question, candidate: Candidate): string {
	return `${criterion} ${unknown(candidate)}`;
}

function frameOf(
	ruleset: CompiledRuleset,
	world: Pick<World, "key" | "keyThere" | "candidate" | "thorough">,
	call: CompiledRule | undefined,
	siblings: readonly CompiledRuleset[],
	child: number,
): Frame {
	return { ruleset, steps: world.thorough ? allSteps(ruleset) : stepsFor(ruleset, world), call, siblings, child, next: 0 };
}

/** All rules, those of other classes of packets too. */
function allSteps({ rules }: CompiledRuleset): readonly Step[] {
	return rules.map((compiled) => ({ compiled, questions: [...compiled.fixed, ...compiled.questions] }));
}

function stepsFor(ruleset: CompiledRuleset, { key, keyThere, candidate }: Pick<World, "key" | "keyThere" | "candidate">): readonly Step[] {
	const ofClass = ruleset.classes.get(key, () => stepsOf(ruleset, candidate));
	if (keyThere === undefined) return ofClass;
	return ruleset.classes.get(keyThere, () => ofClass.filter(({ questions }) => mayGoThere(questions, candidate)));
}

function mayGoThere(questions: readonly Question[], candidate: Candidate): boolean {
	return questions.every(({ criterion, ask }) => criterion !== "destination" || ask(candidate) !== "no");
}

/** The rulesets that a call enters for a packet. */
function childrenFor({ children, near, busy }: CompiledRule, world: World): readonly CompiledRuleset[] {
	if (world.thorough || children.length < 2) return children;
	const { interface: name } = world.candidate.packet;
	return busy.get(world.keyThere ?? world.key, () => near(name).filter((child) => stepsFor(child, world).length > 0));
}

/** Of many rulesets those with rules for an interface: most anchors of guests are about their own taps. */
function nearOf(children: readonly CompiledRuleset[], network: Interfaces): CompiledRule["near"] {
	const known = new Map<string, readonly CompiledRuleset[]>();
	const isNear = (name: string, { interface: asked, interfaceNegated }: Rule): boolean =>
		asked === "" || network.matches(asked, name) !== interfaceNegated;
	return (name) => madeOnce(known, name, () => children.filter(({ rules }) => rules.some(({ rule }) => isNear(name, rule))));
}

function stepsOf({ rules }: CompiledRuleset, candidate: Candidate): readonly Step[] {
	const steps: Step[] = [];
	for (const compiled of rules) {
		const open: Question[] = [];
		let possible = true;
		for (const question of compiled.fixed) {
			const answer = question.ask(candidate);
			if (answer === "no") {
				possible = false;
				break;
			}
			if (answer === "unknown") open.push(question);
		}
		if (possible) steps.push({ compiled, questions: open.length === 0 ? compiled.questions : [...open, ...compiled.questions] });
	}
	return steps;
}

/** Goes back to the caller of a ruleset that has ended, or on to the next one of a wildcard; no frame is left where all is over. */
function leave(world: World, { call, siblings, child }: Frame): void {
	world.frames.pop();
	if (call === undefined) return;
	// A quick anchor ends the evaluation where the deciding rule is its own; one of an anchor inside of it does not count.
	if (call.rule.quick && world.decided?.call?.rule === call.rule) {
		world.frames = [];
		return;
	}
	const next = siblings[child + 1];
	if (next !== undefined) world.frames.push(frameOf(next, world, call, siblings, child + 1));
}

function changesDestinations({ main, anchors }: Ruleset): boolean {
	return [main, ...anchors.values()].some(({ rules }) => rules.some(({ action, rdr }) => action === "match" && rdr !== undefined));
}

const NO_SIBLINGS: readonly CompiledRuleset[] = [];

function startOf(packet: Packet, main: CompiledRuleset, thorough: boolean, key: ClassKey, keyThere: ClassKey | undefined): World {
	const candidate: Candidate = {
		packet,
		icmp: icmpRole(packet),
		source: packet.source,
		destination: packet.destination,
		sourcePort: packet.sourcePort,
		destinationPort: packet.destinationPort,
		family: packet.family,
		tag: packet.tag,
	};
	return {
		candidate,
		key,
		keyThere,
		frames: [frameOf(main, { key, keyThere, candidate, thorough }, undefined, NO_SIBLINGS, 0)],
		matched: [],
		decided: undefined,
		conditions: [],
		supposed: undefined,
		thorough,
	};
}

function copyOf(world: World): World {
	return {
		...world,
		candidate: { ...world.candidate },
		frames: world.frames.map((frame) => ({ ...frame })),
		matched: [...world.matched],
		conditions: [...world.conditions],
	};
}

function outcomeOf({ candidate, decided, matched, conditions }: World, verdict: Outcome["verdict"], reason: Outcome["reason"]): Outcome {
	const { packet, source, destination, sourcePort, destinationPort, family, tag } = candidate;
	return {
		verdict,
		reason,
		rule: decided?.rule,
		matched,
		packet: {
			direction: packet.direction,
			interface: packet.interface,
			family,
			protocol: packet.protocol,
			source,
			destination,
			sourcePort: Math.max(sourcePort, 0),
			destinationPort,
			tcpFlags: packet.tcpFlags,
			icmpType: packet.icmpType,
			icmpCode: packet.icmpCode,
			tag,
			receivedOn: packet.receivedOn,
		},
		sourcePortPicked: sourcePort === PICKED,
		conditions,
	};
}

/** Source, source port (`*` where the kernel picks it), destination and destination port. */
export function formatEnds({ packet, sourcePortPicked }: Outcome): string {
	const { source, destination, sourcePort, destinationPort, family } = packet;
	return `${formatIp(source, family)} ${sourcePortPicked ? "*" : sourcePort} ${formatIp(destination, family)} ${destinationPort}`;
}

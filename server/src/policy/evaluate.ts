/** Which rule decides on a packet: pf's evaluation of a ruleset with its anchors (sys/net/pf.c, pf_test_rule). */
import { formatIp } from "../pf/address.ts";
import type { Anchor, Rule, Ruleset } from "../pf/rules.ts";
import type { HostInterface } from "../text/language.ts";
import { type Candidate, type Criterion, type Question, questionsOf } from "./criteria.ts";
import { interfacesOf, tablesOf } from "./network.ts";
import { icmpRole, type Packet } from "./packet.ts";
import { PICKED, translate } from "./translate.ts";

/** Something that the answer depends on and that is not known here. */
export interface Condition {
	readonly rule: Rule;
	readonly criterion: Criterion | "translation";
	/** Whether this outcome supposes that the rule matches by it. */
	readonly holds: boolean;
}

export interface Outcome {
	readonly verdict: "pass" | "block";
	/** `skip`: pf does nothing on the interface; `default`: no rule matched; `translation`: it could not be made, and the packet is dropped. */
	readonly reason: "rule" | "default" | "skip" | "translation" | "depth";
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

export interface Evaluator {
	/** One outcome where all is known; otherwise one for each way that it can go, at most `MAX_WORLDS`. */
	evaluate(packet: Packet): readonly Outcome[];
}

/** With more open questions than this the rest of the worlds is not followed; the answer then says "unknown" all the same. */
export const MAX_WORLDS = 64;

/** pf follows anchors no deeper than this (PF_ANCHOR_STACK_MAX). */
const MAX_DEPTH = 64;

interface CompiledRule {
	readonly rule: Rule;
	readonly questions: readonly Question[];
	/** The rulesets that an anchor call evaluates, in order. */
	readonly children: readonly CompiledRuleset[];
}

interface CompiledRuleset {
	readonly path: string;
	readonly rules: CompiledRule[];
}

/** Where the evaluation stands in one ruleset; `call` is the anchor rule that led there. */
interface Frame {
	readonly ruleset: CompiledRuleset;
	readonly call: CompiledRule | undefined;
	/** Which of the call's rulesets this is. */
	readonly child: number;
	next: number;
}

/** One way in which the evaluation can go on. */
interface World {
	readonly candidate: Candidate;
	frames: Frame[];
	matched: Rule[];
	rule: Rule | undefined;
	/** The call of the ruleset that the deciding rule is in. */
	ruleCall: CompiledRule | undefined;
	readonly conditions: Condition[];
	/** Questions of the rule at hand that are settled already by supposition. */
	supposed: { readonly compiled: CompiledRule; readonly from: number } | undefined;
}

/**
 * Prepares a ruleset for the evaluation of packets.
 *
 * @param interfaces the host's interfaces; what depends on them is undecided where they are not known
 */
export function createEvaluator(ruleset: Ruleset, interfaces: readonly HostInterface[] | undefined): Evaluator {
	const network = interfacesOf(interfaces);
	const tables = tablesOf(ruleset);
	const compiled = new Map<string, CompiledRuleset>();
	const paths = [...ruleset.anchors.keys()];
	const compile = (anchor: Anchor): CompiledRuleset => {
		const known = compiled.get(anchor.path);
		if (known !== undefined) return known;
		const result: CompiledRuleset = { path: anchor.path, rules: [] };
		compiled.set(anchor.path, result);
		const around = { interfaces: network, tables, path: anchor.path };
		for (const rule of anchor.rules) result.rules.push({ rule, questions: questionsOf(rule, around), children: called(rule).map(compile) });
		return result;
	};
	/** A wildcard calls every anchor directly below, in the order of strcmp(3). */
	const called = ({ anchor }: Rule): readonly Anchor[] => {
		if (anchor === undefined) return [];
		const prefix = anchor.path === "" ? "" : `${anchor.path}/`;
		const wanted = anchor.wildcard
			? paths.filter((path) => path.startsWith(prefix) && path.length > prefix.length && !path.includes("/", prefix.length)).sort()
			: [anchor.path];
		return wanted.map((path) => ruleset.anchors.get(path) ?? (path === "" ? ruleset.main : { path, rules: [], tables: [] }));
	};
	const main = compile(ruleset.main);
	const skipped = (packet: Packet): boolean => ruleset.options.skip.some((name) => network.matches(name, packet.interface) === true);

	const evaluateWorlds = (packet: Packet): readonly Outcome[] => {
		const worlds: World[] = [startOf(packet, main)];
		const outcomes: Outcome[] = [];
		for (let world = worlds.pop(); world !== undefined; world = worlds.pop()) {
			outcomes.push(run(world, worlds, outcomes.length));
		}
		return outcomes;
	};

	const run = (world: World, worlds: World[], finished: number): Outcome => {
		for (;;) {
			const frame = world.frames.at(-1);
			if (frame === undefined) return decide(world);
			const compiledRule = frame.ruleset.rules[frame.next];
			if (compiledRule === undefined) {
				if (leave(world)) return decide(world);
				continue;
			}
			frame.next++;
			const from = world.supposed?.compiled === compiledRule ? world.supposed.from : 0;
			world.supposed = undefined;
			const open = firstOpen(compiledRule, world.candidate, from);
			if (open === NO_MATCH) continue;
			if (open !== MATCH) {
				const question = compiledRule.questions[open];
				if (question === undefined) continue;
				const { criterion } = question;
				if (worlds.length + finished < MAX_WORLDS) {
					const other = copyOf(world);
					other.conditions.push({ rule: compiledRule.rule, criterion, holds: true });
					const again = other.frames.at(-1);
					if (again !== undefined) again.next--;
					other.supposed = { compiled: compiledRule, from: open + 1 };
					worlds.push(other);
				}
				world.conditions.push({ rule: compiledRule.rule, criterion, holds: false });
				continue;
			}
			const outcome = apply(world, compiledRule, frame);
			if (outcome !== undefined) return outcome;
		}
	};

	const translated = (world: World, rule: Rule, path: string): boolean => {
		if (rule.nat === undefined && rule.rdr === undefined) return true;
		const result = translate(world.candidate, rule, { interfaces: network, tables, path });
		if (result === "unknown") world.conditions.push({ rule, criterion: "translation", holds: true });
		return result !== "failed";
	};

	/** What a rule that matches does; an outcome where the evaluation ends with it. */
	const apply = (world: World, { rule, children, questions }: CompiledRule, frame: Frame): Outcome | undefined => {
		if (rule.tag !== "") world.candidate.tag = rule.tag;
		if (rule.anchor !== undefined) {
			const [first] = children;
			if (first === undefined) return undefined;
			if (world.frames.length >= MAX_DEPTH) return outcomeOf(world, "block", "depth");
			world.frames.push({ ruleset: first, call: { rule, children, questions }, child: 0, next: 0 });
			return undefined;
		}
		world.matched.push(rule);
		if (rule.action === "match") {
			if (!translated(world, rule, frame.ruleset.path)) return outcomeOf(world, "block", "translation");
		} else {
			world.rule = rule;
			world.ruleCall = frame.call;
		}
		return rule.quick ? decide(world) : undefined;
	};

	const decide = (world: World): Outcome => {
		const { rule } = world;
		if (rule === undefined) return outcomeOf(world, "pass", "default");
		if (!translated(world, rule, world.ruleCall?.rule.anchor?.path ?? "")) return outcomeOf(world, "block", "translation");
		return outcomeOf(world, rule.action === "block" ? "block" : "pass", "rule");
	};

	return {
		evaluate(packet) {
			if (skipped(packet)) return [outcomeOf(startOf(packet, main), "pass", "skip")];
			return evaluateWorlds(packet);
		},
	};
}

const MATCH = -1;
const NO_MATCH = -2;

/** The index of the first question whose answer is not known, where no later one is answered with no. */
function firstOpen({ questions }: CompiledRule, candidate: Candidate, from: number): number {
	let open = MATCH;
	for (let index = from; index < questions.length; index++) {
		const answer = (questions[index] as Question).ask(candidate);
		if (answer === "no") return NO_MATCH;
		if (answer === "unknown" && open === MATCH) open = index;
	}
	return open;
}

/** Goes back to the caller of the ruleset that has ended, or on to the next one of a wildcard; true where all is over. */
function leave(world: World): boolean {
	const ended = world.frames.pop();
	const call = ended?.call;
	if (ended === undefined || call === undefined) return true;
	// A quick anchor ends the evaluation where the deciding rule is its own; one of an anchor inside of it does not count.
	if (call.rule.quick && world.ruleCall?.rule === call.rule) return true;
	const next = call.children[ended.child + 1];
	if (next !== undefined) world.frames.push({ ruleset: next, call, child: ended.child + 1, next: 0 });
	return false;
}

function startOf(packet: Packet, main: CompiledRuleset): World {
	return {
		candidate: {
			packet,
			icmp: icmpRole(packet),
			source: packet.source,
			destination: packet.destination,
			sourcePort: packet.sourcePort,
			destinationPort: packet.destinationPort,
			family: packet.family,
			tag: packet.tag,
		},
		frames: [{ ruleset: main, call: undefined, child: 0, next: 0 }],
		matched: [],
		rule: undefined,
		ruleCall: undefined,
		conditions: [],
		supposed: undefined,
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

function outcomeOf({ candidate, rule, matched, conditions }: World, verdict: Outcome["verdict"], reason: Outcome["reason"]): Outcome {
	const { packet, source, destination, sourcePort, destinationPort, family, tag } = candidate;
	return {
		verdict,
		reason,
		rule,
		matched,
		packet: { ...packet, source, destination, sourcePort: Math.max(sourcePort, 0), destinationPort, family, tag },
		sourcePortPicked: sourcePort === PICKED,
		conditions,
	};
}

/** Source, source port (`*` where the kernel picks it), destination and destination port. */
export function formatEnds({ packet, sourcePortPicked }: Outcome): string {
	const { source, destination, sourcePort, destinationPort, family } = packet;
	return `${formatIp(source, family)} ${sourcePortPicked ? "*" : sourcePort} ${formatIp(destination, family)} ${destinationPort}`;
}

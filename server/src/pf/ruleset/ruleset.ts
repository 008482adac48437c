/** From what the parser has read to the ruleset as pfctl loads it: queues in order, anchors with their paths, rule numbers. */

import type { Span } from "../../text/span.ts";
import { changed } from "../expand/expanded-rule.ts";
import { type AnchorNode, Environment } from "../grammar/environment.ts";
import { MAX_LOADS } from "../grammar/limits.ts";
import { type LoadAnchor, OpenOutput, type Output, type PfctlComplaint } from "../grammar/output.ts";
import type { System } from "../names/system.ts";
import type { Anchor, AnchorCall, Rule, Ruleset } from "../rules.ts";
import { type Saying, saying, worded } from "../words/messages.ts";
import { type QueueTree, queueTree } from "./queues.ts";
import { RulesReader } from "./rules-reader.ts";

/** An anchor call as the parser makes it, before its path is known. */
type OpenCall = { name: string; path: string; wildcard: boolean; block: AnchorNode | undefined; relative: string };

export interface RulesetInput {
	/** The name that messages have. */
	readonly fileName: string;
	readonly text: string;
	readonly system: System;
	/** The anchor that the file is loaded into; empty for the main ruleset. */
	readonly anchor?: string;
	/** `-D` of the command line. */
	readonly macros?: ReadonlyMap<string, string>;
}

/** A file of rules with everything that pfctl loads along with it. */
export interface Reading {
	readonly ruleset: Ruleset;
	/** Everything that pfctl prints on standard error, in order. */
	readonly complaints: readonly PfctlComplaint[];
	readonly accepted: boolean;
	/** The files that `load anchor` names, in order, as far as they were read. */
	readonly loaded: readonly Ruleset[];
}

/** Runs pfctl's whole course over a file: parse, queues, rules, and the anchors loaded from files. */
export function readRuleset({ fileName, text, system, anchor = "", macros }: RulesetInput): Reading {
	const environment = new Environment(macros);
	const reader = new RulesReader({ fileName, text, system, environment, anchor });
	reader.run();
	const { output } = reader;
	const complaints = [...output.complaints];
	let accepted = reader.errors === 0 && !reader.fatal;
	const tree = queueTree(output.queues, assignedQueues(output.rules));
	if (accepted && anchor === "") {
		for (const note of tree.notes) output.definitions.push({ kind: "note", text: worded(note) });
		if (tree.trouble !== undefined) complaints.push(queueComplaint(tree.trouble, { start: 0, end: 0 }));
		accepted = tree.trouble === undefined && tree.notes.length === 0;
	}
	const anchors = new Map<string, Anchor>();
	finishAnchor(output.main, output.main.path, anchors);
	output.main.path = "";
	const ruleset = rulesetOf(output, tree, environment, anchors);
	const loaded: Ruleset[] = [];
	if (accepted) accepted = loadAnchors(output.loads, { system, environment, anchors, complaints, loaded, room: reader.room });
	// The anchors of the files that are loaded are the ruleset's own.
	const cutOff = loaded.some((one) => one.cutOff === true);
	return { ruleset: cutOff ? { ...ruleset, cutOff } : ruleset, complaints, accepted, loaded };
}

/**
 * The ruleset that statements of a file make: `outputs` in their order, `state` behind the last of the file.
 * @param number the number of the first rule
 */
export function assemble(outputs: readonly Output[], environment: Environment, number = 0): Ruleset {
	const whole = new OpenOutput("");
	const { main } = whole;
	for (const output of outputs) {
		for (const rule of output.rules) main.rules.push(rule);
		for (const table of output.tables) main.tables.push(table);
		for (const definition of output.definitions) whole.definitions.push(definition);
		for (const skip of output.skip) whole.skip.push(skip);
		for (const queue of output.queues) whole.queues.push(queue);
		for (const left of output.leftOut) whole.leftOut.push(left);
		whole.full ||= output.full;
	}
	const anchors = new Map<string, Anchor>();
	finishAnchor(main, "", anchors, number);
	return rulesetOf(whole, queueTree(whole.queues, assignedQueues(main.rules)), environment, anchors);
}

function rulesetOf(
	{ definitions, skip, main, leftOut, full }: OpenOutput,
	{ ordered, cutOff }: QueueTree,
	environment: Environment,
	anchors: Map<string, Anchor>,
): Ruleset {
	return {
		definitions,
		options: {
			skip: skip.map(({ name }) => name),
			blockPolicy: environment.get("block-policy") ?? "drop",
			statePolicy: environment.get("state-policy") ?? "floating",
			reassemble: environment.get("reassemble") ?? true,
		},
		queues: ordered,
		main,
		anchors,
		...((cutOff || full || leftOut.length > 0) && { cutOff: true }),
	};
}

/** What pfctl says of queues that make no tree; it names no line. */
export function queueComplaint(message: Saying, span: Span): PfctlComplaint {
	return { line: undefined, file: "", message, warning: false, span, macro: undefined };
}

/** Gives every anchor call its whole path, numbers the rules of each list, and lists the anchors by path. */
function finishAnchor(node: AnchorNode, path: string, anchors: Map<string, Anchor>, number = 0): void {
	const done = new Set<AnchorCall>();
	for (const [index, rule] of node.rules.entries()) {
		if (rule.label.includes("$nr") || rule.tag.includes("$nr") || rule.tagged.includes("$nr"))
			node.rules[index] = numbered(rule, number + index);
		const call = rule.anchor as (AnchorCall & OpenCall) | undefined;
		// The rules that one statement expands to share their call.
		if (call === undefined || done.has(call)) continue;
		done.add(call);
		if (call.block !== undefined) {
			call.path = path === "" ? call.block.name : `${path}/${call.block.name}`;
			call.block.path = call.path;
			anchors.set(call.path, call.block);
			finishAnchor(call.block, call.path, anchors);
		} else {
			const whole = resolvedPath(path, call.relative);
			call.wildcard = whole === "*" || whole.endsWith("/*");
			call.path = call.wildcard ? whole.replace(/\/?\*$/, "") : whole;
		}
	}
}

function numbered(rule: Rule, index: number): Rule {
	const fill = (text: string): string => text.replaceAll("$nr", String(index));
	return changed(rule, { label: fill(rule.label), tag: fill(rule.tag), tagged: fill(rule.tagged) });
}

/** pf_anchor_setup(): `/` starts at the main ruleset, `../` goes up. */
function resolvedPath(base: string, name: string): string {
	if (name.startsWith("/")) return name.replace(/^\/+/, "");
	const parts = base === "" ? [] : base.split("/");
	let rest = name;
	while (rest.startsWith("../")) {
		parts.pop();
		rest = rest.slice(3);
	}
	return [...parts, rest].join("/");
}

interface Course {
	readonly system: System;
	readonly environment: Environment;
	readonly anchors: Map<string, Anchor>;
	readonly complaints: PfctlComplaint[];
	readonly loaded: Ruleset[];
	/** How many rules may still be made. */
	room: number;
}

/** pfctl_load_anchors(): each file is parsed with macros of its own, and those that it names come behind all that are named before. */
function loadAnchors(loads: readonly LoadAnchor[], course: Course): boolean {
	const { system, environment, anchors, complaints, loaded } = course;
	const open = loads.map((load) => ({ load, above: [] as readonly string[] }));
	for (const { load, above } of open) {
		const note = (message: Saying, line?: number, warning = false): void => {
			const span = { start: load.nameSpan.start, end: load.fileSpan.end };
			complaints.push({ line, file: load.file, message, warning, span, macro: undefined });
		};
		note(saying("Loading anchor {0} from {1}", load.name, load.file), undefined, true);
		const file = system.file(load.file);
		if (file === "unknown" || open.length > MAX_LOADS) continue;
		if (file === "missing") {
			note(saying("pfctl: pushfile: {0}: No such file or directory", load.file));
			note(saying("pfctl: cannot open the main config file!: No such file or directory"));
			note(saying("pfctl: load anchors"));
			return false;
		}
		environment.enterFile();
		const reader = new RulesReader({ fileName: load.file, text: file.text, system, environment, anchor: load.name });
		reader.room = course.room;
		reader.run();
		course.room = reader.room;
		const { output } = reader;
		for (const complaint of output.complaints) note(complaint.message, complaint.line);
		const chain = [...above, load.file];
		// pfctl goes on until the name is too long; a file that loads itself must end sooner here.
		const endless = output.loads.find((inner) => chain.includes(inner.file));
		if (endless !== undefined)
			note(saying("anchor name is longer than 1023"), file.text.slice(0, endless.nameSpan.start).split("\n").length);
		if (reader.errors > 0 || reader.fatal || endless !== undefined) {
			note(saying("pfctl: load anchors"));
			return false;
		}
		const path = load.name.replace(/^\/+/, "");
		finishAnchor(output.main, path, anchors);
		output.main.path = path;
		anchors.set(path, output.main);
		loaded.push(rulesetOf(output, queueTree([], []), environment, anchors));
		for (const inner of output.loads.slice(0, MAX_LOADS)) open.push({ load: inner, above: chain });
	}
	return true;
}

/** The queues that each rule of a list assigns to, those of the blocks that it calls among them. */
function* assignedQueues(rules: readonly Rule[]): Generator<readonly (string | undefined)[]> {
	for (const { set, anchor } of rules) {
		if (set?.queue !== undefined) yield set.queue;
		if (anchor?.block !== undefined) yield* assignedQueues(anchor.block.rules);
	}
}

/** The anchors that a file of rules makes where it is loaded into the anchor `path`: itself and those in it, by whole path. */
export function anchorsBelow(ruleset: Ruleset, path: string): ReadonlyMap<string, Anchor> {
	const below = (inner: string): string => (inner === "" ? path : `${path}/${inner}`);
	const moved = (anchor: Anchor, at: string): Anchor => ({
		...anchor,
		path: at,
		rules: anchor.rules.map((rule) =>
			rule.anchor === undefined ? rule : changed(rule, { anchor: { ...rule.anchor, path: below(rule.anchor.path) } }),
		),
	});
	const anchors = new Map([[path, moved(ruleset.main, path)]]);
	for (const [inner, anchor] of ruleset.anchors) anchors.set(below(inner), moved(anchor, below(inner)));
	return anchors;
}

/** From what the parser has read to the ruleset as pfctl loads it: queues in order, anchors with their paths, rule numbers. */
import { type AnchorNode, type Complaint, type LoadAnchor, Parser, type ParserInput, type Session } from "./parser.ts";
import { queueTree } from "./queues.ts";
import type { Anchor, AnchorCall, Rule, Ruleset } from "./rules.ts";

/** An anchor call as the parser makes it, before its path is known. */
type OpenCall = { name: string; path: string; wildcard: boolean; block: AnchorNode | undefined; relative: string };

export function newSession(commandLine: ReadonlyMap<string, string> = new Map()): Session {
	return {
		queues: [],
		rootInterfaces: new Set(),
		childQueues: new Set(),
		ifBound: false,
		stateDefaults: undefined,
		tables: 0,
		commandLine,
	};
}

/** A file of rules with everything that pfctl loads along with it. */
export interface Reading {
	readonly parser: Parser;
	readonly ruleset: Ruleset;
	/** Everything that pfctl prints on standard error, in order. */
	readonly complaints: readonly Complaint[];
	readonly accepted: boolean;
	/** The files that `load anchor` names, in order, as far as they were read. */
	readonly loaded: readonly Ruleset[];
}

/** Runs pfctl's whole course over a file: parse, queues, rules, and with `load` the anchors loaded from files. */
export function readRuleset(input: ParserInput, load = true): Reading {
	const parser = new Parser(input);
	parser.run();
	const complaints = [...parser.complaints];
	const anchors = new Map<string, Anchor>();
	const { session } = input;
	let accepted = parser.errors === 0 && !parser.fatal;
	const tree = queueTree(session.queues, withBlocks(parser.main.rules));
	if (accepted && input.anchor === "") {
		for (const note of tree.notes) parser.definitions.push({ kind: "note", text: note });
		if (tree.trouble !== undefined) complaints.push(lastComplaint(parser, tree.trouble));
		accepted = tree.trouble === undefined && tree.notes.length === 0;
	}
	finishAnchor(parser.main, parser.main.path, anchors);
	const loaded: Ruleset[] = [];
	if (accepted && load) accepted = loadAnchors(parser.loads, input, anchors, complaints, loaded);
	return {
		parser,
		complaints,
		accepted,
		loaded,
		ruleset: {
			definitions: parser.definitions,
			options: optionsOf(parser, session),
			queues: tree.ordered,
			main: anchorOf(parser.main, ""),
			anchors,
		},
	};
}

function optionsOf(parser: Parser, session: Session): Ruleset["options"] {
	return {
		skip: parser.skip.map(({ name }) => name),
		blockPolicy: parser.blockPolicy,
		statePolicy: session.ifBound ? "if-bound" : "floating",
		reassemble: parser.reassemble,
	};
}

function lastComplaint(parser: Parser, text: string): Complaint {
	const last = parser.statements.at(-1) ?? { start: 0, end: 0 };
	return {
		line: undefined,
		file: "",
		text,
		code: "pf/queue",
		warning: false,
		start: last.start,
		end: last.end,
		macro: undefined,
		statement: parser.statements.length - 1,
	};
}

function anchorOf(node: AnchorNode, path: string): Anchor {
	node.path = path;
	return node;
}

/** Gives every anchor call its whole path, numbers the rules of each list, and lists the anchors by path. */
function finishAnchor(node: AnchorNode, path: string, anchors: Map<string, Anchor>): void {
	for (const [index, rule] of node.rules.entries()) {
		if (rule.label.includes("$nr") || rule.tag.includes("$nr") || rule.tagged.includes("$nr")) node.rules[index] = numbered(rule, index);
		const call = rule.anchor as (AnchorCall & OpenCall) | undefined;
		if (call === undefined || call.path !== "") continue;
		if (call.block !== undefined) {
			call.path = path === "" ? call.block.name : `${path}/${call.block.name}`;
			anchors.set(call.path, anchorOf(call.block, call.path));
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
	return { ...rule, label: fill(rule.label), tag: fill(rule.tag), tagged: fill(rule.tagged) };
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

/** pfctl_load_anchors(): each file is parsed with macros of its own. */
function loadAnchors(
	loads: readonly LoadAnchor[],
	input: ParserInput,
	anchors: Map<string, Anchor>,
	complaints: Complaint[],
	loaded: Ruleset[],
): boolean {
	for (const load of loads) {
		const note = (text: string, line?: number): void => {
			complaints.push({
				line,
				file: load.file,
				text,
				code: "pf/file",
				warning: line === undefined && text.startsWith("Loading"),
				start: load.nameSpan.start,
				end: load.fileSpan.end,
				macro: undefined,
				statement: load.statement,
			});
		};
		note(`Loading anchor ${load.name} from ${load.file}`);
		const file = input.machine.file(load.file);
		if (file === "unknown") continue;
		if (file === "missing") {
			note(`pfctl: pushfile: ${load.file}: No such file or directory`);
			note("pfctl: cannot open the main config file!: No such file or directory");
			note("pfctl: load anchors");
			return false;
		}
		const parser = new Parser({ fileName: load.file, text: file.text, machine: input.machine, session: input.session, anchor: load.name });
		parser.run();
		for (const complaint of parser.complaints) note(complaint.text, complaint.line);
		if (parser.errors > 0 || parser.fatal) {
			note("pfctl: load anchors");
			return false;
		}
		const path = load.name.replace(/^\/+/, "");
		finishAnchor(parser.main, path, anchors);
		const main = anchorOf(parser.main, path);
		anchors.set(path, main);
		loaded.push({ definitions: parser.definitions, options: optionsOf(parser, input.session), queues: [], main, anchors });
	}
	return true;
}

/** The rules of a list with those of the blocks that it calls. */
function* withBlocks(rules: readonly Rule[]): Generator<Rule> {
	for (const rule of rules) {
		yield rule;
		if (rule.anchor?.block !== undefined) yield* withBlocks(rule.anchor.block.rules);
	}
}

/** The anchors that a file of rules makes where it is loaded into the anchor `path`: itself and those in it, by whole path. */
export function anchorsBelow(ruleset: Ruleset, path: string): ReadonlyMap<string, Anchor> {
	const below = (inner: string): string => (inner === "" ? path : `${path}/${inner}`);
	const moved = (anchor: Anchor, at: string): Anchor => ({
		...anchor,
		path: at,
		rules: anchor.rules.map((rule) =>
			rule.anchor === undefined ? rule : { ...rule, anchor: { ...rule.anchor, path: below(rule.anchor.path) } },
		),
	});
	const anchors = new Map([[path, moved(ruleset.main, path)]]);
	for (const [inner, anchor] of ruleset.anchors) anchors.set(below(inner), moved(anchor, below(inner)));
	return anchors;
}

/** The queues as trees: which hang below which, and what makes no tree (pfctl_find_childqs() and its callers in pfctl.c). */
import { MAX_RULES } from "../grammar/limits.ts";
import type { Queue } from "../rules.ts";
import { type Saying, saying } from "../words/messages.ts";

export interface QueueTree {
	/** In the order in which pfctl loads them: each root queue, then those below it. */
	readonly ordered: readonly Queue[];
	/** Why pfctl gives up. */
	readonly trouble: Saying | undefined;
	/** What it prints before it gives up. */
	readonly notes: readonly Saying[];
	/** Queues hang below so many others of their parent's name that they are not followed; nothing is said of them. */
	readonly cutOff: boolean;
}

interface Node {
	queue: Queue;
	readonly children: Node[];
}

/** More copies than this are a loop. */
const MAX_MATCHES = 10000;

/** What it counts to look at a queue of another interface, where a copy counts one. */
const PASSING_BY = 0.02;

/** Queues by the name of their parent, in their order. */
type Below = ReadonlyMap<string, readonly Queue[]>;

/** Thrown where queues are not followed further. */
const TOO_MANY = Symbol("too many queues");

class Trouble {
	readonly said: Saying;
	constructor(said: Saying) {
		this.said = said;
	}
}

/** Builds the trees and checks them. @param assigned the queues that each rule assigns to */
export function queueTree(queues: readonly Queue[], assigned: Iterable<readonly (string | undefined)[]>): QueueTree {
	const roots: Node[] = queues.filter((queue) => queue.parent === "").map((queue) => ({ queue, children: [] }));
	const below = new Map<string, Queue[]>();
	for (const queue of queues) {
		if (queue.parent === "") continue;
		const known = below.get(queue.parent);
		if (known === undefined) below.set(queue.parent, [queue]);
		else known.push(queue);
	}
	const matches = new Map<Queue, number>();
	const notes: Saying[] = [];
	let trouble: Saying | undefined;
	let cutOff = false;
	try {
		const left = { copies: MAX_RULES };
		for (const root of roots) checkRoot(root, below, matches, left);
		const full = new Set(roots.filter((root) => root.children.length > 0).map((root) => root.queue.name));
		for (const names of assigned) {
			const name = names.find((one) => one !== undefined && full.has(one));
			if (name !== undefined) notes.push(saying("queue {0}: packets must be assigned to leaf queues only", name));
		}
		if (notes.length === 0) for (const queue of queues) if (queue.parent !== "") checkChild(queue, matches);
	} catch (problem) {
		if (problem instanceof Trouble) trouble = problem.said;
		else if (problem === TOO_MANY) cutOff = true;
		else throw problem;
	}
	const ordered: Queue[] = [];
	const place = ({ queue, children }: Node): void => {
		ordered.push(queue);
		for (const child of children) place(child);
	};
	for (const root of roots) place(root);
	return { ordered, trouble, notes, cutOff };
}

/** parse.y makes a root queue a class wherever its bandwidth is written, be it 0; without one it has flows. */
const isClass = ({ parent, flow, bandwidth: { rate } }: Queue): boolean =>
	parent === "" && (flow === undefined || rate.absolute > 0 || rate.percent > 0);

interface Left {
	copies: number;
}

function checkRoot(root: Node, below: Below, matches: Map<Queue, number>, left: Left): void {
	const hasDefault = findChildren(root, below, matches, left, 0);
	if (isClass(root.queue) && !hasDefault) throw new Trouble(saying("pfctl: no default queue specified"));
}

/** Hangs the children below a queue; true where it or one of them is the default. */
function findChildren(node: Node, below: Below, matches: Map<Queue, number>, left: Left, depth: number): boolean {
	const { queue, children } = node;
	let hasDefault = queue.default;
	const named = new Map<string, Node>();
	for (const child of below.get(queue.name) ?? []) {
		const passedBy = child.interface !== "" && child.interface !== queue.interface;
		left.copies -= passedBy ? PASSING_BY : 1;
		if (left.copies < 0) throw TOO_MANY;
		if (passedBy) continue;
		const count = (matches.get(child) ?? 0) + 1;
		matches.set(child, count);
		if (count > MAX_MATCHES || depth > 1000) throw new Trouble(saying("pfctl: pfctl_find_childqs: excessive matches, loop?"));
		const known = named.get(child.name);
		if (known === undefined) {
			const fresh = { queue: child, children: [] };
			named.set(child.name, fresh);
			children.push(fresh);
		} else if (known.queue.interface !== "" && child.interface !== "")
			throw new Trouble(saying("pfctl: queue {0} on {1} respecified", known.queue.name, known.queue.interface));
		else if (known.queue.interface === "" && child.interface === "")
			throw new Trouble(saying("pfctl: queue {0} respecified", known.queue.name));
		else if (known.queue.interface === "") known.queue = child;
	}
	for (const child of children) hasDefault = findChildren(child, below, matches, left, depth + 1) || hasDefault;
	if (children.length > 0) {
		if (queue.default) throw new Trouble(saying("pfctl: default queue {0} is not a leaf queue", queue.name));
		if (queue.flow !== undefined) throw new Trouble(saying("pfctl: flow queue {0} is not a leaf queue", queue.name));
	}
	return hasDefault;
}

function checkChild(queue: Queue, matches: ReadonlyMap<Queue, number>): void {
	if (!matches.has(queue)) throw new Trouble(saying("pfctl: queue {0}: parent {1} not found", queue.name, queue.parent));
	const { rate, burst } = queue.bandwidth;
	if (rate.absolute === 0 && burst.absolute === 0) throw new Trouble(saying("pfctl: queue {0}: no bandwidth was specified", queue.name));
}

/** The queues as trees: which hang below which, and what makes no tree (pfctl_find_childqs() and its callers in pfctl.c). */
import { type Saying, saying } from "./messages.ts";
import type { Queue } from "./rules.ts";

export interface QueueTree {
	/** In the order in which pfctl loads them: each root queue, then those below it. */
	readonly ordered: readonly Queue[];
	/** Why pfctl gives up. */
	readonly trouble: Saying | undefined;
	/** What it prints before it gives up. */
	readonly notes: readonly Saying[];
}

interface Node {
	queue: Queue;
	readonly children: Node[];
}

/** More copies than this are a loop. */
const MAX_MATCHES = 10000;

class Trouble {
	readonly said: Saying;
	constructor(said: Saying) {
		this.said = said;
	}
}

/** Builds the trees and checks them. @param assigned the queues that each rule assigns to */
export function queueTree(queues: readonly Queue[], assigned: Iterable<readonly (string | undefined)[]>): QueueTree {
	const roots: Node[] = queues.filter((queue) => queue.parent === "").map((queue) => ({ queue, children: [] }));
	const below = queues.filter((queue) => queue.parent !== "");
	const matches = new Map<Queue, number>();
	const notes: Saying[] = [];
	let trouble: Saying | undefined;
	try {
		for (const root of roots) checkRoot(root, below, matches);
		const full = new Set(roots.filter((root) => root.children.length > 0).map((root) => root.queue.name));
		for (const names of assigned) {
			const name = names.find((one) => one !== undefined && full.has(one));
			if (name !== undefined) notes.push(saying("queue {0}: packets must be assigned to leaf queues only", name));
		}
		if (notes.length === 0) for (const queue of below) checkChild(queue, matches);
	} catch (problem) {
		if (!(problem instanceof Trouble)) throw problem;
		trouble = problem.said;
	}
	const ordered: Queue[] = [];
	const place = ({ queue, children }: Node): void => {
		ordered.push(queue);
		for (const child of children) place(child);
	};
	for (const root of roots) place(root);
	return { ordered, trouble, notes };
}

const isClass = ({ parent, bandwidth: { rate } }: Queue): boolean => parent === "" && (rate.absolute > 0 || rate.percent > 0);

function checkRoot(root: Node, below: readonly Queue[], matches: Map<Queue, number>): void {
	const hasDefault = findChildren(root, below, matches, 0);
	const { queue, children } = root;
	if (!isClass(queue) && children.length > 0) throw new Trouble(saying("pfctl: no bandwidth was specified for root queue {0}", queue.name));
	if (isClass(queue) && !hasDefault) throw new Trouble(saying("pfctl: no default queue specified"));
}

/** Hangs the children below a queue; true where it or one of them is the default. */
function findChildren(node: Node, below: readonly Queue[], matches: Map<Queue, number>, depth: number): boolean {
	const { queue, children } = node;
	let hasDefault = queue.default;
	for (const child of below) {
		if (child.parent !== queue.name || (child.interface !== "" && child.interface !== queue.interface)) continue;
		const count = (matches.get(child) ?? 0) + 1;
		matches.set(child, count);
		if (count > MAX_MATCHES || depth > 1000) throw new Trouble(saying("pfctl: pfctl_find_childqs: excessive matches, loop?"));
		const known = children.find((one) => one.queue.name === child.name);
		if (known === undefined) children.push({ queue: child, children: [] });
		else if (known.queue.interface !== "" && child.interface !== "")
			throw new Trouble(saying("pfctl: queue {0} on {1} respecified", known.queue.name, known.queue.interface));
		else if (known.queue.interface === "" && child.interface === "")
			throw new Trouble(saying("pfctl: queue {0} respecified", known.queue.name));
		else if (known.queue.interface === "") known.queue = child;
	}
	for (const child of children) hasDefault = findChildren(child, below, matches, depth + 1) || hasDefault;
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

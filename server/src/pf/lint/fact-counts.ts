/** Counts of what the nodes of a file have, kept through edits: what the checks of a whole file ask. */
import type { Fact, FactKind } from "./facts.ts";

interface Counted {
	readonly facts: readonly Fact[];
}

export class FactCounts {
	readonly #counts: ReadonlyMap<FactKind, ReadonlyMap<string, number>>;

	private constructor(counts: ReadonlyMap<FactKind, ReadonlyMap<string, number>>) {
		this.#counts = counts;
	}

	/** @param nodes what visits each of them */
	static of(nodes: { each(visit: (node: Counted) => void): void }): FactCounts {
		const counts = new Map<FactKind, Map<string, number>>();
		// Statements share the lists of their facts, and those that do stand close together.
		const lists = new Map<readonly Fact[], number>();
		nodes.each(({ facts }) => {
			lists.set(facts, (lists.get(facts) ?? 0) + 1);
		});
		for (const [facts, times] of lists) {
			for (const [kind, name] of facts) {
				const names = counts.get(kind) ?? new Map<string, number>();
				names.set(name, (names.get(name) ?? 0) + times);
				counts.set(kind, names);
			}
		}
		return new FactCounts(counts);
	}

	/** The counts after nodes were replaced. */
	edited(gone: readonly Counted[], fresh: readonly Counted[]): FactCounts {
		const counts = new Map(this.#counts);
		const own = new Map<FactKind, Map<string, number>>();
		const add = ([kind, name]: Fact, by: number): void => {
			let names = own.get(kind);
			if (names === undefined) {
				names = new Map(counts.get(kind));
				own.set(kind, names);
				counts.set(kind, names);
			}
			const count = (names.get(name) ?? 0) + by;
			if (count === 0) names.delete(name);
			else names.set(name, count);
		};
		const net = new Map<string, { readonly fact: Fact; by: number }>();
		const note = (fact: Fact, by: number): void => {
			const key = fact.join(" ");
			const known = net.get(key);
			if (known === undefined) net.set(key, { fact, by });
			else known.by += by;
		};
		for (const { facts } of gone) for (const fact of facts) note(fact, -1);
		for (const { facts } of fresh) for (const fact of facts) note(fact, 1);
		for (const { fact, by } of net.values()) if (by !== 0) add(fact, by);
		return new FactCounts(counts);
	}

	/** How many there are of a kind, of one name. */
	count(kind: FactKind, name = ""): number {
		return this.#counts.get(kind)?.get(name) ?? 0;
	}

	/** Whether there is one of a kind, with a name that the caller asks for. */
	has(kind: FactKind, named?: (name: string) => boolean): boolean {
		for (const [name] of this.names(kind)) if (named === undefined || named(name)) return true;
		return false;
	}

	/** The names of a kind with their counts. */
	names(kind: FactKind): Iterable<readonly [name: string, count: number]> {
		return this.#counts.get(kind) ?? [];
	}
}

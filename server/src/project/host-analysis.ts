/** What the files of one host make together, computed when somebody asks, and stale after a change of one of them. */
import { checksInTurn } from "../host/check.ts";
import { hostChecks } from "../host/checks.ts";
import type { HostFolder } from "../host/folder.ts";
import type { LiveHost, RuleCounters } from "../host/live.ts";
import { neverCounted } from "../host/live-counters.ts";
import { driftDiagnostics } from "../host/live-drift.ts";
import { type Host, hostBuilder, type OtherHost, type ModelFile as SourceFileOfHost } from "../host/model.ts";
import { pfFactsReader } from "../host/pf-facts.ts";
import type { Ruleset } from "../pf/rules.ts";
import { isPolicyTests, policyTestDiagnostics } from "../policy/policy-tests.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { finished } from "../text/portions.ts";
import type { Release } from "../text/vocabulary.ts";
import { DeadRules } from "./dead-rules.ts";
import type { HostDocuments } from "./host-documents.ts";
import { PacketChecks } from "./packet-checks.ts";
import { rebaseDiagnostics } from "./rebase-diagnostics.ts";
import type { RecentSearches } from "./recent-searches.ts";
import { redirectDiagnostics } from "./redirect-diagnostics.ts";
import { asRead, type SourceFile } from "./source-file.ts";

type ByFile = ReadonlyMap<string, readonly Diagnostic[]>;

/** The model of a host, and what it shows in each file. */
export interface HostModel {
	readonly host: Host;
	/** The files that it was built from. */
	readonly files: ReadonlyMap<string, SourceFile>;
	/** How many rules it has. */
	readonly rules: number;
	readonly diagnostics: ByFile;
	/** Rules that decide nothing; undefined while the search for them goes on. */
	deadRules: ByFile | undefined;
	/** What becomes of packets; undefined while the search for it goes on. */
	packets: ByFile | undefined;
	/** What is wrong with files in none of the languages, by the file that it is told in. */
	retold: ByFile | undefined;
	/** What the host makes of files of policy tests. */
	readonly tests: Map<object, readonly Diagnostic[]>;
}

/** Calls `work` again and again while nothing else is to be done, until it answers false; later work of the same key replaces it. */
export type Background = (key: string, work: () => boolean) => void;

/** What the analysis of a host needs of the project. */
export interface Aids {
	readonly background: Background;
	/** What openbsd-vnet.json says of the host, or its folder. */
	readonly folder: () => HostFolder;
	readonly release: () => Release | undefined;
	/** Hosts that share addresses with this one. */
	readonly others: () => readonly OtherHost[];
	/** Told of the open files once more is known of them. */
	readonly found: (files: readonly SourceFile[]) => void;
	/** The searches for dead rules, and those for what becomes of packets, of all hosts. */
	readonly deadRuleSearches: RecentSearches;
	readonly packetSearches: RecentSearches;
}

/** So many characters make the files of a host large: nobody is to wait for its model, neither at first nor at a keystroke. */
const LARGE = 30_000;
/** A rule that lists make counts as so many characters. */
const RULE = 30;
/** So many rules are gone through in a portion of making a model: some 20 ms. */
const PORTION = 100_000;

export class HostAnalysis {
	readonly #documents: HostDocuments;
	readonly #aids: Aids;
	readonly #build = hostBuilder();
	readonly #readRules = pfFactsReader();
	readonly #deadRules: DeadRules;
	readonly #packetChecks: PacketChecks;
	/** Undefined after a change of a file that it is built from. */
	#model: HostModel | undefined;
	/** The model while it is made in the background. */
	#modelling: Generator<number, HostModel, void> | undefined;
	/** The model that was built last, for a host of many rules while a new one is made. */
	#last: HostModel | undefined;

	constructor(documents: HostDocuments, aids: Aids) {
		this.#documents = documents;
		this.#aids = aids;
		this.#deadRules = new DeadRules(aids.deadRuleSearches);
		this.#packetChecks = new PacketChecks(aids.packetSearches);
	}

	/** A file has changed: what was computed is stale. */
	stale(): void {
		this.#model = undefined;
		this.#modelling = undefined;
	}

	/** What follows from the model is another than before, the model itself is not: a new value tells so. */
	renew(): void {
		if (this.#model !== undefined) this.#model = { ...this.#model };
	}

	/** The model of the files as they are now. */
	model(): HostModel {
		return this.#model ?? finished(this.#modelling ?? this.#makeModel());
	}

	/** The model; of a large host the one before the last change, and none at first, while the new one is made. */
	shown(): HostModel | undefined {
		if (this.#model !== undefined || !this.#isLarge()) return this.model();
		this.#aids.background(`${this.#documents.id} model`, () => {
			if (this.#model === undefined && this.#isMaking()) return true;
			this.#aids.found(this.#documents.open);
			return false;
		});
		return this.#last;
	}

	/**
	 * What only shows across the files of the host, where it stands in this one; what takes long to find follows when it is known.
	 * @param live what the running host has said
	 * @param counters what it counts for its rules
	 */
	diagnostics(file: SourceFile, live: LiveHost | undefined, counters?: RuleCounters): readonly Diagnostic[] {
		const shown = this.shown();
		if (shown === undefined && !isPolicyTests(file.parsed)) return [];
		const model = shown ?? this.model();
		if (isPolicyTests(file.parsed)) {
			const found = model.tests.get(file.parsed) ?? policyTestDiagnostics(model.host, file.parsed);
			model.tests.set(file.parsed, found);
			return found;
		}
		const before = model.files.get(file.path)?.parsed ?? file.parsed;
		model.retold ??= redirectDiagnostics(model.diagnostics, model.files);
		const across = [...(model.diagnostics.get(file.path) ?? []), ...(model.retold.get(file.path) ?? [])];
		const own = rebaseDiagnostics(across, before, file.parsed, file.path);
		const dead = rebaseDiagnostics(this.#deadRulesOf(model)?.get(file.path) ?? [], before, file.parsed, file.path);
		const packets = rebaseDiagnostics(this.#packetsOf(model)?.get(file.path) ?? [], before, file.parsed, file.path);
		const drift = live === undefined ? [] : driftDiagnostics(model.host, live, file);
		const quiet =
			live === undefined || counters === undefined
				? []
				: rebaseDiagnostics(neverCounted(model.host, counters, live.name, file.path), before, file.parsed, file.path);
		const all = [...dead, ...packets, ...drift, ...quiet];
		return all.length === 0 ? own : [...own, ...all];
	}

	/** Does what takes long to its end. */
	finish(): void {
		if (this.#deadRulesOf(this.model()) === undefined) while (this.#deadRules.advance());
		if (this.#packetsOf(this.model()) === undefined) while (this.#packetChecks.advance());
	}

	/** Makes the model, with a pause behind each step that takes long where there are many rules: it gives how many there are. */
	*#makeModel(): Generator<number, HostModel, void> {
		try {
			const { disk, files: documents } = this.#documents;
			const files = new Map<string, SourceFileOfHost>();
			for (const [path, text] of disk.texts) if (text !== undefined) files.set(path, { text: asRead(text), ...disk.stats.get(path) });
			for (const { path, parsed } of documents.values()) files.set(path, { text: parsed.text, parsed, ...disk.stats.get(path) });
			const { name, portMacLimit } = this.#aids.folder();
			const release = this.#aids.release();
			const pf = this.#readRules(files);
			const rules = pf === undefined ? 0 : rulesIn(pf.ruleset);
			yield rules;
			const notRead = new Map(disk.notRead);
			const others = this.#aids.others();
			const host = this.#build({
				name,
				files,
				...(portMacLimit === undefined ? {} : { portMacLimit }),
				...(release === undefined ? {} : { release }),
				...(pf && { pf }),
				...(disk.names.size > 0 && { names: new Map(disk.names) }),
				...(notRead.size > 0 && { notRead }),
				...(others.length > 0 && { others }),
			});
			const read = new Map(documents);
			const checks = checksInTurn(host, hostChecks);
			let checked = checks.next();
			for (; checked.done !== true; checked = checks.next()) yield rules;
			const diagnostics = checked.value;
			const model: HostModel = {
				host,
				files: read,
				rules,
				diagnostics,
				deadRules: undefined,
				packets: undefined,
				retold: undefined,
				tests: new Map(),
			};
			this.#model = model;
			this.#last = model;
			return model;
		} finally {
			this.#modelling = undefined;
		}
	}

	#isLarge(): boolean {
		const { disk, files } = this.#documents;
		let length = (this.#last?.rules ?? 0) * RULE;
		// What is not open is not read for it.
		for (const file of files.values()) length += file.version === null ? (disk.texts.get(file.path)?.length ?? 0) : file.text.length;
		if (length > LARGE) return true;
		for (const file of files.values()) if (file.version !== null) length += (file.parsed.made ?? 0) * RULE;
		return length > LARGE;
	}

	/** Does a portion of making the model; true where there is more to do. */
	#isMaking(): boolean {
		this.#modelling ??= this.#makeModel();
		for (let work = 0; work < PORTION; ) {
			const { done, value } = this.#modelling.next();
			if (done === true) return false;
			work += value + 1;
		}
		return true;
	}

	/** Rules that decide nothing; undefined while the search for them goes on, after which their files are told of. */
	#deadRulesOf(model: HostModel): ByFile | undefined {
		if (model !== this.#model) return model.deadRules;
		if (this.#deadRules.take(model.host.pf)) {
			this.#goOn(this.#documents.id, () => this.#deadRules.advance());
			return undefined;
		}
		model.deadRules ??= this.#deadRules.diagnostics(model.diagnostics, (path) => this.#documents.files.get(path)?.parsed);
		return model.deadRules;
	}

	/** What becomes of packets; undefined while the search for it goes on, after which the files are told of. */
	#packetsOf(model: HostModel): ByFile | undefined {
		if (model !== this.#model) return model.packets;
		if (this.#packetChecks.take(model.host)) {
			this.#goOn(`${this.#documents.id} packets`, () => this.#packetChecks.advance());
			return undefined;
		}
		model.packets ??= this.#packetChecks.found;
		return model.packets;
	}

	/** Goes on with a search in the background; the files are told of at its end. */
	#goOn(key: string, advance: () => boolean): void {
		this.#aids.background(key, () => {
			const more = advance();
			if (!more) {
				this.renew();
				this.#aids.found(this.#documents.open);
			}
			return more;
		});
	}
}

function rulesIn({ main, anchors }: Ruleset): number {
	let count = main.rules.length;
	for (const { rules } of anchors.values()) count += rules.length;
	return count;
}

/** What each release brought and took away, gathered from where it is written: the vocabularies, the kinds of interfaces, the names of sysctl. */
import { sysctlNames } from "../host/sysctl-names.ts";
import { familyReleases } from "../hostname/families.ts";
import { goneWords, optionWords } from "../hostname/vocabulary.ts";
import { languages } from "../project/languages.ts";
import type { ReleaseChange } from "../releases/release-data.ts";
import { RELEASES } from "../releases/releases.ts";
import type { Release } from "../text/vocabulary.ts";

export interface WordsOfReleases {
	readonly name: Release;
	/** Undefined where it is not known. */
	readonly published: string | undefined;
	/** By the file that they stand in. */
	readonly came: Readonly<Record<string, readonly string[]>>;
	readonly went: Readonly<Record<string, readonly string[]>>;
	readonly changes: readonly ReleaseChange[];
}

interface Dated {
	readonly file: string;
	readonly name: string;
	readonly since?: Release | undefined;
	/** The first release without it. */
	readonly until?: Release | undefined;
}

/** All words that some releases alone have. */
export function datedWords(): readonly Dated[] {
	const words = [...languages.values()].flatMap(({ manual: file, vocabulary }) => {
		if (file === undefined) return [];
		const inAll = new Set(vocabulary.filter(({ since, until }) => since === undefined && until === undefined).map(({ name }) => name));
		return vocabulary.map(
			({ name, group, since, until }): Dated => ({ file, name: inAll.has(name) ? `${name} (${group})` : name, since, until }),
		);
	});
	const gone = goneWords.map(({ name, until }): Dated => ({ file: "hostname.if", name, until }));
	const choices = optionWords.flatMap(({ name, args }) =>
		args.flatMap(({ rule }) =>
			rule?.kind === "choice"
				? Object.entries(rule.since ?? {}).map(([choice, since]): Dated => ({ file: "hostname.if", name: `${name} ${choice}`, since }))
				: [],
		),
	);
	const onFamilies = optionWords.flatMap(({ name, familiesSince = {} }) =>
		Object.entries(familiesSince).map(([family, since]): Dated => ({ file: "hostname.if", name: `${name} on ${family}(4)`, since })),
	);
	const families = Object.entries(familyReleases).map(([family, since]): Dated => ({ file: "interfaces", name: `${family}(4)`, since }));
	const sysctl = sysctlNames.map(({ name, since, until }): Dated => ({ file: "sysctl.conf", name, since, until }));
	return [...words, ...gone, ...choices, ...onFamilies, ...families, ...sysctl].filter(
		({ since, until }) => since !== undefined || until !== undefined,
	);
}

/** The releases that are told apart, the newest first. */
export function releaseWords(): readonly WordsOfReleases[] {
	const words = datedWords();
	return [...RELEASES].reverse().map(({ name, published, changes }) => ({
		name,
		published,
		changes,
		came: byFile(words.filter(({ since }) => since === name)),
		went: byFile(words.filter(({ until }) => until === name)),
	}));
}

function byFile(words: readonly Dated[]): Readonly<Record<string, readonly string[]>> {
	const files = [...new Set(words.map(({ file }) => file))];
	return Object.fromEntries(
		files.map((file) => [file, [...new Set(words.filter((word) => word.file === file).map(({ name }) => name))].sort()]),
	);
}

/** `pfctl -nf`: whether a file of rules would load, what pfctl would say, and the ruleset that it would load. */
import { newestRelease } from "../../releases/releases.ts";
import type { HostFacts } from "../../text/language.ts";
import type { Release } from "../../text/vocabulary.ts";
import { isForHostToSay, type PfctlComplaint } from "../grammar/output.ts";
import { ANY_FINGERPRINTS, parseFingerprints } from "../names/fingerprints.ts";
import { HostNames } from "../names/hosts.ts";
import { openbsdProtocols, parseProtocols } from "../names/protocols.ts";
import { openbsdServices, parseServices } from "../names/services.ts";
import type { System } from "../names/system.ts";
import { worded } from "../words/messages.ts";
import { printDefinition, printRuleset } from "./print.ts";
import { type Reading, readRuleset } from "./ruleset.ts";

export interface DryRunOptions extends HostFacts {
	/** The name that messages have; `FILE` where not given. */
	readonly fileName?: string;
	/** `-D name=value` of the command line. */
	readonly macros?: Readonly<Record<string, string>>;
	/** `-a`: the anchor that the file is for. */
	readonly anchor?: string;
	/** Files that the ruleset names; without it none is looked for. */
	readonly readFile?: (path: string) => string | undefined;
	/** The release whose pfctl it is; the newest that is known where not given. */
	readonly release?: Release;
	/** Host names that resolve, with their addresses. Only `localhost` does where the interfaces are given and these are not. */
	readonly hostNames?: Readonly<Record<string, readonly string[]>>;
}

export interface DryRun {
	readonly accepted: boolean;
	/** What `pfctl -o none -nvf` prints. */
	readonly stdout: string;
	readonly stderr: string[];
	/** Rules are left out, because they are too many: pfctl would go on, and may refuse or run out of memory. */
	readonly cutOff: boolean;
}

const LOCALHOST = { localhost: ["127.0.0.1", "::1"] };

/** The machine that pfctl is to run on, as far as it is known. */
export function systemOf(host: HostFacts & Pick<DryRunOptions, "hostNames" | "readFile" | "release">): System {
	const { readFile } = host;
	return {
		release: host.release ?? newestRelease,
		names: new HostNames(host.interfaces, host.hostNames ?? (host.interfaces === undefined ? undefined : LOCALHOST)),
		services: host.services === undefined ? openbsdServices() : parseServices(host.services),
		protocols: host.protocols === undefined ? openbsdProtocols() : parseProtocols(host.protocols),
		fingerprints: host.fingerprints === undefined ? ANY_FINGERPRINTS : parseFingerprints(host.fingerprints),
		users: host.users,
		groups: host.groups,
		file: (path) => {
			if (readFile === undefined) return "unknown";
			const text = readFile(path);
			return text === undefined ? "missing" : { text };
		},
		strictServices: host.services !== undefined,
	};
}

/** Reads a ruleset with what the options tell of it. */
export function readText(text: string, options: DryRunOptions, system: System): Reading {
	return readRuleset({
		fileName: options.fileName ?? "FILE",
		text,
		system,
		anchor: options.anchor ?? "",
		macros: new Map(Object.entries(options.macros ?? {})),
	});
}

/** Reads a ruleset as `pfctl -o none -nvf FILE` does. Never throws, whatever the text. */
export function dryRun(text: string, options: DryRunOptions = {}): DryRun {
	const system = systemOf(options);
	const { ruleset, complaints, accepted, loaded } = readText(text, options, system);
	return {
		accepted,
		stdout: accepted
			? [ruleset, ...loaded].map((each) => printRuleset(each, system)).join("")
			: ruleset.definitions.map((definition) => `${printDefinition(definition)}\n`).join(""),
		stderr: complaints.filter((complaint) => !isForHostToSay(complaint)).map(printed),
		cutOff: ruleset.cutOff === true,
	};
}

function printed({ line, file, message: said }: PfctlComplaint): string {
	return line === undefined ? worded(said) : `${file}:${line}: ${worded(said)}`;
}

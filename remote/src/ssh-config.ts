/**
 * What the user's own ssh_config(5) says of a host. The files are read by the library ssh-config; which of their lines count is
 * decided here, because the library runs commands to find out (`Match exec`, CanonicalizeHostname), and we never do.
 */
import { parseIp } from "@openbsd-vnet/server";
import SSHConfig, { type Line, LineType } from "ssh-config";
import { type AlgorithmList, algorithmLists } from "./algorithms.ts";
import { matchesPatterns } from "./host-patterns.ts";

/** The machine that we connect from. */
export interface LocalSide {
	/** The user's home folder, without a final slash. */
	readonly home: string;
	readonly user: string;
	readonly environment: Readonly<Record<string, string | undefined>>;
	/** The text of a file; undefined where it cannot be read. */
	read(path: string): string | undefined;
	/** The files that a pattern of glob(7) names, sorted. */
	glob(pattern: string): readonly string[];
	/** Adds a line to a file, which is made where there is none. */
	addLine(path: string, line: string): void;
	/** The system's ssh, where there is one that reads this user's configuration. */
	readonly ssh?: SystemSsh | undefined;
}

/** ssh(1) of this machine. */
export interface SystemSsh {
	readonly program: string;
	/** Whether one connection can serve several of its processes (ControlMaster), and it asks a program of ours (SSH_ASKPASS). */
	readonly shares: boolean;
}

/** Where and as whom to connect, and with which keys. */
export interface SshTarget {
	/** The name that the user gave. */
	readonly name: string;
	readonly host: string;
	readonly port: number;
	readonly user: string;
	/** In the order in which they are tried. */
	readonly identityFiles: readonly string[];
	/** Keys of the agent that are not of `identityFiles` are not offered. */
	readonly identitiesOnly: boolean;
	/** The socket of the agent; undefined where there is none, or none is to be used. */
	readonly agent: string | undefined;
	/** The hosts in between, in their order, each as `[user@]host[:port]` or a name of the configuration. */
	readonly jumps: readonly string[];
	/** The name to look the host's key up by, where it is not its address. */
	readonly hostKeyAlias: string | undefined;
	/** The first is the one that keys are added to. */
	readonly knownHostsFiles: readonly string[];
	readonly hashKnownHosts: boolean;
	/** A file of keys that no host may show. */
	readonly revokedHostKeys: string | undefined;
	/** The bits that an RSA key must have, the host's or ours. */
	readonly requiredRsaSize: number;
	/** What becomes of a host whose key is not known: the user is asked, it is refused, or taken. */
	readonly unknownHostKey: "ask" | "refuse" | "accept";
	/** Files of certificates for our keys. */
	readonly certificateFiles: readonly string[];
	/** Whether keys of PKCS#11 tokens are offered. */
	readonly usesTokens: boolean;
	/** In the order in which they are tried. */
	readonly authentications: readonly Authentication[];
	/** Ways that the configuration wants, and that ssh(1) alone has: `gssapi-with-mic`, `hostbased`. */
	readonly otherAuthentications: readonly string[];
	/** Whether nothing is asked of the user. */
	readonly batch: boolean;
	/** The lists of algorithms that the configuration has, in its words. */
	readonly algorithms: Readonly<Partial<Record<AlgorithmList, string>>>;
	/** The kind of address that is taken, where not any is. */
	readonly addressFamily: "inet" | "inet6" | undefined;
	/** The address of this machine that the connection comes from. */
	readonly bindAddress: string | undefined;
	/** What the configuration asks for that is not done here, in its words: `ProxyCommand`, `Match exec`. */
	readonly unsupported: readonly string[];
}

/** A way to show a host who we are. */
export type Authentication = "publickey" | "keyboard-interactive" | "password";

const authentications: readonly Authentication[] = ["publickey", "keyboard-interactive", "password"];

/** How deep files may include each other, as in ssh(1) (readconf.c, READCONF_MAX_DEPTH). */
const MAX_DEPTH = 16;

const defaultKeys = ["id_rsa", "id_ecdsa", "id_ed25519"];

/** What lists of algorithms were called before. */
const olderNames: Readonly<Partial<Record<AlgorithmList, string>>> = { pubkeyacceptedalgorithms: "pubkeyacceptedkeytypes" };

/** A place to connect to as users write it: `[user@]host[:port]`, `ssh://user@host:port`. */
export interface Destination {
	readonly name: string;
	readonly user?: string;
	readonly port?: number;
}

/** Reads `[user@]host[:port]`; undefined where it is none. A name that begins with `-` is none. */
export function readDestination(text: string): Destination | undefined {
	const [, user, bracketed, plain, port] =
		/^(?:ssh:\/\/)?(?:([^@\s]+)@)?(?:\[([^\]\s]+)\]|([^:@\s/]+|[0-9a-fA-F]*:[0-9a-fA-F:.]*:[0-9a-fA-F:.]*))(?::(\d{1,5}))?\/?$/.exec(
			text,
		) ?? [];
	const name = bracketed ?? plain;
	if (name === undefined || name.startsWith("-") || user?.startsWith("-") === true) return undefined;
	const number = port === undefined ? undefined : Number(port);
	if (number !== undefined && (number < 1 || number > 65535)) return undefined;
	return { name, ...(user === undefined ? {} : { user }), ...(number === undefined ? {} : { port: number }) };
}

/** A name for the folder of a host that is reached so. */
export function folderNameOf(address: string): string {
	const name = readDestination(address)?.name ?? address;
	return name.replaceAll(/[^A-Za-z0-9_.-]/g, "-").replace(/^[.-]+/, "") || "host";
}

/** The files that ssh(1) reads, the user's first. */
function usualFiles({ home }: LocalSide): readonly string[] {
	return [`${home}/.ssh/config`, "/etc/ssh/ssh_config"];
}

/** The files that an `Include` names: what is relative is below ~/.ssh. */
function includedFiles(pattern: string, local: LocalSide): readonly string[] {
	const at = path(pattern, local);
	return local.glob(at.startsWith("/") ? at : `${local.home}/.ssh/${at}`);
}

/** The names that have a `Host` line of their own, in the order of the files; patterns are none. */
export function configuredHosts(local: LocalSide, files: readonly string[] = usualFiles(local)): readonly string[] {
	const names = new Set<string>();
	const read = (file: string, depth: number): void => {
		const text = depth > MAX_DEPTH ? undefined : local.read(file);
		if (text !== undefined) look(parseLines(text), depth);
	};
	const look = (lines: readonly Line[], depth: number): void => {
		for (const line of lines) {
			if (line.type !== LineType.DIRECTIVE) continue;
			const word = line.param.toLowerCase();
			if (word === "host")
				for (const name of valuesOf(line.value)) if (!/[*?!]/.test(name) && readDestination(name) !== undefined) names.add(name);
			if (word === "include")
				for (const pattern of valuesOf(line.value)) for (const file of includedFiles(pattern, local)) read(file, depth + 1);
			if ("config" in line) look(line.config, depth);
		}
	};
	for (const file of files) read(file, 0);
	return [...names];
}

/**
 * What the configuration says of a destination.
 * @param files the configuration files, the user's first; by default ~/.ssh/config and /etc/ssh/ssh_config
 * @param told what `ssh -G` says instead, which has read them
 */
export function resolveTarget(
	destination: Destination,
	local: LocalSide,
	files: readonly string[] = usualFiles(local),
	told?: string,
): SshTarget {
	const { name } = destination;
	const settings = new Settings(destination, local);
	if (told === undefined) settings.read(files);
	else settings.take(told);
	const host = settings.expanded("hostname", { h: name }) ?? name;
	const user = settings.user;
	const port = destination.port ?? settings.number("port") ?? 22;
	const tokens = { h: host, n: name, p: String(port), r: user, u: local.user, d: local.home };
	const named = settings.all("identityfile").filter((file) => file.toLowerCase() !== "none");
	const files_ = settings.has("identityfile") ? named : defaultKeys.map((key) => `~/.ssh/${key}`);
	const agent = settings.expanded("identityagent", tokens);
	const jump = settings.expanded("proxyjump", tokens);
	const jumps = jump === undefined || jump.toLowerCase() === "none" ? [] : jump.split(",").map((each) => each.trim());
	const isProxied = (settings.first("proxycommand") ?? "none").toLowerCase() !== "none" && jump === undefined;
	const strict = settings.first("stricthostkeychecking")?.toLowerCase();
	const family = settings.first("addressfamily")?.toLowerCase();
	const batch = settings.isOn("batchmode") === true;
	const isOff: Readonly<Record<Authentication, boolean>> = {
		publickey: settings.isOn("pubkeyauthentication") === false,
		"keyboard-interactive": (settings.isOn("kbdinteractiveauthentication") ?? settings.isOn("challengeresponseauthentication")) === false,
		password: settings.isOn("passwordauthentication") === false,
	};
	const others = [
		...(settings.isOn("gssapiauthentication") === true ? ["gssapi-with-mic"] : []),
		...(settings.isOn("hostbasedauthentication") === true ? ["hostbased"] : []),
	];
	const preferred = settings.first("preferredauthentications")?.split(",");
	const allowed = (preferred === undefined ? authentications : authentications.filter((each) => preferred.includes(each)))
		.filter((each) => !isOff[each])
		.sort((a, b) => (preferred === undefined ? 0 : preferred.indexOf(a) - preferred.indexOf(b)));
	return {
		name,
		host,
		port,
		user,
		identityFiles: [...new Set(files_.map((file) => path(expandTokens(file, tokens), local)))],
		identitiesOnly: settings.isOn("identitiesonly") === true,
		agent: agentSocket(agent, local),
		jumps,
		hostKeyAlias: settings.expanded("hostkeyalias", tokens),
		knownHostsFiles: (settings.words("userknownhostsfile") ?? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"])
			.concat(settings.words("globalknownhostsfile") ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"])
			.filter((file) => file.toLowerCase() !== "none")
			.map((file) => path(expandTokens(file, tokens), local)),
		hashKnownHosts: settings.isOn("hashknownhosts") === true,
		revokedHostKeys: fileOf(settings.expanded("revokedhostkeys", tokens), local),
		requiredRsaSize: settings.number("requiredrsasize") ?? 1024,
		unknownHostKey: strict === "accept-new" ? "accept" : batch || strict === "yes" || strict === "true" ? "refuse" : "ask",
		certificateFiles: settings
			.all("certificatefile")
			.filter((file) => file.toLowerCase() !== "none")
			.map((file) => path(expandTokens(file, tokens), local)),
		usesTokens: !isOff.publickey && (settings.first("pkcs11provider") ?? "none").toLowerCase() !== "none",
		otherAuthentications: others.filter((each) => preferred === undefined || preferred.includes(each)),
		authentications: batch ? allowed.filter((each) => each === "publickey") : allowed,
		batch,
		algorithms: Object.fromEntries(
			algorithmLists.flatMap((list) => {
				const setting = settings.first(list) ?? settings.first(olderNames[list] ?? list);
				return setting === undefined ? [] : [[list, setting]];
			}),
		),
		addressFamily: family === "inet" || family === "inet6" ? family : undefined,
		bindAddress: settings.first("bindaddress"),
		unsupported: [
			...(isProxied ? ["ProxyCommand"] : []),
			...(told === undefined && isCanonicalized(host, settings, isProxied || jumps.length > 0) ? ["CanonicalizeHostname"] : []),
			...(settings.has("bindinterface") ? ["BindInterface"] : []),
			...settings.undecided,
		],
	};
}

/** A file that the configuration names; undefined where it names none. */
function fileOf(setting: string | undefined, local: LocalSide): string | undefined {
	return setting === undefined || setting.toLowerCase() === "none" ? undefined : path(setting, local);
}

/** Whether ssh(1) would look for the host under other names, by which other lines might count (ssh.c, resolve_canonicalize()). */
function isCanonicalized(host: string, settings: Settings, isProxied: boolean): boolean {
	const asked = settings.first("canonicalizehostname")?.toLowerCase();
	const most = settings.number("canonicalizemaxdots") ?? 1;
	const isAsked = asked === "always" || (settings.isOn("canonicalizehostname") === true && !isProxied);
	return isAsked && settings.has("canonicaldomains") && parseIp(host) === undefined && host.split(".").length - 1 <= most;
}

/** Words whose lines may not be passed over: without them a connection would be less safe than the configuration wants it. */
const restricting: ReadonlySet<string> = new Set([
	"stricthostkeychecking",
	"revokedhostkeys",
	"requiredrsasize",
	...algorithmLists,
	...Object.values(olderNames),
]);

/** Whether lines count; the criterion of a `Match` where nobody decides it here, as its command is not run. */
type Counts = boolean | string;

/** The lines that count, in the order in which they stand: the first value of a word is the one that holds. */
class Settings {
	/** What may not be passed over, behind a criterion that was not decided, in words for the user. */
	readonly #undecided = new Set<string>();
	#wantsFinal = false;
	#isFinal = false;
	readonly #values = new Map<string, (readonly string[])[]>();
	readonly #destination: Destination;
	readonly #local: LocalSide;

	constructor(destination: Destination, local: LocalSide) {
		this.#destination = destination;
		this.#local = local;
	}

	get user(): string {
		return this.#destination.user ?? this.first("user") ?? this.#local.user;
	}

	has(word: string): boolean {
		return this.#values.has(word);
	}

	words(word: string): readonly string[] | undefined {
		return this.#values.get(word)?.[0];
	}

	first(word: string): string | undefined {
		return this.words(word)?.join(" ");
	}

	/** Of a word that is yes or no; undefined where it is neither. */
	isOn(word: string): boolean | undefined {
		const value = this.first(word)?.toLowerCase();
		return value === "yes" || value === "true" ? true : value === "no" || value === "false" ? false : undefined;
	}

	/** Of a word whose value is a number; undefined where it is none. */
	number(word: string): number | undefined {
		const value = this.first(word);
		return value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : undefined;
	}

	get undecided(): readonly string[] {
		return [...this.#undecided];
	}

	all(word: string): readonly string[] {
		return (this.#values.get(word) ?? []).flat();
	}

	expanded(word: string, tokens: Tokens): string | undefined {
		const value = this.first(word);
		return value === undefined ? undefined : expandTokens(value, tokens);
	}

	/** Reads the files, and once more for the lines that count last: those of `Match final`, which fill what the others left. */
	read(files: readonly string[]): void {
		for (const file of files) this.#readFile(file, true, 0);
		this.#isFinal = this.#wantsFinal || (this.first("canonicalizehostname") ?? "no").toLowerCase() !== "no";
		if (this.#isFinal) for (const file of files) this.#readFile(file, true, 0);
	}

	/** Takes lines that all count. */
	take(text: string): void {
		this.#readLines(parseLines(text), true, 0);
	}

	#readFile(file: string, counts: Counts, depth: number): void {
		const text = depth > MAX_DEPTH ? undefined : this.#local.read(file);
		if (text === undefined) return;
		this.#readLines(parseLines(text), counts, depth);
	}

	#readLines(lines: readonly Line[], counts: Counts, depth: number): void {
		for (const line of lines) {
			if (line.type !== LineType.DIRECTIVE) continue;
			const word = line.param.toLowerCase();
			const values = valuesOf(line.value);
			if ("config" in line) {
				const own = word === "host" ? matchesPatterns(values, this.#destination.name) : "criteria" in line && this.#matches(line.criteria);
				this.#readLines(line.config, counts === false || own === false ? false : counts === true ? own : counts, depth);
			} else if (word === "include") {
				if (counts !== false)
					for (const pattern of values) for (const file of includedFiles(pattern, this.#local)) this.#readFile(file, counts, depth + 1);
			} else if (counts === true) {
				const known = this.#values.get(word);
				if (known === undefined) this.#values.set(word, [values]);
				else known.push(values);
			} else if (counts !== false && restricting.has(word) && !this.has(word)) this.#undecided.add(`${line.param} in a Match ${counts}`);
		}
	}

	/** A criterion that only a command could decide leaves it unknown, where the others are met. */
	#matches(criteria: Readonly<Record<string, Parameters<typeof valuesOf>[0]>>): Counts {
		const answers = Object.entries(criteria).map(([criterion, value]): Counts => {
			const isNegated = criterion.startsWith("!");
			const patterns = valuesOf(value).flatMap((each) => each.split(","));
			const answer = this.#meets(criterion.slice(isNegated ? 1 : 0).toLowerCase(), patterns);
			return typeof answer === "string" ? answer : answer !== isNegated;
		});
		return !answers.includes(false) && (answers.find((answer) => typeof answer === "string") ?? true);
	}

	#meets(criterion: string, patterns: readonly string[]): Counts {
		const { name } = this.#destination;
		switch (criterion) {
			case "all":
				return true;
			case "final":
				this.#wantsFinal = true;
				return this.#isFinal;
			case "canonical":
				return this.#isFinal;
			case "host":
				return matchesPatterns(patterns, expandTokens(this.first("hostname") ?? name, { h: name }));
			case "originalhost":
				return matchesPatterns(patterns, name);
			case "user":
				return matchesPatterns(patterns, this.user);
			case "localuser":
				return matchesPatterns(patterns, this.#local.user);
			default:
				return criterion;
		}
	}
}

/** A file that the library does not take is read line by line, without the lines that it refuses. */
function parseLines(text: string): readonly Line[] {
	try {
		return SSHConfig.parse(text);
	} catch {
		const readable = text.split("\n").filter((line) => {
			try {
				return SSHConfig.parse(line).length > 0;
			} catch {
				return false;
			}
		});
		return SSHConfig.parse(readable.join("\n"));
	}
}

function valuesOf(value: string | readonly { readonly val: string }[]): readonly string[] {
	return typeof value === "string" ? [value] : value.map(({ val }) => val);
}

type Tokens = Readonly<Record<string, string>>;

/** A token that is not known stays as it is. */
function expandTokens(text: string, tokens: Tokens): string {
	return text.replace(/%(.)/g, (whole, token: string) => (token === "%" ? "%" : (tokens[token] ?? whole)));
}

function path(text: string, { home, environment }: LocalSide): string {
	const named = text.replace(/\$\{(\w+)\}/g, (_, name: string) => environment[name] ?? "");
	return named === "~" || named.startsWith("~/") ? home + named.slice(1) : named;
}

function agentSocket(setting: string | undefined, local: LocalSide): string | undefined {
	if (setting === undefined || setting === "SSH_AUTH_SOCK") return local.environment.SSH_AUTH_SOCK;
	if (setting.toLowerCase() === "none") return undefined;
	return setting.startsWith("$") && !setting.startsWith("${") ? local.environment[setting.slice(1)] : path(setting, local);
}

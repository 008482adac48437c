/**
 * The keys that are offered to a host: the agent's and those of files, each once. A file's passphrase is asked only after the
 * host said that it would take the key.
 */
import ssh2, {
	type BaseAgent,
	type IdentityCallback,
	type KnownPublicKeys,
	type ParsedKey,
	type SignCallback,
	type SigningRequestOptions,
} from "ssh2";
import { chosenAlgorithms } from "./algorithms.ts";
import { keyType, rsaBits } from "./known-hosts.ts";
import type { Prompts } from "./prompts.ts";
import type { LocalSide, SshTarget } from "./ssh-config.ts";

const ATTEMPTS = 3;

/** A key with what makes its signatures. */
interface Identity {
	readonly public: Buffer;
	sign(data: Buffer, options: SigningRequestOptions): Promise<Buffer>;
}

/** Keys whose passphrase was given, by their files, and the passphrases that ssh(1) took. Never written anywhere. */
export interface UnlockedKeys {
	readonly keys: Map<string, ParsedKey>;
	readonly passphrases: Map<string, string>;
}

export function noUnlockedKeys(): UnlockedKeys {
	return { keys: new Map(), passphrases: new Map() };
}

/**
 * An agent for ssh2 with all keys for a host.
 * @param unlocked keys of earlier connections, and then of this one, so that a passphrase is asked once
 * @param note is told what could not be used, and why
 */
export function keyring(
	target: SshTarget,
	local: LocalSide,
	prompts: Prompts,
	unlocked: UnlockedKeys,
	note: (text: string) => void,
): BaseAgent {
	return new Keyring(new Identities(target, local, prompts, unlocked, note), note);
}

class Keyring extends ssh2.BaseAgent<Buffer> {
	readonly #source: Identities;
	readonly #note: (text: string) => void;
	#offered: readonly Identity[] = [];

	constructor(source: Identities, note: (text: string) => void) {
		super();
		this.#source = source;
		this.#note = note;
	}

	override getIdentities(done: IdentityCallback<Buffer>): void {
		this.#source.collect().then(
			(found) => {
				this.#offered = found;
				done(
					undefined,
					found.map((identity) => identity.public),
				);
			},
			(error: unknown) => {
				this.#note(reasonOf(error));
				done(undefined, []);
			},
		);
	}

	override sign(key: Buffer | ParsedKey, data: Buffer, options: SigningRequestOptions | SignCallback, then?: SignCallback): void {
		const done = typeof options === "function" ? options : then;
		const blob = Buffer.isBuffer(key) ? key : key.getPublicSSH();
		const identity = this.#offered.find((each) => each.public.equals(blob));
		if (identity === undefined) return done?.(new Error("no such key"));
		identity.sign(data, typeof options === "function" ? {} : options).then(
			(signature) => done?.(undefined, signature),
			(error: unknown) => done?.(error instanceof Error ? error : new Error(String(error))),
		);
	}
}

/** The keys for one host. */
class Identities {
	readonly #target: SshTarget;
	readonly #local: LocalSide;
	readonly #prompts: Prompts;
	readonly #unlocked: UnlockedKeys;
	readonly #note: (text: string) => void;

	constructor(target: SshTarget, local: LocalSide, prompts: Prompts, unlocked: UnlockedKeys, note: (text: string) => void) {
		this.#target = target;
		this.#local = local;
		this.#prompts = prompts;
		this.#unlocked = unlocked;
		this.#note = note;
	}

	/** As ssh(1) does: keys of the agent that the configuration names, the agent's others, files that the agent has not. */
	async collect(): Promise<readonly Identity[]> {
		const files: Identity[] = [];
		for (const file of this.#target.identityFiles) {
			const identity = await this.#fileIdentity(file);
			if (identity !== undefined && !files.some((each) => each.public.equals(identity.public))) files.push(identity);
		}
		const agents = this.#target.agent === undefined ? [] : await this.#agentIdentities(this.#target.agent);
		const isNamed = ({ public: key }: Identity) => files.some((file) => file.public.equals(key));
		return [
			...agents.filter(isNamed),
			...(this.#target.identitiesOnly ? [] : agents.filter((each) => !isNamed(each))),
			...files.filter((file) => !agents.some((each) => each.public.equals(file.public))),
		].filter((each) => this.#isLongEnough(each) && this.#isAccepted(each));
	}

	#isLongEnough({ public: key }: Identity): boolean {
		const isLong = (rsaBits(key) ?? Number.POSITIVE_INFINITY) >= this.#target.requiredRsaSize;
		if (!isLong) this.#note(`RequiredRSASize leaves out a key of ${rsaBits(key)} bits`);
		return isLong;
	}

	/** The library chooses between the two signatures of an RSA key: it is offered where both are accepted. */
	#isAccepted({ public: key }: Identity): boolean {
		const { pubkeyacceptedalgorithms: setting } = this.#target.algorithms;
		if (setting === undefined) return true;
		const type = keyType(key);
		const accepted = chosenAlgorithms("pubkeyacceptedalgorithms", setting);
		const isTaken = (type === "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256"] : [type]).every((each) => accepted.includes(each));
		if (!isTaken) this.#note(`PubkeyAcceptedAlgorithms leaves out a key of type ${type}`);
		return isTaken;
	}

	async #agentIdentities(socket: string): Promise<readonly Identity[]> {
		const agent = ssh2.createAgent(socket);
		const keys = await new Promise<KnownPublicKeys<string | Buffer | ParsedKey>>((resolve) => {
			agent.getIdentities((error, found) => {
				if (error !== undefined && error !== null) this.#note(`the agent at ${socket}: ${error.message}`);
				resolve(found ?? []);
			});
		});
		return keys.flatMap((entry) => {
			const parsed = parsedKey(entry);
			if (parsed instanceof Error) return [];
			const sign = (data: Buffer, options: SigningRequestOptions) =>
				new Promise<Buffer>((resolve, reject) => {
					agent.sign(parsed, data, options, (error, signature) =>
						signature === undefined ? reject(error ?? new Error("the agent did not sign")) : resolve(signature),
					);
				});
			return [{ public: parsed.getPublicSSH(), sign }];
		});
	}

	async #fileIdentity(file: string): Promise<Identity | undefined> {
		const text = this.#local.read(file);
		const publicText = this.#local.read(`${file}.pub`);
		if (text === undefined) {
			// Only the public half may be here, of a key that the agent has: ssh_config(5), IdentityFile.
			const parsed = publicText === undefined ? undefined : parseKey(publicText);
			return parsed === undefined || parsed instanceof Error
				? undefined
				: { public: parsed.getPublicSSH(), sign: async () => Promise.reject(new Error(`${file}: only its public half is there`)) };
		}
		const sign = async (data: Buffer, options: SigningRequestOptions): Promise<Buffer> => {
			const key = await this.#unlock(file, text);
			const signature = key.sign(data, options.hash);
			if (signature instanceof Error) throw signature;
			return signature;
		};
		const known = publicText === undefined ? publicOf(text) : parseKey(publicText);
		if (known instanceof Error) {
			if (!isEncrypted(text)) {
				this.#note(`${file}: ${known.message}`);
				return undefined;
			}
			// An old format that hides the public half too.
			return { public: (await this.#unlock(file, text)).getPublicSSH(), sign };
		}
		return { public: Buffer.isBuffer(known) ? known : known.getPublicSSH(), sign };
	}

	async #unlock(file: string, text: string): Promise<ParsedKey> {
		const held = this.#unlocked.keys.get(file);
		if (held !== undefined) return held;
		const plain = parseKey(text);
		if (!(plain instanceof Error)) return plain;
		if (!isEncrypted(text)) throw plain;
		for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
			const passphrase = await this.#prompts.passphrase({ file, attempt });
			if (passphrase === undefined) break;
			const key = parseKey(text, passphrase);
			if (key instanceof Error) continue;
			this.#unlocked.keys.set(file, key);
			return key;
		}
		throw new Error(`${file}: no passphrase`);
	}
}

/** What an agent may list a key as: ours lists parsed keys. */
function parsedKey(entry: KnownPublicKeys<string | Buffer | ParsedKey>[number]): ParsedKey | Error {
	if (typeof entry === "string" || Buffer.isBuffer(entry)) return parseKey(entry);
	if ("getPublicSSH" in entry) return entry;
	const key: unknown = entry.pubKey;
	return typeof key === "string" || Buffer.isBuffer(key) ? parseKey(key) : new Error("not a key");
}

function parseKey(key: string | Buffer, passphrase?: string): ParsedKey | Error {
	const parsed: unknown = ssh2.utils.parseKey(key, passphrase);
	// A file of several keys counts as its first.
	const [first] = Array.isArray(parsed) ? parsed : [parsed];
	return first instanceof Error ? first : (first as ParsedKey);
}

/** The public half of a private key's file, which OpenSSH's own format has in the clear (PROTOCOL.key). */
function publicOf(text: string): Buffer | ParsedKey | Error {
	const body = /-----BEGIN OPENSSH PRIVATE KEY-----([^-]+)-----END/.exec(text)?.[1];
	if (body === undefined) return parseKey(text);
	const data = Buffer.from(body, "base64");
	const magic = "openssh-key-v1\0";
	let at = magic.length;
	const next = (): Buffer | undefined => {
		if (at + 4 > data.length) return undefined;
		const length = data.readUInt32BE(at);
		at += 4 + length;
		return at > data.length ? undefined : data.subarray(at - length, at);
	};
	if (data.toString("latin1", 0, magic.length) !== magic) return new Error("not a private key");
	// Cipher, key derivation and its options; then how many keys there are.
	for (let i = 0; i < 3; i++) if (next() === undefined) return new Error("not a private key");
	at += 4;
	return next() ?? new Error("not a private key");
}

/** The type of a key's public half, as its files tell it: `sk-ssh-ed25519@openssh.com`; empty where they do not. */
export function publicTypeOf(file: string, local: LocalSide): string {
	const beside = local.read(`${file}.pub`);
	if (beside !== undefined) return beside.trim().split(/[ \t]/)[0] ?? "";
	const text = local.read(file);
	const key = text === undefined ? undefined : publicOf(text);
	return Buffer.isBuffer(key) ? keyType(key) : "";
}

function isEncrypted(text: string): boolean {
	const error = ssh2.utils.parseKey(text);
	return error instanceof Error && /encrypted/i.test(error.message);
}

function reasonOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}

/** What ssh(1) asks, told by its words, and put to the user in ours. */
import type { UnlockedKeys } from "./keyring.ts";
import type { Prompts } from "./prompts.ts";
import type { SshTarget } from "./ssh-config.ts";

/** What became of a question. */
export type Answer =
	| { readonly kind: "answer"; readonly text: string }
	/** ssh goes on without it. */
	| { readonly kind: "none" }
	/** Nothing more is to be tried. */
	| { readonly kind: "cancelled" | "host-key-unknown" | "host-key-changed"; readonly shown: string };

/** How often what was asked, by the question. */
type Attempts = Map<string, number>;

/** Types of keys, as ssh(1) calls them. */
const keyTypes: Readonly<Record<string, string>> = { ED25519: "ssh-ed25519", RSA: "ssh-rsa" };

/**
 * Puts a question of ssh(1)'s to the user.
 * @param trusted whether ssh tells questions of the host's from its own: since 8.6, where it writes `(user@host)` before them. An
 * older one's are all shown as the host's, which could ask for the passphrase of our key
 * @param unlocked passphrases that were given before, and those that are given
 */
export function questionsOf(
	target: SshTarget,
	prompts: Prompts,
	trusted: boolean,
	unlocked: UnlockedKeys,
): (text: string) => Promise<Answer> {
	const { passphrases } = unlocked;
	const attempts: Attempts = new Map();
	const passphraseOf = async (file: string, attempt: number): Promise<string | undefined> => {
		const kept = attempt === 1 ? passphrases.get(file) : undefined;
		const passphrase = kept ?? (await prompts.passphrase({ file, attempt }));
		if (passphrase !== undefined) passphrases.set(file, passphrase);
		return passphrase;
	};
	const nth = (what: string): number => {
		const attempt = (attempts.get(what) ?? 0) + 1;
		attempts.set(what, attempt);
		return attempt;
	};
	const given = (text: string | undefined, otherwise: Answer): Answer => (text === undefined ? otherwise : { kind: "answer", text });
	return async (text) => {
		if (text.startsWith("The authenticity of host ")) return await hostKey(text, target, prompts);
		const [, file] = (trusted && /^Enter passphrase for (?:key )?'([^'\n]+)': ?$/.exec(text)) || [];
		// Without a passphrase other keys are tried.
		if (file !== undefined) return given(await passphraseOf(file, nth(text)), { kind: "none" });
		const [, user, host] = (trusted && /^([^\n'(]+)@([^\n'@]+)'s password: ?$/.exec(text)) || [];
		const cancelled: Answer = { kind: "cancelled", shown: "" };
		if (user !== undefined && host !== undefined)
			return given(await prompts.password({ user, host: host === target.host ? target.name : host, attempt: nth(text) }), cancelled);
		// Without `(user@host) `, which the question to the user says already.
		const asked = { text: text.replace(`(${target.user}@${target.host}) `, ""), echo: false };
		const answers = await prompts.answers({ user: target.user, host: target.name, title: "", instructions: "", questions: [asked] });
		return given(answers?.[0], cancelled);
	};
}

async function hostKey(text: string, target: SshTarget, prompts: Prompts): Promise<Answer> {
	const [, named = "", plain = ""] = /^The authenticity of host '(?:\[([^\]\n]+)\]:\d+|([^\s']+))/.exec(text) ?? [];
	const port = Number(/^The authenticity of host '\[[^\]\n]+\]:(\d+)/.exec(text)?.[1] ?? 22);
	const [, type = "", shown] = /^(\S+) key fingerprint is (SHA256:[A-Za-z0-9+/]+)\.?$/m.exec(text) ?? [];
	if (shown === undefined) return { kind: "host-key-unknown", shown: "" };
	// As for the built-in client: who stands between us and the host could offer just that.
	if (text.includes("keys of different type are already known")) return { kind: "host-key-changed", shown };
	const host = named === "" ? plain : named;
	const isTarget = (host === target.host && port === target.port) || host === target.hostKeyAlias;
	const accepted = await prompts.acceptHostKey({
		name: isTarget ? target.name : host,
		host,
		port,
		type: keyTypes[type] ?? type,
		fingerprint: shown,
		file: target.knownHostsFiles[0],
		authority: false,
	});
	return accepted ? { kind: "answer", text: "yes" } : { kind: "host-key-unknown", shown };
}

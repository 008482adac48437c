/** The algorithms of a connection: those that the library ssh2 has, and what ssh_config(5) makes of them. */
import { matchesPatterns } from "./host-patterns.ts";

/** In our order of preference. `more` are those that are used only where the configuration names them. */
interface Choice {
	/** As ssh_config(5) writes it. */
	readonly word: string;
	readonly usual: readonly string[];
	readonly more: readonly string[];
}

/** By the words of ssh_config(5), in small letters. */
const choices = {
	ciphers: {
		word: "Ciphers",
		usual: ["aes128-gcm@openssh.com", "aes256-gcm@openssh.com", "aes128-ctr", "aes192-ctr", "aes256-ctr", "chacha20-poly1305@openssh.com"],
		more: ["aes256-cbc", "aes192-cbc", "aes128-cbc"],
	},
	macs: {
		word: "MACs",
		usual: [
			"hmac-sha2-256-etm@openssh.com",
			"hmac-sha2-512-etm@openssh.com",
			"hmac-sha1-etm@openssh.com",
			"hmac-sha2-256",
			"hmac-sha2-512",
			"hmac-sha1",
		],
		more: [],
	},
	kexalgorithms: {
		word: "KexAlgorithms",
		usual: [
			"curve25519-sha256@libssh.org",
			"curve25519-sha256",
			"ecdh-sha2-nistp256",
			"ecdh-sha2-nistp384",
			"ecdh-sha2-nistp521",
			"diffie-hellman-group-exchange-sha256",
			"diffie-hellman-group14-sha256",
			"diffie-hellman-group15-sha512",
			"diffie-hellman-group16-sha512",
			"diffie-hellman-group17-sha512",
			"diffie-hellman-group18-sha512",
		],
		more: ["diffie-hellman-group14-sha1"],
	},
	// Without ssh-rsa, whose signatures are SHA-1's.
	hostkeyalgorithms: {
		word: "HostKeyAlgorithms",
		usual: ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"],
		more: [],
	},
	pubkeyacceptedalgorithms: {
		word: "PubkeyAcceptedAlgorithms",
		usual: ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"],
		more: [],
	},
} as const satisfies Readonly<Record<string, Choice>>;

export type AlgorithmList = keyof typeof choices;

export const algorithmLists = Object.keys(choices) as readonly AlgorithmList[];

/** A list's name as ssh_config(5) writes it. */
export function wordOf(list: AlgorithmList): string {
	return choices[list].word;
}

/**
 * The algorithms that a list of the configuration leaves, in its order; none where it leaves nothing that we have.
 * @param setting as ssh_config(5) has it: names and patterns with commas between, after `+`, `-`, `^` or nothing; undefined for
 * what is usual
 */
export function chosenAlgorithms(list: AlgorithmList, setting: string | undefined): readonly string[] {
	const { usual, more }: Choice = choices[list];
	if (setting === undefined) return usual;
	const [, sign, names = ""] = /^([+^-]?)(.*)$/s.exec(setting.trim()) ?? [];
	const patterns = names.split(",").map((name) => name.trim());
	const isNamed = (name: string) => matchesPatterns(patterns, name);
	const all = [...usual, ...more];
	const named = patterns.flatMap((pattern) => all.filter((name) => matchesPatterns([pattern], name)));
	switch (sign) {
		case "+":
			return [...new Set([...usual, ...named])];
		case "-":
			return usual.filter((name) => !isNamed(name));
		case "^":
			return [...new Set([...named, ...usual])];
		default:
			return [...new Set(named)];
	}
}

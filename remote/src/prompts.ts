/** What only the user can decide or know. Every question may be answered by nothing (undefined), which ends the attempt. */

export interface HostKeyQuestion {
	/** As the user named it. */
	readonly name: string;
	readonly host: string;
	readonly port: number;
	/** `ssh-ed25519`. */
	readonly type: string;
	/** `SHA256:...`. */
	readonly fingerprint: string;
	/** The file that the key will be added to. */
	readonly file: string | undefined;
	/** A certificate authority is trusted for this host; its certificates cannot be checked here. */
	readonly authority: boolean;
}

export interface Prompts {
	/** Whether an unknown key is the host's. Accepted once, it is added to the user's known_hosts. */
	acceptHostKey(question: HostKeyQuestion): Promise<boolean>;
	/** The passphrase of a key file. `attempt` counts from 1. */
	passphrase(question: { readonly file: string; readonly attempt: number }): Promise<string | undefined>;
	password(question: { readonly user: string; readonly host: string; readonly attempt: number }): Promise<string | undefined>;
	/** Questions of the host's own (keyboard-interactive). Texts are the host's, to be shown as data. */
	answers(question: {
		readonly user: string;
		readonly host: string;
		readonly title: string;
		readonly instructions: string;
		readonly questions: readonly { readonly text: string; readonly echo: boolean }[];
	}): Promise<readonly string[] | undefined>;
	/** Says what is waited for outside, such as a touch of a key. */
	tell(text: string): void;
}

/** Where nobody can be asked: nothing is accepted, nothing is known. */
export const noPrompts: Prompts = {
	acceptHostKey: async () => false,
	passphrase: async () => undefined,
	password: async () => undefined,
	answers: async () => undefined,
	tell: () => undefined,
};

/** What the built-in client cannot do of that which a connection asks for, so that the system's ssh is to do it. */
import { connect as dial } from "node:net";
import { type Message, msg } from "@openbsd-vnet/server";
import { algorithmLists, chosenAlgorithms, wordOf } from "./algorithms.ts";
import { ConnectionError } from "./connection-error.ts";
import { publicTypeOf } from "./keyring.ts";
import { entriesOf, isRevoked, keyType, knownAs, knownHostKeys } from "./known-hosts.ts";
import type { LocalSide, SshTarget } from "./ssh-config.ts";

export interface BeyondReason {
	readonly why: Message;
	/** Where nothing may be tried without it. */
	readonly refusal?: ConnectionError;
}

/** Undefined where the built-in client does all of it. */
export async function whyBeyondBuiltIn(target: SshTarget, local: LocalSide): Promise<BeyondReason | undefined> {
	return configured(target) ?? byHostKeys(target, local) ?? (await byOurKeys(target, local));
}

function configured({ name, unsupported: [unsupported], algorithms }: SshTarget): BeyondReason | undefined {
	const refused = (why: Message, text: Message): BeyondReason => ({ why, refusal: new ConnectionError("unsupported", text) });
	if (unsupported !== undefined)
		return refused(
			msg("{0} of ssh_config", unsupported),
			unsupported === "ProxyCommand"
				? msg("{0} of ssh_config is not supported here, for {1}; use ProxyJump", unsupported, name)
				: msg("{0} of ssh_config is not supported here, for {1}: write for that host alone what it is to have", unsupported, name),
		);
	const empty = algorithmLists.find((list) => list !== "pubkeyacceptedalgorithms" && chosenAlgorithms(list, algorithms[list]).length === 0);
	return empty === undefined
		? undefined
		: refused(
				msg("{0} of ssh_config: {1}", wordOf(empty), algorithms[empty] ?? ""),
				msg("{0} of ssh_config leaves none that is known here, for {1}: {2}", wordOf(empty), name, algorithms[empty] ?? ""),
			);
}

function byHostKeys(target: SshTarget, local: LocalSide): BeyondReason | undefined {
	const { revokedHostKeys: file } = target;
	const revoked = file === undefined ? undefined : local.read(file);
	// The built-in client refuses it with the file's name.
	if (revoked !== undefined && isRevoked(revoked, Buffer.of()) === undefined)
		return { why: msg("RevokedHostKeys in the form of ssh-keygen -k") };
	const entries = entriesOf(knownHostKeys(target, local), ...knownAs(target));
	const authority = entries.find(({ mark }) => mark === "cert-authority");
	return authority === undefined || entries.some(({ mark }) => mark === undefined)
		? undefined
		: { why: msg("an authority vouches for the host's key: {0}, line {1}", authority.file, authority.line) };
}

async function byOurKeys(target: SshTarget, local: LocalSide): Promise<BeyondReason | undefined> {
	const { authentications, certificateFiles, identityFiles, usesTokens, identitiesOnly, agent } = target;
	if (!authentications.includes("publickey")) return undefined;
	if (usesTokens) return { why: msg("PKCS11Provider of ssh_config") };
	const certificate = [...certificateFiles, ...identityFiles.map((file) => `${file}-cert.pub`)].find(
		(file) => local.read(file) !== undefined,
	);
	if (certificate !== undefined) return { why: msg("a certificate: {0}", certificate) };
	const inHardware = identityFiles.find((file) => publicTypeOf(file, local).startsWith("sk-"));
	if (inHardware !== undefined) return { why: msg("a key in hardware: {0}", inHardware) };
	if (agent === undefined || identitiesOnly) return undefined;
	const type = (await agentKeyTypes(agent)).find((each) => each.startsWith("sk-") || each.includes("-cert-"));
	return type === undefined ? undefined : { why: msg("the agent has a key of type {0}", type) };
}

const AGENT_TIMEOUT = 2000;
/** The most that an agent may answer, as in ssh(1) (authfd.c, MAX_AGENT_REPLY_LEN). */
const AGENT_LIMIT = 256 * 1024;

/** The types of an agent's keys, also of those that the library leaves out; none where it does not answer. */
function agentKeyTypes(socket: string): Promise<readonly string[]> {
	return new Promise((resolve) => {
		let answer = Buffer.of();
		const line = dial(socket);
		const end = () => {
			line.destroy();
			resolve(typesOf(answer));
		};
		line.setTimeout(AGENT_TIMEOUT, end);
		line.on("error", end);
		line.on("close", end);
		// One byte follows: SSH_AGENTC_REQUEST_IDENTITIES.
		line.on("connect", () => line.write(Buffer.of(0, 0, 0, 1, 11)));
		line.on("data", (chunk: Buffer) => {
			answer = Buffer.concat([answer, chunk]);
			if (answer.length > AGENT_LIMIT || (answer.length >= 4 && answer.length >= 4 + answer.readUInt32BE(0))) end();
		});
	});
}

/** Of SSH_AGENT_IDENTITIES_ANSWER: how many there are, then a key and a comment of each. */
function typesOf(answer: Buffer): readonly string[] {
	const types: string[] = [];
	let at = 9;
	while (answer[4] === 12 && at + 4 <= answer.length) {
		const keyEnd = at + 4 + answer.readUInt32BE(at);
		if (keyEnd + 4 > answer.length) break;
		types.push(keyType(answer.subarray(at + 4, keyEnd)));
		at = keyEnd + 4 + answer.readUInt32BE(keyEnd);
	}
	return types;
}

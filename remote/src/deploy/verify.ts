/** What must be so once all commands have run: looked at on the host, not taken from what the commands said. */
import { type Message, PfFile, readInterface, say } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { askLiveState } from "../live.ts";
import type { LiveState } from "../live-state.ts";
import { run } from "../run.ts";
import { sh } from "../shell-words.ts";
import { missingRules } from "./loaded-rules.ts";
import { filesAfter, type Plan } from "./plan.ts";
import { expectSuccess, type RootRunner } from "./root.ts";
import { filesOfRulesets } from "./ruleset-files.ts";

/**
 * @param said what the commands of the plan printed, by their numbers
 * @throws ConnectionError with the first thing that is not as it must be
 */
export async function verify(connection: Connection, root: RootRunner, plan: Plan, said: ReadonlyMap<number, string>): Promise<void> {
	const live = await askLiveState((command, options) => run(connection, command, options));
	const faults = [
		...(await faultsOfRules(connection, root, plan, said)),
		...(await faultsOfSysctls(connection, root, plan)),
		...faultsOfInterfaces(plan, live),
		...faultsOfGuests(plan.live, live),
	];
	const [first] = faults;
	if (first !== undefined) throw new ConnectionError("failed", first);
}

/** The rules that pfctl said to load are there, and no anchor is empty whose file has rules. */
async function faultsOfRules(
	connection: Connection,
	root: RootRunner,
	plan: Plan,
	said: ReadonlyMap<number, string>,
): Promise<readonly Message[]> {
	const number = plan.activations.findIndex(({ kind }) => kind === "rules");
	if (number === -1) return [];
	const loaded = expectSuccess(await root(connection, sh`pfctl -a '*' -s rules`), plan.host);
	const [missing] = missingRules(said.get(number) ?? "", loaded);
	if (missing !== undefined) return [say("the rules on {0} are not those that were loaded: {1} is not there", plan.host, missing)];
	const texts = filesAfter(plan);
	const readFile = (path: string) => texts.get(path);
	const faults: Message[] = [];
	for (const [path, anchors] of filesOfRulesets(texts).anchors) {
		const rules = PfFile.parse(texts.get(path) ?? "", { path, readFile }).ruleset.main.rules;
		if (rules.length === 0) continue;
		for (const anchor of anchors)
			if (expectSuccess(await root(connection, sh`pfctl -a ${anchor} -s rules`), plan.host).trim() === "")
				faults.push(say("the anchor {0} on {1} is empty", anchor, plan.host));
	}
	return faults;
}

async function faultsOfSysctls(connection: Connection, root: RootRunner, { activations, host }: Plan): Promise<readonly Message[]> {
	const faults: Message[] = [];
	for (const { kind, subject, words } of activations) {
		if (kind !== "sysctl") continue;
		const now = expectSuccess(await root(connection, sh`sysctl -n ${subject}`), host).trim();
		if (`${subject}=${now}` !== words[1]) faults.push(say("{0} is {1} on {2}", subject, now, host));
	}
	return faults;
}

/** Interfaces that were configured are there, with the members that their files name. */
function faultsOfInterfaces({ activations, changes, host }: Plan, { interfaces }: LiveState): readonly Message[] {
	return activations.flatMap(({ kind, subject }): readonly Message[] => {
		const now = interfaces.find(({ name }) => name === subject);
		if (kind === "interface-gone") return now === undefined ? [] : [say("{0} is still there on {1}", subject, host)];
		if (kind !== "interface") return [];
		if (now === undefined) return [say("{0} is not there on {1}", subject, host)];
		const path = `/etc/hostname.${subject}`;
		const { members } = readInterface(path, changes.find((change) => change.path === path)?.text ?? "");
		return members
			.map(({ value }) => value)
			.filter((member) => !now.members.some((each) => each.interface === member))
			.map((member) => say("{0} is no member of {1} on {2}", member, subject, host));
	});
}

/** Who ran before runs now. */
function faultsOfGuests(before: LiveState, now: LiveState): readonly Message[] {
	const running = new Set(now.guests.filter(({ state }) => state === "running").map(({ name }) => name));
	const stopped = before.guests.filter(({ name, state }) => state === "running" && !running.has(name)).map(({ name }) => name);
	return stopped.length > 0 ? [say("guests that ran before do not run: {0}", stopped.join(", "))] : [];
}

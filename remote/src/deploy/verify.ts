/** What must be so once all commands have run: looked at on the host, not taken from what the commands said. */
import { filesOfRulesets, hostnamePath, interfaceOfPath, isCloned, type Message, msg, PfFile } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { faultsOf } from "../interfaces/transition.ts";
import { askLiveState } from "../live.ts";
import type { LiveInterface } from "../live-interfaces.ts";
import type { LiveState } from "../live-state.ts";
import { run } from "../run.ts";
import { sh } from "../shell-words.ts";
import { missingRules } from "./loaded-rules.ts";
import { filesAfter, type Plan } from "./plan.ts";
import { expectSuccess, type RootRunner } from "./root.ts";

/**
 * @param said what the commands of the plan printed, by their numbers
 * @throws ConnectionError with the first thing that is not as it must be
 */
export async function verify(connection: Connection, root: RootRunner, plan: Plan, said: ReadonlyMap<number, string>): Promise<void> {
	const live = await liveOnceGuestsRun(connection, plan);
	const faults = [
		...(await faultsOfRules(connection, root, plan, said)),
		...(await faultsOfSysctls(connection, plan)),
		...faultsOfInterfaces(plan, live),
		...faultsOfServices(plan, live),
		...faultsOfGuests(plan.live, live),
	];
	const [first] = faults;
	if (first !== undefined) throw new ConnectionError("failed", first);
}

/** vmd starts guests one after the other (vm.conf(5), staggered start): after a restart they are waited for. */
async function liveOnceGuestsRun(connection: Connection, plan: Plan): Promise<LiveState> {
	const ask = () => askLiveState((command, options) => run(connection, command, options));
	const restarted = plan.activations.some(({ kind, subject, words }) => kind === "service" && subject === "vmd" && words[0] === "rcctl");
	const latest = Date.now() + 60_000;
	let live = await ask();
	while (restarted && faultsOfGuests(plan.live, live).length > 0 && Date.now() < latest) {
		await new Promise((resolve) => setTimeout(resolve, 1000));
		live = await ask();
	}
	return live;
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
	const loaded = expectSuccess(await root(connection, { verb: "rules" }), plan.host);
	const [missing] = missingRules(said.get(number) ?? "", loaded);
	if (missing !== undefined) return [msg("the rules on {0} are not those that were loaded: {1} is not there", plan.host, missing)];
	const texts = filesAfter(plan);
	const readFile = (path: string) => texts.get(path);
	const anchors = [...filesOfRulesets(texts).anchors].flatMap(([path, names]) =>
		PfFile.parse(texts.get(path) ?? "", { path, readFile }).ruleset.main.rules.length === 0 ? [] : [...names],
	);
	if (anchors.length === 0) return [];
	const printed = expectSuccess(await root(connection, { verb: "loaded", args: anchors }), plan.host);
	const filled = new Set(printed.split(/^(?=anchor )/m).flatMap((part) => (/\n./.test(part) ? [/^anchor (.*)/.exec(part)?.[1]] : [])));
	return anchors.filter((anchor) => !filled.has(anchor)).map((anchor) => msg("the anchor {0} on {1} is empty", anchor, plan.host));
}

async function faultsOfSysctls(connection: Connection, { activations, host }: Plan): Promise<readonly Message[]> {
	const faults: Message[] = [];
	for (const { kind, subject, words } of activations) {
		if (kind !== "sysctl") continue;
		const now = expectSuccess(await run(connection, sh`sysctl -n ${subject}`), host).trim();
		if (`${subject}=${now}` !== words[1]) faults.push(msg("{0} is {1} on {2}", subject, now, host));
	}
	return faults;
}

/** Interfaces that were started are as their files say, without what the files before had said; those whose files went are gone. */
export function faultsOfInterfaces(plan: Plan, { interfaces }: Pick<LiveState, "interfaces">): readonly Message[] {
	const { activations, before, changes, host } = plan;
	const after = filesAfter(plan);
	const gone = changes.flatMap(({ path, text }): readonly Message[] => {
		const name = interfaceOfPath(path) ?? "";
		const there = text === undefined && isCloned(name) ? interfaces.find((each) => each.name === name) : undefined;
		return there !== undefined && !isOfRoutingDomain(there, interfaces) ? [msg("{0} is still there on {1}", name, host)] : [];
	});
	const started = activations.flatMap(({ kind, subject }) => (kind === "interface" ? subject.split(" ") : []));
	return [
		...gone,
		...started.flatMap((name): readonly Message[] => {
			const now = interfaces.find((each) => each.name === name);
			if (now === undefined) return [msg("{0} is not there on {1}", name, host)];
			const path = hostnamePath(name);
			const isThere = (other: string): boolean => interfaces.some((each) => each.name === other);
			const { missing, left } = faultsOf(now, before.get(path) ?? "", after.get(path) ?? "", isThere, plan.live.system?.reads);
			return [
				...missing.map((setting) => msg("{0} on {1} does not have what its file says: {2}", name, host, setting)),
				...left.map((words) => msg("{0} on {1} still has what its file had before: '{2}' did not take it away", name, host, words)),
			];
		}),
	];
}

/** A loopback that the kernel makes by itself, as soon as another interface is in the routing domain of its number. */
function isOfRoutingDomain({ name, rdomain, addresses }: LiveInterface, interfaces: readonly LiveInterface[]): boolean {
	const isNeeded = interfaces.some((each) => each.name !== name && each.rdomain === rdomain);
	return rdomain !== undefined && rdomain > 0 && name === `lo${rdomain}` && addresses.length === 0 && isNeeded;
}

function faultsOfServices({ activations, host }: Plan, { vmd }: LiveState): readonly Message[] {
	const isStarted = activations.some(({ kind, subject }) => kind === "service" && subject === "vmd");
	return isStarted && vmd.kind === "absent" ? [msg("vmd does not run on {0}", host)] : [];
}

/** Who ran before runs now. */
function faultsOfGuests(before: LiveState, now: LiveState): readonly Message[] {
	const running = new Set(now.guests.filter(({ state }) => state === "running").map(({ name }) => name));
	const stopped = before.guests.filter(({ name, state }) => state === "running" && !running.has(name)).map(({ name }) => name);
	return stopped.length > 0 ? [msg("guests that ran before do not run: {0}", stopped.join(", "))] : [];
}

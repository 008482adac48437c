/** What a running host is asked when it is verified: everything that its files promise, in two round trips. */
import { randomBytes } from "node:crypto";
import type { Host } from "@openbsd-vnet/server";
import type { Asked, RunOnHost } from "../live.ts";
import { type LiveRoute, routeCommands, routesIn } from "../live-routes.ts";
import { liveAnswerLimit, liveCommands, markedScript, readSection } from "../live-script.ts";
import { type LiveState, readLiveState } from "../live-state.ts";
import { type ShellCommand, sh } from "../shell-words.ts";
import { type LiveLease, readLeases } from "./leases.ts";

/** Daemons that a network of guests needs. */
const daemons = ["vmd", "dhcpd"] as const;

export interface Observed {
	readonly live: LiveState;
	/** Undefined where the host did not show its routes. */
	readonly routes: readonly LiveRoute[] | undefined;
	/** The settings of sysctl.conf, and those that forwarding needs, as the kernel has them now. */
	readonly sysctls: ReadonlyMap<string, string>;
	/** Whether a daemon runs, as `rcctl check` says; a daemon is absent where rcctl did not answer. */
	readonly running: ReadonlyMap<string, boolean>;
	/** Undefined where dhcpd has written no leases, or we may not read them. */
	readonly leases: readonly LiveLease[] | undefined;
	readonly rules: Asked<string>;
}

/** The kernel's switches for packets between interfaces. */
export const forwarding = { inet: "net.inet.ip.forwarding", inet6: "net.inet6.ip6.forwarding" } as const;

/**
 * Asks a host for what its files promise.
 * @param host the model of its files
 * @param askRules asks for the rules that are loaded
 */
export async function observe(run: RunOnHost, host: Host, askRules: () => Promise<Asked<string>>, signal?: AbortSignal): Promise<Observed> {
	const marker = randomBytes(16).toString("hex");
	const names = settingsOf(host);
	const commands: Readonly<Record<string, ShellCommand>> = {
		...liveCommands,
		...routeCommands,
		sysctls: sh`sysctl ${names}`,
		vmd: sh`rcctl check vmd`,
		dhcpd: sh`rcctl check dhcpd`,
		leases: sh`cat /var/db/dhcpd.leases`,
	};
	const options = { limit: liveAnswerLimit, milliseconds: 90_000, ...(signal === undefined ? {} : { signal }) };
	const { stdout } = await run(markedScript(marker, commands), options);
	const section = (name: string) => readSection(stdout, marker, name);
	const leases = section("leases");
	return {
		live: readLiveState(stdout, marker),
		routes: routesIn(stdout, marker),
		sysctls: new Map(section("sysctls").lines.flatMap(settingIn)),
		running: new Map(
			daemons.flatMap((name) => {
				const said = new RegExp(`^${name}\\((ok|failed)\\)$`).exec(section(name).lines[0] ?? "")?.[1];
				return said === undefined ? [] : [[name, said === "ok"] as const];
			}),
		),
		leases: leases.status === 0 ? readLeases(leases.lines.join("\n")) : undefined,
		rules: await askRules(),
	};
}

/** The names that the kernel is asked for: a name with anything odd in it is no setting. */
function settingsOf({ sysctl }: Host): readonly string[] {
	const named = (sysctl.value ?? []).flatMap(({ name, value }) => (value === undefined ? [] : [name]));
	return [...new Set([forwarding.inet, forwarding.inet6, ...named])].filter((name) => /^[a-z][a-z0-9]*(\.[A-Za-z0-9_-]+)+$/.test(name));
}

function settingIn(line: string): readonly (readonly [string, string])[] {
	const at = line.indexOf("=");
	return at <= 0 ? [] : [[line.slice(0, at), line.slice(at + 1)]];
}

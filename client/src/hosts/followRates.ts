/** "Show Rates on the Picture": what goes through a host's interfaces, and what its guests take, for as long as a picture of it is open. */
import { askRates, type LiveRates, MOST_RATE_SECONDS } from "@openbsd-vnet/remote";
import { settingsSection } from "@openbsd-vnet/server/protocol";
import { commands, type Disposable, Disposable as Disposables, l10n, workspace } from "vscode";
import { inBackground } from "../background.ts";
import { showError } from "../notices.ts";
import type { RatesOfPicture } from "../topology/messages.ts";
import type { PictureRates } from "../topology/rates.ts";
import { chosen } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";

type WithHost = { readonly host: KnownHost };

/** A picture that is hidden is looked for again after so many milliseconds, and the host is not asked. */
const HIDDEN = 1000;

export function registerRates(hosts: LiveHosts, pictures: PictureRates): Disposable {
	const followed = new Map<string, AbortController>();
	const end = (etc: string): void => {
		followed.get(etc)?.abort();
		followed.delete(etc);
		pictures.put(etc, undefined);
	};
	const atEtc = async (etc: string): Promise<KnownHost | undefined> => (await hosts.list()).find((host) => host.etc === etc);
	pictures.canFollow = async (etc) => (await atEtc(etc)) !== undefined;
	return Disposables.from(
		commands.registerCommand("openbsdVnet.showRates", async (given?: WithHost | string) => {
			const host = typeof given === "string" ? await atEtc(given) : await chosen(hosts, given?.host, true);
			if (host?.etc === undefined) return;
			const { etc } = host;
			const isFollowed = followed.has(etc);
			const controller = new AbortController();
			if (!isFollowed) followed.set(etc, controller);
			if (pictures.look(etc) !== "seen") await commands.executeCommand("openbsdVnet.showTopology", etc);
			if (isFollowed) return;
			inBackground(
				follow(hosts, pictures, { ...host, etc }, controller.signal).finally(() => {
					// It may be followed again by then.
					if (followed.get(etc) === controller) end(etc);
				}),
			);
		}),
		commands.registerCommand("openbsdVnet.hideRates", (etc?: string) => {
			for (const one of etc === undefined ? [...followed.keys()] : [etc]) end(one);
		}),
		{
			dispose: () => {
				for (const etc of [...followed.keys()]) end(etc);
			},
		},
	);
}

/** Asks again and again, over the connection that there is: each question is one process on the host, and ends with its answer. */
async function follow(
	hosts: LiveHosts,
	pictures: PictureRates,
	host: KnownHost & { readonly etc: string },
	signal: AbortSignal,
): Promise<void> {
	const { etc, name } = host;
	try {
		pictures.put(etc, { seconds: secondsOf(), simulated: false, links: [], guests: [] });
		while (!signal.aborted) {
			const look = pictures.look(etc);
			if (look === "closed") return;
			if (look === "hidden") {
				await new Promise((resolve) => setTimeout(resolve, HIDDEN));
				continue;
			}
			const seconds = secondsOf();
			const found = await hosts.follow(host, (run) => askRates(run, seconds, signal));
			if (!signal.aborted) pictures.put(etc, shown(found));
		}
	} catch (error) {
		if (!signal.aborted) inBackground(showError(l10n.t("{0}: {1}", name, error instanceof Error ? error.message : String(error))));
	}
}

function secondsOf(): number {
	const asked = workspace.getConfiguration(settingsSection).get<number>("live.ratesSeconds") ?? 5;
	return Math.min(Math.max(Math.round(asked), 1), MOST_RATE_SECONDS);
}

function shown({ seconds, live, interfaces, guests }: LiveRates): RatesOfPicture {
	return {
		seconds,
		simulated: live.system?.simulated === true,
		links: interfaces.map(({ name, in: into, out }) => ({ name, in: into, out })),
		guests: guests.map(({ name, cpu, memory }) => ({
			name,
			...(cpu === undefined ? {} : { cpu }),
			...(memory === undefined ? {} : { memory }),
		})),
	};
}

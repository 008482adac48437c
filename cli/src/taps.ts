/** `openbsd-vnet taps`: which tap is which guest's on a running host. */
import { askLiveState, type LiveState, type RunOnHost, type TapState } from "@openbsd-vnet/remote";
import { guestStateText } from "@openbsd-vnet/server";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { columns, plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

/** Asks a host for its taps. Answers what is to be printed, as a table for people or as JSON for programs. */
export async function taps(run: RunOnHost, json: boolean): Promise<string> {
	const state = await askLiveState(run);
	return json ? jsonOf("taps", asData(state)) : asText(state);
}

/** The answer for programs: names that stay the same from version to version. */
function asData({ system, vmd, guests, taps, bridges, complete, unread }: LiveState): Outputs["taps"] {
	return {
		system: system ?? null,
		vmd,
		guests,
		taps: taps.map(({ use, ...tap }) => ({
			...tap,
			...(use.kind === "guest" ? { guest: use } : { guest: null, ...(use.kind === "stale" ? { stale: use } : {}) }),
		})),
		bridges,
		complete,
		unread,
	};
}

function asText({ system, vmd, guests, taps, complete, unread }: LiveState): string {
	const head = [tell("GUEST"), tell("STATE"), "TAP", "SWITCH", tell("BRIDGE"), tell("ADDRESS")];
	const place = (tap: TapState): readonly string[] => [tap.name, tap.switch ?? "-", tap.bridge ?? "-", tap.guestAddress ?? "-"];
	const rows = [
		...guests.flatMap(({ name, state, taps: own }) =>
			own.length === 0
				? [[name, translated(guestStateText(state)), "-", "-", "-", "-"]]
				: own.flatMap((tap) =>
						taps.filter((each) => each.name === tap).map((each) => [name, translated(guestStateText(state)), ...place(each)]),
					),
		),
		...taps.filter(({ use }) => use.kind !== "guest").map((tap) => ["-", tell("unused"), ...place(tap)]),
	];
	const notes: Readonly<Record<typeof vmd.kind, string | undefined>> = {
		answered: undefined,
		absent: tell("vmd does not run"),
		notPermitted: tell("vmd's socket is not open to us: only running guests are known, by their taps"),
		timedOut: tell("vmd did not answer in time"),
		failed: vmd.kind === "failed" ? vmd.message : "",
	};
	const said = [
		system?.simulated === true ? tell("simulated host") : undefined,
		notes[vmd.kind],
		complete ? undefined : tell("the list of interfaces is not whole"),
		unread.length === 0 ? undefined : tell("{0} lines were not understood (--json shows them)", unread.length),
	].filter((note) => note !== undefined);
	const table = rows.length === 0 ? `${tell("no guests, no taps")}\n` : columns([head, ...rows]);
	return table + said.map((note) => `# ${plain(note)}\n`).join("");
}

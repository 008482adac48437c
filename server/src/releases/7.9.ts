import { say } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const release79 = {
	name: "7.9",
	published: "2026-05-19",
	changes: [
		{
			name: "pf/prints-both-translations",
			place: "pf.conf",
			effect: "printed",
			summary: say("pfctl prints `nat-to` and `rdr-to` of a rule that has both; before, it printed `nat-to` alone."),
		},
	],
} as const satisfies ReleaseData;

import { msg } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const release77 = {
	name: "7.7",
	published: "2025-04-28",
	changes: [
		{
			name: "sysctl/read-by-line",
			place: "sysctl.conf",
			effect: "meaning",
			summary: msg("rc hands sysctl.conf to `sysctl -f`, which reads the first word of each line and loses a line with a blank in front."),
		},
	],
} as const satisfies ReleaseData;

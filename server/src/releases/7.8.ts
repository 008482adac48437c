import { say } from "../text/message.ts";
import type { ReleaseData } from "./release-data.ts";

export const release78 = {
	name: "7.8",
	published: "2025-10-22",
	changes: [
		{
			name: "pf/limits-at-their-line",
			place: "pf.conf",
			effect: "meaning",
			summary: say("`set limit` takes effect when its line is read, and a limit that the file does not name stays as the kernel has it."),
		},
	],
} as const satisfies ReleaseData;

/** What a severity is called for people. */
import type { Level } from "./check-report.ts";
import { tell } from "./translations.ts";

export function severityText(severity: Level): string {
	switch (severity) {
		case "error":
			return tell("error");
		case "warning":
			return tell("warning");
		case "information":
			return tell("information");
		case "hint":
			return tell("hint");
	}
}

/** The severity before a message, and what stands between: a colon of Chinese has its blank in itself. */
export function severityLabel(severity: Level): readonly [label: string, gap: string] {
	const label = tell("{0}:", severityText(severity));
	return [label, label.endsWith(":") ? " " : ""];
}

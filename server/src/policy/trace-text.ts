/** What a trace answers, in a sentence. */
import { type Message, msg } from "../text/message.ts";
import { endText } from "./endpoints.ts";
import type { Trace } from "./trace.ts";

/** @param what the service in words */
export function answerText({ flow, answer, conditions, ways, cutOff }: Trace, what: string): Message {
	const [from, to] = [endText(flow.from), endText(flow.to)];
	switch (answer) {
		case "yes":
			return msg("{0} reaches {1} by {2}", from, to, what);
		case "one way":
			return msg("{0} reaches {1} by {2}, but the answer does not come back", from, to, what);
		case "depends": {
			if (cutOff === true)
				return msg("Whether {0} reaches {1} by {2} is not known: rules are left out, because they are too many", from, to, what);
			if (conditions.length === 0) return msg("These files show no way between {0} and {1}", from, to);
			const criteria = new Set(conditions.map(({ criterion }) => criterion));
			return msg("Whether {0} reaches {1} by {2} depends on the {3}", from, to, what, [...criteria].join(", "));
		}
		case "no":
			if (ways.length === 0) return msg("There is no way from {0} to {1}", from, to);
			if (ways.every(({ result }) => result === "not forwarded")) return msg("{0} does not reach {1}: the host forwards nothing", from, to);
			return msg("{0} does not reach {1} by {2}", from, to, what);
	}
}

/** What `plan` and `deploy` say of the connections that a host has already. */
import type { Asked, PlanStates } from "@openbsd-vnet/remote";
import { printRule, waysOfState } from "@openbsd-vnet/server";
import type { Outputs } from "./output-schemas.ts";
import { statesTable } from "./states-table.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

/** So many are shown with a plan; `openbsd-vnet states --against` shows all. */
const FEW = 20;

type Refusal = Exclude<Asked<unknown>, { readonly kind: "answered" }>;

export function refusalText(answer: Refusal): string {
	return answer.kind === "refused"
		? tell("the host lets nobody but root read and end its states; allow in /etc/doas.conf: {0}", plain(answer.allow))
		: plain(answer.message);
}

export function statesText(host: string, asked: Asked<PlanStates>): string {
	if (asked.kind !== "answered") return `${tell("{0}: {1}", plain(host), refusalText(asked))}\n`;
	const { total, leftOut, refused, unknown, refusesOurs } = asked.value;
	return [
		`${tell("Of {0} present connections {1} would no longer begin with the new rules; of {2} that is not known.", total, refused.length, unknown)}\n`,
		refused.length === 0 ? "" : statesTable(refused.slice(0, FEW)),
		...(refused.length > FEW ? [`${tell("and {0} more", refused.length - FEW)}\n`] : []),
		...(refusesOurs ? [`${tell("The connection that we come by is one more of them: it is not ended.")}\n`] : []),
		...(leftOut > 0 ? [`${tell("{0} more states were not read", leftOut)}\n`] : []),
	].join("");
}

export function statesObject(asked: Asked<PlanStates>): NonNullable<Outputs["plan"]["states"]> {
	if (asked.kind !== "answered") return { message: refusalText(asked) };
	const { total, leftOut, refused, unknown, refusesOurs } = asked.value;
	return {
		total,
		leftOut,
		unknown,
		refusesOurs,
		refused: refused.map(({ state, guests, verdict }) => ({
			id: state.id,
			protocol: state.protocol,
			...waysOfState(state),
			guests,
			...(verdict?.rule === undefined ? {} : { rule: printRule(verdict.rule) }),
		})),
	};
}

/** What became of those that were to be ended. */
export interface EndedStates {
	readonly ended: number;
	/** Why they were not. */
	readonly message?: string;
}

export function endedText(host: string, { ended, message }: EndedStates): string {
	return message === undefined
		? tell("{0}: {1} connections that would no longer begin were ended", plain(host), ended)
		: tell("{0}: connections that would no longer begin were not ended: {1}", plain(host), plain(message));
}

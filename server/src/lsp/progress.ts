/** Work that lasts is shown to the user (`$/progress`); what ends soon is not. */
import {
	type ProgressToken,
	WorkDoneProgress,
	type WorkDoneProgressBegin,
	WorkDoneProgressCreateRequest,
	type WorkDoneProgressEnd,
	type WorkDoneProgressReport,
} from "vscode-languageserver";
import type { ServerState } from "./state.ts";

/** Work is shown once it has lasted so many milliseconds. */
const PATIENCE = 1000;

type Told = WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd;

/** Work that may last. */
export interface Lasting {
	/** Says how much is done, in parts of a whole. */
	done(parts: number, whole: number): void;
	/** The work has ended, however it did. */
	end(): void;
}

export class WorkProgress {
	readonly #state: ServerState;
	#tokens = 0;

	constructor(state: ServerState) {
		this.#state = state;
	}

	/**
	 * Begins work.
	 * @param title what is done, in the reader's language
	 * @param given where the client wants to be told; without, a place is asked for, if the client has one
	 */
	begin(title: string, given?: ProgressToken): Lasting {
		const { background, client, connection } = this.#state;
		const token = given ?? `openbsdVnet/${++this.#tokens}`;
		const name = `Showing the progress of ${title} at ${token}`;
		let state: "early" | "shown" | "over" = "early";
		let percentage = 0;
		const tell = (value: Told): Promise<void> => connection.sendProgress(WorkDoneProgress.type, token, value);
		if (given !== undefined || client.window?.workDoneProgress === true) {
			background.startLater(name, PATIENCE, async () => {
				if (given === undefined) await connection.sendRequest(WorkDoneProgressCreateRequest.type, { token });
				if (state === "over") return;
				state = "shown";
				await tell({ kind: "begin", title, percentage });
			});
		}
		return {
			done(parts, whole) {
				const now = whole === 0 ? 100 : Math.floor((100 * parts) / whole);
				if (now === percentage) return;
				percentage = now;
				if (state === "shown") background.start(name, () => tell({ kind: "report", percentage }));
			},
			end() {
				background.cancel(name);
				if (state === "shown") background.start(name, () => tell({ kind: "end" }));
				state = "over";
			},
		};
	}
}

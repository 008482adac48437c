/** What the pictures show of a running host beside its files: where hosts are reached, somebody follows one and puts it here. */
import { type Disposable, type Event, EventEmitter } from "vscode";
import type { RatesOfPicture } from "./messages.ts";

export class PictureRates implements Disposable {
	readonly #changed = new EventEmitter<string>();
	readonly #rates = new Map<string, RatesOfPicture>();
	/** Fires with the URI of the /etc of a host whose rates are others, or none any more. */
	readonly onDidChange: Event<string> = this.#changed.event;
	/** Whether a host can be followed, by the URI of its /etc; set by who reaches hosts. */
	canFollow: (etc: string) => Promise<boolean> = async () => false;
	/** How a host is looked at: in no page, in one that is hidden, or in one that is seen; set by who has the pages. */
	look: (etc: string) => "closed" | "hidden" | "seen" = () => "closed";

	/** Undefined where the host is not followed. */
	of(etc: string): RatesOfPicture | undefined {
		return this.#rates.get(etc);
	}

	put(etc: string, rates: RatesOfPicture | undefined): void {
		if (rates === undefined) this.#rates.delete(etc);
		else this.#rates.set(etc, rates);
		this.#changed.fire(etc);
	}

	dispose(): void {
		this.#changed.dispose();
	}
}

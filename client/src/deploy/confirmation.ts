/** The time between a change and its confirmation: seen to run, to be made longer, and to be ended either way. */

import { type Disposable, l10n, StatusBarAlignment, ThemeColor, window } from "vscode";
import { inBackground } from "../background.ts";
import { setContext } from "../context.ts";
import { showWarning } from "../notices.ts";

/** So many seconds more are given at once. */
const MORE = 120;

export class Confirmation implements Disposable {
	readonly #item = window.createStatusBarItem("openbsdVnet.deployment", StatusBarAlignment.Left, 100);
	#waiting:
		| { readonly host: string; readonly extend: (seconds: number) => Promise<void>; end: number; readonly decide: (keep: boolean) => void }
		| undefined;

	constructor() {
		this.#item.name = l10n.t("OpenBSD deployment");
		this.#item.command = "openbsdVnet.decideDeployment";
		this.#item.backgroundColor = new ThemeColor("statusBarItem.warningBackground");
	}

	/** Whether something waits to be confirmed. */
	get isWaiting(): boolean {
		return this.#waiting !== undefined;
	}

	/**
	 * Waits for the user's word; false too when the time is over or it was cancelled.
	 * @param seconds until the host rolls back by itself
	 */
	async ask(host: string, seconds: number, extend: (seconds: number) => Promise<void>, signal: AbortSignal): Promise<boolean> {
		let timer: ReturnType<typeof setInterval> | undefined;
		const stop = () => this.#waiting?.decide(false);
		try {
			return await new Promise<boolean>((resolve) => {
				this.#waiting = { host, extend, end: Date.now() + seconds * 1000, decide: resolve };
				signal.addEventListener("abort", stop);
				timer = setInterval(() => this.#tick(), 500);
				this.#tick();
				this.#item.show();
				setContext("isConfirming", true);
				inBackground(this.decide());
			});
		} finally {
			clearInterval(timer);
			signal.removeEventListener("abort", stop);
			this.#waiting = undefined;
			this.#item.hide();
			setContext("isConfirming", false);
		}
	}

	/** Offers what can be decided. */
	async decide(): Promise<void> {
		const waiting = this.#waiting;
		if (waiting === undefined) return;
		const keep = l10n.t("Keep");
		const back = l10n.t("Roll Back");
		const extend = l10n.t("{0} More Seconds", MORE);
		const choice = await showWarning(
			l10n.t(
				"{0} answers over a new connection, and all checks passed. Keep the change? Without an answer it rolls back by itself.",
				waiting.host,
			),
			keep,
			extend,
			back,
		);
		// A notification that is closed decides nothing; the status bar still has the question.
		if (this.#waiting !== waiting) return;
		if (choice === keep) this.keep();
		else if (choice === back) this.rollBack();
		else if (choice === extend) {
			await this.extend();
			await this.decide();
		}
	}

	keep(): void {
		this.#waiting?.decide(true);
	}

	rollBack(): void {
		this.#waiting?.decide(false);
	}

	/** Gives more time, if the host still can. */
	async extend(): Promise<void> {
		const waiting = this.#waiting;
		if (waiting === undefined) return;
		await waiting.extend(MORE);
		waiting.end = Date.now() + MORE * 1000;
		this.#tick();
	}

	dispose(): void {
		this.#waiting?.decide(false);
		this.#item.dispose();
	}

	#tick(): void {
		if (this.#waiting === undefined) return;
		const left = Math.ceil((this.#waiting.end - Date.now()) / 1000);
		if (left <= 0) return this.#waiting.decide(false);
		this.#item.text = `$(watch) ${l10n.t("{0}: rolls back in {1} s", this.#waiting.host, left)}`;
		this.#item.tooltip = l10n.t("Click to keep the change, to take more time, or to roll back now");
	}
}

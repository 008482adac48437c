/** The plans that are shown, as documents with a line above them that carries them out. */
import type { Plan } from "@openbsd-vnet/remote";
import {
	type CodeLens,
	type CodeLensProvider,
	type Disposable,
	EventEmitter,
	l10n,
	Range,
	type TextDocumentContentProvider,
	Uri,
} from "vscode";
import type { KnownHost } from "../hosts/liveHosts.ts";

export const planScheme = "openbsd-vnet-plan";

/** A plan that is shown and can be carried out. */
export interface Shown {
	readonly host: KnownHost;
	readonly etc: string;
	readonly plan: Plan;
	readonly text: string;
	/** Whether it rolls back to an earlier state. */
	readonly back: boolean;
}

export class Plans implements TextDocumentContentProvider, CodeLensProvider, Disposable {
	readonly #shown = new Map<string, Shown>();
	readonly #changed = new EventEmitter<Uri>();
	readonly #lenses = new EventEmitter<void>();
	readonly onDidChange = this.#changed.event;
	readonly onDidChangeCodeLenses = this.#lenses.event;

	put(shown: Shown): Uri {
		const uri = Uri.from({ scheme: planScheme, path: `/${shown.host.name}/${shown.back ? "back" : "plan"}.md` });
		this.#shown.set(uri.toString(), shown);
		this.#changed.fire(uri);
		this.#lenses.fire();
		return uri;
	}

	at(uri: Uri | undefined): Shown | undefined {
		return uri === undefined ? undefined : this.#shown.get(uri.toString());
	}

	/** One that was carried out cannot be so again. */
	drop(shown: Shown): void {
		for (const [uri, each] of this.#shown) if (each === shown) this.#shown.set(uri, { ...shown, plan: { ...shown.plan, changes: [] } });
		this.#lenses.fire();
	}

	provideTextDocumentContent(uri: Uri): string {
		return this.at(uri)?.text ?? "";
	}

	provideCodeLenses({ uri }: { readonly uri: Uri }): CodeLens[] {
		const shown = this.at(uri);
		if (shown === undefined || shown.plan.changes.length === 0) return [];
		const title = shown.back ? l10n.t("Roll Back {0}", shown.host.name) : l10n.t("Deploy to {0}", shown.host.name);
		const lens = (text: string, command: string): CodeLens => ({
			range: new Range(0, 0, 0, 0),
			isResolved: true,
			command: { title: text, command: `openbsdVnet.${command}`, arguments: [uri] },
		});
		return [
			lens(title, "applyPlan"),
			...(shown.plan.drifted.length > 0 ? [lens(`$(git-merge) ${l10n.t("Merge Their Changes")}`, "mergeFromHost")] : []),
			...(!shown.back && shown.plan.others.length > 0 ? [lens(`$(trash) ${l10n.t("Remove Files...")}`, "removeFromHost")] : []),
		];
	}

	dispose(): void {
		this.#changed.dispose();
		this.#lenses.dispose();
	}
}

/** The plans that are shown, as documents with a line above them that carries them out. */
import { hideSecrets, type Plan, type PlanStates } from "@openbsd-vnet/remote";
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
import { planScheme } from "./planScheme.ts";

/** A plan that is shown and can be carried out. */
export interface Shown {
	readonly host: KnownHost;
	readonly etc: string;
	readonly plan: Plan;
	readonly text: string;
	/** Whether it rolls back to an earlier state. */
	readonly back: boolean;
	/** What it means for the connections that the host has, once that was asked. */
	readonly states?: PlanStates;
}

type SideName = "before" | "after";

/** A file of the host before or after a plan is carried out. */
function sideOf(plan: Uri, name: SideName, path: string): Uri {
	return Uri.from({ scheme: planScheme, path, query: `${name} ${plan.toString()}` });
}

function readSide({ query }: Uri): { readonly name: SideName; readonly plan: Uri } | undefined {
	const [, name, plan = ""] = /^(before|after) (.+)$/.exec(query) ?? [];
	return name === "before" || name === "after" ? { name, plan: Uri.parse(plan) } : undefined;
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
		const side = readSide(uri);
		if (side === undefined) return this.at(uri)?.text ?? "";
		const change = this.at(side.plan)?.plan.changes.find(({ path }) => path === uri.path);
		if (change === undefined) return "";
		const [before = "", after = ""] = hideSecrets([change.before.kind === "file" ? change.before.text : "", change.text ?? ""]);
		return side.name === "before" ? before : after;
	}

	/** The files that change, as VS Code's view of changes takes them: each with what is there and what comes. */
	changesOf(plan: Uri): readonly (readonly [Uri, Uri, Uri])[] {
		return (this.at(plan)?.plan.changes ?? [])
			.filter(({ differs, text }) => text === undefined || differs.includes("content"))
			.map(({ path }) => [sideOf(plan, "after", path), sideOf(plan, "before", path), sideOf(plan, "after", path)]);
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
			lens(`$(diff-multiple) ${l10n.t("Show Changes")}`, "showPlanChanges"),
			lens(`$(open-preview) ${l10n.t("Show Rendered")}`, "showPlanRendered"),
			lens(`$(list-flat) ${l10n.t("Check Present Connections")}`, "showPlanStates"),
			...(shown.plan.drifted.length > 0 ? [lens(`$(git-merge) ${l10n.t("Merge Their Changes")}`, "mergeFromHost")] : []),
			...(!shown.back && shown.plan.others.length > 0 ? [lens(`$(trash) ${l10n.t("Remove Files...")}`, "removeFromHost")] : []),
		];
	}

	dispose(): void {
		this.#changed.dispose();
		this.#lenses.dispose();
	}
}

/** "Show States...": the connections that pf lets through on a host, as a document, with what the files here mean for each. */
import { askStateRows, endStates, type StateAnswer, type StateOrder, type StateQuestion, type StateRow } from "@openbsd-vnet/remote";
import { type PfState, printRule, type StateVerdict, stateWords } from "@openbsd-vnet/server";
import { commands, type Disposable, Disposable as Disposables, l10n, Uri, window } from "vscode";
import { inBackground } from "../background.ts";
import { textsOf } from "../deploy/hostFiles.ts";
import { showInformation, showProgress } from "../notices.ts";
import { ReadOnlyDocuments } from "../readOnlyDocuments.ts";
import { tableLines } from "../tableLines.ts";
import { withoutIcons } from "../withoutIcons.ts";
import { chosen, refuse, tellTrouble } from "./chosen.ts";
import type { KnownHost, LiveHosts } from "./liveHosts.ts";
import { ruleAtCursor } from "./ruleAtCursor.ts";

type WithHost = { readonly host: KnownHost; readonly guest?: { readonly name: string } };

/** So many states are shown; the command `openbsd-vnet states` shows all. */
const MOST_ROWS = 20_000;
const RATE_SECONDS = 2;

export function registerStates(hosts: LiveHosts): Disposable {
	const documents = new ReadOnlyDocuments("openbsd-vnet-states");
	return Disposables.from(
		documents,
		commands.registerCommand("openbsdVnet.showStates", async (node?: WithHost) => {
			const host = await chosen(hosts, node?.host);
			if (host === undefined) return;
			const which = node?.guest === undefined ? await askWhich(hosts, host) : { guest: node.guest.name };
			const order = which && (await askOrder());
			if (which !== undefined && order !== undefined) await show(hosts, documents, host, which, order);
		}),
	);
}

type Which = Pick<StateQuestion, "guest" | "address" | "rule">;

async function askWhich(hosts: LiveHosts, host: KnownHost): Promise<Which | undefined> {
	const { guests } = hosts.known(host).answer?.state ?? { guests: [] };
	const rule = ruleAtCursor(host);
	const items: { readonly label: string; readonly description?: string; readonly which: Which | "address" }[] = [
		{ label: l10n.t("All states"), which: {} },
		...(rule === undefined
			? []
			: [{ label: l10n.t("Those of the rule at the cursor"), description: `${rule.path}:${rule.line + 1}`, which: { rule } }]),
		{ label: l10n.t("Those of an address..."), which: "address" as const },
		...guests.map(({ name }) => ({ label: withoutIcons(name), description: l10n.t("guest"), which: { guest: name } })),
	];
	const picked = await window.showQuickPick(items, { placeHolder: l10n.t("Which states of {0}?", host.name) });
	if (picked?.which !== "address") return picked?.which;
	const address = await window.showInputBox({ prompt: l10n.t("The address at one end, before or after translation") });
	return address === undefined ? undefined : { address: address.trim() };
}

async function askOrder(): Promise<StateOrder | undefined> {
	const items: { readonly label: string; readonly order: StateOrder }[] = [
		{ label: l10n.t("Most bytes first"), order: "bytes" },
		{ label: l10n.t("Most packets first"), order: "packets" },
		{ label: l10n.t("Highest rate first"), order: "rate" },
		{ label: l10n.t("Oldest first"), order: "age" },
	];
	return (await window.showQuickPick(items, { placeHolder: l10n.t("In which order?") }))?.order;
}

async function show(hosts: LiveHosts, documents: ReadOnlyDocuments, host: KnownHost, which: Which, order: StateOrder): Promise<void> {
	const files = host.etc === undefined ? undefined : await textsOf(host);
	const question: StateQuestion = {
		name: host.name,
		...which,
		order,
		...(files === undefined ? {} : { files, against: files }),
		...(order === "rate" ? { rateSeconds: RATE_SECONDS } : {}),
	};
	const user = await hosts.user(host);
	const asked = await showProgress(l10n.t("Reading the states of {0}", host.name), (_, token) =>
		hosts.ask(host, token, (run, signal) => askStateRows(run, user, question, signal)),
	);
	if (asked === undefined) return tellTrouble(hosts, host);
	if (asked.kind !== "answered") return refuse(host, asked, l10n.t("{0} lets nobody but root read its states.", host.name));
	hosts.tellState(host, asked.value.live);
	const uri = Uri.from({ scheme: documents.scheme, path: `/${host.name}/${l10n.t("states")}.txt` });
	documents.put(uri, textOf(host, asked.value));
	await window.showTextDocument(uri, { preview: false });
	const refused = asked.value.rows.filter(({ verdict }) => verdict?.kind === "refused");
	if (refused.length > 0) inBackground(offerEnd(hosts, host, user, refused));
}

/** Ends those that the files here would no longer let begin, once that is wanted twice. */
export async function offerEnd(hosts: LiveHosts, host: KnownHost, user: string, refused: readonly StateRow[]): Promise<void> {
	const end = l10n.t("End Those...");
	const text = l10n.t("The files here would no longer let {0} of the states of {1} begin.", refused.length, host.name);
	if ((await showInformation(text, end)) !== end) return;
	const detail = refused.slice(0, 10).map(({ state }) => lineOf(state));
	const more = refused.length > detail.length ? [l10n.t("and {0} more", refused.length - detail.length)] : [];
	const really = l10n.t("End Them");
	const answer = await window.showWarningMessage(
		l10n.t("End these {0} states on {1}?", refused.length, host.name),
		{ modal: true, detail: [...detail, ...more].join("\n") },
		really,
	);
	if (answer !== really) return;
	const ids = refused.map(({ state }) => state.id);
	const done = await showProgress(l10n.t("Ending states of {0}", host.name), (_, token) =>
		hosts.ask(host, token, (run, signal) => endStates(run, ids, user, signal)),
	);
	if (done === undefined) tellTrouble(hosts, host);
	else if (done.kind !== "answered") refuse(host, done, l10n.t("{0} lets nobody but root end its states.", host.name));
	else inBackground(showInformation(l10n.t("{0} states of {1} were ended.", done.value, host.name)));
}

const verdicts: Readonly<Record<StateVerdict["kind"], () => string>> = {
	made: () => l10n.t("stays"),
	refused: () => l10n.t("REFUSED"),
	unknown: () => l10n.t("unknown"),
};

function textOf(host: KnownHost, { rows, total, loaded, live }: StateAnswer): string {
	const count = (kind: StateVerdict["kind"]): number => rows.filter(({ verdict }) => verdict?.kind === kind).length;
	const simulated = live.system?.simulated === true ? ` (${l10n.t("simulated host")})` : "";
	const shown = rows.slice(0, MOST_ROWS);
	const head = [
		l10n.t("NOW"),
		l10n.t("GUEST"),
		l10n.t("WAY"),
		l10n.t("PROTO"),
		l10n.t("FROM"),
		l10n.t("TO"),
		l10n.t("STATE"),
		l10n.t("AGE"),
		l10n.t("PACKETS"),
		l10n.t("BYTES"),
		"B/S",
		l10n.t("RULE"),
	];
	const cells = shown
		.map((row) => ({ ...row, words: stateWords(row.state) }))
		.map(({ state, words, guests, rule, rate, verdict }) => [
			verdict === undefined ? "-" : verdicts[verdict.kind](),
			guests.join(",") || "-",
			words.way,
			words.protocol,
			words.from,
			words.to,
			state.progress,
			words.age,
			words.packets,
			words.bytes,
			rate === undefined ? "-" : String(Math.round(rate.bytes)),
			verdict?.kind === "refused" && verdict.rule !== undefined ? printRule(verdict.rule) : (rule?.text ?? "-"),
		]);
	const notes = [
		l10n.t("{0}: {1} of {2} states", `${host.name}${simulated}`, rows.length, total),
		...(rows.some(({ verdict }) => verdict !== undefined)
			? [l10n.t("with these files {0} would still be made, {1} no longer, {2} unknown", count("made"), count("refused"), count("unknown"))]
			: []),
		...(rows.length > shown.length ? [l10n.t("{0} more: openbsd-vnet states shows all", rows.length - shown.length)] : []),
		...(loaded.leftOut > 0 ? [l10n.t("{0} more states were not read", loaded.leftOut)] : []),
		...(loaded.unread > 0 ? [l10n.t("{0} lines were not understood", loaded.unread)] : []),
	];
	return [...notes.map((note) => `# ${note}`), "", ...tableLines([head, ...cells]), ""].join("\n");
}

function lineOf(state: PfState): string {
	const { protocol, from, to } = stateWords(state);
	return `${protocol} ${from} → ${to}`;
}

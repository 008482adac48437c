/** What is wrong in files that nobody has open: most faults of a network show in another file than the one that is edited. */
import { diagnostics } from "../features/diagnostics.ts";
import { isView } from "../host/folder.ts";
import type { SourceFile } from "../project/source-file.ts";
import { QUIET, turn } from "./background.ts";
import { pullsDiagnostics } from "./capabilities.ts";
import type { ServerState } from "./state.ts";

/** Publishes findings of closed files: of the hosts of open files, of all hosts, or of none, as the settings say. */
export class ClosedFiles {
	readonly #state: ServerState;
	/** What the client was told last, by the host and the file. */
	readonly #published = new Map<string, Map<string, string>>();
	/** The hosts that are looked at next, one after the other: keystrokes come in between. */
	readonly #waiting = new Set<string>();
	#isTelling = false;
	/** Whether the user has asked for all hosts. */
	#all = false;
	/** Whether the client asks for closed files itself. */
	#isLeft = false;

	constructor(state: ServerState) {
		this.#state = state;
	}

	/** Looks again at the hosts of files that have another meaning than before, once nothing has been changed for a while. */
	changed(files: readonly SourceFile[]): void {
		for (const { uri, identity } of files) if (this.#isShown(uri)) this.#tell(identity.host, uri, []);
		if (this.#isLeft) return;
		for (const host of new Set(files.map(({ identity }) => identity.host))) this.#later(host);
	}

	/** Leaves closed files to the client, which asks for them. */
	leave(): void {
		if (this.#isLeft) return;
		this.#isLeft = true;
		for (const [host, files] of [...this.#published]) for (const uri of [...files.keys()]) this.#tell(host, uri, []);
	}

	/** All files that are checked, open or not, by the settings. */
	async checked(): Promise<readonly SourceFile[]> {
		const { documents, settings } = this.#state;
		if (this.#all || settings.diagnostics?.scope === "allHosts") await this.#state.whenDiscovered();
		const open = documents.all().filter(({ version }) => version !== null);
		for (const { uri } of open) await documents.whenLoaded(uri);
		const hosts = new Set(open.map(({ identity }) => identity.host));
		const isChecked = ({ identity: { host }, version }: SourceFile) => version !== null || this.#isWanted(hosts.has(host));
		return documents.all().filter((file) => !isView(file.uri) && isChecked(file));
	}

	/** Looks at all hosts again, as after a change of the settings. */
	refresh(): void {
		const { background, settings } = this.#state;
		if (settings.diagnostics?.scope === "allHosts") background.start("Reading all hosts", () => this.#state.whenDiscovered());
		this.changed(this.#state.documents.all());
	}

	/** Reads all hosts of the folders, and keeps telling what is wrong in them. Resolves once it has been told. */
	async includeAll(): Promise<void> {
		this.#all = true;
		await this.#state.whenDiscovered();
		for (const host of new Set(this.#state.documents.all().map(({ identity }) => identity.host))) {
			await this.#publish(host);
			await turn();
		}
	}

	#later(host: string): void {
		this.#state.background.startLater(`Checking the closed files of ${host}`, QUIET, () => this.#publishInTurn(host));
	}

	async #publishInTurn(host: string): Promise<void> {
		this.#waiting.add(host);
		if (this.#isTelling) return;
		this.#isTelling = true;
		// What is added meanwhile comes by as well.
		for (const next of this.#waiting) {
			this.#waiting.delete(next);
			await this.#state.background.attempt(`Checking the closed files of ${next}`, () => this.#publish(next));
			await turn();
		}
		this.#isTelling = false;
	}

	async #publish(host: string): Promise<void> {
		const { documents } = this.#state;
		if (this.#isLeft) return;
		const files = () => documents.all().filter(({ identity }) => identity.host === host);
		const before = files();
		const start = before.find(({ version }) => version !== null) ?? before[0];
		const wanted = start !== undefined && !isView(start.uri) && this.#isWanted(start.version !== null);
		if (wanted) await documents.whenSettled(start.uri);
		const closed = wanted ? files().filter(({ uri }) => !this.#isShown(uri)) : [];
		const there = new Set(closed.map(({ uri }) => uri));
		for (const uri of this.#published.get(host)?.keys() ?? []) if (!there.has(uri)) this.#tell(host, uri, []);
		for (const { uri } of closed) {
			const file = documents.file(uri);
			if (file !== undefined && !this.#isShown(uri) && !this.#isLeft) this.#tell(host, uri, diagnostics(this.#state.session(), file));
			await turn();
		}
	}

	/** The client has asked for the file itself: what was told of it as of a closed one is taken back. */
	isPulled({ uri, identity }: SourceFile): void {
		this.#tell(identity.host, uri, []);
	}

	/** Whether the client shows what is wrong in a file by itself. VS Code opens files for its Problems view too, and pulls those in tabs alone. */
	#isShown(uri: string): boolean {
		const { client, diagnostics: reports, documents } = this.#state;
		return documents.isOpen(uri) && (!pullsDiagnostics(client) || reports.has(uri));
	}

	#isWanted(isOpen: boolean): boolean {
		const scope = this.#state.settings.diagnostics?.scope ?? "openHosts";
		return this.#all || scope === "allHosts" || (scope === "openHosts" && isOpen);
	}

	/** Publishes what differs from what the client was told before. */
	#tell(host: string, uri: string, items: ReturnType<typeof diagnostics>): void {
		const { background, connection } = this.#state;
		const told = this.#published.get(host) ?? new Map<string, string>();
		const text = JSON.stringify(items);
		if ((told.get(uri) ?? "[]") === text) return;
		if (items.length === 0) told.delete(uri);
		else told.set(uri, text);
		if (told.size === 0) this.#published.delete(host);
		else this.#published.set(host, told);
		background.start(`Telling what is wrong in ${uri}`, () => connection.sendDiagnostics({ uri, diagnostics: items }));
	}
}

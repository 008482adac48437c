/**
 * Documents that the server makes (`workspace/textDocumentContent`): what pfctl or netstart makes of a file, and the plan of a
 * deployment, where somebody is there to ask the host.
 */
import {
	type CancellationToken,
	type Definition,
	DefinitionRequest,
	type Position,
	TextDocumentContentRequest,
} from "vscode-languageserver";
import { definition } from "../features/definition.ts";
import { expandedDocument } from "../features/expanded.ts";
import { localize } from "../features/session.ts";
import { decoded, hostPlace } from "../host/folder.ts";
import type { SourceFile } from "../project/source-file.ts";
import { type Expanded, madeScheme } from "../protocol.ts";
import { msg } from "../text/message.ts";
import { aboutDocument, type Route, refuseCancelled, route } from "./route.ts";
import type { ServerState } from "./state.ts";

/** A made document follows the last of a row of keystrokes after this many milliseconds. */
const DELAY = 150;

/** Clients need not tell which documents they show: so many that were asked for last are kept up to date. */
const LIMIT = 20;

/**
 * Makes the plan of a deployment as text; what went wrong stands in it too.
 * @param folder the URI of the folder whose openbsd-vnet.json names the host
 */
export type MakePlan = (folder: string, host: string) => Promise<string>;

const PLAN = "plan:";

function queryOf(uri: string): string | undefined {
	const query = uri.indexOf("?");
	return uri.startsWith(`${madeScheme}:`) && query >= 0 ? decoded(uri.slice(query + 1)) : undefined;
}

/** The file that a document is made of; undefined for a document that is made of none. */
export function sourceOfMade(uri: string): string | undefined {
	const query = queryOf(uri);
	return query?.startsWith(PLAN) === true ? undefined : query;
}

/** The host that a document is the plan of. */
function plannedHost(uri: string): string | undefined {
	const query = queryOf(uri);
	return query?.startsWith(PLAN) === true ? query.slice(PLAN.length) : undefined;
}

/** The made documents that the client shows. */
export class MadeDocuments {
	readonly #state: ServerState;
	/** Their files by their own URIs; what was asked for last is the last. */
	readonly #shown = new Map<string, string>();

	constructor(state: ServerState) {
		this.#state = state;
	}

	/** A document is shown; nothing where it is not made. */
	show(uri: string): void {
		const source = sourceOfMade(uri);
		if (source === undefined) return;
		this.#shown.delete(uri);
		this.#shown.set(uri, source);
		const [oldest] = this.#shown.keys();
		if (this.#shown.size > LIMIT && oldest !== undefined) this.#shown.delete(oldest);
	}

	/** A document is not shown any more. */
	forget(uri: string): void {
		this.#shown.delete(uri);
	}

	/** Has the documents asked for again that are made of these files' hosts: a macro or an anchor of one file changes another. */
	changed(files: readonly SourceFile[]): void {
		const { background, client, connection } = this.#state;
		if (client.workspace?.textDocumentContent === undefined) return;
		const hosts = new Set(files.map(({ identity }) => identity.host));
		for (const [uri, source] of this.#shown) {
			if (!hosts.has(hostPlace(source).host)) continue;
			background.startLater(`The refresh of ${uri}`, DELAY, () => connection.workspace.textDocumentContent.refresh(uri));
		}
	}

	/** The plan of a host; undefined where nobody is there to make it, or no folder names the host. */
	async plan(name: string): Promise<string | undefined> {
		const { documents, folders, makePlan } = this.#state;
		const found = (await documents.hosts()).find((host) => host.name === name && host.ssh !== undefined);
		const folder = found && folders.find((one) => found.root === one || found.root.startsWith(`${one}/`));
		return folder === undefined ? undefined : await makePlan?.(folder, name);
	}

	/** What the host makes of the file of a document. */
	async content(uri: string, token: CancellationToken): Promise<Expanded | null> {
		const { documents } = this.#state;
		const source = sourceOfMade(uri);
		if (source === undefined) return null;
		await documents.whenSettled(source);
		refuseCancelled(token);
		const file = documents.file(source);
		return file === undefined ? null : expandedDocument(this.#state.session(), file);
	}
}

/** The statement that a line comes from. */
async function origin(state: ServerState, uri: string, { line }: Position, token: CancellationToken): Promise<Definition> {
	const made = await state.made.content(uri, token);
	return (made?.links ?? []).filter((link) => link.line === line).map(({ target: { uri: file, range } }) => ({ uri: file, range }));
}

export const madeDocumentRequests = {
	textDocumentContent: route(TextDocumentContentRequest.type, async (state, { uri }, token) => {
		const nothing = { text: `# ${localize(state.session(), msg("Nothing to show for this file."))}\n` };
		const host = plannedHost(uri);
		if (host !== undefined) {
			const text = await state.made.plan(host);
			return text === undefined ? nothing : { text };
		}
		state.made.show(uri);
		const made = await state.made.content(uri, token);
		if (made === null) return nothing;
		return { text: made.cutOff === undefined ? made.text : `${made.text}# ${made.cutOff}\n` };
	}),
	definition: route(DefinitionRequest.type, (state, { textDocument, position }, token) =>
		sourceOfMade(textDocument.uri) === undefined
			? aboutDocument<Definition>(
					state,
					textDocument,
					token,
					[],
					(file, session) => definition(session, file, file.lines.offset(position)),
					{ loaded: true },
				)
			: origin(state, textDocument.uri, position, token),
	),
} satisfies Record<string, Route>;

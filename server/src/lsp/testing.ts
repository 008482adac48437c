/** Test code: a server and a client, connected over streams in memory as over standard input and output. */
import { PassThrough } from "node:stream";
import {
	type CancellationToken,
	type Connection,
	createConnection,
	createMessageConnection,
	type MessageConnection,
	StreamMessageReader,
	StreamMessageWriter,
} from "vscode-languageserver/node";
import type { InitializationOptions } from "../protocol.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { type Means, startServer } from "./server.ts";

export const ROOT = "file:///host";

/** Capabilities of a client that pulls diagnostics and can be told to ask again. */
export const able = {
	textDocument: { diagnostic: {}, rename: { prepareSupport: true } },
	workspace: {
		configuration: true,
		workspaceFolders: true,
		didChangeConfiguration: { dynamicRegistration: true },
		didChangeWatchedFiles: { dynamicRegistration: true },
		diagnostics: { refreshSupport: true },
		inlayHint: { refreshSupport: true },
		codeLens: { refreshSupport: true },
	},
};

/** What the server has sent. */
export interface Heard {
	readonly method: string;
	readonly params: unknown;
}

export interface Published {
	readonly uri: string;
	readonly version?: number;
	readonly diagnostics: readonly { readonly code: string; readonly message: string }[];
}

export interface ClientOptions {
	readonly capabilities?: object;
	readonly options?: InitializationOptions;
	/** Files on disk by URI; `workspace` takes their place. */
	readonly files?: Readonly<Record<string, string>>;
	readonly workspace?: Workspace | ((server: Connection) => Workspace);
	readonly folders?: readonly string[];
	readonly means?: Means;
	/** Answers the server's requests; null without. */
	readonly answer?: (method: string, params: unknown) => unknown;
}

/** The way to the server, on which bytes can be held back. */
class Lane {
	readonly #to: PassThrough;
	#held: Buffer[] | undefined;

	constructor(from: PassThrough, to: PassThrough) {
		this.#to = to;
		from.on("data", (bytes: Buffer) => (this.#held === undefined ? to.write(bytes) : this.#held.push(bytes)));
	}

	hold(): void {
		this.#held = [];
	}

	release(): void {
		const held = this.#held ?? [];
		this.#held = undefined;
		this.#to.write(Buffer.concat(held));
	}
}

export class TestClient {
	readonly connection: MessageConnection;
	/** Everything that the server has sent, requests and notifications. */
	readonly heard: Heard[] = [];
	readonly #waiting = new Set<() => void>();
	readonly #lane: Lane;

	/** @param lane what the client writes passes by it */
	constructor(connection: MessageConnection, lane: Lane, answer: (method: string, params: unknown) => unknown) {
		this.connection = connection;
		this.#lane = lane;
		connection.onRequest((method, params) => {
			this.#hear({ method, params });
			return answer(method, params);
		});
		connection.onNotification((method, params) => this.#hear({ method, params }));
		connection.onUnhandledProgress((params) => this.#hear({ method: "$/progress", params }));
	}

	#hear(one: Heard): void {
		this.heard.push(one);
		for (const look of [...this.#waiting]) look();
	}

	/** Resolves to the first thing that the server sends from now on and that `wanted` takes; `earlier`, to one that it has sent already too. */
	next(wanted: (one: Heard) => boolean, { earlier = false } = {}): Promise<Heard> {
		let from = earlier ? 0 : this.heard.length;
		return new Promise((resolve) => {
			const look = () => {
				const found = this.heard.slice(from).find(wanted);
				from = this.heard.length;
				if (found === undefined) return;
				this.#waiting.delete(look);
				resolve(found);
			};
			this.#waiting.add(look);
			look();
		});
	}

	/** Resolves once the server sends this method. */
	hears(method: string, options: { readonly earlier?: boolean } = {}): Promise<Heard> {
		return this.next((one) => one.method === method, options);
	}

	/** Resolves to what is published for a file, once `wanted` takes it. */
	async publishes(uri: string, wanted: (published: Published) => boolean = () => true, options = {}): Promise<Published> {
		const published = ({ params }: Heard) => params as Published;
		const found = await this.next(
			(one) => one.method === "textDocument/publishDiagnostics" && published(one).uri === uri && wanted(published(one)),
			options,
		);
		return published(found);
	}

	count(method: string): number {
		return this.heard.filter((one) => one.method === method).length;
	}

	ask<Result = unknown>(method: string, params?: unknown, token?: CancellationToken): Promise<Result> {
		if (params === undefined) return this.connection.sendRequest<Result>(method);
		return token === undefined
			? this.connection.sendRequest<Result>(method, params)
			: this.connection.sendRequest<Result>(method, params, token);
	}

	tell(method: string, params: object): Promise<void> {
		return this.connection.sendNotification(method, params);
	}

	open(uri: string, languageId: string, text: string, version = 1): Promise<void> {
		return this.tell("textDocument/didOpen", { textDocument: { uri, languageId, version, text } });
	}

	/** Sends the whole text again. */
	change(uri: string, version: number, text: string): Promise<void> {
		return this.tell("textDocument/didChange", { textDocument: { uri, version }, contentChanges: [{ text }] });
	}

	close(uri: string): Promise<void> {
		return this.tell("textDocument/didClose", { textDocument: { uri } });
	}

	/** Resolves once the server has read and begun all that was sent before. */
	async settled(): Promise<void> {
		await this.ask("textDocument/foldingRange", { textDocument: { uri: "file:///nowhere/etc/pf.conf" } });
	}

	/** What is sent meanwhile comes to the server all at once. */
	async together(send: () => Promise<unknown>): Promise<void> {
		this.#lane.hold();
		await send();
		this.#lane.release();
	}

	dispose(): void {
		this.connection.dispose();
	}
}

/** A client that is connected to a server, before `initialize`. */
export function connected({ files = {}, folders = [ROOT], workspace, answer = answers(), means }: ClientOptions = {}): TestClient {
	const there = new PassThrough();
	const written = new PassThrough();
	const back = new PassThrough();
	const server: Connection = createConnection(new StreamMessageReader(there), new StreamMessageWriter(back));
	startServer(server, typeof workspace === "function" ? workspace(server) : (workspace ?? memoryWorkspace(files, folders)), means);
	const connection = createMessageConnection(new StreamMessageReader(back), new StreamMessageWriter(written));
	const client = new TestClient(connection, new Lane(written, there), answer);
	connection.listen();
	return client;
}

/** A client that is connected to a server, which is told its capabilities. */
export async function started(given: ClientOptions = {}): Promise<TestClient> {
	const { capabilities = able, options = {}, folders = [ROOT] } = given;
	const client = connected(given);
	await client.ask("initialize", {
		processId: null,
		rootUri: ROOT,
		capabilities,
		initializationOptions: options,
		workspaceFolders: folders.map((uri) => ({ uri, name: uri })),
	});
	const ready = client.hears("openbsdVnet/status");
	await client.tell("initialized", {});
	await ready;
	return client;
}

/** Answers as an editor does, with these settings. */
export function answers(settings: () => object = () => ({})): (method: string, params: unknown) => unknown {
	return (method) => (method === "workspace/configuration" ? [settings()] : null);
}

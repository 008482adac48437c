/** A request as one line of a table: its method, and the function that answers it. */
import {
	type CancellationToken,
	ErrorCodes,
	LSPErrorCodes,
	type ProtocolRequestType,
	ResponseError,
	type TextDocumentIdentifier,
} from "vscode-languageserver";
import { Refusal } from "../features/refusal.ts";
import type { Session } from "../features/session.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { ServerState } from "./state.ts";

/** A method that the server answers. */
export interface Route {
	readonly method: string;
	/** Answers the method on the connection of `state` from now on. */
	readonly serve: (state: ServerState) => void;
}

type Answer<Params, Result> = (state: ServerState, params: Params, token: CancellationToken) => Result | Promise<Result>;

/** A request of the protocol. */
export function route<P, R, PR, E, RO>({ method }: ProtocolRequestType<P, R, PR, E, RO>, answer: Answer<P, R>): Route {
	return served(method, answer);
}

/** A request of our own, with the types of its parameters and of its answer. */
export interface OwnRequest<Params, Result> {
	readonly routeOf: (method: string) => Route;
	/** Never present: it only carries the types. */
	readonly types?: (params: Params) => Result;
}

export function ownRequest<P, R>(answer: Answer<P, R>): OwnRequest<P, R> {
	return { routeOf: (method) => served(method, answer) };
}

/** A request of our own without parameters. */
export function bareRequest<R>(answer: (state: ServerState) => R | Promise<R>): OwnRequest<Record<string, never>, R> {
	return { routeOf: (method) => ({ method, serve: (state) => state.connection.onRequest(method, (): unknown => answer(state)) }) };
}

function served<P, R>(method: string, answer: Answer<P, R>): Route {
	return {
		method,
		serve: (state) =>
			state.connection.onRequest(method, async (params: P, token: CancellationToken | undefined): Promise<unknown> => {
				// Of a request without parameters, the library hands over the token alone.
				if (token === undefined) throw new ResponseError(ErrorCodes.InvalidParams, `${method} has parameters.`);
				refuseCancelled(token);
				const result = await answered(answer, state, params, token);
				refuseCancelled(token);
				return result;
			}),
	};
}

async function answered<P, R>(answer: Answer<P, R>, state: ServerState, params: P, token: CancellationToken): Promise<R> {
	try {
		return await answer(state, params, token);
	} catch (error) {
		throw error instanceof Refusal ? new ResponseError(ErrorCodes.InvalidRequest, error.message) : error;
	}
}

/** Throws the answer to a request that the client has cancelled meanwhile. */
export function refuseCancelled(token: CancellationToken): void {
	if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
}

/** A request of the protocol about one document; `none` is the answer where it is not known. */
export function documentRoute<P extends { readonly textDocument: TextDocumentIdentifier }, R, PR, E, RO>(
	type: ProtocolRequestType<P, R, PR, E, RO>,
	none: R,
	make: (file: SourceFile, session: Session, params: P) => R,
	options: { readonly loaded?: boolean } = {},
): Route {
	return route(type, (state, params, token) =>
		aboutDocument(state, params.textDocument, token, none, (file, session) => make(file, session, params), options),
	);
}

/** Answers for a document; `none` where it is not known. With `loaded`, the rest of its host is read before. */
export async function aboutDocument<T>(
	state: ServerState,
	{ uri }: TextDocumentIdentifier,
	token: CancellationToken,
	none: T,
	make: (file: SourceFile, session: Session) => T,
	{ loaded = false }: { readonly loaded?: boolean } = {},
): Promise<T> {
	const { documents } = state;
	if (loaded && documents.isOpen(uri)) await documents.whenLoaded(uri);
	const file = documents.file(uri);
	if (file === undefined) return none;
	refuseCancelled(token);
	return make(file, state.session());
}

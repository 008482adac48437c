/** Semantic tokens, of which an editor gets only what differs from those that it holds. */
import {
	type SemanticTokens,
	type SemanticTokensDelta,
	SemanticTokensDeltaRequest,
	SemanticTokensRangeRequest,
	SemanticTokensRequest,
} from "vscode-languageserver";
import { semanticTokens, semanticTokensIn, type TokenSnapshot, type TokenUse, updatedTokens } from "../features/semantic-tokens.ts";
import { TokenSequence } from "../features/token-sequence.ts";
import type { SourceFile } from "../project/source-file.ts";
import { aboutDocument, type Route, route } from "./route.ts";
import type { ServerState } from "./state.ts";

/** The tokens that the editor holds, by the URI of their file. */
export class HeldTokens {
	readonly #held = new Map<string, TokenSnapshot & { readonly id: string }>();
	#ids = 0;

	/** All tokens of a file. */
	full(file: SourceFile, use: TokenUse): SemanticTokens {
		const data = semanticTokens(file, undefined, use);
		return { resultId: this.#keep(file, TokenSequence.of(data)), data: [...data] };
	}

	/** What has changed since the answer `previous`; all tokens where that is not what is held. */
	delta(file: SourceFile, previous: string, use: TokenUse): SemanticTokens | SemanticTokensDelta {
		const before = this.#held.get(file.uri);
		if (before === undefined || before.id !== previous) return this.full(file, use);
		const { data, edits } = updatedTokens(before, file, use);
		return { resultId: this.#keep(file, data), edits };
	}

	forget(uri: string): void {
		this.#held.delete(uri);
	}

	#keep(file: SourceFile, data: TokenSequence): string {
		const id = String(++this.#ids);
		this.#held.set(file.uri, { id, file, data });
		return id;
	}
}

const none: SemanticTokens = { data: [] };

function useOf({ options }: ServerState): TokenUse {
	return { grammars: options.hasGrammars === true };
}

export const tokenRequests = {
	semanticTokens: route(SemanticTokensRequest.type, (state, { textDocument }, token) =>
		aboutDocument(state, textDocument, token, none, (file) => state.tokens.full(file, useOf(state))),
	),
	semanticTokensDelta: route(SemanticTokensDeltaRequest.type, (state, { textDocument, previousResultId }, token) =>
		aboutDocument<SemanticTokens | SemanticTokensDelta>(state, textDocument, token, none, (file) =>
			state.tokens.delta(file, previousResultId, useOf(state)),
		),
	),
	semanticTokensRange: route(SemanticTokensRangeRequest.type, (state, { textDocument, range }, token) =>
		aboutDocument(state, textDocument, token, none, (file) => ({
			data: [...semanticTokensIn(file, file.lines.span(range), useOf(state))],
		})),
	),
} satisfies Record<string, Route>;

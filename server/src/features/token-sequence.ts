/** The tokens of a large file as the protocol packs them, in pieces: after an edit only the pieces that it touches are new. */

/** Where a token starts. */
export interface TokenPlace {
	readonly line: number;
	readonly character: number;
}

/** The numbers of a token: lines and characters from the one before, its length, type and modifiers. */
const FIELDS = 5;
/** So many numbers a piece has where there is more than one. */
const PIECE = 2000 * FIELDS;

interface Piece {
	readonly data: Uint32Array;
	/** How many lines its last token is below the one before the piece. */
	readonly down: number;
	/** Of its last token: in its line, or where that is still the line before the piece, from the token there. */
	readonly character: number;
}

/** A token that was looked for, and the place of the one before it. */
export interface FoundToken {
	/** The index of its first number; of the end, where there is no such token. */
	readonly index: number;
	readonly before: TokenPlace;
	readonly token: { readonly place: TokenPlace; readonly rest: readonly number[] } | undefined;
}

function pieceOf(data: Uint32Array): Piece {
	let down = 0;
	let character = 0;
	for (let i = 0; i < data.length; i += FIELDS) {
		const lines = data[i] ?? 0;
		down += lines;
		character = (lines === 0 ? character : 0) + (data[i + 1] ?? 0);
	}
	return { data, down, character };
}

function moved({ line, character }: TokenPlace, down: number, right: number): TokenPlace {
	return { line: line + down, character: (down === 0 ? character : 0) + right };
}

function isBefore(one: TokenPlace, other: TokenPlace): boolean {
	return one.line < other.line || (one.line === other.line && one.character < other.character);
}

/** An immutable list of tokens. */
export class TokenSequence {
	/** How many numbers it has. */
	readonly length: number;
	readonly #pieces: readonly Piece[];

	private constructor(pieces: readonly Piece[]) {
		this.#pieces = pieces;
		this.length = pieces.reduce((sum, { data }) => sum + data.length, 0);
	}

	/** @param data five numbers for each token */
	static of(data: Uint32Array): TokenSequence {
		return new TokenSequence(inPieces(data));
	}

	/** All of its numbers. */
	numbers(): Uint32Array {
		const all = new Uint32Array(this.length);
		let at = 0;
		for (const { data } of this.#pieces) {
			all.set(data, at);
			at += data.length;
		}
		return all;
	}

	/** The first token that does not start before a place. */
	find(wanted: TokenPlace): FoundToken {
		let before: TokenPlace = { line: 0, character: 0 };
		let index = 0;
		for (const { data, down, character } of this.#pieces) {
			const last = moved(before, down, character);
			if (isBefore(last, wanted)) {
				before = last;
				index += data.length;
				continue;
			}
			for (let i = 0; i < data.length; i += FIELDS) {
				const place = moved(before, data[i] ?? 0, data[i + 1] ?? 0);
				if (!isBefore(place, wanted)) return { index: index + i, before, token: { place, rest: [...data.subarray(i + 2, i + FIELDS)] } };
				before = place;
			}
		}
		return { index, before, token: undefined };
	}

	/** With other numbers in the place of some. @param made whole tokens, as `start` and `count` are at whole tokens */
	replaced(start: number, count: number, made: readonly number[]): TokenSequence {
		const pieces: Piece[] = [];
		const end = start + count;
		let head: Uint32Array | undefined;
		let tail: Uint32Array = new Uint32Array();
		let behind: readonly Piece[] = [];
		let offset = 0;
		for (const [i, { data }] of this.#pieces.entries()) {
			const next = offset + data.length;
			if (next <= start) pieces.push(this.#pieces[i] as Piece);
			else head ??= data.subarray(0, start - offset);
			if (next > start && next >= end) {
				tail = data.subarray(Math.max(0, end - offset));
				behind = this.#pieces.slice(i + 1);
				break;
			}
			offset = next;
		}
		const own = new Uint32Array((head?.length ?? 0) + made.length + tail.length);
		if (head !== undefined) own.set(head);
		own.set(made, head?.length);
		own.set(tail, (head?.length ?? 0) + made.length);
		return new TokenSequence([...pieces, ...inPieces(own), ...behind]);
	}
}

function inPieces(data: Uint32Array): Piece[] {
	const pieces: Piece[] = [];
	// Halves of a piece that has grown too long, and no rest of a few tokens.
	const size = Math.ceil(data.length / FIELDS / Math.max(1, Math.ceil(data.length / (2 * PIECE)))) * FIELDS;
	for (let at = 0; at < data.length; at += size) pieces.push(pieceOf(data.slice(at, at + size)));
	return pieces;
}

/** The place behind some tokens of which the first counts from `before`. */
export function placeBehind(before: TokenPlace, made: readonly number[]): TokenPlace {
	let place = before;
	for (let i = 0; i < made.length; i += FIELDS) place = moved(place, made[i] ?? 0, made[i + 1] ?? 0);
	return place;
}

/** Names that more than one language has. */
import type { NameRule } from "./language.ts";
import { msg } from "./message.ts";

export const PLAIN = msg("no blanks, quotes or brackets");

/** A macro of parse.y, in pfctl as in vmd. */
export const MACRO_NAME: NameRule = {
	longest: 4095,
	pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
	asks: msg("letters, digits and underscores, not starting with a digit"),
};

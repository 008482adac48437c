/** Kinds of names that more than one language has. */
import type { NameKind } from "./language.ts";
import { msg } from "./message.ts";

export const PLAIN = msg("no blanks, quotes or brackets");

/** A macro of parse.y, in pfctl as in vmd. */
export const MACRO: NameKind = {
	called: msg("a macro"),
	title: (name) => msg("Macro `{0}`", name),
	icon: "constant",
	colour: "macro",
	counted: true,
	rule: {
		longest: 4095,
		pattern: /^[A-Za-z_][A-Za-z0-9_]*$/,
		asks: msg("letters, digits and underscores, not starting with a digit"),
		typed: "[A-Za-z_][A-Za-z0-9_]*",
	},
	outline: "macro",
};

/** Names that the host's other files define: accounts, services, and the files themselves. */
export const HOST_NAMES = {
	user: { called: msg("a user"), title: (name) => msg("User `{0}`", name), icon: "reference", colour: "name" },
	group: { called: msg("a group"), title: (name) => msg("Group `{0}`", name), icon: "reference", colour: "name" },
	service: { called: msg("a service"), icon: "value", colour: "port" },
	file: { called: msg("a file"), title: (name) => msg("File `{0}`", name), icon: "file", colour: "string" },
} as const satisfies Readonly<Record<string, NameKind>>;

/** The kinds of names in vm.conf. */
import type { NameKind } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { MACRO, PLAIN } from "../text/name-kinds.ts";

export const vmNames = {
	macro: MACRO,
	guest: {
		called: msg("a guest of vm.conf(5)"),
		title: (name) => msg("Guest `{0}`", name),
		icon: "class",
		colour: "guest",
		counted: true,
		// VM_NAME_MAX, and vmd's own check of names
		rule: {
			longest: 63,
			pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
			asks: msg("letters, digits, dots, dashes and underscores"),
			quotable: true,
			typed: "[A-Za-z0-9._-]+",
		},
	},
	switch: {
		called: msg("a switch of vm.conf(5)"),
		title: (name) => msg("Switch `{0}`", name),
		icon: "class",
		colour: "switch",
		counted: true,
		rule: { longest: 63, pattern: /^[^\s"'{}#$\\]+$/, asks: PLAIN, quotable: true, typed: "[^\\s\"'{}#$]+" },
	},
} as const satisfies Readonly<Record<string, NameKind>>;

/** What guests mostly have; the first ones most. */
export const MEMORY_SIZES: readonly string[] = ["1G", "512M", "2G", "4G", "8G", "16G"];

/** What names in vm.conf may be. */
import type { Language } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { MACRO_NAME, PLAIN } from "../text/name-rules.ts";

export const vmNames: NonNullable<Language["names"]> = {
	macro: MACRO_NAME,
	// VM_NAME_MAX, and vmd's own check of names
	guest: {
		longest: 63,
		pattern: /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
		asks: msg("letters, digits, dots, dashes and underscores"),
		quotable: true,
	},
	switch: { longest: 63, pattern: /^[^\s"'{}#$\\]+$/, asks: PLAIN, quotable: true },
};

/** What guests mostly have; the first ones most. */
export const MEMORY_SIZES: readonly string[] = ["1G", "512M", "2G", "4G", "8G", "16G"];

/** The kinds of names in pf.conf; what they may be are limits of sys/net/pfvar.h and of parse.y. */
import type { NameKind } from "../../text/language.ts";
import { msg } from "../../text/message.ts";
import { HOST_NAMES, MACRO, PLAIN } from "../../text/name-kinds.ts";
import { LIMITER_NAMES } from "./limiters.ts";

export const PF_NAMES = {
	macro: MACRO,
	table: {
		called: msg("a table"),
		title: (name) => msg("Table `{0}`", name),
		icon: "struct",
		colour: "table",
		counted: true,
		// PF_TABLE_NAME_SIZE
		rule: { longest: 31, pattern: /^[^\s"'<>{}(),#$!=\\]+$/, asks: PLAIN, typed: "[^\\s\"'<>{}(),#$!=]+" },
		outline: "table",
	},
	anchor: {
		called: msg("an anchor"),
		title: (name) => msg("Anchor `{0}`", name),
		icon: "module",
		colour: "anchor",
		counted: true,
		// PF_ANCHOR_NAME_SIZE (MAXPATHLEN - 64) is far away; one component is PF_ANCHOR_NAME_SIZE too.
		rule: { longest: 63, pattern: /^[^\s"'<>{}(),#$/*\\]+$/, asks: PLAIN, quotable: true },
		outline: "anchor",
	},
	queue: {
		called: msg("a queue"),
		title: (name) => msg("Queue `{0}`", name),
		icon: "class",
		colour: "queue",
		counted: true,
		// PF_QNAME_SIZE
		rule: { longest: 63, pattern: /^[^\s"'<>{}(),#$\\]+$/, asks: PLAIN, quotable: true, typed: "[^\\s\"'<>{}(),#$]+" },
		outline: "queue",
	},
	tag: {
		called: msg("a tag"),
		title: (name) => msg("Tag `{0}`", name),
		icon: "member",
		colour: "tag",
		// PF_TAG_NAME_SIZE
		rule: { longest: 63, pattern: /^[^\s"'<>{}(),#\\]+$/, asks: PLAIN, quotable: true },
	},
	label: {
		called: msg("a label"),
		title: (name) => msg("Label `{0}`", name),
		icon: "text",
		colour: "label",
		// PF_RULE_LABEL_SIZE
		rule: { longest: 63, pattern: /^[^"'\\\n]+$/, asks: PLAIN, quotable: true },
	},
	...LIMITER_NAMES,
	...HOST_NAMES,
} as const satisfies Readonly<Record<string, NameKind>>;

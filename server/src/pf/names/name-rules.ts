/** What names in pf.conf may be: limits of sys/net/pfvar.h and of parse.y. */
import type { Language } from "../../text/language.ts";
import { MACRO_NAME, PLAIN } from "../../text/name-rules.ts";

export const pfNames: NonNullable<Language["names"]> = {
	macro: MACRO_NAME,
	// PF_TABLE_NAME_SIZE
	table: { longest: 31, pattern: /^[^\s"'<>{}(),#$!=\\]+$/, asks: PLAIN },
	// PF_ANCHOR_NAME_SIZE (MAXPATHLEN - 64) is far away; one component is PF_ANCHOR_NAME_SIZE too.
	anchor: { longest: 63, pattern: /^[^\s"'<>{}(),#$/*\\]+$/, asks: PLAIN, quotable: true },
	// PF_QNAME_SIZE, PF_TAG_NAME_SIZE, PF_RULE_LABEL_SIZE
	queue: { longest: 63, pattern: /^[^\s"'<>{}(),#$\\]+$/, asks: PLAIN, quotable: true },
	tag: { longest: 63, pattern: /^[^\s"'<>{}(),#\\]+$/, asks: PLAIN, quotable: true },
	label: { longest: 63, pattern: /^[^"'\\\n]+$/, asks: PLAIN, quotable: true },
	// PF_STATELIM_NAME_LEN, PF_SOURCELIM_NAME_LEN
	"state-limiter": { longest: 15, pattern: /^[^\s"'<>{}(),#$\\]+$/, asks: PLAIN, quotable: true },
	"source-limiter": { longest: 15, pattern: /^[^\s"'<>{}(),#$\\]+$/, asks: PLAIN, quotable: true },
};

/** `openbsd-vnet explain`: what the code of a diagnostic means. */

import { anchorOf, diagnosticCatalog } from "@openbsd-vnet/server/features";
import { didYouMean, type Output, UsageError } from "./arguments.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { PathError } from "./path-error.ts";
import { plain } from "./terminal.ts";
import { ownTranslations } from "./translations.ts";

/** Where people read what a code means. */
const PAGES = "https://github.com/openbsd-vnet/openbsd-vnet/blob/main/docs/diagnostics.md";

/** The page of a code. */
export function pageOf(code: string): string {
	return `${PAGES}#${anchorOf(code)}`;
}

/** Runs the command. */
export function runExplain([code, ...more]: readonly string[], { stdout }: Output): ExitStatus {
	if (code === undefined || more.length > 0) throw new UsageError("explain takes one code, such as pf/syntax");
	const rule = Object.hasOwn(diagnosticCatalog, code) ? diagnosticCatalog[code] : undefined;
	if (rule === undefined) throw new PathError(`no code '${plain(code)}'${didYouMean(code, Object.keys(diagnosticCatalog))}`);
	const translations = ownTranslations();
	const told = (text: string): string => translations?.[text] ?? text;
	stdout.write([
		{ text: code, style: "strong", link: pageOf(code) },
		` (${rule.severity})\n\n${told(rule.title)}\n\n${told(rule.why)}\n\n${told(rule.remedy)}\n`,
	]);
	return exitStatus.done;
}

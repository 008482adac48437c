/** `openbsd-vnet explain`: what the code of a diagnostic means. */

import { anchorOf, diagnosticCatalog } from "@openbsd-vnet/server/features";
import { type CommandOutput, didYouMean, UsageError } from "./arguments.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { severityText } from "./severity.ts";
import { plain } from "./terminal.ts";
import { inLanguage, ownTranslations, tell } from "./translations.ts";

/** Where people read what a code means. */
const PAGES = "https://github.com/openbsd-vnet/openbsd-vnet/blob/main/docs/diagnostics.md";

/** The page of a code. */
export function pageOf(code: string): string {
	return `${PAGES}#${anchorOf(code)}`;
}

/** Runs the command. */
export function runExplain(
	{ json = false }: { readonly json?: boolean | undefined },
	[code, ...more]: readonly string[],
	{ stdout }: CommandOutput,
): ExitStatus {
	if (code === undefined || more.length > 0) throw new UsageError(tell("explain takes one code, such as pf/syntax"));
	const rule = Object.hasOwn(diagnosticCatalog, code) ? diagnosticCatalog[code] : undefined;
	if (rule === undefined) throw new PathError(`${tell("no code '{0}'", plain(code))}${didYouMean(code, Object.keys(diagnosticCatalog))}`);
	const translations = ownTranslations();
	const told = (text: string): string => inLanguage(text, translations);
	const { severity } = rule;
	const { title, why, remedy } = { title: told(rule.title), why: told(rule.why), remedy: told(rule.remedy) };
	const page = pageOf(code);
	stdout.write(
		json
			? jsonOf("explain", { code, severity, title, why, remedy, page })
			: [{ text: code, style: "strong", link: page }, ` (${severityText(severity)})\n\n${title}\n\n${why}\n\n${remedy}\n`],
	);
	return exitStatus.done;
}

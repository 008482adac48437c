/** The texts of people's languages, from the l10n/ of the repository. */
import { readFileSync } from "node:fs";

/** @param locale as an editor or the environment writes it: `zh-CN`, `zh_CN.UTF-8`, `zh` */
export function translationsFor(locale: string | undefined): Readonly<Record<string, string>> | undefined {
	const [language, ...more] = (locale ?? "")
		.toLowerCase()
		.replace(/[.@].*/, "")
		.split(/[-_]/);
	// Our Chinese is Simplified.
	if (language !== "zh" || more.some((part) => ["hant", "tw", "hk", "mo"].includes(part))) return undefined;
	try {
		return JSON.parse(readFileSync(new URL("../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8"));
	} catch {
		return undefined;
	}
}

/** The language of messages on this machine. */
export function ownLocale(): string | undefined {
	const { LC_ALL, LC_MESSAGES, LANG } = process.env;
	return LC_ALL || LC_MESSAGES || LANG;
}

/** The texts of this machine's language; undefined in English. */
export function ownTranslations(): Readonly<Record<string, string>> | undefined {
	return translationsFor(ownLocale());
}

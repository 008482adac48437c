/** The texts of l10n/, and the command's own words in the language of who calls it. */
import { readFileSync } from "node:fs";
import { type Message, render, type Translations } from "@openbsd-vnet/server/message";

let read: Translations | undefined;

/** @param locale as an editor or the environment writes it: `zh-CN`, `zh_CN.UTF-8`, `zh` */
export function translationsFor(locale: string | undefined): Translations | undefined {
	const [language, ...more] = (locale ?? "")
		.toLowerCase()
		.replace(/[.@].*/, "")
		.split(/[-_]/);
	// Our Chinese is Simplified.
	if (language !== "zh" || more.some((part) => ["hant", "tw", "hk", "mo"].includes(part))) return undefined;
	try {
		read ??= JSON.parse(readFileSync(new URL("../../l10n/bundle.l10n.zh-cn.json", import.meta.url), "utf8")) as Translations;
		return read;
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
export function ownTranslations(): Translations | undefined {
	return translationsFor(ownLocale());
}

/** A text of a table in the language of the translations. */
export function inLanguage(text: string, translations: Translations | undefined): string {
	return translations?.[text] ?? text;
}

/** A message in the language of who calls the command. */
export function translated(message: Message): string {
	return render(message, ownTranslations());
}

/** Words of the command itself, in the language of who calls it. Call it with a literal template only, as `msg`. */
export function tell(template: string, ...args: (string | number)[]): string {
	return translated({ template, args });
}

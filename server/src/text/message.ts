/**
 * A text for a person, kept apart from its arguments so that it can be shown in the reader's language.
 * The English template is the key of its translations (l10n/bundle.l10n.*.json, `{0}` marks an argument).
 */
export interface Message<Template extends string = string> {
	readonly template: Template;
	readonly args: readonly (string | number)[];
}

/** Translations of templates, by the English template. A template without a translation is shown in English. */
export type Translations = Readonly<Record<string, string>>;

/**
 * Makes a message. Call it with a literal template only: the localisation test reads the calls from the sources.
 */
export function msg<const Template extends string>(template: Template, ...args: (string | number)[]): Message<Template> {
	return { template, args };
}

/** The message in the language of `translations`, in English without. */
export function render(message: Message, translations?: Translations): string {
	const template = translations?.[message.template] ?? message.template;
	return template.replace(/\{(\d+)\}/g, (whole, index: string) => {
		const value = message.args[Number(index)];
		return value === undefined ? whole : String(value);
	});
}

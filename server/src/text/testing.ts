/** For each message of a program what makes it say that: a table that does not compile where one is left out. */
export type Examples<Text extends string, Example> = Readonly<Record<Text, readonly [Example, ...Example[]]>>;

/** Whether a text is a template with its arguments filled in: `{0}` and other names in braces stand for any text. */
export function isFilled(template: string, text: string): boolean {
	const parts = template.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
	return new RegExp(`^${parts.join("[^]*")}$`).test(text);
}

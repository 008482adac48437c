/** A label as it is: VS Code makes icons of `$(name)` in lists, which a name on a host may look like. */
export function withoutIcons(text: string): string {
	return text.replaceAll("$(", "$\u200b(");
}

/** A notification's text with the brackets of links apart: it reads the same, and VS Code makes no link of it. */
export function withoutLinks(text: string): string {
	return text.replaceAll("](", "] (");
}

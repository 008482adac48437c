/** The outline of a file under the comments that head its sections. */
import type { OutlineNode } from "../text/language.ts";
import { type Span, span } from "../text/span.ts";

interface Heading {
	readonly name: string;
	readonly at: Span;
}

/** Longer comments explain, they are no headings: the first words do. */
const MAX_NAME = 60;

/**
 * Puts what stands under a comment into a section of its name. A comment heads a section where an empty line, or nothing, stands
 * before it; the section goes on until the next.
 */
export function inSections(text: string, nodes: readonly OutlineNode[]): readonly OutlineNode[] {
	const found: OutlineNode[] = [];
	let heading: Heading | undefined;
	let children: OutlineNode[] = [];
	const close = (): void => {
		if (heading !== undefined) found.push(section(heading, children));
		else found.push(...children);
		children = [];
	};
	let end = 0;
	for (const node of nodes) {
		const next = headingIn(text, end, node.span.start);
		if (next !== undefined) {
			close();
			heading = next;
		}
		children.push(node);
		end = node.span.end;
	}
	close();
	return found;
}

function section({ name, at }: Heading, children: readonly OutlineNode[]): OutlineNode {
	return { kind: "section", name, span: span(at.start, children.at(-1)?.span.end ?? at.end), nameSpan: at, children };
}

/** The last comment between two statements that heads a section. */
function headingIn(text: string, from: number, to: number): Heading | undefined {
	if (!text.slice(from, to).includes("#")) return undefined;
	let found: Heading | undefined;
	let empty = from === 0;
	let inside = false;
	let at = from;
	// What stands behind the statement on its line is its own comment.
	if (from > 0) at = endOfLine(text, from) + 1;
	for (; at < to; at = endOfLine(text, at) + 1) {
		const line = text.slice(at, Math.min(endOfLine(text, at), to));
		if (line.trim() === "") {
			empty = true;
			inside = false;
		} else if (line.trimStart().startsWith("#")) {
			if (empty) {
				inside = true;
				found = undefined;
			}
			empty = false;
			const name = line.replace(/^[\s#=*~+-]+|[\s#=*~+-]+$/g, "");
			if (inside && found === undefined && name !== "") {
				const start = at + line.indexOf(name);
				found = { name: shortened(name), at: span(start, start + name.length) };
			}
		} else inside = empty = false;
	}
	return found;
}

function endOfLine(text: string, at: number): number {
	const end = text.indexOf("\n", at);
	return end < 0 ? text.length : end;
}

function shortened(name: string): string {
	const [phrase = name] = name.split(/(?<=.{3})[:;.](?=\s|$)/, 1);
	if (phrase.length <= MAX_NAME) return phrase;
	const blank = phrase.lastIndexOf(" ", MAX_NAME);
	return `${phrase.slice(0, blank > 0 ? blank : MAX_NAME)}…`;
}

/** What is said of the selected nodes, beside the picture. */
import type { TopologyNodeItem, TopologyPath, TopologyPaths, TopologyPlace } from "@openbsd-vnet/server/protocol";
import type { PageTexts } from "../src/topology/messages.ts";

type Reveal = (place: TopologyPlace) => void;

function html<K extends keyof HTMLElementTagNameMap>(
	name: K,
	className: string,
	...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
	const made = document.createElement(name);
	if (className !== "") made.className = className;
	made.append(...children);
	return made;
}

/** A line of a file; a click shows it. */
function line(place: TopologyPlace, text: string, reveal: Reveal): HTMLElement {
	const button = html("button", "line", html("span", "where", `${place.path}:${place.range.start.line + 1}`), text);
	button.addEventListener("click", () => reveal(place));
	return html("li", "", button);
}

/** @param rates what the running host says of it */
export function nodeDetails(node: TopologyNodeItem, rates: readonly string[], texts: PageTexts, reveal: Reveal): readonly HTMLElement[] {
	const parts: HTMLElement[] = [html("h2", "", node.label)];
	const facts = [...node.details, ...(node.inactive ? [texts.inactive] : [])];
	if (facts.length > 0) parts.push(html("p", "", facts.join(" · ")));
	if (rates.length > 0) parts.push(html("h3", "", texts.rates), html("ul", "", ...rates.map((rate) => html("li", "", rate))));
	if (node.problems.length > 0) {
		const list = node.problems.map(({ severity, message, place }) => {
			const item = line(place, `${texts[severity]}: ${message}`, reveal);
			item.className = `problem-${severity}`;
			return item;
		});
		parts.push(html("h3", "", texts.problems), html("ul", "", ...list));
	}
	if (node.places.length > 0)
		parts.push(html("h3", "", texts.lines), html("ul", "", ...node.places.map((place) => line(place, place.text, reveal))));
	parts.push(html("p", "help", texts.pathHelp));
	return parts;
}

export function pathDetails(
	from: TopologyNodeItem,
	to: TopologyNodeItem,
	answer: TopologyPaths | null,
	texts: PageTexts,
	show: (path: TopologyPath) => void,
	trace: (ends: TopologyPaths) => void,
): readonly HTMLElement[] {
	const parts: HTMLElement[] = [html("h2", "", `${from.label} → ${to.label}`)];
	if (answer === null || answer.paths.length === 0) {
		parts.push(html("p", "", answer === null ? texts.noEnd : texts.noPath));
		return parts;
	}
	const ask = html("button", "trace", texts.trace);
	ask.addEventListener("click", () => trace(answer));
	parts.push(ask);
	for (const path of answer.paths) {
		const steps = path.steps.map(({ direction, label, tested }) =>
			html("li", tested ? "tested" : "untested", `${direction} ${label}: ${tested ? texts.filtered : texts.unfiltered}`),
		);
		const title = html("button", "line", path.kind === "bridged" ? texts.bridged : texts.routed);
		title.addEventListener("click", () => show(path));
		parts.push(html("h3", "", title), html("ol", "", ...steps));
		if (path.forwarded) parts.push(html("p", "help", texts.forwarded));
	}
	return parts;
}

/** What the signs of the picture mean, drawn as the picture draws them. */
import { signs } from "@openbsd-vnet/server/picture";
import type { PageTexts } from "../src/topology/messages.ts";
import { element } from "./draw.ts";

/** A sign of the picture, in a group with its classes. */
function sign(classes: string, ...shapes: readonly SVGElement[]): SVGElement {
	const svg = element("svg", { class: "picture swatch", width: 30, height: 16, "aria-hidden": "true" });
	const group = element("g", { class: classes });
	group.append(...shapes);
	svg.append(group);
	return svg;
}

const line = (more = ""): SVGElement => element("path", { d: "M1 8H29", class: more });
const box = (): SVGElement => element("rect", { class: "box", x: 2, y: 2, width: 26, height: 12, rx: 3 });
const kind = (name: string): SVGElement =>
	sign(`node node-${name}`, box(), element("rect", { class: "stripe", x: 2, y: 2, width: 4, height: 12, rx: 2 }));

const badge = (severity: "error" | "warning" | "information"): SVGElement =>
	sign(
		`node problem-${severity}`,
		element("circle", { class: "badge", cx: 15, cy: 8, r: 7 }),
		element("path", { class: "sign", d: `M15 8${signs[severity]}` }),
	);

/** @param hasVlans whether lines of the picture are VLANs */
export function legend(texts: PageTexts, hasVlans: boolean): HTMLElement {
	const entries: readonly (readonly [SVGElement, string])[] = [
		[sign("edge filtered", line()), texts.filtered],
		[sign("edge", line()), texts.unfiltered],
		[sign("edge edge-policy", line()), texts.policy],
		...(hasVlans ? [[sign("edge", line("vlan-0")), texts.vlans] as const] : []),
		[kind("physical"), texts.kindPhysical],
		[kind("vlan"), texts.kindVlan],
		[kind("veb"), texts.kindSwitch],
		[kind("host"), texts.kindHost],
		[kind("guest"), texts.kindGuest],
		[kind("anchor"), texts.kindAnchor],
		[sign("node inactive", box()), texts.inactive],
		[badge("error"), texts.error],
		[badge("warning"), texts.warning],
		[badge("information"), texts.information],
	];
	const list = document.createElement("ul");
	for (const [drawn, text] of entries) {
		const item = document.createElement("li");
		item.append(drawn, text);
		list.append(item);
	}
	return list;
}

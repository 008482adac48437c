import type { OutlineNode } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { shifted } from "../text/span.ts";
import type { VmFile } from "./file.ts";
import { formatScaled } from "./size.ts";
import type { GuestStatement, Statement, SwitchStatement } from "./syntax.ts";

/** Switches, guests with their interfaces, macros, includes and settings, in the order of the file. */
export function outline({ nodes, starts }: VmFile): readonly OutlineNode[] {
	return nodes.flatMap(({ statement }, i) => {
		const node = outlineOf(statement);
		return node === undefined ? [] : [moved(node, starts[i] ?? 0)];
	});
}

function outlineOf(statement: Statement): OutlineNode | undefined {
	const { span } = statement;
	switch (statement.kind) {
		case "switch":
			return {
				kind: "switch",
				name: statement.name.text,
				details: switchDetails(statement),
				span,
				nameSpan: statement.name.span,
				children: [],
			};
		case "guest":
			return guestNode(statement);
		case "macro":
			return {
				kind: "macro",
				name: statement.name.text,
				details: [statement.value.text],
				span,
				nameSpan: statement.name.span,
				children: [],
			};
		case "include":
			return { kind: "option", name: "include", details: [statement.path.text], span, nameSpan: statement.path.span, children: [] };
		case "local":
		case "socket":
		case "agentx":
		case "staggered":
			return { kind: "option", name: statement.kind, span, nameSpan: span, children: [] };
		case "broken":
		case "blank":
			return undefined;
	}
}

function switchDetails({ interface: name, disabled }: SwitchStatement): NonNullable<OutlineNode["details"]> {
	return [name?.text ?? "", disabled === undefined ? "" : msg("disabled")];
}

function guestNode(guest: GuestStatement): OutlineNode {
	return {
		kind: "guest",
		name: guest.name.text,
		details: [
			guest.parent === undefined ? "" : msg("instance of {0}", guest.parent.text),
			guest.memory === undefined ? "" : formatScaled(guest.memory.bytes),
			guest.disabled === undefined ? "" : msg("disabled"),
		],
		span: guest.span,
		nameSpan: guest.name.span,
		children: guest.nics.map((nic, i) => ({
			kind: "interface",
			name: nic.name?.text ?? `interface ${i}`,
			details: [nic.local === undefined ? "" : "local", nic.switch?.text ?? "", nic.lladdr?.address ?? ""],
			span: nic.span,
			nameSpan: nic.name?.span ?? nic.word,
			children: [],
		})),
	};
}

function moved(node: OutlineNode, by: number): OutlineNode {
	return {
		...node,
		span: shifted(node.span, by),
		nameSpan: shifted(node.nameSpan, by),
		children: node.children.map((child) => moved(child, by)),
	};
}

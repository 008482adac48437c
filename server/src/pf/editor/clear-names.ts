/** What a name looks like that pfctl does not know: a sign that belongs to other languages. */
import { msg } from "../../text/message.ts";
import { type Around, type Clear, Fault } from "./fault.ts";

/** What a name that pfctl does not know looks like; undefined where it tells nothing more. */
export function clearName(code: string, message: string, around: Around): Clear | undefined {
	const fault = new Fault(around);
	const { found } = fault;
	if (message.startsWith("reached end of file while parsing quoted string")) {
		const end = fault.rest.replace(/\s*(?:#.*)?$/, "").length;
		return {
			message: msg("{0}", message),
			advice: msg("The quotes that begin here are not closed."),
			fixes: fault.fix(msg("Close the quotes"), [end, end, fault.rest[0] ?? '"']),
		};
	}
	if (code === "pf/unknown-macro") {
		const braced = /^\$?\{([A-Za-z_]\w*)\}/.exec(fault.rest);
		if (braced === null) return undefined;
		return {
			message: msg("{0}", message),
			advice: msg("The name of a macro stands behind `$` without braces: `{0}`.", `$${braced[1]}`),
			fixes: fault.fix(msg("Write `{0}`", `$${braced[1]}`), [0, braced[0].length, `$${braced[1]}`]),
		};
	}
	if (code === "pf/table") {
		if (!/^[\d:]/.test(found)) return undefined;
		const list = fault.rest.replace(/\s*(?:#.*)?$/, "");
		return {
			message: msg("{0}", message),
			advice: msg("The addresses of a table stand in braces."),
			fixes: /[{}]/.test(list) ? [] : fault.fix(msg("Write `{0}`", `{ ${list} }`), [0, list.length, `{ ${list} }`]),
		};
	}
	if (code !== "pf/unknown-name") return undefined;
	if (found.endsWith(";")) {
		return {
			message: msg("{0}", message),
			advice: msg("A statement ends with its line, and a comment begins with `#`."),
			fixes: fault.fix(msg("Remove the `;`"), [found.length - 1, found.length, ""]),
		};
	}
	const range = /^(\d+)-(\d+)$/.exec(found);
	if (range !== null) {
		const right = `${range[1]}:${range[2]}`;
		return {
			message: msg("{0}", message),
			advice: msg("A range of ports is written with `:`."),
			fixes: fault.fix(msg("Write `{0}`", right), [0, found.length, right]),
		};
	}
	if (!message.startsWith("bad flags")) return undefined;
	return { message: msg("{0}", message), advice: msg("Flags are letters, those that are set and those that are looked at: `S/SA`.") };
}

import type { SignificantLine } from "./lines.ts";
import { significantLines, words } from "./lines.ts";

/** The name servers of resolv.conf(5), each with its place; resolvd(8) writes some of them itself. */
export function readResolvConf(text: string): readonly SignificantLine[] {
	return [...significantLines(text.replace(/;/g, "#"))].flatMap((line) => {
		const [keyword, server] = words(line);
		return keyword?.text === "nameserver" && server !== undefined ? [server] : [];
	});
}

/** What `route -n show` prints (usr.bin/netstat/show.c, p_rttables()); `netstat -rn` prints the same. */

import { readSection } from "./live-script.ts";
import { sh } from "./shell-words.ts";

export interface LiveRoute {
	/** `default`, or a network or host without a zone, with all its bytes: `10.50.0.0/24`, `10.50.0.1`. */
	readonly destination: string;
	readonly gateway: string;
	readonly flags: string;
	readonly interface: string;
}

/** Reads the routes of one family. Headings and lines that are no routes are left out. */
export function readRoutes(lines: readonly string[]): readonly LiveRoute[] {
	return lines.flatMap((line) => {
		const words = line.trim().split(/\s+/);
		const [destination = "", gateway = "", flags = ""] = words;
		const name = words.at(-1) ?? "";
		if (words.length < 8 || !/^[A-Za-z1-3]+$/.test(flags) || !/^[a-z]+\d+$/.test(name)) return [];
		return [{ destination: whole(destination), gateway, flags, interface: name }];
	});
}

/** A network leaves out the bytes of its end that are nothing: `10.50/16`, `224/4`. */
function whole(destination: string): string {
	const match = /^(\d+(?:\.\d+){0,3})(\/\d+)?$/.exec(destination);
	const [, address = "", prefix = ""] = match ?? [];
	if (match === null) return destination.replace(/%[a-z]+\d+/, "");
	const bytes = address.split(".");
	return `${[...bytes, "0", "0", "0"].slice(0, 4).join(".")}${prefix}`;
}

/** The commands that show routes, for `markedScript`. */
export const routeCommands = { routes: sh`route -n show -inet`, routes6: sh`route -n show -inet6` } as const;

/** The routes of an answer to those commands; undefined where the host did not show them. */
export function routesIn(answer: string, marker: string): readonly LiveRoute[] | undefined {
	const [routes, routes6] = [readSection(answer, marker, "routes"), readSection(answer, marker, "routes6")];
	return routes.status === 0 ? [...readRoutes(routes.lines), ...readRoutes(routes6.lines)] : undefined;
}

/** The handbook's own hosts, opened by somebody new who takes fix after fix of what is shown. */
import type { Fix } from "../../server/src/text/diagnostic.ts";
import { type Found, found, type Texts, taken } from "./course.ts";
import { readHost } from "./hosts.ts";

/** Hints stand in the text alone: no list of problems has them. */
const RANKS = ["error", "warning", "information"];

/** A fix that somebody takes, and the finding that it is for. */
export interface Taken {
	readonly path: string;
	readonly finding: Found[1];
	readonly fix: Fix;
	/** The files after it. */
	readonly after: Texts;
}

/** What is taken up next: the worst finding of the host's own files that has a fix, and then of the expectations. */
export async function nextFix(texts: Texts): Promise<Taken | undefined> {
	const rank = ([path, { severity }]: Found): number => RANKS.indexOf(severity) + (path.endsWith(".pftest") ? RANKS.length : 0);
	const fixable = (await found(texts)).filter(([, { severity, fixes = [] }]) => RANKS.includes(severity) && fixes.length > 0);
	const [path, finding] = fixable.sort((a, b) => rank(a) - rank(b))[0] ?? [];
	const [fix] = finding?.fixes ?? [];
	if (path === undefined || finding === undefined || fix === undefined) return undefined;
	return { path, finding, fix, after: taken(texts, path, fix) };
}

/** What is still said when no fix is left. Device nodes are the host's: no file makes them. */
export async function leftOver(texts: Texts): Promise<readonly Found[]> {
	return (await found(texts)).filter(([, { severity, code }]) => RANKS.includes(severity) && code !== "vm/tap-without-device");
}

export interface OpenedHost {
	/** So many fixes at most lead to a network that works. */
	readonly most: number;
	/** What the page says of its network, as somebody writes it down. */
	readonly tests: readonly string[];
}

export const openedHosts = {
	handbook: {
		most: 10,
		tests: ["db01 outside tcp 443 pass", "web01 outside tcp 443 pass", "outside db01 any block", "outside host tcp 22 pass"],
	},
	"handbook-microsegmentation": {
		most: 24,
		tests: [
			"address web01 10.50.0.20",
			"outside web01 tcp 80 443 pass",
			"10.10.0.9 web01 tcp 22 pass",
			"web01 db01 tcp 3306 pass",
			"outside host tcp 22 pass",
		],
	},
} as const satisfies Readonly<Record<string, OpenedHost>>;

/** The files of a host with its expectations. */
export function openedHost(name: keyof typeof openedHosts): Texts {
	return new Map([...readHost(name), ["/etc/policy.pftest", openedHosts[name].tests.map((line) => `${line}\n`).join("")]]);
}

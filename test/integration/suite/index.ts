/**
 * The suite, in the order in which it runs: activation first, while nothing has been opened. What the extension does is the same
 * code in both hosts, so the web's has its turn at what follows every third day.
 */
import { shareOf } from "../../share.ts";
import "./activation.ts";

const others = [
	() => import("./associations.ts"),
	() => import("./languages.ts"),
	() => import("./patterns.ts"),
	() => import("./topology.ts"),
	() => import("./policy.ts"),
	() => import("./agents.ts"),
];

/** @param host the extension host that it runs in */
export async function defineSuite(host: "node" | "web"): Promise<void> {
	for (const load of host === "web" ? shareOf(others, 3) : others) await load();
	await import("./server.ts");
}

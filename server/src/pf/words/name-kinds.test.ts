import { expect, test } from "vitest";
import { HOST_NAMES } from "../../text/name-kinds.ts";
import { PF_NAMES } from "./name-kinds.ts";

test("each kind of name has a title of its own, with the name in it", () => {
	const titles = Object.values({ ...PF_NAMES, ...HOST_NAMES }).flatMap((kind) => ("title" in kind ? [kind.title("web")] : []));
	expect(titles.length).toBeGreaterThan(8);
	for (const title of titles) expect(JSON.stringify(title)).toContain("web");
	expect(new Set(titles.map((title) => JSON.stringify(title))).size).toBe(titles.length);
});

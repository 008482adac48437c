import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { root } from "./textmate.ts";

/** The paths of the members of an interface, those of its inline types among them; the file is formatted, so lines are enough. */
function members(source: string, name: string): readonly string[] {
	const [, body = ""] = new RegExp(`^export interface ${name} \\{\n(.*?)^\\}`, "ms").exec(source) ?? [];
	const found: string[] = [];
	const path: string[] = [];
	for (const line of body.split("\n")) {
		const member = /^\t+readonly (\w+)\??: (.*)$/.exec(line);
		if (/^\t+\};$/.test(line)) path.pop();
		else if (member?.[2] === "{") path.push(member[1] ?? "");
		else if (member !== null) found.push([...path, member[1]].join("."));
	}
	return found;
}

test("every setting that the server reads is one that people can set", () => {
	const manifest = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));
	const read = members(readFileSync(new URL("server/src/protocol.ts", root), "utf8"), "ServerSettings");
	expect(read.length).toBeGreaterThan(5);
	const declared = Object.keys(manifest.contributes.configuration.properties);
	expect(read.filter((name) => !declared.includes(`openbsdVnet.${name}`))).toEqual([]);
});

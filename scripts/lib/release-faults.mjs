// What speaks against publishing what is here: versions that do not agree.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { manifest, root } from "./repository.mjs";

/**
 * @param {string | undefined} tag such as v0.1.0; undefined where nothing is to be published yet
 * @returns {string[]}
 */
export function releaseFaults(tag) {
	const { version } = manifest;
	const faults = [];
	for (const file of ["server", "remote", "client", "cli"].map((name) => join(name, "package.json"))) {
		const own = JSON.parse(readFileSync(join(root, file), "utf8")).version;
		if (own !== version) faults.push(`${file} has version ${own}, package.json ${version}`);
	}
	for (const file of ["action.yml", ".pre-commit-hooks.yaml", "docs/ci.md", "docs/agents.md"]) {
		if (!readFileSync(join(root, file), "utf8").includes(version)) faults.push(`${file} does not name version ${version}`);
	}
	if (tag !== undefined && tag !== `v${version}`) faults.push(`the tag is ${tag}, the version ${version}`);
	const [, section] = /^## (.*)$/m.exec(readFileSync(join(root, "CHANGELOG.md"), "utf8")) ?? [];
	if (!(section ?? "").startsWith(version) && !(tag === undefined && section === "Unreleased"))
		faults.push(`CHANGELOG.md begins with "${section}", not with ${version}`);
	return faults;
}

// The licences of the packages that are in our bundles: all of them ask to be handed on with the code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The folder of each package that a bundle has code of.
 * @param {Iterable<string>} inputs the files of a bundle, as esbuild's metafile names them
 * @returns {string[]} sorted, such as "node_modules/diff"
 */
export function packagesOf(inputs) {
	const folders = new Set();
	for (const input of inputs) {
		const [folder] = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? [];
		if (folder !== undefined) folders.add(folder);
	}
	return [...folders].sort();
}

/**
 * The text that is shipped beside the bundles.
 * @param {string} root where the folders are
 * @param {readonly string[]} folders of packages
 * @throws where a package has no licence text
 */
export function thirdPartyNotices(root, folders) {
	const notices = folders.map((folder) => {
		const { name, version, license, licenses, repository } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
		const texts = readdirSync(join(root, folder))
			.filter((file) => /^(?:licen[cs]es?|copying|notice|third.?party.?notices?)(?:-\w+)?(?:\.(?:md|txt))?$/i.test(file))
			.sort()
			.map((file) =>
				readFileSync(join(root, folder, file), "utf8")
					.replaceAll("\r\n", "\n")
					.trim(),
			);
		if (texts.length === 0) throw new Error(`${folder} is in a bundle, and has no licence text to ship with it`);
		const source = typeof repository === "string" ? repository : repository?.url;
		return [
			`${name} ${version} (${license ?? licenses?.map(({ type }) => type).join(", ")})${source === undefined ? "" : `\n${source}`}`,
			...texts,
		].join("\n\n");
	});
	const line = "-".repeat(80);
	return `This package has code of the following packages in it.\n\n${notices.map((notice) => `${line}\n${notice}\n`).join("\n")}`;
}

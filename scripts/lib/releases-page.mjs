// The text of docs/releases.md.
import { render } from "../../server/dist/text/message.js";

const EFFECTS = {
	accepted: "new",
	refused: "refused since",
	meaning: "means something else",
	printed: "printed otherwise",
	needless: "needless since",
};

/** @param {readonly import("../../server/dist/features/index.js").ReleaseWords[]} releases the newest first */
export function releasesPage(releases) {
	const names = releases.map(({ name }) => name);
	const parts = releases.map(({ name, published, came, went, changes }) => {
		const words = [...listed(came, "came"), ...listed(went, "went")];
		const facts = changes.map(
			({ place, effect, summary }) => `| ${place} | ${EFFECTS[effect]} | ${render(summary).replaceAll("|", "\\|")} |\n`,
		);
		return [
			`## ${name}\n\n${published === undefined ? "Not out, or its day is not known here." : `Out since ${published}.`}\n`,
			...(words.length === 0 ? [] : [`\n${words.join("")}`]),
			...(facts.length === 0 ? [] : [`\n| where | what | |\n|---|---|---|\n${facts.join("")}`]),
			...(words.length + facts.length === 0 ? ["\nNothing in these files changed that is known here.\n"] : []),
		].join("");
	});
	return `# Releases of OpenBSD

Files are read as the programs of one release read them: of ${names.at(-1)} to ${names[0]}. Which one it is says the running host, or openbsd-vnet.json, or the setting \`openbsdVnet.release\`, in that order, and else it is the newest that is out; \`--release\` on the command line goes before all. \`-current\` counts as the release to come. Of a release that is newer than ${names[0]}, nothing is refused here: what would be an error is told as information, and the host's own programs decide.

What changes for a host with the next one says [\`openbsd-vnet upgrade\`](upgrade.md). This page is made from the data (\`server/src/releases/\`, the vocabularies) by \`node scripts/releases-docs.mjs\`.

${parts.join("\n")}`;
}

/** @param {Readonly<Record<string, readonly string[]>>} words by file */
function listed(words, what) {
	return Object.entries(words).map(([file, names]) => `- ${file}, ${what}: ${names.map((name) => `\`${name}\``).join(", ")}\n`);
}

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

${parts.join("\n")}
${OPEN}`;
}

/** What was looked for in OpenBSD's sources, other systems' imports of them and mail archives, and is not decided there. */
const OPEN = `## What is open

The newest sources that could be read are of 2025, those of the limiters FreeBSD's import of January 2026, and for the rest the logs of changes up to September 2026. Where these decide nothing, this is what is taken; on a host its own programs have the last word, and \`npm run test:verdicts\` asks a real machine.

| what | what was found | what is taken |
|---|---|---|
| how pfctl of 7.9 prints the limiters of a rule | by name since February 2026, so that pfctl reads it again; quotes and the default action were not seen | no quotes where none are needed, and no \`(block)\`, which is the default |
| the order of \`nat-to\` and \`rdr-to\` in one rule | both are printed since February 2026 | \`nat-to\` first |
| what pfctl says of limiters, and which words they reserve | FreeBSD's import; a ruleset with four limiters that a pfctl of 7.9 loads | the same words |
| \`-tagged\` with ifconfig of 7.9 | it takes a wrong number of words; mended in July 2026 | nothing is refused; the upgrade check tells it, and \`tagged PORT none\` is safe |
| what ifconfig says to \`trunkproto lacp\` on a trunk of 7.9 | the kernel has it no more, ifconfig keeps the word for aggr(4) | that the kernel refuses it: \`SIOCSTRUNK: Protocol not supported\` |
| \`untagged\` and its like on a bridge(4) | the kernel knows them for veb(4) alone | \`Inappropriate ioctl for device\` |
| lines of sysctl.conf with a blank in front, after 7.8 | no later revision of sysctl.c than 1.268 was seen | as in 7.7 and 7.8: they are lost |
| the settings of divert(4) for IPv6 in 7.8 | sysctl.c 1.268 has no list for them, in6.h 1.125 still their protocol's name | \`no variables defined for this protocol\` |
| "SLAAC by default" in the log of 7.9 | it is told of the installer; no change of ifconfig or netstart was found | nothing: a hostname file means what it did |
| a word of vm.conf for several processors in 8.0 | in forks alone | none |
| the day of 8.0 | its page is a template, its log ends in September 2026 | not out |
`;

/** @param {Readonly<Record<string, readonly string[]>>} words by file */
function listed(words, what) {
	return Object.entries(words).map(([file, names]) => `- ${file}, ${what}: ${names.map((name) => `\`${name}\``).join(", ")}\n`);
}

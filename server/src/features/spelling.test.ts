import { expect, test } from "vitest";
import { codeActions } from "./code-actions.ts";
import { open } from "./testing.ts";

/** A file, and the word that a misspelt one in it is changed to; nothing where no word comes near. */
const cases: readonly (readonly [text: string, wanted: string | undefined])[] = [
	["pass in form any\n", "from"],
	["tabel <x> persist\n", "table"],
	["set blok-policy drop\n", "block-policy"],
	["set optimization agressive\n", "aggressive"],
	["set limit stats 500\n", "states"],
	['lan = "em0"\npass in on $lna\n', "lan"],
	["pass proto tcp to port htpp\n", "http"],
	["pass in proto tpc to port 80\n", "tcp"],
	['anchor "x" {\n\tpass qiuck\n}\n', "quick"],
	["table <bad> persist\nblock from <bda>\n", "bad"],
	["pass in tag LAN\npass out tagged lan\n", "LAN"],
	// One of two: the next is told once it is mended.
	["pass in on em0 prto tcp to any prot 80\n", "proto"],
	["pass in on em0 proto tcp to any prot 80\n", "port"],
	["pass inn on em0 proto tcp form any to any port 80\n", "in"],
	["blok in qiuck on em0\n", "block"],
	["block in qiuck on em0\n", "quick"],
	["pass in gibberish\n", undefined],
	['//- /etc/vm.conf\nswich "a" {\n\tinterface veb0\n}\n', "switch"],
	['//- /etc/vm.conf\nram = "1G"\nvm "a" {\n\tdisk "/a"\n\tmemory $rma\n}\n', "ram"],
	["//- /etc/hostname.trunk0\ntrunkproto lcap\n", "lacp"],
];

test.each(cases)("%j: %s", async (text, wanted) => {
	const { session, file } = await open(text);
	const titles = codeActions(session, file, { start: 0, end: file.text.length }, ["quickfix"]).map(({ title }) => title);
	const changes = titles.filter((title) => /^(Change it to|Write) /.test(title)).map((title) => title.replace(/^.* '?|'$/g, ""));
	expect([...new Set(changes)]).toEqual(wanted === undefined ? [] : [wanted]);
});

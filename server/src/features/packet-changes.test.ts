import { expect, test } from "vitest";
import { finished } from "../text/portions.ts";
import { packetChanges, searchPacketChanges } from "./packet-changes.ts";
import { changedConnections } from "./policy-view.ts";
import { open } from "./testing.ts";

const RULES = `block
pass out on em0 inet from (em0) to any
`;

test("an address that the host is given when it runs is told as pf names it", async () => {
	const { session, file } = await open(
		`//- /etc/hostname.em0\ninet autoconf\n//- /etc/pf.conf\n|${RULES}pass in on em0 inet from any to (em0)\n`,
	);
	const { changes, isWhole } = packetChanges(session, file, new Map([["/etc/pf.conf", RULES]]));
	expect(changes).toMatchObject([{ before: "block drop", after: "pass", packets: ["in inet on em0 to (em0)"], depends: [] }]);
	expect(changes[0]?.example).toMatch(/→ \(em0\) port 1$/);
	expect(isWhole).toBe(true);
});

test("nothing is said to be all where a file is missing or refused", async () => {
	const { session, file } = await open(`//- /etc/pf.conf\n|${RULES}`);
	const wholeBefore = (text: string | null): boolean => packetChanges(session, file, new Map([["/etc/pf.conf", text]])).isWhole;
	expect(wholeBefore(RULES)).toBe(true);
	expect(wholeBefore(null)).toBe(false);
	expect(wholeBefore(`${RULES}include "/etc/pf.more"\n`)).toBe(false);
	expect(wholeBefore(`${RULES}pass inn\n`)).toBe(false);
});

test("what is not known is named, whether it would match or not", async () => {
	const filled = "table <bad> persist\nblock\nblock in quick from <bad>\n";
	const { session, file } = await open(`//- /etc/pf.conf\n|${filled}pass in proto udp to port 53\n`);
	const { changes } = packetChanges(session, file, new Map([["/etc/pf.conf", filled]]));
	expect(changes).toMatchObject([
		{ before: "block drop", after: "pass", packets: ["in proto udp to any port 53"], depends: ["block drop in quick from <bad> to any"] },
	]);
});

test("from texts of before to texts of then, neither of which are the files here", async () => {
	const { session, file } = await open("//- /etc/pf.conf\nset skip on lo\nblock\n//- /etc/hostname.em0\ninet autoconf\n");
	const letsIn = (port: number) => new Map([["/etc/pf.conf", `set skip on lo\nblock\npass in on em0 proto tcp to (em0) port ${port}\n`]]);
	const connections = changedConnections(session, file, letsIn(22), letsIn(80));
	expect(connections.map(({ kind, to, service, location }) => [kind, to, service, location])).toEqual([
		["closes", "host", "tcp 22", null],
		["opens", "host", "tcp 80", null],
	]);
	const { changes } = finished(searchPacketChanges(session, file, letsIn(22), letsIn(80)));
	expect(changes.map(({ packets, location }) => [packets, location])).toEqual([
		[["in inet proto tcp on em0 to (em0) port 80"], null],
		[["in inet proto tcp on em0 to (em0) port 22"], null],
	]);
});

/** What pfctl prints of tables, read: as OpenBSD 7.6 prints it (real-host facts), and whatever else a host may say. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { readTables, TableContentsReader } from "./table-reader.ts";

const real = `-pa-r--	spam@guests/db
	Addresses:   1
	Cleared:     Tue Dec  1 03:50:11 2026
	References:  [ Anchors: 0                  Rules: 1                  ]
	Evaluations: [ NoMatch: 12                 Match: 3                  ]
	In/Block:    [ Packets: 0                  Bytes: 0                  ]
	Out/XPass:   [ Packets: 0                  Bytes: 0                  ]
c-a-r--	__automatic_efb4c349_0
	Addresses:   8
	Cleared:     Tue Dec  1 04:02:46 2026
-pa-rhC	seen
	Addresses:   100001
	Cleared:     Thu Jan  1 00:00:00 1970
--air--	half
	Addresses:   0
---ir--	bad
	Addresses:   0
-----h-	inner
`;

test("tables are read with what is told of them, those that hold nothing yet left out", () => {
	const { tables, unread } = readTables(real);
	expect(unread).toBe(0);
	expect(tables).toEqual([
		{
			name: "spam",
			anchor: "guests/db",
			constant: false,
			persist: true,
			referenced: true,
			referencedBelow: false,
			counters: false,
			count: 1,
			cleared: "Tue Dec  1 03:50:11 2026",
			evaluations: { match: 3, noMatch: 12 },
		},
		expect.objectContaining({ name: "__automatic_efb4c349_0", constant: true, persist: false }),
		{ name: "seen", anchor: "", constant: false, persist: true, referenced: true, referencedBelow: true, counters: true, count: 100_001 },
		expect.objectContaining({ name: "half" }),
	]);
});

test.each([
	["a colour", "-pa-r--\t\u001b[31mx\n"],
	["another tab", "-pa-r--\tx\ty\n"],
	["other flags", "+pa-r--\tx\n"],
	["a name that is too long", `-pa-r--\t${"x".repeat(32)}\n`],
	["an endless line", `-pa-r--\t${"x".repeat(1 << 20)}\n`],
	["a detail without its table", "\tAddresses:   1\n"],
	["a detail that is none", "-pa-r--\tx\n\tAddresses:   many\n"],
])("of %s, nothing is believed", (_, text) => {
	expect(readTables(text).unread).toBe(1);
});

function contents(text: string, size = 1 << 20, most?: number) {
	const reader = new TableContentsReader("m4", most);
	const all = Buffer.from(text);
	for (let at = 0; at < all.length; at += size) reader.take(all.subarray(at, at + size));
	return reader.end();
}

test("what tables hold is read by their markers, wherever the answer is cut, and lies are no addresses", () => {
	const text = [
		"a greeting",
		"m4 begin",
		"   203.0.113.5",
		"  !203.0.113.9",
		"   10.5.5.0/24",
		"   2001:db8::/32",
		"",
		"m4 end 0",
		"m4 begin",
		"doas: Operation not permitted",
		"",
		"m4 end 1",
		"m4 begin",
		"   \u001b[2Jx",
		"   $(reboot)",
		"   10.0.0.1 10.0.0.2",
		"10.0.0.3",
		"m5 end 0",
		"   10.0.0.4",
		`   ${"1".repeat(100_000)}`,
	].join("\n");
	const expected = [
		{ addresses: ["203.0.113.5", "!203.0.113.9", "10.5.5.0/24", "2001:db8::/32"], leftOut: 0, said: "", status: 0 },
		{ addresses: [], leftOut: 0, said: "doas: Operation not permitted\n", status: 1 },
		{ addresses: ["10.0.0.4"], leftOut: 0, said: expect.stringContaining("$(reboot)"), status: undefined },
	];
	for (const size of [1, 7, 64, 1 << 20]) expect(contents(text, size)).toEqual(expected);
	expect(contents("m4 begin\n   10.0.0.1\n   10.0.0.2\nm4 end 0\n", 1, 1)).toEqual([
		{ addresses: ["10.0.0.1"], leftOut: 1, said: "", status: 0 },
	]);
});

test("whatever a host says, reading ends", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 9 }), (text, size) => {
			readTables(text);
			contents(`m4 begin\n${text}`, size);
		}),
		{ numRuns: 200 },
	);
});

/** Documents that the server makes of files, as every editor of the protocol's 3.18 shows them. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type MakePlan, sourceOfMade } from "./made-documents.ts";
import type { Means } from "./server.ts";
import { able, ROOT, started, type TestClient } from "./testing.ts";

const pf = `${ROOT}/etc/pf.conf`;
const bridge = `${ROOT}/etc/hostname.bridge0`;
const files = {
	[pf]: 'ports = "{ 80 443 }"\nblock\npass in proto tcp to port $ports\n',
	[bridge]: "add em1\nup\n",
	[`${ROOT}/etc/vm.conf`]: 'vm "a" { disk "/a" }\n',
};
const made = (uri: string, title = "x") => `openbsd-vnet:${title}?${encodeURIComponent(uri)}`;
const showing = { ...able, workspace: { ...able.workspace, textDocumentContent: {} } };

const clients: TestClient[] = [];
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
	vi.useRealTimers();
	for (const client of clients.splice(0)) client.dispose();
});

async function client(capabilities: object = showing): Promise<TestClient> {
	const one = await started({ files, capabilities });
	clients.push(one);
	return one;
}

const textOf = async (of: TestClient, uri: string) => (await of.ask<{ text: string }>("workspace/textDocumentContent", { uri })).text;

test.each<[uri: string, source: string | undefined]>([
	["openbsd-vnet:pf.conf?file%3A%2F%2F%2Fa%2520b%2Fpf.conf", "file:///a%20b/pf.conf"],
	["openbsd-vnet:/etc/pf.conf%20%28expanded%29?file:///pf.conf", "file:///pf.conf"],
	["openbsd-vnet:pf.conf?%", "%"],
	["openbsd-vnet:pf.conf", undefined],
	["git:/etc/pf.conf?file:///pf.conf", undefined],
])("%s is made of %s", (uri, source) => {
	expect(sourceOfMade(uri)).toBe(source);
});

test.each<[what: string, uri: string, text: string]>([
	[
		"the ruleset that pfctl would load",
		made(pf),
		'ports = "{ 80 443 }"\nblock drop all\npass in proto tcp from any to any port = 80 flags S/SA\npass in proto tcp from any to any port = 443 flags S/SA\n',
	],
	["the commands that netstart would run", made(bridge), expect.stringContaining("ifconfig bridge0 add em1\n")],
	["of a file that the host reads as it is", made(`${ROOT}/etc/vm.conf`), "# Nothing to show for this file.\n"],
	["of no file", "openbsd-vnet:x", "# Nothing to show for this file.\n"],
])("%s", async (_, uri, text) => {
	expect(await textOf(await client(), uri)).toEqual(text);
});

describe("the plan of a deployment", () => {
	const list = `${ROOT}/openbsd-vnet.json`;
	const hosts = [
		{ name: "hv1", root: "hv1", ssh: "hv1.example.org" },
		{ name: "hv2", root: "hv2" },
	];
	const listed = { ...files, [list]: JSON.stringify({ hosts }), [`${ROOT}/hv1/etc/pf.conf`]: "pass\n" };
	const makePlan: MakePlan = async (folder, host) => `${host} in ${folder}\n`;

	test.each<[what: string, query: string, means: Means, text: string]>([
		["is made where there is one who can", "plan:hv1", { makePlan }, `hv1 in ${ROOT}\n`],
		["of a host without an address", "plan:hv2", { makePlan }, "# Nothing to show for this file.\n"],
		["of a host that no list names", "plan:hv3", { makePlan }, "# Nothing to show for this file.\n"],
		["where nobody can", "plan:hv1", {}, "# Nothing to show for this file.\n"],
	])("%s", async (_, query, means, text) => {
		const one = await started({ files: listed, capabilities: showing, means });
		clients.push(one);
		expect(await textOf(one, `openbsd-vnet:x?${encodeURIComponent(query)}`)).toBe(text);
	});
});

test("a line is defined by the statement that it comes from", async () => {
	const one = await client();
	const at = (line: number) => ({ textDocument: { uri: made(pf) }, position: { line, character: 0 } });
	expect(await one.ask("textDocument/definition", at(3))).toMatchObject([{ uri: pf, range: { start: { line: 2, character: 0 } } }]);
	expect(await one.ask("textDocument/definition", at(1))).toMatchObject([{ uri: pf, range: { start: { line: 1, character: 0 } } }]);
	expect(await one.ask("textDocument/definition", at(9))).toEqual([]);
});

describe("a document that is shown is asked for again when a file of the host changes", () => {
	const refresh = "workspace/textDocumentContent/refresh";
	async function later(of: TestClient): Promise<void> {
		await of.settled();
		await vi.advanceTimersByTimeAsync(1000);
		await of.settled();
	}

	test.each<[how: string, show: (of: TestClient, uri: string) => Promise<unknown>]>([
		["that was asked for", textOf],
		["that was opened, as after a restart", (of, uri) => of.open(uri, "openbsd-pf", "")],
	])("%s", async (_, show) => {
		const one = await client();
		await one.open(pf, "openbsd-pf", files[pf] ?? "");
		await later(one);
		expect(one.count(refresh)).toBe(0);
		await show(one, made(pf));
		await one.change(pf, 2, "pass\n");
		await one.change(pf, 3, "pass out\n");
		await later(one);
		expect(one.heard.filter(({ method }) => method === refresh).map(({ params }) => params)).toEqual([{ uri: made(pf) }]);
		expect(await textOf(one, made(pf))).toBe("pass out all flags S/SA\n");
		await one.open(bridge, "openbsd-hostname", "up\n");
		await later(one);
		expect(one.count(refresh)).toBe(2);
	});

	test("not once it is closed, nor by a client that shows none", async () => {
		for (const capabilities of [showing, able]) {
			const one = await client(capabilities);
			await one.open(pf, "openbsd-pf", files[pf] ?? "");
			await textOf(one, made(pf));
			await later(one);
			const before = one.count(refresh);
			if (capabilities === showing) await one.close(made(pf));
			await one.change(pf, 2, "pass\n");
			await later(one);
			expect(one.count(refresh)).toBe(before);
		}
	});

	test("the twenty that were asked for last", async () => {
		const one = await client();
		for (let i = 0; i < 22; i++) await textOf(one, made(pf, String(i)));
		await later(one);
		const before = one.heard.length;
		await one.open(pf, "openbsd-pf", "pass\n");
		await later(one);
		const asked = one.heard
			.slice(before)
			.filter(({ method }) => method === refresh)
			.map(({ params }) => params);
		expect(asked).toHaveLength(20);
		expect(asked).not.toContainEqual({ uri: made(pf, "1") });
	});
});

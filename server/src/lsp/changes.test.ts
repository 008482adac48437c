import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LiveFacts } from "../protocol.ts";
import { newestRelease } from "../releases/releases.ts";
import { able, answers, type ClientOptions, ROOT, started, type TestClient } from "./testing.ts";

const etc = `${ROOT}/etc`;
const pf = `${etc}/pf.conf`;
const vm = `${etc}/vm.conf`;
const veb = `${etc}/hostname.veb0`;

/** A guest on a switch of an interface that comes up once it has a file. */
const VM = 'switch "lan" {\n\tinterface veb0\n}\nvm "web" {\n\tdisk "/w.img"\n\tinterface { switch "lan" }\n}\n';
/** Found in it once the interface's file shows that nothing is behind the switch. */
const ISOLATED = "host/isolated-segment";
const VEB = { [veb]: "up\n" };

/** So long that its host is looked at in the background only. */
const LARGE = `set skip on lo\nblock quick all\npass in on em0\n${"# comment\n".repeat(4000)}`;
/** Found in it there. */
const SHADOWED = "policy/rule-shadowed";

/** A word of OpenBSD 7.5 and later. */
const vxlan = `${etc}/hostname.vxlan0`;
const NEWER = "endpoint 192.0.2.1 fe:e1:ba:d0:00:01\n";

/** What follows here waits for no clock: time passes when a test says so. */
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
const open: TestClient[] = [];
afterEach(() => {
	vi.useRealTimers();
	for (const client of open.splice(0)) client.dispose();
});

async function client(options: ClientOptions): Promise<TestClient> {
	const one = await started(options);
	open.push(one);
	return one;
}

interface Report {
	readonly kind: "full" | "unchanged";
	readonly resultId: string;
	readonly items?: readonly { readonly code: string; readonly severity: number }[];
}

const pull = (of: TestClient, uri: string, previousResultId?: string): Promise<Report> =>
	of.ask("textDocument/diagnostic", { textDocument: { uri }, ...(previousResultId === undefined ? {} : { previousResultId }) });
const codes = ({ items = [] }: Report): readonly string[] => items.map(({ code }) => code);

const REFRESHES = ["workspace/diagnostic/refresh", "workspace/inlayHint/refresh", "workspace/codeLens/refresh"];
const counts = (of: TestClient): readonly number[] => REFRESHES.map((method) => of.count(method));

/** Lets all come to its end that waits for time to pass. */
async function later(of: TestClient): Promise<void> {
	for (let i = 0; i < 3; i++) {
		await of.settled();
		await vi.advanceTimersByTimeAsync(1000);
	}
	await of.settled();
}

/** The host's file of veb0 comes or goes. */
async function onDisk(of: TestClient, files: Record<string, string>, uri: string, text: string | undefined): Promise<void> {
	if (text === undefined) delete files[uri];
	else files[uri] = text;
	await of.tell("workspace/didChangeWatchedFiles", { changes: [{ uri, type: 2 }] });
}

describe("a client that can be told to ask again", () => {
	test("asks again about the other files when one changes", async () => {
		const one = await client({ files: {} });
		await one.open(vm, "openbsd-vm", VM);
		const before = await pull(one, vm);
		expect(codes(before)).toEqual([]);
		await later(one);
		const asked = counts(one);
		await one.open(veb, "openbsd-hostname", "up\n");
		await later(one);
		expect(counts(one)).toEqual(asked.map((count) => count + 1));
		expect(codes(await pull(one, vm, before.resultId))).toEqual([ISOLATED]);
	});

	test("is left alone about the one file that it changes itself", async () => {
		const one = await client({ files: {} });
		await one.open(vm, "openbsd-vm", VM);
		await pull(one, vm);
		await later(one);
		const asked = counts(one);
		await one.change(vm, 2, VM.replace("web", "db"));
		await pull(one, vm);
		await later(one);
		expect(counts(one)).toEqual(asked);
	});

	test("is not told to ask again about what it never asked about", async () => {
		const one = await client({ files: {} });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		const [asked] = counts(one);
		await one.open(veb, "openbsd-hostname", "up\n");
		await later(one);
		expect(counts(one)[0]).toBe(asked);
	});

	test("asks again when files change on disk, of those too that are not open", async () => {
		const files = { ...VEB };
		const one = await client({ files });
		await one.open(vm, "openbsd-vm", VM);
		const before = await pull(one, vm);
		expect(codes(before)).toEqual([ISOLATED]);
		await later(one);
		const asked = counts(one);
		await onDisk(one, files, veb, undefined);
		await later(one);
		expect(counts(one)).toEqual(asked.map((count) => count + 1));
		expect(codes(await pull(one, vm, before.resultId))).toEqual([]);
	});

	test("asks again when the settings change, and has what they ask for", async () => {
		let settings = {};
		const one = await client({ files: VEB, answer: answers(() => settings) });
		await one.open(vm, "openbsd-vm", VM);
		const before = await pull(one, vm);
		expect(before.items?.map(({ severity }) => severity)).toEqual([2]);
		await later(one);
		const asked = counts(one);
		settings = { lint: { severities: { [ISOLATED]: "error" } } };
		await one.tell("workspace/didChangeConfiguration", { settings: null });
		await later(one);
		expect(counts(one)).toEqual(asked.map((count) => count + 1));
		const after = await pull(one, vm, before.resultId);
		expect(after.items?.map(({ severity }) => severity)).toEqual([1]);
	});

	test("asks again when running hosts have answered", async () => {
		const one = await client({ files: VEB });
		await one.open(vm, "openbsd-vm", VM);
		await pull(one, vm);
		await later(one);
		const asked = counts(one);
		await one.tell("openbsdVnet/live", { hosts: [LIVE] });
		await later(one);
		expect(counts(one)).toEqual(asked.map((count) => count + 1));
	});

	test("asks again when something shows later, in the only open file too", async () => {
		const one = await client({ files: {} });
		await later(one);
		const [asked = 0] = counts(one);
		await one.open(pf, "openbsd-pf", LARGE);
		const before = await pull(one, pf);
		expect(codes(before)).toEqual([]);
		await later(one);
		expect(counts(one)[0]).toBe(asked + 1);
		expect(codes(await pull(one, pf, before.resultId))).toEqual([SHADOWED]);
	});

	test("has nothing pushed of what it asks for", async () => {
		const one = await client({ files: VEB });
		await one.open(vm, "openbsd-vm", VM);
		await pull(one, vm);
		await later(one);
		await one.close(vm);
		await later(one);
		expect(one.count("textDocument/publishDiagnostics")).toBe(0);
	});

	test("is told that a report is unchanged where it is, and nothing of what it holds once a file was closed", async () => {
		const one = await client({ files: VEB });
		await one.open(vm, "openbsd-vm", VM);
		const { resultId } = await pull(one, vm);
		expect(await pull(one, vm, resultId)).toEqual({ kind: "unchanged", resultId });
		expect(await pull(one, vm, "another")).toMatchObject({ kind: "full" });
		const again = await pull(one, vm);
		expect(again.resultId).not.toBe(resultId);
		await one.change(vm, 2, `${VM}# more\n`);
		expect(await pull(one, vm, again.resultId)).toEqual({ kind: "unchanged", resultId: again.resultId });
		await one.close(vm);
		await one.open(vm, "openbsd-vm", VM);
		expect(await pull(one, vm, again.resultId)).toMatchObject({ kind: "full" });
	});
});

const without = (part: "diagnostic" | "refreshSupport"): object => ({
	textDocument: part === "diagnostic" ? {} : able.textDocument,
	workspace: { ...able.workspace, diagnostics: part === "refreshSupport" ? {} : able.workspace.diagnostics },
});

describe.each([
	["that does not pull", without("diagnostic")],
	["that pulls and cannot be told to pull again", without("refreshSupport")],
])("a client %s has diagnostics pushed", (_, capabilities) => {
	const found =
		(...wanted: string[]) =>
		({ diagnostics }: { readonly diagnostics: readonly { readonly code: string }[] }) =>
			JSON.stringify(diagnostics.map(({ code }) => code)) === JSON.stringify(wanted);

	test("after the last of its keystrokes", async () => {
		const one = await client({ capabilities, files: VEB });
		await one.open(vm, "openbsd-vm", VM);
		await one.change(vm, 2, VM);
		await one.settled();
		await vi.advanceTimersByTimeAsync(99);
		expect(one.count("textDocument/publishDiagnostics")).toBe(0);
		await one.change(vm, 3, VM);
		await one.settled();
		await vi.advanceTimersByTimeAsync(99);
		expect(one.count("textDocument/publishDiagnostics")).toBe(0);
		const published = one.publishes(vm, () => true);
		await vi.advanceTimersByTimeAsync(1);
		expect(await published).toMatchObject({ version: 3, diagnostics: [{ code: ISOLATED }] });
		await later(one);
		expect(one.count("workspace/diagnostic/refresh")).toBe(0);
	});

	test("when another file changes", async () => {
		const one = await client({ capabilities, files: {} });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		const published = one.publishes(vm, found(ISOLATED));
		await one.open(veb, "openbsd-hostname", "up\n");
		await later(one);
		await published;
		const mended = one.publishes(vm, found());
		await one.close(veb);
		await later(one);
		await mended;
	});

	test("when a file changes on disk", async () => {
		const files: Record<string, string> = {};
		const one = await client({ capabilities, files });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		const published = one.publishes(vm, found(ISOLATED));
		await onDisk(one, files, veb, "up\n");
		await later(one);
		await published;
	});

	test("when something shows later", async () => {
		const one = await client({ capabilities, files: {} });
		await one.open(pf, "openbsd-pf", LARGE);
		const first = one.publishes(pf, found());
		await one.settled();
		await vi.advanceTimersByTimeAsync(100);
		await first;
		const then = one.publishes(pf, found(SHADOWED));
		await later(one);
		await then;
	});

	test("when the settings change", async () => {
		let settings = {};
		const one = await client({ capabilities, files: VEB, answer: answers(() => settings) });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		settings = { lint: { severities: { [ISOLATED]: "off" } } };
		const published = one.publishes(vm, found());
		await one.tell("workspace/didChangeConfiguration", { settings: null });
		await later(one);
		await published;
	});

	test("and emptied when it closes the file", async () => {
		const one = await client({ capabilities, files: VEB });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		const emptied = one.publishes(vm, found());
		await one.close(vm);
		await emptied;
		const count = one.count("textDocument/publishDiagnostics");
		await later(one);
		expect(one.count("textDocument/publishDiagnostics")).toBe(count);
	});
});

describe("semantic tokens by the id of those before", () => {
	interface Tokens {
		readonly resultId: string;
		readonly data?: readonly number[];
		readonly edits?: readonly object[];
	}
	const full = (of: TestClient): Promise<Tokens> => of.ask("textDocument/semanticTokens/full", { textDocument: { uri: vm } });
	const delta = (of: TestClient, previousResultId: string): Promise<Tokens> =>
		of.ask("textDocument/semanticTokens/full/delta", { textDocument: { uri: vm }, previousResultId });

	test("are what has changed since then; all of them for any other id", async () => {
		const one = await client({ files: {} });
		await one.open(vm, "openbsd-vm", VM);
		const first = await full(one);
		await one.change(vm, 2, VM.replace("web", "db"));
		const second = await delta(one, first.resultId);
		expect(second.edits).toHaveLength(1);
		expect(second.resultId).not.toBe(first.resultId);
		expect((await delta(one, second.resultId)).edits).toEqual([]);
		expect(await delta(one, first.resultId)).toMatchObject({ data: expect.arrayContaining([1]) });
		expect((await delta(one, "nonsense")).edits).toBeUndefined();
	});

	test("are forgotten when the file is closed", async () => {
		const one = await client({ files: {} });
		await one.open(vm, "openbsd-vm", VM);
		const { resultId } = await full(one);
		await one.close(vm);
		await one.open(vm, "openbsd-vm", VM);
		expect((await delta(one, resultId)).edits).toBeUndefined();
	});
});

describe("folders and the lists of hosts", () => {
	const other = "file:///other";
	const symbols = async (of: TestClient): Promise<readonly string[]> => {
		const found = await of.ask<{ location: { uri: string } }[]>("workspace/symbol", { query: "lan" });
		return found.map(({ location }) => location.uri);
	};
	const change = (of: TestClient, added: readonly string[], removed: readonly string[]) =>
		of.tell("workspace/didChangeWorkspaceFolders", {
			event: { added: added.map((uri) => ({ uri, name: uri })), removed: removed.map((uri) => ({ uri, name: uri })) },
		});

	test("an added folder is searched, a removed one is forgotten", async () => {
		const one = await client({ files: { [vm]: VM, [`${other}/etc/vm.conf`]: VM } });
		expect(await symbols(one)).toEqual([vm]);
		await change(one, [`${other}/`], []);
		expect([...(await symbols(one))].sort()).toEqual([vm, `${other}/etc/vm.conf`]);
		await change(one, [], [`${ROOT}/`]);
		expect(await symbols(one)).toEqual([`${other}/etc/vm.conf`]);
		expect(await one.ask("openbsdVnet/hosts", {})).toMatchObject([{ etc: `${other}/etc` }]);
	});

	test("an open file outlives its folder", async () => {
		const one = await client({ files: { [vm]: VM } });
		await one.open(vm, "openbsd-vm", VM);
		await change(one, [], [ROOT]);
		expect(await symbols(one)).toEqual([vm]);
	});

	const list = (release: string) => JSON.stringify({ hosts: [{ name: "hv1", root: ".", release }] });

	test("a host is read for the release of its list, also after the list has changed", async () => {
		const files: Record<string, string> = { [`${ROOT}/openbsd-vnet.json`]: list("7.4") };
		const one = await client({ files });
		await one.open(vxlan, "openbsd-hostname", NEWER);
		expect(codes(await pull(one, vxlan))).toContain("hostname/newer-word");
		await later(one);
		const [asked = 0] = counts(one);
		await onDisk(one, files, `${ROOT}/openbsd-vnet.json`, list("7.6"));
		await later(one);
		expect(counts(one)[0]).toBe(asked + 1);
		expect(codes(await pull(one, vxlan))).not.toContain("hostname/newer-word");
	});

	test("a folder's list counts from when the folder is added", async () => {
		const one = await client({ files: { [`${ROOT}/openbsd-vnet.json`]: list("7.4") }, folders: [] });
		await one.open(vxlan, "openbsd-hostname", NEWER);
		expect(codes(await pull(one, vxlan))).not.toContain("hostname/newer-word");
		await change(one, [ROOT], []);
		await later(one);
		expect(codes(await pull(one, vxlan))).toContain("hostname/newer-word");
	});
});

describe("settings", () => {
	test.each([
		["newest", newestRelease, []],
		["7.4", "7.4", ["hostname/newer-word"]],
		["nonsense", "nonsense", []],
	])("release %s", async (release, said, expected) => {
		const one = await client({ files: {}, answer: answers(() => ({ release })) });
		expect(one.heard.find(({ method }) => method === "openbsdVnet/status")?.params).toMatchObject({ release: said });
		await one.open(vxlan, "openbsd-hostname", NEWER);
		expect(codes(await pull(one, vxlan)).filter((code) => code === "hostname/newer-word")).toEqual(expected);
	});

	test("that are sent along count where the client cannot be asked", async () => {
		const capabilities = { ...able, workspace: { ...able.workspace, configuration: false } };
		const one = await client({ capabilities, files: {} });
		await one.open(vxlan, "openbsd-hostname", NEWER);
		for (const [settings, expected] of [
			[{ openbsdVnet: { release: "7.4" } }, ["hostname/newer-word"]],
			[{ other: {} }, ["hostname/newer-word"]],
			[null, ["hostname/newer-word"]],
			[{ openbsdVnet: {} }, []],
		] as const) {
			const status = one.hears("openbsdVnet/status");
			await one.tell("workspace/didChangeConfiguration", { settings });
			await status;
			expect(codes(await pull(one, vxlan)).filter((code) => code === "hostname/newer-word")).toEqual(expected);
		}
		expect(one.count("workspace/configuration")).toBe(0);
	});
});

test("a host that tells its release is answered once: who hears of it tells its hosts again", async () => {
	const one = await client({ files: {} });
	const before = one.count("openbsdVnet/status");
	const told = one.hears("openbsdVnet/status");
	for (let times = 0; times < 3; times++) await one.tell("openbsdVnet/live", { hosts: [{ ...LIVE, release: "7.6" }] });
	await told;
	await later(one);
	expect(one.count("openbsdVnet/status") - before).toBe(1);
});

describe("the client is asked to tell", () => {
	const registered = (of: TestClient) =>
		of.heard
			.filter(({ method }) => method === "client/registerCapability")
			.flatMap(({ params }) => (params as { registrations: { method: string; registerOptions: object }[] }).registrations)
			.map(({ method, registerOptions }) => [method, registerOptions]);

	test("of settings and files on disk", async () => {
		expect(registered(await client({}))).toEqual([
			["workspace/didChangeConfiguration", { section: "openbsdVnet" }],
			["workspace/didChangeWatchedFiles", { watchers: expect.arrayContaining([{ globPattern: "**/hostname.*" }]) }],
		]);
	});

	test("nothing where it cannot be asked", async () => {
		const one = await client({ capabilities: {} });
		expect(registered(one)).toEqual([]);
		expect(one.heard.map(({ method }) => method)).toEqual(["openbsdVnet/status"]);
	});
});

test("a language that is not served is not kept", async () => {
	const one = await client({ files: {} });
	await one.open(`${etc}/rc.conf`, "shellscript", "x=1\n");
	expect(await one.ask("textDocument/hover", { textDocument: { uri: `${etc}/rc.conf` }, position: { line: 0, character: 0 } })).toBeNull();
});

const LIVE: LiveFacts = { etc, host: { name: "hv1", taken: "14:03:12", simulated: false, taps: [] } };

test.each([
	["etc/pf.conf", "block in form any\n", "pf/syntax"],
	["etc/hostname.00%3A1b%3A21%3Aab%3Acd%3Aef", "foo\n", "hostname/unknown-word"],
	["etc/dhcpd.conf", "foo\n", undefined],
])("an editor that cannot tell the language leaves it to the name: %s", async (path, text, code) => {
	const one = await client({ files: {} });
	const at = `${ROOT}/${path}`;
	await one.open(at, "openbsd", text);
	const { items } = await one.ask<{ items: { code: string }[] }>("textDocument/diagnostic", { textDocument: { uri: at } });
	expect(items.map((item) => item.code)).toEqual(code === undefined ? [] : [code]);
});

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { able, answers, type ClientOptions, type Published, ROOT, started, type TestClient } from "./testing.ts";

const etc = `${ROOT}/etc`;
const vm = `${etc}/vm.conf`;
const bridge = `${etc}/hostname.bridge0`;
const em0 = `${etc}/hostname.em0`;
const other = `${ROOT}/other/etc/hostname.em0`;

const VM = 'switch "lan" {\n\tinterface bridge0\n}\nvm "web" {\n\tdisk "/w.img"\n\tinterface { switch "lan" }\n}\n';
/** A member that no file brings up, a word that ifconfig does not know, and a fault of another host. */
const files = { [vm]: VM, [bridge]: "add em1\nup\n", [em0]: "inet 192.0.2.1/24\nfoo\n", [other]: "inet 10.0.0.1/33\n" };

beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
const clients: TestClient[] = [];
afterEach(() => {
	vi.useRealTimers();
	for (const client of clients.splice(0)) client.dispose();
});

async function client(options: ClientOptions = {}): Promise<TestClient> {
	const one = await started({ files, ...options });
	clients.push(one);
	return one;
}

async function later(of: TestClient): Promise<void> {
	for (let i = 0; i < 3; i++) {
		await of.settled();
		await vi.advanceTimersByTimeAsync(1000);
	}
	await of.settled();
}

/** What a client shows of closed files: the codes by file. */
function shown({ heard }: TestClient): Readonly<Record<string, readonly string[]>> {
	const last = new Map<string, readonly string[]>();
	for (const { method, params } of heard) {
		if (method !== "textDocument/publishDiagnostics") continue;
		const { uri, diagnostics } = params as Published;
		last.set(uri.replace(ROOT, ""), diagnostics.map(({ code }) => code).sort());
	}
	return Object.fromEntries([...last].filter(([, codes]) => codes.length > 0).sort());
}

const HOST = { "/etc/hostname.bridge0": ["host/lower-down"], "/etc/hostname.em0": ["hostname/unknown-word"] };
const OTHER = { "/other/etc/hostname.em0": ["hostname/unknown-word"] };
const scope = (name: string) => answers(() => ({ diagnostics: { scope: name } }));

describe("a client that pulls", () => {
	test("is told of the other files of a host, once one of its files is open", async () => {
		const one = await client();
		await later(one);
		expect(shown(one)).toEqual({});
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		expect(shown(one)).toEqual(HOST);
	});

	test("is told of a file that it opens and does not ask for, as VS Code does for its Problems view", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		await one.open(em0, "openbsd-hostname", files[em0] ?? "");
		await later(one);
		expect(shown(one)).toEqual(HOST);
		await one.ask("textDocument/diagnostic", { textDocument: { uri: em0 } });
		await one.settled();
		expect(Object.keys(shown(one))).toEqual(["/etc/hostname.bridge0"]);
	});

	test("is told nothing twice of a file that it opens, and is told again when it closes it", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		await one.open(em0, "openbsd-hostname", files[em0] ?? "");
		await one.ask("textDocument/diagnostic", { textDocument: { uri: em0 } });
		await one.settled();
		expect(Object.keys(shown(one))).toEqual(["/etc/hostname.bridge0"]);
		await one.close(em0);
		await later(one);
		expect(shown(one)).toEqual(HOST);
	});

	test("is told again of a file that stays open when its tab is closed, for it asks no more", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		await one.open(em0, "openbsd-hostname", files[em0] ?? "");
		await one.ask("textDocument/diagnostic", { textDocument: { uri: em0 } });
		await later(one);
		expect(Object.keys(shown(one))).toEqual(["/etc/hostname.bridge0"]);
		await one.tell("openbsdVnet/hidden", { uri: em0 });
		await later(one);
		expect(shown(one)).toEqual(HOST);
		await one.ask("textDocument/diagnostic", { textDocument: { uri: em0 } });
		await one.settled();
		expect(Object.keys(shown(one))).toEqual(["/etc/hostname.bridge0"]);
	});

	test("sees a finding in a closed file vanish with the edit that mends it, and nothing is sent for what stays", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		const em1 = `${etc}/hostname.em1`;
		await one.open(em1, "openbsd-hostname", "up\n");
		await later(one);
		expect(Object.keys(shown(one))).toEqual(["/etc/hostname.em0"]);
		const sent = one.count("textDocument/publishDiagnostics");
		await one.change(vm, 2, VM.replace("web", "app"));
		await later(one);
		expect(one.count("textDocument/publishDiagnostics")).toBe(sent);
	});

	test("is left without findings once nothing of the host is open", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		await one.close(vm);
		await later(one);
		expect(shown(one)).toEqual({});
	});

	test("is told of policy tests that fail, though their file is closed", async () => {
		const policy = {
			[`${etc}/pf.conf`]: "block all\n",
			[`${etc}/hostname.em0`]: "inet 192.0.2.1/24\n",
			[`${etc}/policy.pftest`]: "outside host tcp 22 pass\n",
		};
		const one = await client({ files: policy });
		await one.open(`${etc}/pf.conf`, "openbsd-pf", "block all\n");
		await later(one);
		expect(shown(one)["/etc/policy.pftest"]).toEqual(["pftest/fails"]);
	});

	test("is told nothing of a view of a file", async () => {
		const one = await client();
		await one.open(`git:/host/etc/vm.conf?HEAD`, "openbsd-vm", VM);
		await later(one);
		expect(shown(one)).toEqual({});
	});
});

describe("the setting", () => {
	test("openFiles: nobody is told of closed files", async () => {
		const one = await client({ answer: scope("openFiles") });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		expect(shown(one)).toEqual({});
	});

	test("allHosts: those of hosts too of which nothing is open", async () => {
		const one = await client({ answer: scope("allHosts") });
		await later(one);
		expect(shown(one)).toEqual({ ...HOST, ...OTHER });
	});

	test("changed: what was told is taken back", async () => {
		let settings = { diagnostics: { scope: "openHosts" } };
		const one = await client({ answer: answers(() => settings) });
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		settings = { diagnostics: { scope: "openFiles" } };
		await one.tell("workspace/didChangeConfiguration", { settings: null });
		await later(one);
		expect(shown(one)).toEqual({});
	});
});

test("on request, all hosts are read and told of", async () => {
	const one = await client();
	const asked = one.ask("openbsdVnet/checkHosts", {});
	await later(one);
	expect(await asked).toBe(2);
	expect(shown(one)).toEqual({ ...HOST, ...OTHER });
});

test("a client that is pushed to is told the same", async () => {
	const one = await client({ capabilities: { ...able, textDocument: {} } });
	await one.open(vm, "openbsd-vm", VM);
	await later(one);
	expect(shown(one)).toEqual(HOST);
});

describe("a client that pulls the workspace", () => {
	interface Report {
		readonly kind: string;
		readonly uri: string;
		readonly version: number | null;
		readonly resultId?: string;
		readonly items?: readonly { readonly code: string }[];
	}
	const pull = async (of: TestClient, previous: readonly Report[] = []): Promise<readonly Report[]> => {
		const previousResultIds = previous.flatMap(({ uri, resultId }) => (resultId === undefined ? [] : [{ uri, value: resultId }]));
		return (await of.ask<{ items: readonly Report[] }>("workspace/diagnostic", { previousResultIds })).items;
	};
	const codes = (reports: readonly Report[]) =>
		Object.fromEntries(
			reports.flatMap(({ uri, items = [] }) => (items.length === 0 ? [] : [[uri.replace(ROOT, ""), items.map(({ code }) => code)]])),
		);

	test("is told of the files of the hosts that the settings say, and nothing twice", async () => {
		const one = await client({ answer: scope("allHosts") });
		expect(codes(await pull(one))).toEqual({ ...HOST, ...OTHER });
		const open = await client();
		expect(await pull(open)).toEqual([]);
		await open.open(vm, "openbsd-vm", VM);
		const first = await pull(open);
		expect(codes(first)).toEqual(HOST);
		expect(first.find(({ uri }) => uri === vm)?.version).toBe(1);
		expect((await pull(open, first)).map(({ kind }) => kind)).toEqual(first.map(() => "unchanged"));
	});

	test("is not told by notifications any more, and to ask again when a closed file changes", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		await later(one);
		expect(shown(one)).toEqual(HOST);
		const first = await pull(one);
		expect(shown(one)).toEqual({});
		const refreshes = one.count("workspace/diagnostic/refresh");
		files[em0] = "inet 192.0.2.1/24\n";
		await one.tell("workspace/didChangeWatchedFiles", { changes: [{ uri: em0, type: 2 }] });
		await later(one);
		expect(one.count("workspace/diagnostic/refresh")).toBeGreaterThan(refreshes);
		expect(shown(one)).toEqual({});
		expect((await pull(one, first)).find(({ uri }) => uri === em0)).toMatchObject({ kind: "full", items: [] });
		files[em0] = "inet 192.0.2.1/24\nfoo\n";
	});

	test("empties what is not checked any more", async () => {
		const one = await client();
		await one.open(vm, "openbsd-vm", VM);
		const first = await pull(one);
		await one.close(vm);
		expect(await pull(one, first)).toEqual(first.map(({ uri }) => ({ kind: "full", uri, version: null, items: [] })));
	});
});

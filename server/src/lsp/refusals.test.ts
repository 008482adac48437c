import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { Documents } from "../project/documents.ts";
import { madeScheme } from "../protocol.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { clientWorkspace } from "./client-workspace.ts";
import { routes } from "./server.ts";
import { ServerState } from "./state.ts";
import { ROOT, started, type TestClient } from "./testing.ts";

const uri = `${ROOT}/etc/vm.conf`;
/** The document that is made of it. */
const made = `${madeScheme}:vm.conf?${encodeURIComponent(uri)}`;
const TEXT = 'vm "web" {\n\tdisk "/w.img"\n\tinterface { switch "wan" }\n}\n';

const unhandled: unknown[] = [];
const keep = (reason: unknown) => unhandled.push(reason);
const open: TestClient[] = [];
beforeEach(() => {
	unhandled.length = 0;
	process.on("unhandledRejection", keep);
});
afterEach(async () => {
	vi.restoreAllMocks();
	for (const client of open.splice(0)) client.dispose();
	// Rejections that nobody handles are told of after the tasks of now.
	await new Promise((resolve) => setImmediate(resolve));
	process.off("unhandledRejection", keep);
	expect(unhandled).toEqual([]);
});

const refuse = (method: string): never => {
	throw new ResponseError(LSPErrorCodes.RequestFailed, `No ${method} here.`);
};

/** The server answers questions about a document. */
async function answersOn(client: TestClient): Promise<void> {
	const { items } = await client.ask<{ items: { code: string }[] }>("textDocument/diagnostic", { textDocument: { uri } });
	expect(items.map(({ code }) => code)).toContain("vm/unknown-switch");
}

test("a client that refuses every request of the server is served", async () => {
	const client = await started({ answer: refuse, workspace: clientWorkspace });
	open.push(client);
	await client.open(uri, "openbsd-vm", TEXT);
	await answersOn(client);
	const asked = Promise.all(
		["workspace/diagnostic/refresh", "workspace/inlayHint/refresh", "workspace/codeLens/refresh"].map((method) => client.hears(method)),
	);
	await client.tell("workspace/didChangeConfiguration", { settings: null });
	await asked;
	await answersOn(client);
	const methods = new Set(client.heard.map(({ method }) => method));
	expect([...methods].filter((method) => !["window/logMessage", "openbsdVnet/status"].includes(method)).sort()).toEqual([
		"client/registerCapability",
		"openbsdVnet/listFolder",
		"openbsdVnet/readFile",
		"workspace/codeLens/refresh",
		"workspace/configuration",
		"workspace/diagnostic/refresh",
		"workspace/inlayHint/refresh",
	]);
	// The log has each refusal; those of files once, however many are asked for.
	await client.next(({ params }) => String(JSON.stringify(params)).includes("The refresh of code lenses failed"), { earlier: true });
	const said = client.heard.flatMap(({ method, params }) => (method === "window/logMessage" ? [JSON.stringify(params)] : []));
	for (const what of ["Registering for settings failed", "Registering for files failed", "Reading the settings failed"])
		expect(
			said.filter((one) => one.includes(what)),
			what,
		).not.toEqual([]);
	expect(said.filter((one) => one.includes("openbsdVnet/readFile"))).toHaveLength(1);
});

test("a push to a client is made although it refuses all else", async () => {
	const client = await started({ capabilities: {}, answer: refuse, workspace: clientWorkspace });
	open.push(client);
	const published = client.publishes(uri, ({ diagnostics }) => diagnostics.some(({ code }) => code === "vm/unknown-switch"));
	await client.open(uri, "openbsd-vm", TEXT);
	expect((await published).version).toBe(1);
});

describe("a handler that throws", () => {
	const broken = (): never => {
		throw new Error("broken on purpose");
	};

	/** Breaks all that handlers ask. */
	function breakAll(): void {
		for (const method of ["file", "hosts", "hostAt", "onHost", "whenLoaded", "whenSettled", "whenHostSettled", "discover"] as const)
			vi.spyOn(Documents.prototype, method).mockImplementation(broken);
		vi.spyOn(ServerState.prototype, "session").mockImplementation(broken);
	}

	test.each(Object.values(routes))("$method: that request fails, the next is answered", async ({ method }) => {
		const client = await started();
		open.push(client);
		await client.open(uri, "openbsd-vm", TEXT);
		await client.settled();
		breakAll();
		const params = { textDocument: { uri }, position: { line: 0, character: 0 }, uri, etc: `${ROOT}/etc`, query: "", item: {}, before: [] };
		const ofMade = method === "openbsdVnet/madeLinks" ? { uri: made } : {};
		await expect(client.ask(method, { ...params, ...ofMade })).rejects.toThrow("broken on purpose");
		vi.restoreAllMocks();
		await answersOn(client);
	});

	test.each(
		Object.values(routes).filter(({ method }) => !["openbsdVnet/hosts", "openbsdVnet/checkHosts", "openbsdVnet/patterns"].includes(method)),
	)("$method without parameters is an error of that request", async ({ method }) => {
		const client = await started();
		open.push(client);
		await expect(client.ask(method)).rejects.toThrow("has parameters");
		await client.open(uri, "openbsd-vm", TEXT);
		await answersOn(client);
	});

	test.each([
		["textDocument/didOpen", {}],
		["textDocument/didChange", { textDocument: { uri, version: 2 } }],
		["textDocument/didClose", {}],
		["workspace/didChangeWatchedFiles", {}],
		["workspace/didChangeConfiguration", { settings: 1 }],
		["workspace/didChangeWorkspaceFolders", { event: {} }],
		["openbsdVnet/live", {}],
		["openbsdVnet/hidden", {}],
	])("%s with nonsense is passed over", async (method, params) => {
		const client = await started();
		open.push(client);
		await client.open(uri, "openbsd-vm", TEXT);
		await client.tell(method, params);
		await answersOn(client);
	});
});

describe("a file system that throws", () => {
	/** A workspace that fails as long as `fails` says so. */
	function unreliable(files: Readonly<Record<string, string>>, fails: (what: "read" | "list", of: string) => boolean): Workspace {
		const sound = memoryWorkspace(files, [ROOT]);
		const attempt = async <T>(what: "read" | "list", of: string, work: () => Promise<T>): Promise<T> => {
			if (fails(what, of)) throw new Error(`${what} failed`);
			return await work();
		};
		return {
			folders: sound.folders,
			read: (of) => attempt("read", of, () => sound.read(of)),
			list: (of) => attempt("list", of, () => sound.list(of)),
		};
	}

	const pf = `${ROOT}/etc/pf.conf`;
	const files = {
		[pf]: 'include "/etc/pf.more"\nset skip on lo\nblock\npass from $lan\n',
		[`${ROOT}/etc/pf.more`]: 'lan = "10.0.0.0/8"\n',
		[`${ROOT}/etc/hostname.em0`]: "inet 10.0.0.1/24\n",
	};

	test.each([
		["list", `${ROOT}/etc`],
		["read", `${ROOT}/etc/hostname.em0`],
		["read", `${ROOT}/etc/pf.more`],
	] as const)("%s of %s: the request that needs it fails, and is answered once it works", async (kind, of) => {
		let failing = true;
		const client = await started({ workspace: unreliable(files, (what, which) => failing && what === kind && which === of) });
		open.push(client);
		await client.open(pf, "openbsd-pf", files[pf] ?? "");
		const params = { textDocument: { uri: pf } };
		await expect(client.ask("textDocument/diagnostic", params)).rejects.toThrow(`${kind} failed`);
		// What needs no other file is answered all the same.
		expect(await client.ask("textDocument/foldingRange", params)).toHaveLength(1);
		failing = false;
		expect(await client.ask("textDocument/diagnostic", params)).toMatchObject({ kind: "full", items: [] });
		expect(await client.ask("openbsdVnet/hostFiles", { uri: pf })).toEqual(Object.keys(files).sort());
	});

	test("the start: settings are read although the lists of hosts cannot be", async () => {
		const client = await started({ workspace: unreliable(files, () => true) });
		open.push(client);
		expect(client.count("workspace/configuration")).toBe(1);
		const said = client.heard.filter(({ method }) => method === "window/logMessage").map(({ params }) => JSON.stringify(params));
		expect(said.join()).toContain("Reading the lists of hosts failed");
	});

	test("symbols of the workspace: the next request reads its folders again", async () => {
		let failing = true;
		const client = await started({ workspace: unreliable(files, (what) => failing && what === "list") });
		open.push(client);
		await expect(client.ask("workspace/symbol", { query: "lan" })).rejects.toThrow("list failed");
		failing = false;
		expect(await client.ask("workspace/symbol", { query: "lan" })).toMatchObject([{ name: "lan" }]);
	});

	test("files changed on disk: one that cannot be read does not keep the others from being read", async () => {
		let failing = false;
		const changing = { ...files };
		const workspace = unreliable(changing, (what, of) => failing && what === "read" && of.endsWith("hostname.em0"));
		const client = await started({ workspace });
		open.push(client);
		await client.open(pf, "openbsd-pf", files[pf] ?? "");
		await client.ask("textDocument/diagnostic", { textDocument: { uri: pf } });
		failing = true;
		changing[`${ROOT}/etc/pf.more`] = "";
		await client.tell("workspace/didChangeWatchedFiles", {
			changes: [`${ROOT}/etc/hostname.em0`, `${ROOT}/etc/pf.more`].map((changed) => ({ uri: changed, type: 2 })),
		});
		await client.hears("workspace/diagnostic/refresh");
		const { items } = await client.ask<{ items: { message: string }[] }>("textDocument/diagnostic", { textDocument: { uri: pf } });
		expect(items.map(({ message }) => message).join()).toContain("lan");
	});
});

test("work in the background that throws is logged", async () => {
	const client = await started({ capabilities: {}, files: {} });
	open.push(client);
	vi.spyOn(Documents.prototype, "whenSettled").mockRejectedValue(new Error("broken on purpose"));
	const logged = client.next(
		({ method, params }) => method === "window/logMessage" && JSON.stringify(params).includes("broken on purpose"),
	);
	await client.open(uri, "openbsd-vm", TEXT);
	await logged;
	vi.restoreAllMocks();
	await answersOn(client);
});

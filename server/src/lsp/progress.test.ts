/** What the user is shown of work that lasts. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { able, answers, ROOT, started, type TestClient } from "./testing.ts";

const files = Object.fromEntries(["a", "b"].map((host) => [`${ROOT}/${host}/etc/hostname.em0`, "up\n"]));
const showing = { ...able, window: { workDoneProgress: true } };

const clients: TestClient[] = [];
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
	vi.useRealTimers();
	for (const client of clients.splice(0)) client.dispose();
});

interface Slow {
	readonly client: TestClient;
	/** Resolves once the second host is looked for. */
	readonly isWaiting: Promise<void>;
	readonly go: () => void;
}

/** A client whose file system answers once it is let to. */
async function slow(capabilities: object, answer = answers()): Promise<Slow> {
	let [go, heard] = [() => {}, () => {}];
	const held = new Promise<void>((resolve) => (go = resolve));
	const isWaiting = new Promise<void>((resolve) => (heard = resolve));
	const sound = memoryWorkspace(files, [ROOT]);
	const list = async (uri: string) => {
		if (uri.endsWith("/b/etc")) {
			heard();
			await held;
		}
		return await sound.list(uri);
	};
	const workspace: Workspace = { ...sound, list };
	const client = await started({ capabilities, workspace, answer });
	clients.push(client);
	return { client, isWaiting, go };
}

/** What the client has heard of progress. */
const told = ({ heard }: TestClient): readonly unknown[] =>
	heard.filter(({ method }) => method === "$/progress" || method === "window/workDoneProgress/create").map(({ params }) => params);

const title = "Reading all hosts";

async function readAll({ client, isWaiting, go }: Slow, milliseconds: number): Promise<void> {
	const asked = client.ask("workspace/symbol", { query: "" });
	await isWaiting;
	await vi.advanceTimersByTimeAsync(milliseconds);
	// The client has been asked for a place, and has answered.
	await client.settled();
	await client.settled();
	go();
	await asked;
	await client.settled();
}

test("is shown where it lasts, and ends", async () => {
	const one = await slow(showing);
	await readAll(one, 1000);
	const token = "openbsdVnet/1";
	expect(told(one.client)).toEqual([
		{ token },
		{ token, value: { kind: "begin", title, percentage: 0 } },
		{ token, value: { kind: "report", percentage: 50 } },
		{ token, value: { kind: "end" } },
	]);
});

describe("is not shown", () => {
	test.each([
		["that ends soon", showing, 900],
		["by a client that shows none", able, 5000],
	])("%s", async (_, capabilities, milliseconds) => {
		const one = await slow(capabilities);
		await readAll(one, milliseconds);
		expect(told(one.client)).toEqual([]);
	});

	test("by a client that refuses to", async () => {
		const one = await slow(showing, (method) => {
			if (method === "window/workDoneProgress/create") throw new Error("no room");
			return answers()(method, {});
		});
		await readAll(one, 1000);
		expect(told(one.client)).toEqual([{ token: "openbsdVnet/1" }]);
	});
});

test("the progress of a request is shown where the client wants it", async () => {
	const { client, isWaiting, go } = await slow(able);
	await client.open(`${ROOT}/b/etc/hostname.em0`, "openbsd-hostname", "up\n");
	const asked = client.ask("workspace/diagnostic", { previousResultIds: [], workDoneToken: "mine" });
	await isWaiting;
	await vi.advanceTimersByTimeAsync(1000);
	await client.settled();
	go();
	await asked;
	expect(told(client)).toEqual([
		{ token: "mine", value: { kind: "begin", title: "Checking hosts", percentage: 0 } },
		{ token: "mine", value: { kind: "end" } },
	]);
});

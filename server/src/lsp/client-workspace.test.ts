import { expect, test } from "vitest";
import type { Connection } from "vscode-languageserver";
import type { FileAnswer } from "../protocol.ts";
import { clientWorkspace } from "./client-workspace.ts";

test("what the client does not read is absent, and the reason is kept until it is read", async () => {
	const answers: Record<string, FileAnswer> = { "file:///a": "pass\n", "file:///b": { notRead: "special" }, "file:///c": null };
	const connection = { sendRequest: async (_: string, { uri }: { uri: string }) => answers[uri] } as unknown as Connection;
	const { read, notRead } = clientWorkspace(connection);
	const told = async (uri: string) => [await read(uri), await notRead?.(uri)];
	expect(await told("file:///a")).toEqual(["pass\n", undefined]);
	expect(await told("file:///b")).toEqual([undefined, "special"]);
	expect(await told("file:///c")).toEqual([undefined, undefined]);
	answers["file:///b"] = "block\n";
	expect(await told("file:///b")).toEqual(["block\n", undefined]);
});

/** Every name of the example hosts can have another one, and all that was said of the host is said of it after that. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import type { Range, WorkspaceEdit } from "vscode-languageserver-types";
import { Documents } from "../project/documents.ts";
import { languageOf } from "../project/languages.ts";
import { Lines } from "../project/lines.ts";
import type { SymbolKind } from "../text/vocabulary.ts";
import { memoryWorkspace } from "../workspace.ts";
import { diagnostics } from "./diagnostics.ts";
import { Refusal } from "./refusal.ts";
import { rename } from "./rename.ts";
import type { Session } from "./session.ts";
import { ableClient } from "./testing.ts";

const examples = resolve(import.meta.dirname, "../../../examples");
const ROOT = "file:///host";

type Texts = ReadonlyMap<string, string>;

function textsOf(host: string, path = "/etc"): [path: string, text: string][] {
	return readdirSync(join(examples, host, path)).flatMap((name) => {
		const at = join(examples, host, path, name);
		return statSync(at).isDirectory() ? textsOf(host, `${path}/${name}`) : [[`${path}/${name}`, readFileSync(at, "utf8")]];
	});
}

async function opened(texts: Texts): Promise<Session> {
	const onDisk = Object.fromEntries([...texts].map(([path, text]) => [ROOT + path, text]));
	const files = new Documents(memoryWorkspace(onDisk, [ROOT]));
	const [path, text] = [...texts].find(([name]) => languageOf(name) !== undefined) ?? ["", ""];
	files.open(ROOT + path, languageOf(path) ?? "", 1, text);
	await files.whenHostSettled(`${ROOT}/etc`);
	return { files, settings: {}, client: ableClient };
}

/** What is said of the host, in the order of the files. */
function said(session: Session): readonly string[] {
	return session.files
		.all()
		.flatMap((file) => diagnostics(session, file).map(({ range, code }) => `${file.path}:${range.start.line} ${code}`))
		.sort();
}

function applied(texts: Texts, edit: WorkspaceEdit): Texts {
	const result = new Map(texts);
	for (const change of edit.documentChanges ?? []) {
		if ("edits" in change) {
			const path = change.textDocument.uri.slice(ROOT.length);
			let text = texts.get(path) ?? "";
			const lines = new Lines(text);
			for (const { range, newText } of change.edits.toReversed() as { range: Range; newText: string }[]) {
				const { start, end } = lines.span(range);
				text = text.slice(0, start) + newText + text.slice(end);
			}
			result.set(path, text);
		} else if (change.kind === "rename") {
			const from = change.oldUri.slice(ROOT.length);
			result.set(change.newUri.slice(ROOT.length), result.get(from) ?? "");
			result.delete(from);
		}
	}
	return result;
}

/** What goes by the name itself: an anchor that is called like a guest, a tap for which there is a device. */
const byName = /host\/anchor-without-guest|vm\/tap-without-device/;

describe.each(["corrected", "corrected-bridge"])("%s", (host) => {
	test("has no new faults with other names", { timeout: 120_000 }, async () => {
		const texts = new Map(textsOf(host));
		const session = await opened(texts);
		const before = said(session);
		const tried = new Set<string>();
		for (const file of session.files.all()) {
			for (const { symbol, span } of file.parsed.tokens()) {
				const { kind, name } = symbol ?? { kind: "file" as SymbolKind, name: "" };
				if (tried.has(`${kind} ${name}`)) continue;
				tried.add(`${kind} ${name}`);
				let edit: WorkspaceEdit;
				try {
					edit = rename(session, file, span.end - 1, kind === "interface" ? name.replace(/\d+$/, "77") : "other_name");
				} catch (error) {
					// A refusal is an answer for a person.
					expect(error).toBeInstanceOf(Refusal);
					continue;
				}
				const after = said(await opened(applied(texts, edit)));
				const place = (line: string): string => line.replace(/hostname\.([a-z]+)\d+/, "hostname.$1");
				const old = new Set(before.map(place));
				const more = after.filter((line) => !old.has(place(line)) && !byName.test(line));
				expect([kind, name, ...more]).toEqual([kind, name]);
			}
		}
		expect(tried.size).toBeGreaterThan(20);
	});
});

/** Which release the files of a host are read for, and what is told of one that nobody here knows. */
import { expect, test } from "vitest";
import { newestRelease } from "../releases/releases.ts";
import { newestKnownRelease, releaseAfter } from "../releases/running.ts";
import type { Release } from "../text/vocabulary.ts";
import { diagnostics } from "./diagnostics.ts";
import { type Opened, open } from "./testing.ts";

const FILES = "//- /etc/hostname.veb0\nadd em1\nuntagged em1 10\nup\n";

function says(opened: Opened, release: Release | undefined): void {
	const host = { name: "hv1", taken: "14:03:12", simulated: false, taps: [] };
	opened.documents.setLive([{ etc: "file:///host/etc", host, ...(release === undefined ? {} : { release }) }]);
}

function told({ session, documents, file: { uri } }: Opened): readonly (readonly [number | undefined, string])[] {
	const file = documents.file(uri);
	return file === undefined ? [] : diagnostics(session, file).map(({ severity, message }) => [severity, String(message)] as const);
}

/** What is refused: that a port is alone in its VLAN is a hint, whatever the release. */
const errors = (opened: Opened) => told(opened).filter(([severity]) => severity === 1);

const refused = "untagged: bad value. `untagged` came with OpenBSD 7.9; the ifconfig of 7.8 does not know it.";

test("a running host goes before the setting, and its release is taken again when it has changed", async () => {
	const opened = await open(FILES);
	opened.documents.setRelease("7.8");
	expect(errors(opened)).toEqual([[1, refused]]);
	says(opened, "7.9");
	expect(errors(opened)).toEqual([]);
	expect(opened.documents.release(opened.file)).toMatchObject({ release: "7.9", by: "host", known: true });
	says(opened, "7.8");
	expect(errors(opened)).toEqual([[1, refused]]);
	says(opened, undefined);
	expect(opened.documents.release(opened.file)).toMatchObject({ release: "7.8", by: "setting" });
	opened.documents.setRelease(undefined);
	expect(opened.documents.release(opened.file)).toMatchObject({ release: newestRelease, by: "newest" });
});

test("what is refused by a release that nobody here knows is told, and is no error", async () => {
	const opened = await open("//- /etc/hostname.veb0\nadd em1\nquibble em1\n");
	opened.documents.setRelease(newestKnownRelease);
	expect(told(opened).map(([severity]) => severity)).toEqual([1]);
	says(opened, releaseAfter(newestKnownRelease));
	expect(opened.documents.release(opened.file)).toMatchObject({ by: "host", known: false });
	const unknown = `This is unknown to us, who know releases up to OpenBSD ${newestKnownRelease}.`;
	expect(told(opened)).toEqual([[3, `quibble: bad value. ${unknown}`]]);
});

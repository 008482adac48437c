import { expect, test } from "vitest";
import { filesOf } from "../host/fixture.ts";
import { Draft } from "./draft.ts";
import { ensureLines, removeMember } from "./hostname.ts";

const draftOf = (text: string): Draft => new Draft({ name: "hv1", files: filesOf(`//- /etc/hostname.veb0\n${text}`) });

/** What is made of a veb's file that has to have `link1`, `add em6` with a comment above it, and `up`. */
test.each([
	["up\n", "link1\n# the LAN\nadd em6\nup\n"],
	["link1\nadd em6\nup\n", undefined],
	// The settings count, however the lines are written.
	["add \\\nem6 link1 up\n", undefined],
	['add "em6"\nlink1 up # on\n', undefined],
	["add em1\nlink1 up\n", "add em1\n# the LAN\nadd em6\nlink1 up\n"],
	["# add em6\nlink1", "# add em6\nlink1\n# the LAN\nadd em6\nup\n"],
])("what a file has is not written again: %j", (text, made) => {
	const draft = draftOf(text);
	ensureLines(draft, "veb0", "a switch", ["link1", "# the LAN", "add em6", "up"]);
	expect(draft.changes.get("/etc/hostname.veb0")).toBe(made);
});

test.each([
	["add em1\nadd em6\nup\n", "add em1\nup\n"],
	["add \\\nem6 # the LAN\nup\n", "up\n"],
	// Of a line that does more, it is not for us to say what remains.
	["add em6 up\n", undefined],
	["add em61\n", undefined],
])("a member is taken out: %j", (text, made) => {
	const draft = draftOf(text);
	removeMember(draft, "veb0", "em6");
	expect(draft.changes.get("/etc/hostname.veb0")).toBe(made);
});

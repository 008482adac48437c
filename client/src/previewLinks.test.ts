import { expect, test } from "vitest";
import { withPreviewLinks } from "./previewLinks.ts";

const FOLDER = "file:///work/hosts";

test.each([
	[
		"a place below the first folder",
		"by [/etc/pf.conf:2](<file:///work/hosts/hv1/etc/pf.conf#L2>) |",
		"by [/etc/pf.conf:2](</hv1/etc/pf.conf#L2>) |",
	],
	["one elsewhere is words alone", "[/etc/pf.conf:2](<file:///other/etc/pf.conf#L2>)", "/etc/pf.conf:2"],
	["one beside it too", "[a](<file:///work/hosts2/etc/pf.conf#L2>)", "a"],
	["words with brackets", "[a \\] b](<file:///work/hosts/x>)", "[a \\] b](</x>)"],
	["a command is none that is followed", "[ok](<command:workbench.action.quit>)", "ok"],
	["a page of the web", "[ok](<https://man.openbsd.org/pf.conf>)", "[ok](<https://man.openbsd.org/pf.conf>)"],
	["code", "`[a](<file:///x>` b", "`[a](<file:///x>` b"],
])("%s", (_, text, shown) => expect(withPreviewLinks(text, FOLDER)).toBe(shown));

test("without a folder no file is a link", () => expect(withPreviewLinks("[a](<file:///work/hosts/x>)", undefined)).toBe("a"));

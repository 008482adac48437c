// A copy of the work tree in a folder of its own, as a contributor has it: nothing stands beside it.
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { root } from "./repository.mjs";

/** Makes the copy, with links to the installed packages; its own packages are the copy's. Answers where it is, and how to remove it. */
export function sandbox() {
	const top = mkdtempSync(join(tmpdir(), "openbsd-vnet-alone-"));
	const copy = join(top, "repository", "copy");
	const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: root, encoding: "utf8" });
	for (const path of new Set(files.split("\0"))) {
		if (path === "" || !existsSync(join(root, path)) || lstatSync(join(root, path)).isDirectory()) continue;
		mkdirSync(dirname(join(copy, path)), { recursive: true });
		copyFileSync(join(root, path), join(copy, path));
	}
	link(join(root, "node_modules"), join(copy, "node_modules"), copy);
	return { copy, remove: () => rmSync(top, { recursive: true, force: true }) };
}

/** Links a folder of packages entry by entry, so that links to the work tree's own packages lead into the copy. */
function link(from, to, copy) {
	mkdirSync(to, { recursive: true });
	for (const entry of readdirSync(from, { withFileTypes: true })) {
		const path = join(from, entry.name);
		if (entry.isSymbolicLink()) {
			const target = resolve(from, readlinkSync(path));
			symlinkSync(target.startsWith(join(root, "node_modules")) ? target : join(copy, target.slice(root.length)), join(to, entry.name));
		} else if (entry.name.startsWith("@") && entry.isDirectory()) link(path, join(to, entry.name), copy);
		else if (!entry.name.startsWith(".")) symlinkSync(path, join(to, entry.name));
	}
}

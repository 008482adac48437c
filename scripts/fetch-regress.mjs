// `npm run fetch:regress`: brings OpenBSD's regress files for pfctl into .cache/pf-regress/. They are not ours, so they
// are not committed; server/src/pf/ruleset/regress.test.ts reads them where they are.
// git checks what it brings against the commit, so the commit is the checksum. Does nothing where they are there.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./lib/repository.mjs";

const [, , repository = "https://github.com/openbsd/src", commit = "e9d8102e9056c53b0600518968d5c5580c79a347"] = process.argv;
const folder = "regress/sbin/pfctl";
const target = join(cache, "pf-regress");
const mark = join(target, "COMMIT");

if (existsSync(mark) && readFileSync(mark, "utf8") === commit) {
	console.log(`OpenBSD's regress files of ${commit} are there`);
} else {
	mkdirSync(cache, { recursive: true });
	const work = mkdtempSync(join(cache, "fetch-"));
	const git = (...args) =>
		execFileSync("git", ["-C", work, "-c", "core.autocrlf=false", "-c", "gc.auto=0", ...args], { stdio: ["ignore", "ignore", "inherit"] });
	try {
		git("init", "--quiet");
		git("remote", "add", "origin", repository);
		// The names of all files are brought first, then the files of this folder at once.
		git("config", "remote.origin.promisor", "true");
		git("config", "remote.origin.partialclonefilter", "blob:none");
		git("sparse-checkout", "set", folder);
		git("fetch", "--quiet", "--depth=1", "--filter=blob:none", "origin", commit);
		git("checkout", "--quiet", "--detach", commit);
		writeFileSync(join(work, folder, "COMMIT"), commit);
		rmSync(target, { recursive: true, force: true });
		renameSync(join(work, folder), target);
		console.log(`OpenBSD's regress files of ${commit} are in ${target}`);
	} catch (error) {
		console.error(`OpenBSD's regress files cannot be brought from ${repository}: ${error.message}`);
		process.exitCode = 1;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

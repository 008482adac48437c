// Records a session of the command line on a copy of examples/corrected: docs/images/session.svg, and the words of it in docs/command.md,
// whose other parts are made from the table of commands. Takes the built command (`npx tsc -b`).
//
//	node scripts/session.mjs [--check]
//
// --check  writes nothing; the exit status is 1 where a file is not what it would write
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commands } from "../cli/dist/commands.js";
import { commandPage } from "../cli/dist/reference.js";
import { root } from "./lib/repository.mjs";
import { sessionPicture, sessionText } from "./lib/session.mjs";

const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-session-"));
try {
	const anchor = join(folder, "hv1/etc/pf.vm/web01.conf");
	/** Somebody edits the file. @param {string} from @param {string} to */
	const edit = (from, to) => {
		const text = readFileSync(anchor, "utf8");
		if (!text.includes(from)) throw new Error(`${from} is not in the example any more`);
		writeFileSync(anchor, text.replace(from, to));
	};
	cpSync(join(root, "examples", "corrected"), join(folder, "hv1"), { recursive: true });
	cpSync(join(root, "examples", "corrected"), join(folder, "before"), { recursive: true });

	const steps = [];
	const run = (/** @type {string} */ call) => {
		const env = { PATH: process.env.PATH, HOME: folder, LC_ALL: "C", FORCE_COLOR: "1" };
		const given = { cwd: folder, env, encoding: /** @type {const} */ ("utf8") };
		const ran = spawnSync(process.execPath, [join(root, "cli/bin/openbsd-vnet.js"), ...call.split(" ").slice(1)], given);
		steps.push({ call, output: ran.stderr + ran.stdout });
	};
	edit("pass in on $isol inet from", "pass in onn $isol inet from");
	run("openbsd-vnet check hv1/etc/pf.vm");
	run("openbsd-vnet check --fix hv1/etc/pf.vm");
	run("openbsd-vnet test hv1");
	edit("port { 80 443 }\npass in", "port { 22 80 443 }\npass in");
	run("openbsd-vnet diff before hv1");

	const made = {
		"docs/images/session.svg": sessionPicture(steps),
		"docs/command.md": commandPage(commands, sessionText(steps)),
	};
	for (const [name, text] of Object.entries(made)) {
		const path = join(root, name);
		if (!process.argv.includes("--check")) writeFileSync(path, text);
		else if (readFileSync(path, "utf8") !== text) {
			console.error(`${name} is out of date: run npx tsc -b && node scripts/session.mjs`);
			process.exitCode = 1;
		}
	}
} finally {
	rmSync(folder, { recursive: true });
}

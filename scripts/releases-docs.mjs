// Writes docs/releases.md, and in docs/upgrade.md what the command prints for examples/upgrade, from the built library.
//
//	npx tsc -b && node scripts/releases-docs.mjs [--check]
//
// --check  writes nothing; the exit status is 1 where a file is not what it would write
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { releaseWords } from "../server/dist/features/index.js";
import { releasesPage } from "./lib/releases-page.mjs";
import { root } from "./lib/repository.mjs";

const upgrade = await readFile(new URL("../docs/upgrade.md", import.meta.url), "utf8");
const pages = {
	"releases.md": releasesPage(releaseWords()),
	"upgrade.md": upgrade.replace(/^```\n[\s\S]*?^```$/m, () => `\`\`\`\n${printed()}\`\`\``),
};

for (const [name, page] of Object.entries(pages)) {
	const target = new URL(`../docs/${name}`, import.meta.url);
	if (!process.argv.includes("--check")) await writeFile(target, page);
	else if ((await readFile(target, "utf8").catch(() => "")) !== page) {
		console.error(`docs/${name} is out of date: run node scripts/releases-docs.mjs`);
		process.exitCode = 1;
	}
}

function printed() {
	const command = fileURLToPath(new URL("../cli/bin/openbsd-vnet.js", import.meta.url));
	const options = { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] };
	try {
		return execFileSync(process.execPath, [command, "upgrade", "--from", "7.6", "--to", "8.0", "examples/upgrade"], options);
	} catch (error) {
		// The status is 1 where something changes.
		return error.stdout;
	}
}

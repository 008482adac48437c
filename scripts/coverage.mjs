// `npm run coverage`: which lines of server/src its own tests run, where nothing stands beside the repository.
// Fails where a file has fewer lines covered than the least that docs/testing.md promises.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startVitest } from "vitest/node";
import { out } from "./lib/repository.mjs";
import { sandbox } from "./lib/sandbox.mjs";

/** The least share of a file's lines, in percent. */
const LEAST = 80;

const { copy, remove } = sandbox();
try {
	const vitest = await startVitest("test", ["server/src"], {
		root: copy,
		config: join(copy, "vitest.config.mts"),
		watch: false,
		reporters: ["dot"],
		coverage: {
			enabled: true,
			provider: "v8",
			include: ["server/src/**/*.ts"],
			// What starts a process or a worker runs in one of its own: cli/src/cli.test.ts and the suites in VS Code start them.
			exclude: [
				"**/*.test.ts",
				"**/*testing.ts",
				"**/fixture.ts",
				"**/src/main.ts",
				"**/main.node.ts",
				"**/main.browser.ts",
				"**/lsp/stdio.ts",
			],
			reporter: ["json-summary"],
			reportsDirectory: join(copy, "coverage"),
		},
	});
	await vitest.close();
	const summary = JSON.parse(readFileSync(join(copy, "coverage", "coverage-summary.json"), "utf8"));
	const files = Object.entries(summary)
		.filter(([path]) => path !== "total")
		.map(([path, figures]) => ({ path: path.slice(path.indexOf("server/src/")), ...figures }));
	const rooms = new Map();
	for (const file of files) {
		const [, , room] = file.path.split("/");
		const name = room.endsWith(".ts") ? "(beside the rooms)" : `${room}/`;
		rooms.set(name, [...(rooms.get(name) ?? []), file]);
	}
	const row = (name, of) => `| ${name} | ${of.length} | ${["lines", "branches", "functions"].map((what) => share(of, what)).join(" | ")} |`;
	const table = ["| room | files | lines | branches | functions |", "|---|---|---|---|---|"];
	for (const [name, of] of [...rooms].sort(([a], [b]) => (a < b ? -1 : 1))) table.push(row(name, of));
	table.push(row("all", files));
	mkdirSync(out, { recursive: true });
	writeFileSync(join(out, "coverage.md"), `${table.join("\n")}\n`);
	console.log(`\n${table.join("\n")}`);
	const below = files.filter(({ lines }) => lines.pct < LEAST).sort((a, b) => a.lines.pct - b.lines.pct);
	for (const { path, lines } of below) console.log(`${path}: ${lines.pct} % of ${lines.total} lines, less than ${LEAST} %`);
	if (below.length > 0 || process.exitCode) process.exitCode = 1;
} finally {
	remove();
}

function share(files, what) {
	const total = files.reduce((sum, file) => sum + file[what].total, 0);
	const covered = files.reduce((sum, file) => sum + file[what].covered, 0);
	return total === 0 ? "-" : `${((100 * covered) / total).toFixed(1)} %`;
}

import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

const all = ["{server,remote,client,cli}/src/**/*.test.ts", "test/unit/**/*.test.ts"];
/** Tests that put another module in the place of one of ours: what they load is theirs alone. */
const replacing = ["server/src/pf/{lint,limits}.test.ts", "cli/src/loads.test.ts"];

// Workspace packages are tested from their sources, not from an older build.
const sources = { resolve: { conditions: ["source"] }, ssr: { resolve: { conditions: ["source"] } } };

const common = {
	// The client of agents needs packages that name sources in TypeScript, which Node alone does not read.
	server: { deps: { inline: ["@modelcontextprotocol/client", "eventsource", "eventsource-parser"] } },
	// Ends what hangs, however slow the machine is.
	testTimeout: 120_000,
	pool: "threads" as const,
	setupFiles: "test/setup.ts",
	// Deployments mostly wait: for a connection, for a watchdog, for a program of the host.
	maxConcurrency: 8,
};

export default defineConfig({
	...sources,
	test: {
		...common,
		globalSetup: "test/global-setup.ts",
		// One more than there are processors: tests of hosts mostly wait.
		maxWorkers: availableParallelism() + 1,
		projects: [
			// Files share what they load: to load it anew for each takes as long as all tests.
			{ ...sources, test: { ...common, name: "shared", include: all, exclude: replacing, isolate: false } },
			{ ...sources, test: { ...common, name: "replacing", include: replacing, sequence: { groupOrder: 1 } } },
		],
	},
});

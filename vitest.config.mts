import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
	// Workspace packages are tested from their sources, not from an older build.
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		// The client of agents needs packages that name sources in TypeScript, which Node alone does not read.
		server: { deps: { inline: ["@modelcontextprotocol/client", "eventsource", "eventsource-parser"] } },
		// Ends what hangs, however slow the machine is.
		testTimeout: 120_000,
		include: ["{server,remote,client,cli}/src/**/*.test.ts", "test/unit/**/*.test.ts"],
		pool: "threads",
		// As many as there are processors: vitest keeps one for itself, but mostly waits.
		maxWorkers: availableParallelism(),
		globalSetup: "test/global-setup.ts",
		setupFiles: "test/setup.ts",
		// Deployments mostly wait: for a connection, for a watchdog, for a program of the host.
		maxConcurrency: 8,
	},
});

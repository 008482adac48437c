import { defineConfig } from "vitest/config";

export default defineConfig({
	// Workspace packages are tested from their sources, not from an older build.
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		// Ends what hangs, however slow the machine is.
		testTimeout: 120_000,
		include: ["{server,remote,client,cli}/src/**/*.test.ts", "test/unit/**/*.test.ts"],
		pool: "threads",
		// Deployments mostly wait: for a connection, for a watchdog, for a program of the host.
		maxConcurrency: 8,
	},
});

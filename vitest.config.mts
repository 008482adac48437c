import { defineConfig } from "vitest/config";

export default defineConfig({
	// Workspace packages are tested from their sources, not from an older build.
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		include: ["{server,remote,client,cli}/src/**/*.test.ts", "test/unit/**/*.test.ts"],
		pool: "threads",
	},
});

import { defineConfig } from "vitest/config";

/** Apart from the unit tests: it takes a machine with OpenBSD. */
export default defineConfig({
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		testTimeout: 60_000,
		// An emulated machine takes its time.
		hookTimeout: 7_200_000,
		include: ["test/openbsd/**/*.test.ts"],
		pool: "threads",
		maxWorkers: 1,
	},
});

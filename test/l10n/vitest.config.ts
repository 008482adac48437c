import { defineConfig } from "vitest/config";

/** Apart from the unit tests: a text may be written before it is translated, but not be released. `npm test` runs both. */
export default defineConfig({
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: {
		// Ends what hangs, however slow the machine is.
		testTimeout: 120_000,
		include: ["test/l10n/**/*.test.ts"],
		pool: "threads",
	},
});

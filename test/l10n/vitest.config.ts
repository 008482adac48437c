import { defineConfig } from "vitest/config";

/** Apart from the unit tests, so that a text may be translated after it is written, though not after it is released. */
export default defineConfig({
	resolve: { conditions: ["source"] },
	ssr: { resolve: { conditions: ["source"] } },
	test: { include: ["test/l10n/**/*.test.ts"], pool: "threads" },
});

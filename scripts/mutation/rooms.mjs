// What the mutation tester mutates, and which tests may kill a mutant.

/**
 * Each room: its files and the test files that run over it, both by the beginnings of their paths. The tests in the folders
 * of its files are its own; the others are there because the code is used through them.
 */
export const rooms = {
	text: {
		files: ["server/src/text/"],
		tests: ["server/src/text/", "server/src/pf/", "server/src/vm/", "server/src/hostname/", "server/src/features/"],
	},
	pf: { files: ["server/src/pf/"], tests: ["server/src/pf/", "server/src/policy/", "server/src/features/", "server/src/host/"] },
	consistency: { files: ["server/src/pf/expand/consistency.ts"], tests: ["server/src/pf/", "server/src/policy/"] },
	vm: { files: ["server/src/vm/"], tests: ["server/src/vm/", "server/src/features/", "server/src/host/"] },
	hostname: { files: ["server/src/hostname/"], tests: ["server/src/hostname/", "server/src/features/", "server/src/host/"] },
	host: { files: ["server/src/host/"], tests: ["server/src/host/", "server/src/policy/", "server/src/patterns/", "server/src/features/"] },
	checks: { files: ["server/src/host/check"], tests: ["server/src/host/", "server/src/features/"] },
	policy: { files: ["server/src/policy/"], tests: ["server/src/policy/", "server/src/features/", "server/src/patterns/"] },
	project: { files: ["server/src/project/"], tests: ["server/src/project/", "server/src/features/", "server/src/lsp/"] },
	features: { files: ["server/src/features/"], tests: ["server/src/features/", "server/src/lsp/"] },
	wiring: { files: ["server/src/lsp/"], tests: ["server/src/lsp/", "server/src/features/"] },
	patterns: { files: ["server/src/patterns/"], tests: ["server/src/patterns/", "server/src/features/"] },
	remote: { files: ["remote/src/"], tests: ["remote/src/"] },
	deploy: { files: ["remote/src/deploy/"], tests: ["remote/src/"] },
	cli: { files: ["cli/src/"], tests: ["cli/src/"] },
};

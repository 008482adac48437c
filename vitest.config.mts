import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

const all = ["{server,remote,client,cli}/src/**/*.test.ts", "test/unit/**/*.test.ts"];
/** Tests that mostly wait: for a host, for its watchdog, for a pause of the server. */
const waiting = [
	"test/unit/{ansible,deploy*,handbook-deployment,host-command,host-program*,memory,openbsd-host,ssh-connection,validate}.test.ts",
	"remote/src/deploy/program/program.test.ts",
];

/** Tests that put another module in the place of one of ours: what they load is theirs alone. */
const replacing = ["server/src/pf/{lint/lint,grammar/limits}.test.ts", "cli/src/loads.test.ts"];

/** Tests of what a command takes of the processor and of memory: these are told of a process as a whole. */
const measuring = ["test/unit/hostile-command.test.ts"];

// Workspace packages are tested from their sources, not from an older build.
const sources = { resolve: { conditions: ["source"] }, ssr: { resolve: { conditions: ["source"] } } };

const common = {
	// The client of agents needs packages that name sources in TypeScript, which Node alone does not read.
	server: { deps: { inline: ["@modelcontextprotocol/client", "eventsource", "eventsource-parser"] } },
	// Ends what hangs, however slow the machine is.
	testTimeout: 120_000,
	hookTimeout: 120_000,
	pool: "threads" as const,
	setupFiles: "test/setup.ts",
	// Deployments mostly wait: for a connection, for a watchdog, for a program of the host.
	maxConcurrency: 8,
};

/**
 * Files whose tests wait come first, for others work meanwhile; before all, those whose tests wait one after another. Last come
 * files with a worker of their own: it takes the place of one that has loaded everything. Among equals, Vitest decides.
 */
const order = [
	({ moduleId }: TestSpecification) => /\/test\/unit\/host-program-ended[^/]*$/.test(moduleId),
	({ project }: TestSpecification) => project.name === "waiting",
	({ project }: TestSpecification) => project.name === "shared",
];

class WaitingFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		const rank = (file: TestSpecification) => [...order, () => true].findIndex((isOne) => isOne(file));
		return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
	}
}

/** An order that is asked for is not ours to choose. */
const isShuffled = process.argv.some((word) => word.startsWith("--sequence.shuffle"));

export default defineConfig({
	...sources,
	test: {
		...common,
		globalSetup: "test/global-setup.ts",
		// What was made of a module is kept by its text, for the other projects and the next run.
		experimental: { fsModuleCache: true },
		...(isShuffled ? {} : { sequence: { sequencer: WaitingFirst } }),
		// Two more than there are processors: tests of hosts mostly wait.
		maxWorkers: availableParallelism() + 2,
		projects: [
			// Files share what they load: to load it for each takes as long as all tests.
			{ ...sources, test: { ...common, name: "waiting", include: waiting, isolate: false } },
			{ ...sources, test: { ...common, name: "shared", include: all, exclude: [...waiting, ...replacing, ...measuring], isolate: false } },
			{ ...sources, test: { ...common, name: "replacing", include: replacing } },
			{ ...sources, test: { ...common, name: "measuring", include: measuring, pool: "forks" } },
		],
	},
});

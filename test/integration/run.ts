import type MochaClass from "mocha";

/** Runs the suite and what only this extension host can do (`more`) with the given mocha, prints `N passed, N failed`, and rejects unless all of at least one test passed. */
export async function runSuite(Mocha: typeof MochaClass, host: "node" | "web", more?: () => Promise<unknown>): Promise<void> {
	// Ends what hangs, however slow the machine is.
	const mocha = new Mocha({ ui: "bdd", reporter: "spec", color: false, timeout: 120_000 });
	// Defines `describe` and `it` for the suite, which is loaded after it.
	mocha.suite.emit("pre-require", globalThis, "", mocha);
	console.log(`Extension host: ${host}`);
	const { defineSuite } = await import("./suite/index.ts");
	await defineSuite(host);
	await more?.();
	const { passed, failed } = await new Promise<{ passed: number; failed: number }>((resolve) => {
		const runner = mocha.run(() => resolve({ passed: runner.stats?.passes ?? 0, failed: runner.stats?.failures ?? 0 }));
	});
	console.log(`${passed} passed, ${failed} failed`);
	if (passed === 0) throw new Error("No test ran");
	if (failed > 0) throw new Error(`${failed} failed`);
}

/** Runs the suite in the Node extension host: VS Code calls `run`. */
import { runSuite } from "./run.ts";

export async function run(): Promise<void> {
	const { default: Mocha } = await import("mocha");
	await runSuite(Mocha, "node", async () => {
		await import("./suite/hosts.ts");
		await import("./suite/deploy.ts");
		await import("./suite/agentServer.ts");
	});
}

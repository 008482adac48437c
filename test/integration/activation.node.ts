/** Measures one activation of the extension: VS Code calls `run` in a window of its own. */
import { firstCompletion, readyApi } from "./editor.ts";

export async function run(): Promise<void> {
	const first = await firstCompletion();
	const { began, activate, ready } = (await readyApi()).timings();
	console.log(`activation: ${JSON.stringify({ activate, ready, completion: first - began })}`);
}

/** Measures one activation of the extension: VS Code calls `run` in a window of its own. */
import { firstCompletion, readyApi } from "./editor.ts";

export async function run(): Promise<void> {
	// A window that is just opening is busy with itself; what is measured is the extension.
	await new Promise((resolve) => setTimeout(resolve, 1000));
	const shown = await firstCompletion();
	const { began, activate, ready, completion } = (await readyApi()).timings();
	if (completion === undefined) throw new Error("No completion was given");
	console.log(`activation: ${JSON.stringify({ activate, ready, completion: completion - began, shown: shown - began })}`);
}

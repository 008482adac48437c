/** Runs the suite in the web extension host: VS Code calls `run`. */
import Mocha from "mocha/mocha.js";
import { runSuite } from "./run.ts";

export async function run(): Promise<void> {
	await runSuite(Mocha, "web");
}

/** Runs the suite in the Node extension host: VS Code calls `run`. */
export { run } from "./run.ts";

import { commands } from "vscode";
import { inBackground } from "./background.ts";

/** What `when` clauses of the manifest ask for, under `openbsdVnet.`. */
export function setContext(name: "hosts" | "hasTrace" | "isDeploying" | "isConfirming" | "isFollowingLog", value: boolean): void {
	inBackground(commands.executeCommand("setContext", `openbsdVnet.${name}`, value));
}

/** What a lens above a name does: it shows where the name is used. */
import { Commands, type FileLocation, type Position as ProtocolPosition } from "@openbsd-vnet/server/protocol";
import { commands, type Disposable, Position, Uri } from "vscode";
import { locationOf } from "./ranges.ts";

export function registerReferences(): Disposable {
	return commands.registerCommand(
		Commands.showReferences,
		(uri: string, { line, character }: ProtocolPosition, found: readonly FileLocation[]) =>
			commands.executeCommand("editor.action.showReferences", Uri.parse(uri), new Position(line, character), found.map(locationOf)),
	);
}

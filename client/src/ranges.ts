/** The server's places as VS Code's. */
import type { FileLocation, Range as ProtocolRange } from "@openbsd-vnet/server/protocol";
import { Location, Range, Uri } from "vscode";

export function rangeOf({ start, end }: ProtocolRange): Range {
	return new Range(start.line, start.character, end.line, end.character);
}

export function locationOf({ uri, range }: FileLocation): Location {
	return new Location(Uri.parse(uri), rangeOf(range));
}

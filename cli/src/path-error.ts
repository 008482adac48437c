/** What cannot be done with a path or a host, with the reason for the user: a line, or several. */
export class PathError extends Error {
	readonly lines: readonly string[];

	constructor(...lines: readonly string[]) {
		super(lines.join("\n"));
		this.lines = lines;
	}
}

/** A host to which there is no connection, or none any more. */
export class UnreachedError extends PathError {}

import type { Message } from "./message.ts";
import type { Span } from "./span.ts";

/** What a program of OpenBSD says of a file, in its own words. Rooms add what their program tells beside. */
export interface ProgramMessage<Template extends string = string> {
	readonly message: Message<Template>;
	/** The words that are at fault; undefined where it is about none of the file. */
	readonly span: Span | undefined;
}

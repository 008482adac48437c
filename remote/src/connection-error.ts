/** What keeps us from a host. */
import { type Message, render } from "@openbsd-vnet/server";

export type ConnectionFault =
	/** By the user, or by the signal that was given. */
	| "cancelled"
	| "timed-out"
	/** No connection could be made. */
	| "unreachable"
	/** The user did not accept the host's key. */
	| "host-key-unknown"
	| "host-key-changed"
	| "host-key-revoked"
	/** The host did not accept what we have. */
	| "denied"
	/** The connection ended before its time. */
	| "lost"
	/** A program on the host said no. */
	| "failed"
	/** doas does not let us. */
	| "not-allowed"
	/** The user's configuration asks for what is not done here. */
	| "unsupported";

/** Why there is no connection, or no answer, in words for the user. */
export class ConnectionError extends Error {
	readonly fault: ConnectionFault;
	readonly text: Message;

	constructor(fault: ConnectionFault, text: Message) {
		super(render(text));
		this.name = "ConnectionError";
		this.fault = fault;
		this.text = text;
	}
}

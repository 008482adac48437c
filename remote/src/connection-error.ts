/** What keeps us from a host. */
import { type Message, msg, render } from "@openbsd-vnet/server";

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

/** What the built-in client cannot do, and the system's ssh may. */
export class BeyondBuiltIn extends ConnectionError {
	readonly why: Message;

	constructor(fault: ConnectionFault, text: Message, why: Message) {
		super(fault, text);
		this.why = why;
	}
}

/** @param lines where other keys of the host are known, as `file:line` */
export function changedKey(name: string, shown: string, lines: string): ConnectionError {
	return new ConnectionError(
		"host-key-changed",
		msg(
			"The key of {0} has changed: it shows {1}, but {2} says otherwise. Somebody may stand between you and the host. If the host has a new key, remove that line",
			name,
			shown,
			lines,
		),
	);
}

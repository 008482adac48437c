/** A host that is talked to now and then: connected when needed, kept while used, closed when idle. */
import { connect } from "./connect.ts";
import type { Connection, ConnectOptions } from "./connection.ts";
import { ConnectionError } from "./connection-error.ts";
import { noUnlockedKeys } from "./keyring.ts";

export interface SessionOptions extends Omit<ConnectOptions, "signal" | "unlocked"> {
	/** How long an unused connection is kept, in milliseconds; 60 s. */
	readonly idle?: number;
}

export interface HostSession {
	/**
	 * Gives a connection to what needs one.
	 * @param repeatable whether `use` changes nothing on the host: it is then done once more, over a new connection, where the
	 * first is lost
	 */
	with<T>(use: (connection: Connection) => Promise<T>, signal?: AbortSignal, repeatable?: boolean): Promise<T>;
	isConnected(): boolean;
	close(): void;
}

/** Opens nothing yet. */
export function openSession(destination: string, { idle = 60_000, ...options }: SessionOptions): HostSession {
	const unlocked = noUnlockedKeys();
	let connection: Connection | undefined;
	let connecting: Promise<Connection> | undefined;
	let users = 0;
	let timer: ReturnType<typeof setTimeout> | undefined;
	let closed = new AbortController();

	async function connected(): Promise<Connection> {
		if (connection?.isOpen() === true) return connection;
		connecting ??= connect(destination, { ...options, unlocked, signal: closed.signal }).finally(() => {
			connecting = undefined;
		});
		connection = await connecting;
		return connection;
	}

	return {
		async with(use, signal, repeatable = false) {
			clearTimeout(timer);
			users++;
			try {
				const first = await unlessAborted(connected(), signal);
				try {
					return await use(first);
				} catch (error) {
					if (!repeatable || signal?.aborted === true || !isLost(error) || first.isOpen()) throw error;
				}
				return await use(await unlessAborted(connected(), signal));
			} finally {
				if (--users === 0) timer = setTimeout(() => connection?.close(), idle).unref();
			}
		},
		isConnected: () => connection?.isOpen() === true,
		close() {
			clearTimeout(timer);
			closed.abort();
			closed = new AbortController();
			connection?.close();
		},
	};
}

/** Who waits may go; the connection is made for the others. */
function unlessAborted<T>(wait: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return wait;
	return new Promise<T>((resolve, reject) => {
		const onAbort = () => reject(signal.reason);
		if (signal.aborted) onAbort();
		signal.addEventListener("abort", onAbort);
		wait.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
	});
}

function isLost(error: unknown): boolean {
	return error instanceof ConnectionError && error.fault === "lost";
}

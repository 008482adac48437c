import { expect, test } from "vitest";
import type { Connection } from "./connection.ts";
import { run } from "./run.ts";
import { sh } from "./shell-words.ts";

const MEGABYTE = 1024 * 1024;

/** A connection on which a command prints so many megabytes, and ends with status 0. */
function printing(output: number, errors: number): Connection {
	const connection: Pick<Connection, "log" | "ended" | "target" | "isOpen" | "exec"> = {
		log: () => undefined,
		ended: new Promise(() => undefined),
		target: { name: "hv1" } as Connection["target"],
		isOpen: () => true,
		exec: (_, __, { output: take, errors: takeErrors, exited, closed }) => {
			queueMicrotask(() => {
				for (let i = 0; i < output; i++) take(Buffer.alloc(MEGABYTE, "o"));
				for (let i = 0; i < errors; i++) takeErrors(Buffer.alloc(MEGABYTE, "e"));
				exited(0, undefined);
				closed();
			});
			return () => undefined;
		},
	};
	return connection as Connection;
}

test("a command that prints more than it may is cut off there", async () => {
	const { cut, stdout, stderr } = await run(printing(3, 3), sh`x`);
	expect([cut, stdout.length, stderr.length]).toEqual([true, 3 * MEGABYTE, MEGABYTE]);
});

test("one that is followed for as long as it likes takes no memory by what it complains of", async () => {
	let taken = 0;
	const outputTo = () => (chunk: Buffer) => {
		taken += chunk.length;
	};
	const { cut, status, stderr } = await run(printing(20, 20), sh`x`, { limit: Number.MAX_SAFE_INTEGER, outputTo });
	expect([cut, status, taken, stderr.length]).toEqual([false, 0, 20 * MEGABYTE, 4 * MEGABYTE]);
});

/** When memory is given back. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectingInPauses } from "./pauses.ts";

beforeEach(() => {
	vi.useFakeTimers();
});
afterEach(() => {
	vi.useRealTimers();
});

const message = { jsonrpc: "2.0" };

test("garbage is collected, twice, ten seconds after the last message, and messages go on to where they go", async () => {
	const collector = vi.fn();
	const { messageStrategy } = collectingInPauses({ gc: collector });
	const next = vi.fn();
	await messageStrategy?.handleMessage(message, next);
	vi.advanceTimersByTime(9_999);
	await messageStrategy?.handleMessage(message, next);
	vi.advanceTimersByTime(9_999);
	expect(collector).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(collector).toHaveBeenCalledTimes(2);
	vi.advanceTimersByTime(100_000);
	expect(collector).toHaveBeenCalledTimes(2);
	expect(next.mock.calls).toEqual([[message], [message]]);
});

test("a process without a collector goes on", async () => {
	await collectingInPauses({}).messageStrategy?.handleMessage(message, () => undefined);
	expect(() => vi.advanceTimersByTime(20_000)).not.toThrow();
});

/** When memory is given back. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { collectingInPauses } from "./pauses.ts";

const collector = vi.fn();
beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal("gc", collector);
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
	collector.mockReset();
});

const message = { jsonrpc: "2.0" };

test("garbage is collected ten seconds after the last message, and messages go on to where they go", () => {
	const { messageStrategy } = collectingInPauses();
	const next = vi.fn();
	messageStrategy?.handleMessage(message, next);
	vi.advanceTimersByTime(9_999);
	messageStrategy?.handleMessage(message, next);
	vi.advanceTimersByTime(9_999);
	expect(collector).not.toHaveBeenCalled();
	vi.advanceTimersByTime(1);
	expect(collector).toHaveBeenCalledTimes(1);
	vi.advanceTimersByTime(100_000);
	expect(collector).toHaveBeenCalledTimes(1);
	expect(next.mock.calls).toEqual([[message], [message]]);
});

test("a process without a collector goes on", () => {
	vi.stubGlobal("gc", undefined);
	collectingInPauses().messageStrategy?.handleMessage(message, () => undefined);
	expect(() => vi.advanceTimersByTime(20_000)).not.toThrow();
});

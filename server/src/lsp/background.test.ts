import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BackgroundWork, inTime } from "./background.ts";

const log: string[] = [];
const done: string[] = [];
let work: BackgroundWork;
beforeEach(() => {
	vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
	log.length = 0;
	done.length = 0;
	work = new BackgroundWork({ error: (message) => log.push(message.split("\n")[0] ?? "") });
});
afterEach(() => {
	vi.useRealTimers();
});

const fails = (): never => {
	throw new Error("no");
};

describe("what fails is logged", () => {
	test.each([
		["at once", () => work.start("A", fails)],
		["later", () => work.start("A", () => Promise.reject(new Error("no")))],
		["after a while", () => work.startLater("A", 5, fails)],
		["in a portion", () => work.startInPortions("A", fails)],
		["while it is waited for", () => work.attempt("A", async () => fails())],
	])("%s", async (_, start) => {
		expect(await start()).toBeUndefined();
		await vi.advanceTimersByTimeAsync(1000);
		expect(log).toEqual(["A failed: Error: no"]);
	});

	test("whatever is thrown, and also where nobody reads the log", async () => {
		work.start("A", () => Promise.reject("words"));
		new BackgroundWork({ error: fails }).start("B", fails);
		await vi.advanceTimersByTimeAsync(0);
		expect(log).toEqual(["A failed: words"]);
	});
});

test("what is waited for is what work makes", async () => {
	expect(await work.attempt("A", async () => 1)).toBe(1);
});

test("work of the same name is done once, after the last time that it is announced", async () => {
	work.startLater("A", 100, () => done.push("first"));
	await vi.advanceTimersByTimeAsync(99);
	work.startLater("A", 100, () => done.push("second"));
	work.startLater("B", 50, () => done.push("other"));
	await vi.advanceTimersByTimeAsync(99);
	expect(done).toEqual(["other"]);
	await vi.advanceTimersByTimeAsync(1);
	expect(done).toEqual(["other", "second"]);
});

describe("work in portions", () => {
	test("begins after a pause, lets others in, and ends when it says so", async () => {
		let left = 3;
		work.startInPortions("A", () => {
			done.push(`portion ${left}`);
			work.start("B", () => done.push("between"));
			return --left > 0;
		});
		await vi.advanceTimersByTimeAsync(299);
		expect(done).toEqual([]);
		await vi.advanceTimersByTimeAsync(100);
		expect(done).toEqual(["portion 3", "between", "portion 2", "between", "portion 1", "between"]);
	});

	test("ends where it is announced again, from within too", async () => {
		work.startInPortions("A", () => done.push("old") > 0);
		await vi.advanceTimersToNextTimerAsync();
		work.startInPortions("A", () => {
			done.push("new");
			work.startInPortions("A", () => {
				done.push("newest");
				return false;
			});
			return true;
		});
		await vi.advanceTimersByTimeAsync(5000);
		expect(done).toEqual(["old", "new", "newest"]);
	});
});

test("in time: what resolves before the time is over", async () => {
	expect(await inTime(Promise.resolve(), 10)).toBe(true);
	const late = inTime(new Promise(() => {}), 10);
	await vi.advanceTimersByTimeAsync(10);
	expect(await late).toBe(false);
	await expect(inTime(Promise.reject(new Error("no")), 10)).rejects.toThrow("no");
	expect(vi.getTimerCount()).toBe(0);
});

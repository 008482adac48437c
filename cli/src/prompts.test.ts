/** The question whether a change stays, while a clock runs. */
import { PassThrough } from "node:stream";
import { afterEach, describe, expect, test, vi } from "vitest";
import { decide } from "./prompts.ts";

const terminal = Object.getOwnPropertyDescriptor(process, "stdin") ?? {};
afterEach(() => {
	Object.defineProperty(process, "stdin", terminal);
	vi.restoreAllMocks();
});

/** Puts the question to somebody who types; what the host says to the wish for more time is for the test to decide. */
function asked() {
	const typed = new PassThrough();
	Object.defineProperty(process, "stdin", { value: typed, configurable: true });
	vi.spyOn(process.stderr, "write").mockReturnValue(true);
	let answer: (error?: Error) => void = () => undefined;
	const answered = new Promise<void>((grant, refuse) => {
		answer = (error) => (error === undefined ? grant() : refuse(error));
	});
	const decision = decide({ question: (left) => `Keep it? ${left}`, seconds: 100, extend: () => answered });
	return { typed, answer, decision };
}

describe("a decision", () => {
	test.each([
		["y", true],
		["yes", true],
		["n", false],
		["", false],
	])("'%s' is %s", async (answer, keeps) => {
		const { typed, decision } = asked();
		typed.write(`${answer}\r`);
		expect(await decision).toBe(keeps);
		expect(typed.isPaused()).toBe(true);
	});

	test.each([
		["grants", undefined],
		["refuses", new Error("too late")],
	])("that comes before the host %s more time ends the reading, so that the command ends", async (_, refusal) => {
		const { typed, answer, decision } = asked();
		typed.write("e\r");
		typed.write("y\r");
		expect(await decision).toBe(true);
		answer(refusal);
		await new Promise(setImmediate);
		expect(typed.isPaused()).toBe(true);
	});
});

import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { cancelled } from "./connection.ts";
import type { RunOnHost } from "./live.ts";
import { followLog, type LogCounts, type LogGaps, type LogQuestion, type LogRow } from "./packet-log.ts";
import type { RunOptions, RunResult } from "./run.ts";

const TIME = "Dec 01 10:43:18.123456";
const packetOf = (rule: string, from = "192.0.2.9.4000"): string =>
	`${TIME} rule ${rule}/(match) [uid 0, pid 7] block in on em0: ${from} > 192.0.2.1.22: S 1:1(0) win 1\n`;
const rulesOf = (pid: number): string =>
	`block drop log all\n  [ Evaluations: 1        Packets: 1        Bytes: 64         States: 0     ]\n  [ Inserted: uid 0 pid ${pid} State Creations: 0     ]\n`;

const done = (stdout: string, status = 0): RunResult => ({ status, signal: undefined, stdout, stderr: "", cut: false });

/** A host that logs what a test says, and counts what it is asked. */
function hostThat(rules: () => string) {
	let tell: ((text: string) => void) | undefined;
	let end: ((status: number) => void) | undefined;
	const asked = { rules: 0, log: 0 };
	const run = (({ text }: { readonly text: string }, options: RunOptions = {}): Promise<RunResult> => {
		if (text.includes("tcpdump")) {
			asked.log++;
			const output = options.outputTo?.();
			tell = (lines) => output?.(Buffer.from(lines, "latin1"));
			return new Promise((resolve, reject) => {
				end = (status) => resolve(done("", status));
				options.signal?.addEventListener("abort", () => reject(cancelled("hv1")));
			});
		}
		if (!text.includes("rules")) return Promise.resolve(done(""));
		asked.rules++;
		return Promise.resolve(done(rules()));
	}) as unknown as RunOnHost;
	return { asked, run, tell: (lines: string) => tell?.(lines), end: (status: number) => end?.(status) };
}

function following(host: ReturnType<typeof hostThat>, question: Partial<LogQuestion> = {}) {
	const rows: LogRow[] = [];
	const told: LogGaps[] = [];
	let counts: LogCounts | undefined;
	const ended = new AbortController();
	const take = (some: readonly LogRow[], now: LogCounts, gaps: LogGaps): void => {
		rows.push(...some);
		counts = now;
		told.push(gaps);
	};
	const answer = followLog(host.run, "op", { name: "hv1", ...question }, { begin: () => undefined, rows: take }, ended.signal);
	return { rows, told, counts: () => counts, answer, end: () => ended.abort() };
}

beforeEach(() => vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => vi.useRealTimers());
/** Lets answers come that need no time, and so many milliseconds pass. */
const pass = async (milliseconds: number): Promise<void> => {
	for (let i = 0; i < 20; i++) await Promise.resolve();
	await vi.advanceTimersByTimeAsync(milliseconds);
	for (let i = 0; i < 20; i++) await Promise.resolve();
};

test("a flood is read in part and shown in part, what is left out is told, and the next second is as before", async () => {
	const host = hostThat(() => rulesOf(7));
	const log = following(host);
	await pass(0);
	host.tell(packetOf("0").repeat(10_000));
	await pass(200);
	expect(log.rows).toHaveLength(200);
	expect(log.counts()).toEqual({ wanted: 4000, leftOut: 3800, skipped: 6000, unread: 0 });
	host.tell(packetOf("0"));
	await pass(200);
	expect(log.rows).toHaveLength(201);
	expect(log.told).toEqual([
		{ leftOut: 3800, skipped: 6000, unread: 0 },
		{ leftOut: 0, skipped: 0, unread: 0 },
	]);
	log.end();
	expect(await log.answer).toMatchObject({ kind: "answered", value: { wanted: 4001 } });
});

test("a host that says something else: how many lines that were is told a few times, and no packet is made of them", async () => {
	const host = hostThat(() => rulesOf(7));
	const log = following(host);
	await pass(0);
	for (let i = 0; i < 100; i++) {
		host.tell(`\u001b[2J${"x".repeat(i)}\u0085 rule 0/(match) block in on em0: lies\n`);
		await pass(200);
	}
	expect(log.rows).toEqual([]);
	expect(log.told.map(({ unread }) => unread)).toEqual([1, 2, 4, 8, 16, 32, 64]);
	log.end();
	await log.answer;
});

test("rules that it has loaded since are read again; rules that it only speaks of, ever more seldom", async () => {
	let pid = 6;
	const host = hostThat(() => rulesOf(pid));
	const log = following(host);
	await pass(0);
	expect(host.asked.rules).toBe(1);
	pid = 7;
	await pass(5000);
	host.tell(packetOf("0"));
	await pass(200);
	host.tell(packetOf("0"));
	await pass(200);
	expect(log.rows.map(({ rule }) => rule?.text)).toEqual([undefined, "block drop log all"]);
	expect(host.asked.rules).toBe(2);
	for (let seconds = 0; seconds < 600; seconds++) {
		host.tell(packetOf(String(1000 + seconds)));
		await pass(1000);
	}
	// After 5, 5, 10, 20 and 40 seconds, and each minute then.
	expect(host.asked.rules).toBeLessThan(18);
	expect(host.asked.rules).toBeGreaterThan(10);
	log.end();
	await log.answer;
});

test("a command that says at once that its time is over is not begun for ever", async () => {
	const host = hostThat(() => rulesOf(7));
	const log = following(host);
	await pass(300_000);
	host.end(124);
	await pass(0);
	expect(host.asked.log).toBe(2);
	host.end(124);
	expect(await log.answer).toMatchObject({ kind: "failed" });
	expect(host.asked.log).toBe(2);
});

test("half a line of a command that has ended is no part of the next one's", async () => {
	const host = hostThat(() => rulesOf(7));
	const log = following(host);
	await pass(300_000);
	host.tell(packetOf("0").slice(0, 60));
	host.end(124);
	await pass(0);
	host.tell(packetOf("0"));
	await pass(200);
	expect(log.counts()).toMatchObject({ wanted: 1, unread: 0 });
	log.end();
	await log.answer;
});

test("whatever the host says of its rules and its packets, it is followed, and no rule is named that it has not loaded", async () => {
	const word = fc.constantFrom(
		...["block drop log all\n", 'anchor "a" all {\n', 'anchor "*" all {\n', "}\n", rulesOf(7), "\n", "\u001b]0;x\u0007", "\r"],
		...[packetOf("0"), packetOf("1.a.0"), packetOf("def"), packetOf("9999999999"), packetOf("0", "::.."), "rule ", `${TIME} `, "\u00e9"],
	);
	const text = fc.array(fc.oneof(word, fc.string()), { maxLength: 12 }).map((words) => words.join(""));
	await fc.assert(
		fc.asyncProperty(fc.constantFrom("", rulesOf(7)), text, fc.array(text, { maxLength: 6 }), async (first, others, chunks) => {
			const rules = first + others;
			const host = hostThat(() => rules);
			const log = following(host);
			await pass(0);
			for (const chunk of chunks) host.tell(chunk);
			await pass(200);
			log.end();
			expect(await log.answer).toMatchObject({ kind: "answered" });
			for (const { rule } of log.rows) expect(rules).toContain(rule?.text ?? "");
		}),
		{ numRuns: 50 },
	);
});

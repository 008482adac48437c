import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { cancelled } from "./connection.ts";
import type { RunOnHost } from "./live.ts";
import { followLog, type LogBegin, type LogCounts, type LogGaps, type LogQuestion, type LogRow } from "./packet-log.ts";
import type { RunOptions, RunResult } from "./run.ts";

const TIME = "Dec 01 10:43:18.123456";
const packetOf = (rule: string, from = "192.0.2.9.4000"): string =>
	`${TIME} rule ${rule}/(match) [uid 0, pid 7] block in on em0: ${from} > 192.0.2.1.22: S 1:1(0) win 1\n`;
const rulesOf = (pid: number): string =>
	`block drop log all\n  [ Evaluations: 1        Packets: 1        Bytes: 64         States: 0     ]\n  [ Inserted: uid 0 pid ${pid} State Creations: 0     ]\n`;

/** Rules as `pfctl -v -s rules` prints them. */
const loaded = (...rules: readonly string[]): string =>
	rules.map((rule) => `${rule}\n  [ Evaluations: 1        Packets: 1        Bytes: 64         States: 0     ]\n`).join("");

const done = (stdout: string, status = 0): RunResult => ({ status, signal: undefined, stdout, stderr: "", cut: false });

/** What `pfctl -s info` prints of drops, beside all else. */
const infoOf = (drops: Readonly<Record<string, number>>): string =>
	[
		"Status: Enabled for 0 days 00:02:24              Debug: err\n\nState Table                          Total             Rate",
		"  searches                           19372          134.5/s\nCounters\n  match                                 18            0.1/s",
		...Object.entries(drops).map(([reason, count]) => `  ${reason.padEnd(25)} ${String(count).padStart(14)}            0.0/s`),
		"",
	].join("\n");

/** A host that logs what a test says, and counts what it is asked. */
function hostThat(rules: () => string, info: () => RunResult = () => done(infoOf({ memory: 0 }))) {
	let tell: ((text: string) => void) | undefined;
	let end: ((status: number) => void) | undefined;
	const asked = { rules: 0, log: 0, info: 0 };
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
		if (text.includes("info")) {
			asked.info++;
			return Promise.resolve(info());
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
	const begun: LogBegin[] = [];
	const drops: (readonly (readonly [reason: string, count: number])[])[] = [];
	const events = {
		begin: (begin: LogBegin) => begun.push(begin),
		rows: take,
		drops: (counts: ReadonlyMap<string, number>) => drops.push([...counts]),
	};
	const answer = followLog(host.run, "op", { name: "hv1", ...question }, events, ended.signal);
	return { rows, told, begun, drops, counts: () => counts, answer, end: () => ended.abort() };
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

test("what is dropped beside the rules is told as it rises, every ten seconds, and not what was dropped before", async () => {
	let drops: Record<string, number> = { "state-limit": 5, memory: 1 };
	const host = hostThat(
		() => rulesOf(7),
		() => done(infoOf(drops)),
	);
	const log = following(host);
	await pass(10_000);
	expect([log.drops, host.asked.info]).toEqual([[], 2]);
	drops = { "state-limit": 17, memory: 1, "no-route": 3 };
	await pass(10_000);
	// Cleared since: by how much they rose is not known.
	drops = { "state-limit": 2, memory: 0, "no-route": 3 };
	await pass(10_000);
	drops = { "state-limit": 2, memory: 4, "no-route": 3 };
	await pass(10_000);
	expect(log.drops).toEqual([
		[
			["state-limit", 12],
			["no-route", 3],
		],
		[["memory", 4]],
	]);
	log.end();
	await log.answer;
});

test("who may not ask what is dropped is told once what to allow, and the log goes on", async () => {
	const host = hostThat(
		() => rulesOf(7),
		() => ({ ...done("", 1), stderr: "doas: Operation not permitted\n" }),
	);
	const log = following(host);
	await pass(60_000);
	expect(log.begun).toMatchObject([{ dropsAllow: "permit nopass op as root cmd pfctl args -s info" }]);
	expect([log.drops, host.asked.info]).toEqual([[], 1]);
	host.tell(packetOf("0"));
	await pass(200);
	expect(log.rows).toHaveLength(1);
	log.end();
	await log.answer;
});

describe("the rule of a line", () => {
	const text = "block log\npass in on em0 \\\n\tproto tcp to port 22\nmatch out on em0 nat-to (em0)\n";
	const files = new Map([["/etc/pf.conf", { uri: "file:///etc/pf.conf", text }]]);
	const block = "block drop log all";
	const pass22 = "pass in on em0 proto tcp from any to any port = 22 flags S/SA";
	test.each<[why: string, line: number, rules: string, asked: LogBegin["asked"]]>([
		["logs", 0, loaded(block, pass22), "logs"],
		["logs nothing", 1, loaded(block, pass22), "silent"],
		["is told of on each line of its statement", 2, loaded(block, pass22), "silent"],
		["has it logged by another", 1, loaded(block, "match log (matches) all", pass22), "logs"],
		["is not loaded", 1, loaded(block, "pass all flags S/SA"), "absent"],
		["is none", 9, loaded(block, pass22), "absent"],
	])("%s", async (_, line, rules, asked) => {
		const log = following(
			hostThat(() => rules),
			{ files, rule: { path: "/etc/pf.conf", line } },
		);
		await pass(0);
		expect(log.begun).toMatchObject([{ asked }]);
		log.end();
		await log.answer;
	});

	test("has its packets alone", async () => {
		const rules = rulesOf(7) + rulesOf(7).replace("block drop log all", "block drop in log on em1 all");
		const own = new Map([["/etc/pf.conf", { uri: "file:///etc/pf.conf", text: "block log\nblock in log \\\n\ton em1\n" }]]);
		const host = hostThat(() => rules);
		const log = following(host, { files: own, rule: { path: "/etc/pf.conf", line: 2 } });
		await pass(0);
		host.tell(packetOf("0") + packetOf("1"));
		await pass(200);
		expect(log.rows.map(({ rule, place }) => [rule?.text, place])).toEqual([
			["block drop in log on em1 all", { path: "/etc/pf.conf", line: 1, lastLine: 2 }],
		]);
		log.end();
		await log.answer;
	});

	test("cannot be followed where the host does not tell its rules", async () => {
		const host = hostThat(() => rulesOf(7));
		const run = ((command: { readonly text: string }, options: RunOptions) =>
			command.text.includes("rules")
				? Promise.resolve({ ...done("", 1), stderr: "doas: Operation not permitted\n" })
				: host.run(command as Parameters<RunOnHost>[0], options)) as RunOnHost;
		const log = following({ ...host, run }, { files, rule: { path: "/etc/pf.conf", line: 0 } });
		await pass(0);
		expect(await log.answer).toMatchObject({ kind: "refused", allow: expect.stringContaining("-s rules") });
		expect(log.begun).toEqual([]);
	});
});

test("rules without `log` that block are told of, but where others have all of them logged", async () => {
	const count = async (...rules: readonly string[]): Promise<number | undefined> => {
		const log = following(hostThat(() => loaded(...rules)));
		await pass(0);
		log.end();
		await log.answer;
		return log.begun[0]?.silent.length;
	};
	const quiet = ["block return all", 'block drop in quick on em0 all label "log me"'];
	const loud = ["block return log all", "block drop in log (all) quick on em0 all", "block return-icmp(3, 4) in log on em0 all"];
	expect(await count(...quiet, ...loud, "pass all flags S/SA")).toBe(2);
	expect(await count(...quiet, 'pass log (all) all label "log (matches)"')).toBe(2);
	expect(await count(...quiet, "match log (all, matches) all")).toBe(0);
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

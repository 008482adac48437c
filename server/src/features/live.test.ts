/** What a running host has said, in the editor: hints, hover, drift with its fixes, counters. */
import { describe, expect, test } from "vitest";
import type { LiveTap } from "../host/live.ts";
import { rulesetText } from "../host/ruleset-text.ts";
import type { CountedLimiter, CountedRule } from "../protocol.ts";
import { codeActions } from "./code-actions.ts";
import { diagnostics } from "./diagnostics.ts";
import { hover } from "./hover.ts";
import { inlayHints } from "./inlay-hints.ts";
import { type Opened, open } from "./testing.ts";

const ETC = "file:///host/etc";

const PF =
	'block all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\nload anchor "vm/db01" from "/etc/pf.vm/db01.conf"\n';
const VM =
	'switch "lan" {\n\tinterface veb0\n}\nvm "web01" {\n\tdisk "/w.img"\n\tinterface { switch "lan" }\n}\nvm "db01" {\n\tdisk "/d.img"\n\tinterface tap9 { switch "lan" group db }\n}\n';

const host = (web: string, db = "pass out on tap1\n"): string =>
	`//- /etc/pf.vm/web01.conf\n${web}//- /etc/pf.vm/db01.conf\n${db}//- /etc/pf.conf\n${PF}//- /etc/vm.conf\n${VM}`;

const tap = (name: string, guest?: string, index = 0): LiveTap => ({
	name,
	bridge: "veb0",
	switch: "lan",
	...(guest === undefined ? {} : { guest, index, state: "running" }),
});

async function live(
	fixture: string,
	taps: readonly LiveTap[],
	rules: readonly CountedRule[] = [],
	limiters: readonly CountedLimiter[] = [],
): Promise<Opened> {
	const opened = await open(fixture);
	const facts = { name: "hv1", taken: "14:03:12", simulated: false, taps };
	opened.documents.setLive([{ etc: ETC, host: facts, counters: { taken: "14:03:12", rules, limiters } }]);
	return opened;
}

const drift = ({ session, file }: Opened) =>
	diagnostics(session, file)
		.filter(({ code }) => String(code).startsWith("live/"))
		.map(({ code, range, message }) => [code, file.text.slice(file.lines.offset(range.start), file.lines.offset(range.end)), message]);

/** The titles of the fixes at the cursor, and what each makes of the files. */
function fixed(opened: Opened): readonly (readonly [string, Readonly<Record<string, string>>])[] {
	const { session, file, offset, documents } = opened;
	return codeActions(session, file, { start: offset, end: offset }, ["quickfix"])
		.filter(({ diagnostics: of, title }) => String(of?.[0]?.code).startsWith("live/") && !title.startsWith("Ignore"))
		.map(({ title, edit }) => {
			const texts: Record<string, string> = {};
			for (const change of edit?.documentChanges ?? []) {
				if (!("edits" in change)) continue;
				const target = documents.file(change.textDocument.uri);
				if (target === undefined) continue;
				let { text } = target;
				const edits = change.edits.flatMap((each) => ("newText" in each ? [each] : []));
				for (const { range, newText } of edits.toSorted((a, b) => target.lines.offset(b.range.start) - target.lines.offset(a.range.start)))
					text = text.slice(0, target.lines.offset(range.start)) + newText + text.slice(target.lines.offset(range.end));
				texts[target.path] = text;
			}
			return [title, texts];
		});
}

describe("hints and hover", () => {
	test("a tap says whose it is", async () => {
		const opened = await live(host('web = "tap0"\npass out on { $web tap5 tap7 em0 }|\n'), [tap("tap0", "web01"), tap("tap5")]);
		const labels = inlayHints({ ...opened.session, settings: { inlayHints: { macroValues: false, ruleCounts: false } } }, opened.file, {
			start: 0,
			end: opened.file.text.length,
		}).map(({ label, tooltip }) => [label, tooltip]);
		expect(labels).toEqual([
			[" web01, running", "hv1, as of 14:03:12; member of veb0, switch lan"],
			[" unused on hv1", "hv1, as of 14:03:12; member of veb0, switch lan"],
			[" not on hv1", "hv1, as of 14:03:12"],
		]);
	});

	test("behind a macro's value, not in it", async () => {
		const opened = await live(host('web = "tap0"|\n'), [tap("tap0", "web01")]);
		const [hint] = inlayHints(opened.session, opened.file, { start: 0, end: 12 });
		expect(hint?.position).toEqual({ line: 0, character: 12 });
	});

	test("switched off", async () => {
		const opened = await live(host("pass out on tap0|\n"), [tap("tap0", "web01")]);
		const settings = { inlayHints: { liveTaps: false } };
		expect(inlayHints({ ...opened.session, settings }, opened.file, { start: 0, end: 99 })).toEqual([]);
	});

	test("hover", async () => {
		const opened = await live(host("pass out on ta|p0\n"), [tap("tap0", "$(x) *b*")]);
		const text = JSON.stringify(hover(opened.session, opened.file, opened.offset)?.contents);
		expect(text).toContain("$\\\\(x\\\\) \\\\*b\\\\*, running");
		expect(text).toContain("as of 14:03:12");
	});

	test("nothing without an answer of the host", async () => {
		const opened = await open(host("pass out on ta|p0\n"));
		expect(drift(opened)).toEqual([]);
		expect(JSON.stringify(hover(opened.session, opened.file, opened.offset))).not.toContain("as of");
	});
});

describe("drift", () => {
	const now = [tap("tap0", "db01"), tap("tap3", "web01")];

	test("another guest's tap, in rules and macros", async () => {
		expect(drift(await live(host('if = "tap0"|\npass out on tap0\n'), now))).toEqual(
			["tap0", "tap0"].map((word) => ["live/other-guests-tap", word, "On hv1, tap0 is db01's (as of 14:03:12); this anchor is web01's"]),
		);
	});

	test("a tap that nobody uses", async () => {
		expect(drift(await live(host("pass out on tap5|\n"), now))).toEqual([
			["live/unused-tap", "tap5", "On hv1, no guest uses tap5 (as of 14:03:12); this anchor is web01's"],
		]);
	});

	test.each([
		["its own", "pass out on tap3|\n", now],
		["no tap at all", "pass out on em0|\n", now],
		["a guest that does not run", "pass out on tap5|\n", [tap("tap0", "db01")]],
		["in a comment", "# tap0|\npass\n", now],
	])("none: %s", async (_, text, taps) => {
		expect(drift(await live(host(text), taps))).toEqual([]);
	});

	test("none in pf.conf, which is nobody's", async () => {
		expect(drift(await live(host("").replace("block all", "block all\npass on tap0|"), now))).toEqual([]);
	});

	test("fixes: the tap of now, the tap in vm.conf, a group", async () => {
		const fixes = fixed(await live(host("pass out on ta|p0\n"), now));
		expect(fixes).toEqual([
			["Write tap3, the tap that web01 has now", { "/etc/pf.vm/web01.conf": "pass out on tap3\n" }],
			["Pin tap0 in vm.conf: web01 takes it from its next start on", { "/etc/vm.conf": VM.replace("\tinterface {", "\tinterface tap0 {") }],
			[
				"Write rules for the interface group web01vm, which web01 gives its tap from its next start on",
				{ "/etc/pf.vm/web01.conf": "pass out on web01vm\n", "/etc/vm.conf": VM.replace("\tinterface {", "\tinterface { group web01vm") },
			],
		]);
		// What the fixes write is what the languages take.
		for (const [, texts] of fixes) {
			const fixture = host("pass\n|").replace(VM, texts["/etc/vm.conf"] ?? VM);
			const { session, documents, file } = await open(fixture);
			const other = documents.onSameHost(file, "/etc/vm.conf");
			expect(other && diagnostics(session, other).filter(({ severity }) => severity === 1)).toEqual([]);
		}
	});

	test("fixes where vm.conf says a tap and a group already", async () => {
		const opened = await live(host("pass\n", "pass out on ta|p0\n"), [tap("tap0", "web01"), tap("tap4", "db01")]);
		expect(fixed(opened).map(([title, texts]) => [title, Object.keys(texts), texts["/etc/pf.vm/db01.conf"]])).toEqual([
			["Write tap4, the tap that db01 has now", ["/etc/pf.vm/db01.conf"], "pass out on tap4\n"],
			["Pin tap0 in vm.conf: db01 takes it from its next start on", ["/etc/vm.conf"], undefined],
			[
				"Write rules for the interface group db, which db01 gives its tap from its next start on",
				["/etc/pf.vm/db01.conf"],
				"pass out on db\n",
			],
		]);
	});

	test("two taps of one guest, by their order", async () => {
		const opened = await live(host("pass out on tap5\npass out on ta|p6\n"), [tap("tap1", "web01", 0), tap("tap2", "web01", 1)]);
		expect(fixed(opened)[0]?.[0]).toBe("Write tap2, the tap that web01 has now");
	});

	test("a hostile name of a guest is data", async () => {
		const opened = await live(host("pass out on tap0|\n"), [tap("tap0", "$(reboot)\n"), tap("tap3", "web01")]);
		expect(drift(opened)[0]?.[2]).toContain("$(reboot)");
	});
});

describe("rules", () => {
	test("the text is laid out as pfctl lays it out", async () => {
		const { documents, file } = await open(host("pass out on tap0|\n"));
		const { pf } = documents.hostModel(file);
		expect(pf && rulesetText(pf)).toBe(
			[
				"block drop all",
				'anchor "vm/*" all {',
				'  anchor "db01" all {',
				"    pass out on tap1 all flags S/SA",
				"  }",
				'  anchor "web01" all {',
				"    pass out on tap0 all flags S/SA",
				"  }",
				"}",
				"",
			].join("\n"),
		);
	});

	test("counters of limiters stand behind their names, told by their numbers", async () => {
		const limiter = (kind: "state" | "source", id: number, inUse: number): CountedLimiter => ({
			kind,
			id,
			inUse,
			most: 500,
			admitted: 70,
			overLimit: 3,
			overRate: 2,
			overSources: kind === "state" ? 0 : 1,
		});
		const opened = await live(
			"//- /etc/pf.conf\n|state limiter dns id 3 limit 500\nsource limiter web id 3 entries 500 limit 9\nstate limiter idle id 4 limit 9\npass state limiter dns source limiter web\n",
			[],
			[],
			[limiter("state", 3, 12), limiter("source", 3, 40), limiter("source", 4, 1)],
		);
		const { session, file } = opened;
		const hints = inlayHints(session, file, { start: 0, end: file.text.length });
		expect(hints.map(({ position, label, tooltip }) => [position.line, label, tooltip])).toEqual([
			[0, "12 of 500 states", "states 12 of 500, admitted 70, over the limit 3, over the rate 2 (as of 14:03:12)"],
			[1, "40 of 500 sources", "sources 40 of 500, admitted 70, sources too many 1, over the limit 3, over the rate 2 (as of 14:03:12)"],
		]);
	});

	test("counters stand behind their statements, and can be hidden", async () => {
		const counted = (anchor: string, text: string, packets: number): CountedRule => ({
			anchor,
			text,
			packets,
			evaluations: 9,
			bytes: 80,
			states: 1,
		});
		const opened = await live(
			host("pass out on { tap0 tap1 }\npass in on tap0|\n"),
			[],
			[
				counted("vm/web01", "pass out on tap0 all flags S/SA", 2),
				counted("vm/web01", "pass out on tap1 all flags S/SA", 3),
				counted("vm/web01", "pass in on tap0 all flags S/SA", 0),
				counted("vm/db01", "pass out on tap0 all flags S/SA", 70),
			],
		);
		const { session, file } = opened;
		const told = (inlay: object) =>
			inlayHints({ ...session, settings: { inlayHints: { ruleCounts: false, liveTaps: false, ...inlay } } }, file, {
				start: 0,
				end: file.text.length,
			}).map(({ position, label, tooltip }) => [position.line, label, tooltip]);
		expect(told({})).toEqual([
			[0, "5 packets", "packets 5, bytes 160, states 2, evaluations 18 (as of 14:03:12)"],
			[1, "no packets", "never matched since the ruleset was loaded; evaluations 9 (as of 14:03:12)"],
		]);
		expect(told({ counters: false })).toEqual([]);
	});

	test("what earlier readings show stands behind the rules, and at one that has not counted for long enough", async () => {
		const counted = (text: string, packets: number, past: CountedRule["past"]): CountedRule => ({
			anchor: "",
			text,
			packets,
			evaluations: 9,
			bytes: 0,
			states: 0,
			...(past === undefined ? {} : { past }),
		});
		const quiet = { since: "1 Oct", daysWithout: 40 };
		const opened = await open(
			"//- /etc/pf.conf\nset skip on lo\nblock\npass out\npass in proto { tcp udp } to port 53\npass in proto tcp to port { 80 81 }|\n",
		);
		const rules = [
			counted("block drop all", 0, quiet),
			counted("pass out all flags S/SA", 4, { since: "1 Oct", last: "2 Oct" }),
			counted("pass in proto tcp from any to any port = 53 flags S/SA", 0, quiet),
			counted("pass in proto udp from any to any port = 53", 0, { since: "20 Oct", daysWithout: 21 }),
			// Of the other port the host has no rule that reads so.
			counted("pass in proto tcp from any to any port = 80 flags S/SA", 0, quiet),
		];
		const { session, file } = opened;
		const told = (tellAfterDays?: number, loaded = rules) => {
			const asked = tellAfterDays === undefined ? {} : { tellAfterDays };
			const facts = { name: "hv1", taken: "14:03:12", simulated: false, taps: [] };
			opened.documents.setLive([{ etc: ETC, host: facts, counters: { taken: "14:03:12", rules: loaded, limiters: [], ...asked } }]);
			return drift(opened);
		};
		const message = (days: number, since: string) =>
			`hv1 has counted no packet for this rule in ${days} days, since ${since} (as of 14:03:12)`;
		expect(told(30)).toEqual([["live/never-counted", "block", message(40, "1 Oct")]]);
		expect(told(21)).toEqual([
			["live/never-counted", "block", message(40, "1 Oct")],
			["live/never-counted", "pass in proto { tcp udp } to port 53", message(21, "20 Oct")],
		]);
		expect(told(1, [counted("block drop all", 0, { since: "1 Oct", daysWithout: 1 })])).toEqual([
			["live/never-counted", "block", "hv1 has counted no packet for this rule in a day, since 1 Oct (as of 14:03:12)"],
		]);
		for (const days of [undefined, 0, 41]) expect(told(days)).toEqual([]);
		const hints = inlayHints({ ...session, settings: { inlayHints: { ruleCounts: false, serviceNames: false } } }, file, {
			start: 0,
			end: file.text.length,
		});
		expect(hints.map(({ label, tooltip }) => [label, String(tooltip).split("\n")[1]])).toEqual([
			["no packets in 40 days", "counting since 1 Oct"],
			["4 packets", "counting since 1 Oct; last counted 2 Oct"],
			["no packets in 21 days", undefined],
			["no packets in 40 days", "counting since 1 Oct"],
		]);
	});
});

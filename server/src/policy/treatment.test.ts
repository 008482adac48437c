/** What is told of all that the rules which matched a packet do to it. */
import { describe, expect, it } from "vitest";
import type { Rule } from "../pf/rules.ts";
import { systemOf } from "../pf/ruleset/dryrun.ts";
import { readRuleset } from "../pf/ruleset/ruleset.ts";
import { treatmentOf } from "./treatment.ts";

/** The match rules of a text, and the one that decides. */
function read(...lines: readonly string[]): readonly [matched: readonly Rule[], rule: Rule | undefined] {
	const { rules } = readRuleset({ fileName: "pf.conf", text: `${lines.join("\n")}\n`, system: systemOf({}) }).ruleset.main;
	expect(rules).toHaveLength(lines.filter((line) => /^(match|pass|block)/.test(line)).length);
	return [rules.filter(({ action }) => action === "match"), rules.find(({ action }) => action !== "match")];
}
type Ended = Parameters<typeof treatmentOf>[2];
const treated = (lines: readonly string[], ended?: Ended, tag = "") => treatmentOf(...read(...lines), ended, "inet", tag);

describe("what becomes of a packet", () => {
	it.each<[rules: readonly string[], text: string]>([
		[["pass"], "pass"],
		[["pass in on em0 proto tcp to port 22"], "pass"],
		[["pass no state"], "pass no state"],
		[["pass keep state (max 5)"], "pass keep state (max 5)"],
		[["pass allow-opts"], "pass allow-opts"],
		[["pass log"], "pass log"],
		[["match log", "pass"], "pass log"],
		[["match log (all)", "pass log (to pflog1)"], "pass log (to pflog1)"],
		[["match in log (all)", "match in", "pass"], "pass log (all)"],
		[["pass out inet nat-to 203.0.113.10"], "pass nat-to 203.0.113.10"],
		[["match out inet nat-to 203.0.113.10", "pass"], "pass nat-to 203.0.113.10"],
		[["match out inet nat-to 203.0.113.10", "match out inet nat-to 203.0.113.11", "pass out"], "pass nat-to 203.0.113.11"],
		[["match in inet rdr-to 10.0.0.9", "match out inet nat-to 203.0.113.10", "pass"], "pass nat-to 203.0.113.10 rdr-to 10.0.0.9"],
		[
			["queue r on em0 bandwidth 1M", "queue a parent r bandwidth 1M default", "match set prio 3", "match set queue a", "pass set prio 5"],
			"pass set (prio 5, queue a)",
		],
		[["match set (tos 4, delay 5)", "pass set prio (1, 2)"], "pass set (prio(1, 2), tos 0x04, delay 5)"],
		[["match set tos 4", "match set tos 8", "match set delay 5", "pass set delay 9"], "pass set (tos 0x08, delay 9)"],
		[["match scrub (no-df)", "match scrub (random-id max-mss 1400)", "pass"], "pass scrub (no-df random-id max-mss 1400)"],
		[
			["match scrub (min-ttl 9 max-mss 1200)", "match scrub (reassemble tcp)", "pass"],
			"pass scrub (min-ttl 9 reassemble tcp max-mss 1200)",
		],
		[["match scrub (min-ttl 9 max-mss 9)", "match scrub (min-ttl 7 max-mss 8)", "pass"], "pass scrub (min-ttl 7 max-mss 8)"],
		[["match scrub (reassemble tcp random-id)", "match scrub (no-df)", "pass"], "pass scrub (no-df random-id reassemble tcp)"],
		[["match rtable 1", "pass"], "pass rtable 1"],
		[["match rtable 1", "pass rtable 0"], "pass rtable 0"],
		[["pass in inet route-to 10.0.0.9"], "pass route-to 10.0.0.9"],
		[["pass in inet proto tcp divert-to 127.0.0.1 port 80"], "pass divert-to 127.0.0.1 port 80"],
		[['state limiter "a" id 1 limit 9', "match in log", "pass state limiter a (block)"], "pass log state limiter a"],
		[["pass in inet6 to 64:ff9b::/96 af-to inet from 203.0.113.10"], "pass af-to inet from 203.0.113.10"],
		[["block"], "block drop"],
		[["block return"], "block return"],
		[["block return-rst proto tcp"], "block return-rst"],
		[["block log"], "block drop log"],
		[["match log", "block"], "block drop log"],
		[["match log (all)", "block log"], "block drop log"],
		[["match set prio 3", "block"], "block drop"],
	])("%j: %s", (rules, text) => {
		const [, rule] = read(...rules);
		const verdict = rule?.action;
		expect(treated(rules)).toMatchObject({ verdict, reason: "rule", text, key: text });
		expect(treated(rules).rule).toBeDefined();
	});

	it("is what it was tagged with, too", () => {
		expect(treated(["pass"], undefined, "A").text).toBe("pass tag A");
		expect(treated(["pass tag B"]).text).toBe("pass");
		expect(treated(["block"], undefined, "A").text).toBe("block drop");
	});

	it("is to pass, where no rule decides", () => {
		expect(treated([""])).toEqual({ verdict: "pass", reason: "default", rule: undefined, text: "pass no state", key: "pass no state" });
		expect(treated(["match log"]).text).toBe("pass log no state");
	});

	it("is nothing on an interface that is skipped", () => {
		expect(treated(["block log"], "skip")).toEqual({ verdict: "pass", reason: "skip", rule: undefined, text: "skip", key: "skip" });
	});

	it("is to be dropped, whatever rule decided, where a translation fails or a limit is reached", () => {
		expect(treated(["match out inet nat-to 203.0.113.10", "pass log"], "translation")).toMatchObject({
			verdict: "block",
			reason: "translation",
			text: "block drop log",
		});
		expect(treated([""], "translation")).toMatchObject({ verdict: "block", reason: "translation", rule: undefined, text: "block drop" });
		expect(treated(["block return"], "limit")).toMatchObject({ verdict: "block", reason: "limit", text: "block drop" });
	});
});

describe("packets are not treated alike", () => {
	const isAlike = (one: readonly string[], other: readonly string[]) => treated(one).key === treated(other).key;
	const [NET, OTHER] = ["match out inet nat-to 192.0.2.0/24 bitmask", "match out inet nat-to 198.51.100.0/24 bitmask"];
	it("where a pool keeps a part of what another has made of the address", () => {
		expect(isAlike([NET, "pass out"], [NET, "pass out"])).toBe(true);
		expect(isAlike([NET, OTHER, "pass out"], [OTHER, "pass out"])).toBe(false);
		expect(treated([NET, OTHER, "pass out"]).text).toBe(treated([OTHER, "pass out"]).text);
		expect(
			isAlike(
				["match out inet nat-to 203.0.113.10", "match out inet nat-to 203.0.113.11", "pass out"],
				["match out inet nat-to 203.0.113.11", "pass out"],
			),
		).toBe(true);
	});
	it("where ports are taken from a range by the port that was asked for", () => {
		const to = (asked: string, ports: string) => [`match in inet proto tcp to port ${asked} rdr-to 10.0.0.9 port ${ports}`, "pass in"];
		expect(isAlike(to("80:89", "8080:*"), to("80:89", "8080:*"))).toBe(true);
		expect(isAlike(to("80:89", "8080:8089"), to("70:89", "8080:8089"))).toBe(false);
		for (const one of ["8080", "8080:8080"]) expect(isAlike(to("80", one), to("81", one))).toBe(true);
		const any = ["match in inet proto tcp rdr-to 10.0.0.9 port 8080:8089", "pass in"];
		expect(isAlike(any, to("80:89", "8080:8089"))).toBe(false);
		expect(isAlike(any, any)).toBe(true);
	});
});

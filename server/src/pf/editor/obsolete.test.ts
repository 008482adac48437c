import { expect, test } from "vitest";
import { dryRun } from "../ruleset/dryrun.ts";
import { modernised } from "./obsolete.ts";

/** A statement of an older release, and what it is today; undefined where that takes more than other words. */
const cases: readonly (readonly [statement: string, today: string | undefined])[] = [
	["nat on em0 from 10.0.0.0/8 to any -> (em0)", "match out on em0 from 10.0.0.0/8 to any nat-to (em0)"],
	["nat on em0 inet from em1:network to any -> em0 static-port", "match out on em0 inet from em1:network to any nat-to em0 static-port"],
	["nat pass on em0 inet from 10.0.0.0/8 -> 192.0.2.1", "pass out quick on em0 inet from 10.0.0.0/8 nat-to 192.0.2.1"],
	["rdr on em0 inet proto tcp to port 80 -> 10.0.0.1 port 8080", "match in on em0 inet proto tcp to port 80 rdr-to 10.0.0.1 port 8080"],
	[
		"rdr pass log on em0 inet proto tcp to port 80 \\\n\t-> { 10.0.0.1 10.0.0.2 } round-robin",
		"pass in log quick on em0 inet proto tcp to port 80 rdr-to { 10.0.0.1 10.0.0.2 } round-robin",
	],
	["binat on em0 from 10.0.0.1 to any -> 192.0.2.1", "match on em0 from 10.0.0.1 to any binat-to 192.0.2.1"],
	['nat-anchor "ftp-proxy/*"', 'anchor "ftp-proxy/*"'],
	["scrub in all", "set reassemble yes"],
	["scrub in on em0 all fragment reassemble no-df max-mss 1440", "match in on em0 all scrub (no-df max-mss 1440)"],
	["scrub out all random-id min-ttl 64", "match out all scrub (random-id min-ttl 64)"],
	["no nat on em0 from 10.0.0.1", undefined],
	["pass in on em0", undefined],
	['nat = "em0"', undefined],
];

test.each(cases)("%s", (statement, today) => {
	expect(modernised(statement)).toBe(today);
	if (today !== undefined) expect(dryRun(`${today}\n`).accepted).toBe(true);
});

import { expect, test } from "vitest";
import { PfFile } from "../editor/file.ts";
import { dryRun } from "../ruleset/dryrun.ts";
import { MACHINE } from "../ruleset/testing.ts";

/** Of each condition the sides that the examples of `messages.test.ts` leave open: a rule, and what pfctl says of it. */
test.each<readonly [rule: string, ...says: readonly string[]]>([
	["pass inet proto tcp icmp-type 0", "icmp-type mismatch", "icmp-type/code only applies to icmp"],
	["pass proto icmp to (em0) icmp-type echoreq", "must indicate address family with icmp-type/code"],
	["pass proto icmp6 icmp6-type 0", "must indicate address family with icmp-type/code"],
	["pass inet proto icmp6", "proto icmp6 doesn't match address family inet"],
	["pass inet6 proto icmp6"],
	["match allow-opts", "allow-opts can only be specified for pass rules"],
	["pass inet proto icmp icmp-type echoreq fragment", "fragments can be filtered only on IP header fields"],
	["pass proto tcp from any port 80 fragment", "fragments can be filtered only on IP header fields"],
	["pass proto tcp flags S/SA fragment", "fragments can be filtered only on IP header fields"],
	["pass in proto tcp synproxy state (sloppy)", "sloppy state matching cannot be used with synproxy state or modulate state"],
	["match keep state", "keep state is great, but only for pass rules"],
	["match in inet6 scrub (random-id)", "address family inet6 does not support scrub options no-df, random-id"],
	["match in inet scrub (no-df random-id)"],
	["pass in inet rdr-to 10.0.0.9 no state", "nat-to and rdr-to require keep state"],
	["match inet nat-to 192.0.2.9", "nat-to and rdr-to require a direction"],
	["pass proto udp to port 53 user root"],
	["pass proto icmp to port 53 user root", "port only applies to tcp/udp", "user only applies to tcp/udp"],
	["pass keep state (max-src-conn 9, overload <bad>)"],
	["block return-rst proto { tcp udp }", "return-rst can only be applied to TCP rules"],
])("%s", (rule, ...says) => {
	const { stderr } = dryRun(`${rule}\n`, MACHINE);
	const consequences = ["FILE:1: skipping rule due to errors", "FILE:1: rule expands to no valid combination"];
	expect(stderr.filter((line) => !consequences.includes(line))).toEqual(says.map((line) => `FILE:1: ${line}`));
});

test.each(["pass proto icmp to em7 icmp-type echoreq", "pass proto icmp from www.example.com icmp-type echoreq"])(
	"an address that is not known may give a rule its family: %s",
	(rule) => {
		expect(
			PfFile.parse(`${rule}\n`, { path: "/etc/pf.conf" })
				.diagnostics()
				.filter(({ severity }) => severity === "error"),
		).toEqual([]);
	},
);

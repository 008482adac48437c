import { describe, expect, test } from "vitest";
import type { Release } from "../text/vocabulary.ts";
import { checkHost } from "./checks.ts";
import { hostOf } from "./fixture.ts";
import { dryRun } from "./sysctl.ts";

const ON = "net.inet.ip.forwarding=1";
const ON6 = "net.inet6.ip6.forwarding=1";
const EMPTY = "sysctl: top level name  in  is invalid";

describe("what a starting host makes of sysctl.conf", () => {
	test.each<readonly [text: string, release: Release, stderr: readonly string[], settings: readonly string[]]>([
		[`  ${ON}\n`, "7.6", [], [ON]],
		[`  ${ON}\n`, "7.7", [EMPTY], []],
		[`\t${ON}\n${ON6}\n`, "7.8", [EMPTY], [ON6]],
		[`${ON} ${ON6}\n`, "7.6", [], [ON, ON6]],
		[`${ON} ${ON6}\n`, "7.7", [], [ON]],
		[`${ON}# on\n${ON6}\t# on\n`, "7.8", [], [ON, ON6]],
		["net.inet.ip.forwarding = 1\n", "7.8", [], []],
		["net.inet.ip.forwarding = 1\n", "7.6", [EMPTY, "sysctl: top level name 1 in 1 is invalid"], []],
		[`# on\n\n${ON}`, "7.8", [], [ON]],
		["  # on\n", "7.8", [EMPTY], []],
		["   \n", "7.8", [EMPTY], []],
		["  # on\n   \n", "7.6", [], []],
		["nte.inet.ip.forwarding=1\n", "7.8", ["sysctl: top level name nte in nte.inet.ip.forwarding is invalid"], []],
		["net.inet.ip.forwarding=on\n", "7.8", ["sysctl: net.inet.ip.forwarding: value is invalid: on"], []],
		["net.inet.ip.forwarding=3\n", "7.8", ["sysctl: net.inet.ip.forwarding: Invalid argument"], []],
		["net.inet.ip.forwarding=2\n", "7.8", [], ["net.inet.ip.forwarding=2"]],
		["net.inet.ip.forwarding=\n", "7.8", [], []],
		["net.inet6.ip6.soiikey=00\n", "7.7", [], ["net.inet6.ip6.soiikey=00"]],
		["net.inet6.ip6.soiikey=00\n", "7.8", ["sysctl: fourth level name soiikey in net.inet6.ip6.soiikey is invalid"], []],
		["net.inet6.divert.sendspace=65536\n", "7.7", [], ["net.inet6.divert.sendspace=65536"]],
		["net.inet6.divert.sendspace=65536\n", "7.8", ["sysctl: net.inet6.divert.sendspace: no variables defined for this protocol"], []],
		["machdep.vmmode=1\n", "7.8", ["sysctl: second level name vmmode in machdep.vmmode is invalid"], []],
		["machdep.vmmode=1\nhw.blockcpu=1\n", "7.9", [], ["machdep.vmmode=1", "hw.blockcpu=1"]],
	])("%j of %s", (text, release, stderr, settings) => {
		expect(dryRun(text, { release })).toEqual({ accepted: stderr.length === 0, stderr, settings });
	});
});

describe("names that a release does not have", () => {
	test.each<readonly [line: string, release: Release, told: string | undefined]>([
		["net.inet6.ip6.soiikey=00", "7.8", "net.inet6.ip6.soiikey is gone since OpenBSD 7.8"],
		["net.inet6.ip6.soiikey=00", "7.7", undefined],
		["net.inet6.divert.recvspace=65636", "7.8", "net.inet6.divert.recvspace is gone since OpenBSD 7.8"],
		["machdep.vmmode=1", "7.8", "machdep.vmmode came with OpenBSD 7.9; 7.8 does not have it"],
		["machdep.vmmode=1", "7.9", undefined],
	])("%s of %s", (line, release, told) => {
		const found = checkHost(hostOf(`//- /etc/sysctl.conf\n${line}\n`, { release })).get("/etc/sysctl.conf") ?? [];
		const names = found.filter(({ code }) => code === "host/sysctl-name");
		expect(names.map(({ message }) => message.template.replace(/\{(\d)\}/g, (_, i) => String(message.args[Number(i)])))).toEqual(
			told === undefined ? [] : [told],
		);
	});
});

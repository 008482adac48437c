import { expect, test } from "vitest";
import { dryRun } from "../ruleset/dryrun.ts";
import { ANY_FINGERPRINTS, parseFingerprints } from "./fingerprints.ts";

/** Lines of pf.os(5): window, TTL, DF, size, options, class, version, subtype, description. */
const LIST = `# comment
S22:64:1:60:M*,S,T,N,W7:Linux:2.6::Linux 2.6
16384:64:1:64:M*,N,N,S,N,W3,N,N,T:OpenBSD:3.0-3.2::OpenBSD 3.0-3.2
16384:64:0:64:M*,N,N,S:OpenBSD:3.3:no-df:OpenBSD 3.3 (scrub no-df) # behind it
8192:128:1:48:M*,N,N,S:@Windows:2000:SP1-3:Windows 2000 SP1
8192:128:1:52:M*,N,N,S:Windows:XP:5:Windows XP
8192:128:1:52:M*,N,N,S:Windows:1.0:2:Windows 1.0.2
*:64:1:60:M*:*NMAP:syn scan:1:nmap
45046:64:0:44:M*:AIX:4-6::AIX
45046:64:0:44:M*:BeOS:5.0-6.1::BeOS
45046:64:0:44:M*:BSD:1-1.5::BSD
too:few:fields:OS:1
`;

const fingerprints = parseFingerprints(LIST);

test("classes are listed in the order in which they came last", () =>
	expect(fingerprints.classes).toEqual(["Linux", "OpenBSD", "Windows", "NMAP", "AIX", "BeOS", "BSD"]));

test.each([
	["OpenBSD", "OpenBSD"],
	["openbsd", "OpenBSD"],
	["unknown", "unknown"],
	["UNKNOWN", "unknown"],
	["Plan9", "nomatch"],
	["Plan9 4", "nomatch"],
	["Linux 2.6", "Linux 2.6"],
	["Linux 2.4", "nomatch"],
	["OpenBSD 3.0", "OpenBSD 3.0"],
	["OpenBSD 3.1", "OpenBSD 3.1"],
	["OpenBSD 3.2", "OpenBSD 3.2"],
	["openbsd 3.0-3.2", "OpenBSD 3.0-3.2"],
	["OpenBSD 2.9", "nomatch"],
	["OpenBSD 3.3 no-df", "OpenBSD 3.3 no-df"],
	["OpenBSD 3.3 NO-DF", "OpenBSD 3.3 no-df"],
	["OpenBSD 3.3_no-df", "nomatch"],
	["OpenBSD 3.3 ", "nomatch"],
	["OpenBSD 3.3 df", "nomatch"],
	["Windows 2000 SP1-3", "Windows 2000 SP1-3"],
	["Windows XP 5", "Windows XP 5"],
	["Windows XP-5", "Windows XP 5"],
	["Windows XP.5", "Windows XP 5"],
	["Windows 1.0.2", "Windows 1.0.2"],
	["Windows 1.0 2", "Windows 1.0.2"],
	["NMAP syn scan", "NMAP syn scan"],
	["NMAP syn scan 1", "NMAP syn scan 1"],
	["AIX 4", "AIX 4"],
	["AIX 5", "AIX 5"],
	["AIX 6", "AIX 6"],
	["AIX 7", "nomatch"],
	["AIX 4-6", "AIX 4-6"],
	["BeOS 5.0-6.1", "BeOS 5.0-6.1"],
	["BeOS 5.0", "nomatch"],
	["BSD 1-1.5", "BSD 1-1.5"],
	["BSD 1", "nomatch"],
])("%j is printed as %j", (name, printed) => expect(fingerprints.printed(name)).toBe(printed));

test("without a list every name stands as it is written", () => {
	expect(ANY_FINGERPRINTS.printed("Plan9 4")).toBe("Plan9 4");
	expect(ANY_FINGERPRINTS.classes).toEqual([]);
});

test("a rule has the name that the host's list gives it", () => {
	expect(dryRun('pass proto tcp from any os "openbsd 3.1"\n', { fingerprints: LIST }).stdout).toBe(
		'pass proto tcp from any os "OpenBSD 3.1" to any flags S/SA\n',
	);
});

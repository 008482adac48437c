/**
 * The words that some releases alone have, by what the project itself says of its releases: the pages www/NN.html and
 * www/plusNN.html, the manual pages and grammars at the revision of the release. Facts only; typed by hand.
 */
import { expect, test } from "vitest";
import type { Release } from "../text/vocabulary.ts";
import { datedWords, releaseWords } from "./release-words.ts";

const OLDEST = 7.4;

type Row = readonly [file: string, release: Release, words: string, source: string];

const CAME: readonly Row[] = [
	["hostname.if", "7.4", "tcplro, -tcplro", "74.html: tcprecvoffload renamed"],
	["hostname.if", "7.4", "wgdescription, -wgdescription, wgdescr, -wgdescr", "74.html, ifconfig.8"],
	["interfaces", "7.4", "sec(4)", "74.html"],
	["hostname.if", "7.5", "endpoint", "75.html: static entries of vxlan(4)"],
	["interfaces", "7.6", "rport(4)", "76.html"],
	["vm.conf", "7.6", "sev", "76.html, vm.conf.5"],
	["hostname.if", "7.7", "-endpoint", "77.html"],
	["hostname.if", "7.7", "tunneldf on sec(4), -tunneldf on sec(4)", "77.html"],
	["sysctl.conf", "7.7", "kern.audio.kbdcontrol", "77.html"],
	["interfaces", "7.8", "erspan(4)", "78.html"],
	["vm.conf", "7.8", "seves", "vmd/parse.y 1.72"],
	["sysctl.conf", "7.8", "ddb.suspend", "78.html"],
	["hostname.if", "7.9", "untagged, -untagged, tagged, -tagged", "veb.4 1.7, ifconfig/brconfig.c 1.45"],
	[
		"hostname.if",
		"7.9",
		"pvlan, -pvlan, pvlan-isolated, pvlan-community, -pvlan-isolated, -pvlan-community",
		"veb.4 1.7, ifconfig/brconfig.c 1.45",
	],
	["hostname.if", "7.9", "locked, -locked, pvptags, -pvptags", "veb.4 1.7, ifconfig/brconfig.c 1.45"],
	["hostname.if", "7.9", "vnetid on veb(4), -vnetid on veb(4), vlan on veb(4), -vlan on veb(4)", "veb.4 1.7"],
	["hostname.if", "7.9", "txprio on veb(4), rxprio on veb(4)", "veb.4 1.7"],
	["hostname.if", "7.9", "wpaakms sha256-psk", "plus79.html"],
	["pf.conf", "7.9", "above, below, entries, id, limiter, mask, no-match, rate, source", "parse.y of 2026, its reserved words"],
	["pf.conf", "7.9", "state (statement), state (filter option), block (limiter action), limit (limiter option)", "pf.conf.5: limiters"],
	["pf.conf", "7.9", "inet (limiter option), inet6 (limiter option), table (limiter option)", "pf.conf.5: limiters"],
	["sysctl.conf", "7.9", "hw.blockcpu, machdep.vmmode", "plus79.html"],
	["hostname.if", "8.0", "nwflag uapsd, -nwflag uapsd", "plus80.html"],
];

const WENT: readonly Row[] = [
	["hostname.if", "7.4", "tcprecvoffload, -tcprecvoffload", "74.html"],
	["sysctl.conf", "7.8", "net.inet6.ip6.soiikey, net.inet6.divert.recvspace, net.inet6.divert.sendspace, fs.posix.setuid", "78.html"],
];

const rowsOf = (facts: readonly Row[]) =>
	facts.flatMap(([file, release, words]) => words.split(", ").map((word) => `${file}: ${word}, ${release}`)).sort();

function rowsKnown(which: "since" | "until"): readonly string[] {
	const known = datedWords().flatMap(({ file, name, [which]: release }) =>
		release === undefined || Number(release) < OLDEST ? [] : [`${file}: ${name}, ${release}`],
	);
	return [...new Set(known)].sort();
}

test("every word that came with one of the releases says so, and no other does", () => {
	expect(rowsKnown("since")).toEqual(rowsOf(CAME));
});

test("every word that went with one of the releases says so, and no other does", () => {
	expect(rowsKnown("until")).toEqual(rowsOf(WENT));
});

test("a word that another place of the file always had names its place", () => {
	const [release] = releaseWords().filter(({ name }) => name === "7.9");
	expect(release?.came["pf.conf"]).toEqual(expect.arrayContaining(["limiter", "limit (limiter option)"]));
	expect(release?.came["pf.conf"]).not.toContain("limit");
});

/** The VLANs of a veb: what the checks say of a host of 7.9 that has each fault, and that the host without is in order. */
import { expect, it, test } from "vitest";
import { checkHost, type HostCode } from "./checks.ts";
import { faultsOf, filesOf, fixesOf, told } from "./fixture.ts";
import { hostBuilder } from "./model.ts";
import { pfFacts } from "./pf-facts.ts";

/** web01 in VLAN 10, db01 in VLAN 20, both on the trunk em1; the host is in both, in the second by a vlan(4). */
const good: Readonly<Record<string, string>> = {
	"/etc/vm.conf": `switch "lan" {
	interface veb0
	locked lladdr
}
vm "web01" {
	disk "/web01"
	interface tap1 { switch "lan" lladdr fe:e1:bb:d1:00:01 }
}
vm "db01" {
	disk "/db01"
	interface tap2 { switch "lan" lladdr fe:e1:bb:d1:00:02 }
}
`,
	"/etc/hostname.em0": "inet 192.0.2.2 255.255.255.0\n",
	"/etc/hostname.em1": "up\n",
	"/etc/hostname.tap1": "# web01\n",
	"/etc/hostname.tap2": "# db01\n",
	"/etc/hostname.vport0": "inet 10.10.0.1 255.255.255.0\nup\n",
	"/etc/hostname.vlan20": "parent vport0\nvnetid 20\ninet 10.20.0.1 255.255.255.0\nup\n",
	"/etc/hostname.veb0": `link1
add em1
-untagged em1
tagged em1 10,20
add vport0
untagged vport0 10
tagged vport0 20
add tap1
untagged tap1 10
add tap2
untagged tap2 20
up
`,
	"/etc/pf.conf":
		"set state-policy if-bound\nblock\npass out on em0\npass in on em0 proto tcp to (em0) port 22\npass on { tap1 tap2 vport0 vlan20 }\n",
};

type Change = readonly [path: string, before: string, after: string];

function changed(changes: readonly Change[]): string {
	const files = new Map(Object.entries(good));
	for (const [name, before, after] of changes) {
		const path = `/etc/${name}`;
		const text = files.get(path) ?? "";
		if (!text.includes(before)) throw new Error(`${path} has no ${before}`);
		files.set(path, text.replace(before, after));
	}
	return [...files].map(([path, text]) => `//- ${path}\n${text}`).join("");
}

const veb = (before: string, after: string): Change => ["hostname.veb0", before, after];

function foundIn(text: string, release = "7.9") {
	const files = filesOf(text);
	const pf = pfFacts(files);
	const host = hostBuilder()({ name: "hv1", files, release: release as "7.9", ...(pf === undefined ? {} : { pf }) });
	return [...checkHost(host)].flatMap(([path, list]) => list.map((one) => ({ code: one.code, told: told(files, path, one), one, path })));
}

it("nothing is wrong with the host that the others are changes of", () => {
	expect(foundIn(changed([])).map((one) => one.told)).toEqual([]);
});

test.each<readonly [what: string, code: HostCode, changes: readonly Change[], found: readonly string[]]>([
	["a VLAN of guests alone", "host/isolated-segment", [veb("untagged tap2 20", "untagged tap2 30")], ["/etc/hostname.veb0: untagged"]],
	["a VLAN whose trunk is there", "host/isolated-segment", [veb("tagged vport0 20\n", "")], []],
	["all VLANs on a trunk", "host/vlan-of-one-port", [veb("tagged em1 10,20", "tagged em1 all")], []],
	["a range that is carried in advance", "host/vlan-of-one-port", [veb("tagged em1 10,20", "tagged em1 10-40")], []],
	["ports that a command may add", "host/vlan-of-one-port", [veb("tagged em1 10,20", "tagged em1 10,20,30\n!ifconfig veb0 up")], []],
	["a tap that vmd adds into the veb's VLAN", "host/vlan-of-one-port", [veb("link1", "link1\nvnetid 10")], []],
	["untagged frames that are left to the host", "host/port-without-vlan", [veb("-untagged em1", "untagged em1 passthrough")], []],
	[
		"a locked port with the guest's address",
		"host/locked-out",
		[veb("untagged tap1 10", "untagged tap1 10\nstatic tap1 fe:e1:bb:d1:00:01@10\n-learn tap1\n-discover tap1\nlocked tap1")],
		[],
	],
	[
		"a trunk with frames that have no tag",
		"host/rule-on-tagged-port",
		[["pf.conf", "on { tap1", "on { em1 tap1"], veb("-untagged em1\n", "")],
		[],
	],
	[
		"a vlan(4) on a port that does not carry its tag",
		"host/veb-drops-tags",
		[veb("tagged vport0 20\n", "")],
		["/etc/hostname.veb0: vport0"],
	],
	[
		"a vlan(4) of the host beside the veb",
		"host/tag-taken",
		[["hostname.vlan20", "parent vport0", "parent em1"], veb("tagged vport0 20\n", "")],
		["/etc/hostname.veb0: em1"],
	],
	["a tag that goes past the veb", "host/tag-taken", [["hostname.vlan20", "parent vport0\nvnetid 20", "parent em1\nvnetid 30"]], []],
])("%s", (_, code, changes, found) => {
	const text = changed(changes);
	const pf = pfFacts(filesOf(text));
	expect(faultsOf(code, text, { release: "7.9", ...(pf === undefined ? {} : { pf }) })).toEqual(found);
});

test("before 7.9 a veb drops tags, and with link0 lets them through", () => {
	const words = (text: string) => faultsOf("host/veb-drops-tags", text, { release: "7.7" });
	const old = changed([]).replace(/^-?(un)?tagged .*\n/gm, "");
	expect(words(old)).toEqual(["/etc/hostname.veb0: vport0"]);
	expect(words(old.replace("link1", "link0\nlink1"))).toEqual([]);
});

test("where the release is not known, link0 without a word of VLANs is a veb of before 7.9", () => {
	const old = changed([])
		.replace(/^-?(un)?tagged .*\n/gm, "")
		.replace(/^vnetid .*\n(?=add|link)/gm, "");
	expect(faultsOf("host/veb-drops-tags", old.replace("link1", "link0\nlink1"))).toEqual([]);
	expect(faultsOf("host/veb-drops-tags", old.replace("link1", "link0\nlink1"), { release: "7.9" })).toEqual(["/etc/hostname.veb0: vport0"]);
	expect(faultsOf("host/veb-drops-tags", old)).toEqual(["/etc/hostname.veb0: vport0"]);
	// Before 7.9, the ifconfig of the host would refuse what is right for 7.9.
	expect(fixesOf("host/veb-drops-tags", old)).toEqual([]);
	expect(fixesOf("host/veb-drops-tags", changed([["hostname.veb0", "tagged vport0 20\n", ""]]))).toHaveLength(1);
});

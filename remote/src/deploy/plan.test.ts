/** What a plan says would change, over a host in memory. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import type { WantedFile } from "./files.ts";
import { fileDiff, filesAfter, makePlan, type Plan } from "./plan.ts";
import { guestHeader, guestLine, type HostInMemory, hostInMemory } from "./testing.ts";

/** Two lists of so many make 90,000 rules. */
const MANY = `{ ${Array.from({ length: 300 }, (_, index) => index + 1).join(" ")} }`;

function plan(host: HostInMemory, ...wanted: WantedFile[]): Promise<Plan> {
	return makePlan(host.connect(), wanted, { root: host.root });
}

const pf = (text: string): WantedFile => ({ path: "/etc/pf.conf", text });

describe("a file", () => {
	test("that is as it should be is unchanged, and nothing is run for it", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "pass\n", permissions: "-rw-------" });
		const made = await plan(host, pf("pass\n"));
		expect(made).toMatchObject({
			host: "hv1",
			changes: [],
			unchanged: ["/etc/pf.conf"],
			others: [],
			drifted: [],
			activations: [],
			notes: [],
		});
		expect(made.survival).toEqual({ kind: "unaffected" });
	});

	test("of other content keeps the permissions that the host gave it", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "block\n", permissions: "-rw-r-----" });
		const { changes, unchanged, before } = await plan(host, pf("pass\n"));
		expect(changes).toEqual([
			{
				path: "/etc/pf.conf",
				role: "pf",
				before: { kind: "file", text: "block\n", mode: 0o640, owner: 0, group: 0 },
				text: "pass\n",
				mode: 0o640,
				owner: 0,
				group: 0,
				differs: ["content"],
				diff: "--- a/etc/pf.conf\n+++ b/etc/pf.conf\n@@ -1 +1 @@\n-block\n+pass\n",
			},
		]);
		expect(unchanged).toEqual([]);
		expect(before).toEqual(new Map([["/etc/pf.conf", "block\n"]]));
	});

	test.each([
		["/etc/pf.conf", 0o600],
		["/etc/pf.anchors/web.conf", 0o600],
		["/etc/hostname.em0", 0o640],
		["/etc/vm.conf", 0o644],
		["/etc/sysctl.conf", 0o644],
	])("%s that is new gets its permissions", async (path, mode) => {
		const { changes } = await plan(hostInMemory(), { path, text: "x\n" });
		expect(changes).toMatchObject([
			{ before: { kind: "absent" }, mode, differs: ["content"], diff: `--- /dev/null\n+++ b${path}\n@@ -0,0 +1 @@\n+x\n` },
		]);
	});

	test("of an interface is shut to others, whatever it was", async () => {
		const host = hostInMemory();
		host.files.set("/etc/hostname.em0", { text: "up\n", permissions: "-rw-r--r--" });
		const { changes } = await plan(host, { path: "/etc/hostname.em0", text: "up\n" });
		expect(changes).toMatchObject([{ mode: 0o640, differs: ["mode"], diff: "" }]);
	});

	test.each([
		[1, 0],
		[0, 5],
	])("of user %i and group %i becomes root's", async (owner, group) => {
		const host = hostInMemory();
		host.files.set("/etc/vm.conf", { text: "", owner, group });
		const { changes } = await plan(host, { path: "/etc/vm.conf", text: "" });
		expect(changes).toMatchObject([{ before: { owner, group }, owner: 0, group: 0, differs: ["owner"] }]);
	});

	test("that is taken away, and one that is not there", async () => {
		const host = hostInMemory();
		host.files.set("/etc/vm.conf", { text: "x\n", permissions: "-rw-rw-rw-", owner: 9 });
		const { changes, unchanged } = await plan(
			host,
			{ path: "/etc/vm.conf", text: undefined },
			{ path: "/etc/dhcpd.conf", text: undefined },
		);
		expect(changes).toMatchObject([
			{ text: undefined, differs: ["content"], diff: "--- a/etc/vm.conf\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n" },
		]);
		expect(unchanged).toEqual(["/etc/dhcpd.conf"]);
	});

	test("of an interface that is taken away differs by its content alone", async () => {
		const host = hostInMemory();
		host.files.set("/etc/hostname.em0", { text: "up\n", permissions: "-rw-r--r--" });
		const { changes } = await plan(host, { path: "/etc/hostname.em0", text: undefined });
		expect(changes.map(({ differs }) => differs)).toEqual([["content"]]);
	});

	test.each([
		["link", "/etc/pf.conf on hv1 is reached by a symbolic link: it is not touched"],
		["loose", "/etc/pf.conf on hv1 is in a folder that others than root may write: it is not touched"],
		["drwxr-xr-x 2 0 0", "/etc/pf.conf on hv1 is not a plain file: it is not touched"],
	] as const)("that is no plain one (%s) is not touched", async (lies, message) => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", lies);
		await expect(plan(host, pf("pass\n"))).rejects.toMatchObject({ fault: "unsupported", message });
	});

	test.each([
		["/etc/passwd", undefined],
		["/etc/ssh/../passwd", true],
		["/usr/local/x", true],
	])("%s is none that is deployed", async (path, listed) => {
		const host = hostInMemory();
		const wanted = { path, text: "", ...(listed === undefined ? {} : { listed }) };
		await expect(plan(host, wanted)).rejects.toMatchObject({ fault: "unsupported", message: `${path} is not a file that is deployed` });
		expect(host.asked).toEqual([]);
	});

	test("that is listed may be any below /etc", async () => {
		const { changes } = await plan(hostInMemory(), { path: "/etc/motd", text: "hi\n", listed: true });
		expect(changes).toMatchObject([{ path: "/etc/motd", role: "other", mode: 0o644 }]);
	});
});

test("files of the host that nobody wants stay, and are read with the others", async () => {
	const host = hostInMemory();
	host.files.set("/etc/pf.conf", { text: "pass\n" });
	host.files.set("/etc/pf.os", { text: "x\n" });
	host.files.set("/etc/motd", { text: "hi\n" });
	host.files.set("/etc/hostname.em0", "link");
	const made = await plan(host, pf("block\n"));
	expect(made.others).toEqual(["/etc/pf.os", "/etc/motd", "/etc/hostname.em0"]);
	expect([...made.before]).toEqual([
		["/etc/pf.conf", "pass\n"],
		["/etc/pf.os", "x\n"],
	]);
	expect([...filesAfter(made)]).toEqual([
		["/etc/pf.conf", "block\n"],
		["/etc/pf.os", "x\n"],
	]);
});

test("what somebody changed since it was deployed has drifted: other text, or taken away", async () => {
	const host = hostInMemory();
	host.files.set("/etc/pf.conf", { text: "block\n" });
	host.files.set("/etc/vm.conf", { text: "old\n" });
	host.files.set("/etc/dhcpd.conf", { text: "never deployed\n" });
	host.files.set("/etc/sysctl.conf", { text: "ours\n" });
	for (const [path, text] of [
		["/etc/pf.conf", "pass\n"],
		["/etc/vm.conf", "old\n"],
		["/etc/hostname.em0", "up\n"],
		["/etc/sysctl.conf", "before\n"],
	] as const)
		host.deployed.set(path, text);
	const { drifted } = await plan(
		host,
		pf("match\n"),
		...["/etc/vm.conf", "/etc/dhcpd.conf", "/etc/hostname.em0"].map((path) => ({ path, text: "new\n" })),
		// Changed to what is wanted: nothing is lost.
		{ path: "/etc/sysctl.conf", text: "ours\n" },
	);
	expect(drifted).toEqual(["/etc/pf.conf", "/etc/hostname.em0"]);
});

test("anchors are told before and after, with those of files that files load", async () => {
	const host = hostInMemory();
	host.files.set("/etc/pf.conf", { text: 'anchor a\nload anchor a from "/etc/pf.a"\n' });
	host.files.set("/etc/pf.a", { text: 'anchor b\nload anchor b from "/etc/pf.b"\n' });
	const { anchors, activations } = await plan(host, pf('anchor c\nload anchor c from "/etc/pf.b"\n'));
	expect(anchors).toEqual({ before: ["a", "a/b"], after: ["c"] });
	expect(activations.map(({ words }) => words.join(" "))).toEqual([
		"pfctl -f /etc/pf.conf",
		"pfctl -a a -F rules",
		"pfctl -a a/b -F rules",
	]);
});

test("guests are told of by the live state, and rc.conf.local by its text before and after", async () => {
	const host = hostInMemory();
	host.guests = [guestHeader, guestLine(1, "web", "running"), guestLine(2, "db", "stopped")].join("\n");
	host.files.set("/etc/rc.conf.local", { text: "dhcpd_flags=NO\n" });
	const { activations, notes, live } = await plan(
		host,
		{ path: "/etc/vm.conf", text: "" },
		{ path: "/etc/rc.conf.local", text: "dhcpd_flags=vport0\n" },
	);
	expect(live.guests.map(({ name, state }) => `${name} ${state}`)).toEqual(["web running", "db stopped"]);
	expect(activations.map(({ words }) => words.join(" "))).toEqual(["vmctl reload", "rcctl start dhcpd"]);
	expect(render(activations[0]?.disturbs ?? { template: "", args: [] })).toContain("not disabled: db");
	expect(notes).toHaveLength(1);
});

test("a daemon whose flags change is restarted", async () => {
	const host = hostInMemory();
	host.files.set("/etc/rc.conf.local", { text: "dhcpd_flags=vport0\n" });
	const { activations } = await plan(host, { path: "/etc/rc.conf.local", text: "dhcpd_flags=vport1\n" });
	expect(activations.map(({ words }) => words.join(" "))).toEqual(["rcctl restart dhcpd"]);
});

test("guests are restarted where that is asked for", async () => {
	const host = hostInMemory();
	const { activations } = await makePlan(host.connect(), [{ path: "/etc/vm.conf", text: "" }], { root: host.root, guestsBy: "restart" });
	expect(activations.map(({ words }) => words.join(" "))).toEqual(["rcctl restart vmd"]);
});

describe("whether our connection survives", () => {
	test.each([
		["pass in proto tcp to port 22\n", { kind: "survives", rule: "pass in proto tcp from any to any port = 22 flags S/SA" }],
		["block in\n", { kind: "blocked", rule: "block drop in all" }],
		["block in\npass in from egress:network\n", { kind: "blocked", rule: "block drop in all" }],
		[
			"block in\npass in on egress from 198.51.100.7\n",
			{ kind: "survives", rule: "pass in on egress inet from 198.51.100.7 to any flags S/SA" },
		],
		[
			"pass in to 203.0.113.0/25\nblock in to (em0:broadcast)\n",
			{ kind: "survives", rule: "pass in inet from any to 203.0.113.0/25 flags S/SA" },
		],
	])("%j", async (text, survival) => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "# before\n" });
		expect((await plan(host, pf(text))).survival).toEqual(survival);
	});

	test.each<[string, (host: HostInMemory) => void, string | undefined, string]>([
		["without a ruleset", () => undefined, undefined, "the host has no /etc/pf.conf"],
		[
			"where the host does not say how we came",
			(host) => Object.assign(host, { ends: "" }),
			"pass\n",
			"the host does not tell by which address we came",
		],
		[
			"by an address that no interface has",
			(host) => Object.assign(host, { ends: "198.51.100.7 5 203.0.113.11 22" }),
			"pass\n",
			"no interface of the host has the address 203.0.113.11 that we came to",
		],
		[
			"where it is a matter of chance",
			() => undefined,
			"block in\npass in probability 50%\n",
			"it depends on probability of: pass in all flags S/SA probability 50%",
		],
		[
			"where lists make more rules than are looked at",
			() => undefined,
			`pass\nblock in proto tcp from any port ${MANY} to any port ${MANY}\n`,
			"it depends on rules that are left out, because they are too many",
		],
	])("is not known %s", async (_, change, text, why) => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "# before\n" });
		change(host);
		const { survival } = await plan(host, { path: "/etc/pf.conf", text });
		expect(survival.kind === "unknown" ? render(survival.why) : survival).toBe(why);
	});

	test("is asked of the whole ruleset where only a file that it loads changes", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: 'block in\nanchor a\nload anchor a from "/etc/pf.a"\n' });
		expect((await plan(host, { path: "/etc/pf.a", text: "pass in proto tcp\n" })).survival).toMatchObject({ kind: "survives" });
		expect((await plan(host, { path: "/etc/vm.conf", text: "" })).survival).toEqual({ kind: "unaffected" });
	});

	test("is asked of IPv6 too", async () => {
		const host = hostInMemory();
		host.interfaces = "em1: flags=8843<UP> mtu 1500\n\tinet6 2001:db8::1 prefixlen 64";
		host.ends = "2001:db8::7 5 2001:db8::1 22";
		expect((await plan(host, pf("block in\npass in on em1 inet6 from (em1:network)\n"))).survival).toMatchObject({ kind: "survives" });
		expect((await plan(host, pf("block in\npass in on em0 inet6\n"))).survival).toMatchObject({ kind: "blocked" });
	});
});

test("the difference of no file is told as diff does", () => {
	expect(fileDiff("/etc/x", undefined, "a\n")).toBe("--- /dev/null\n+++ b/etc/x\n@@ -0,0 +1 @@\n+a\n");
	expect(fileDiff("/etc/x", "a\n", undefined)).toBe("--- a/etc/x\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n");
	expect(fileDiff("/etc/x", undefined, undefined)).toBe("");
});

describe("what interfaces and the default route mean for our own connection", () => {
	const own = "inet 203.0.113.10/24\n";
	test.each<[what: string, files: Readonly<Record<string, string>>, wanted: WantedFile, why: string | undefined]>([
		[
			"another address of our interface",
			{ "/etc/hostname.em0": own },
			{ path: "/etc/hostname.em0", text: "inet 203.0.113.11/24\n" },
			"em0 loses the address 203.0.113.10 that we came to",
		],
		[
			"our address beside another",
			{ "/etc/hostname.em0": own },
			{ path: "/etc/hostname.em0", text: `inet 203.0.113.11/24\ninet alias 203.0.113.10/32\n` },
			undefined,
		],
		["an address by DHCP", { "/etc/hostname.em0": own }, { path: "/etc/hostname.em0", text: "inet autoconf\n" }, undefined],
		[
			"no file of our interface",
			{ "/etc/hostname.em0": own },
			{ path: "/etc/hostname.em0", text: undefined },
			"em0 loses the address 203.0.113.10 that we came to",
		],
		["another interface", { "/etc/hostname.em1": "up\n" }, { path: "/etc/hostname.em1", text: "inet 10.0.0.1/24\n" }, undefined],
		["a gateway of our network", { "/etc/mygate": "203.0.113.1\n" }, { path: "/etc/mygate", text: "203.0.113.2\n" }, undefined],
		[
			"a gateway of no network",
			{ "/etc/mygate": "203.0.113.1\n" },
			{ path: "/etc/mygate", text: "192.0.2.2\n" },
			"no network of the host has the gateway 192.0.2.2, by which what it answers reaches us",
		],
		[
			"no gateway",
			{ "/etc/mygate": "203.0.113.1\n" },
			{ path: "/etc/mygate", text: undefined },
			"there is no default route any more, by which what the host answers reaches us",
		],
	])("%s", async (_, files, wanted, why) => {
		const host = hostInMemory();
		for (const [path, text] of Object.entries(files)) host.files.set(path, { text });
		const { survival } = await makePlan(host.connect(), [wanted], { root: host.root });
		expect(survival.kind === "lost" ? render(survival.why) : undefined).toBe(why);
	});
});

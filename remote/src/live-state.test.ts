import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { liveScript } from "./live-script.ts";
import { type LiveState, readLiveState } from "./live-state.ts";

const MARKER = "0123456789abcdef";

const system = "OpenBSD hv1.example.org 7.6 GENERIC.MP#332 amd64";
const header = "   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME";

interface Answers {
	readonly system?: string;
	readonly guests?: string;
	readonly guestStatus?: number;
	readonly interfaces?: string;
}

/** What the script prints where the three commands print this. */
function answer({ system: uname = system, guests = header, guestStatus = 0, interfaces = "" }: Answers): string {
	const section = (name: string, output: string, status: number) =>
		`${MARKER} begin ${name}\n${output === "" ? "" : `${output}\n`}\n${MARKER} end ${name} ${status}\n`;
	return section("system", uname, 0) + section("guests", guests, guestStatus) + section("interfaces", interfaces, 0);
}

const read = (answers: Answers): LiveState => readLiveState(answer(answers), MARKER);

const guests = [
	header,
	"    1 48213     1    1.0G    312M   ttyp3         root  running web01",
	"    2 51877     1    2.0G    1.1G   ttyp5        alice  running db01",
	"    4 60022     1    512M   98.4M   ttyp6 alice:vmdusers   paused build",
	"    3     -     1    512M       -       -         root  stopped old.example",
	"    5     -     1    512M       -       - root:vmdusers  waiting clone1",
].join("\n");

const tap = (name: string, description: string | undefined, more: { readonly status?: string; readonly rest?: string } = {}): string => {
	const active = (more.status ?? "active") === "active";
	return [
		`${name}: flags=${active ? "8943<UP,BROADCAST,RUNNING,PROMISC,SIMPLEX,MULTICAST>" : "8902<BROADCAST,PROMISC,SIMPLEX,MULTICAST>"} mtu 1500`,
		"\tlladdr fe:e1:ba:d2:31:05",
		...(description === undefined ? [] : [`\tdescription: ${description}`]),
		"\tindex 9 priority 0 llprio 3",
		"\tgroups: tap",
		`\tstatus: ${more.status ?? "active"}`,
		...(more.rest === undefined ? [] : [more.rest]),
	].join("\n");
};

const switches = [
	"em0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> rdomain 2 mtu 1500",
	"\tlladdr 00:1b:21:aa:00:01",
	"\tindex 1 priority 0 llprio 3",
	"\tgroups: egress",
	"\tmedia: Ethernet autoselect (1000baseT full-duplex)",
	"\tstatus: active",
	"\tinet 203.0.113.10 netmask 0xffffff00 broadcast 203.0.113.255",
	"\tinet6 fe80::1%em0 prefixlen 64 scopeid 0x1",
	"bridge0: flags=41<UP,RUNNING> mtu 1500",
	"\tdescription: switch1-lan",
	"\tindex 5 llprio 3",
	"\tgroups: bridge",
	"\tpriority 32768 hellotime 2 fwddelay 15 maxage 20 holdcnt 6 proto rstp",
	"\tem0 flags=3<LEARNING,DISCOVER>",
	"\t\tport 2 ifpriority 0 ifcost 0",
	"\ttap0 flags=3<LEARNING,DISCOVER>",
	"\t\tport 9 ifpriority 0 ifcost 0",
	"\tem2 flags=8<SPAN>",
	"veb0: flags=a843<UP,BROADCAST,RUNNING,SIMPLEX,LINK1,MULTICAST>",
	"\tindex 6 llprio 3",
	"\tgroups: veb",
	"\ttap3 flags=3<LEARNING,DISCOVER>",
	"\t\tport 10 ifpriority 0 ifcost 0 protected 1",
].join("\n");

describe("a host with guests", () => {
	const state = read({
		guests,
		interfaces: [
			switches,
			tap("tap0", "vm1-if0-web01"),
			tap("tap3", "vm2-if0-db01"),
			tap("tap4", "vm3-if0-old.example", { status: "no carrier" }),
			tap("tap1", "vm4-if0-build", { rest: "\tinet 100.64.4.2 netmask 0xfffffffe" }),
			tap("tap10", undefined),
		].join("\n"),
	});

	test("the system", () => {
		expect(state.system).toEqual({ system: "OpenBSD", hostName: "hv1.example.org", release: "7.6", simulated: false, reads: "7.6" });
		expect(state.vmd).toEqual({ kind: "answered" });
		expect(state.complete).toBe(true);
		expect(state.unread).toEqual([]);
	});

	test("its guests, with their taps", () => {
		expect(state.guests.map(({ id, name, state: is, taps, memory, tty, owner }) => [id, name, is, taps, memory, tty, owner])).toEqual([
			[1, "web01", "running", ["tap0"], "312M", "ttyp3", "root"],
			[2, "db01", "running", ["tap3"], "1.1G", "ttyp5", "alice"],
			[3, "old.example", "stopped", [], undefined, undefined, "root"],
			[4, "build", "paused", ["tap1"], "98.4M", "ttyp6", "alice:vmdusers"],
			[5, "clone1", "waiting", [], undefined, undefined, "root:vmdusers"],
		]);
	});

	test("its taps, with their users and where they are joined", () => {
		expect(state.taps.map(({ name, use, bridge, switch: on, guestAddress }) => [name, use, bridge, on, guestAddress])).toEqual([
			["tap0", { kind: "guest", id: 1, name: "web01", index: 0, state: "running" }, "bridge0", "lan", undefined],
			["tap1", { kind: "guest", id: 4, name: "build", index: 0, state: "paused" }, undefined, undefined, "100.64.4.3"],
			["tap3", { kind: "guest", id: 2, name: "db01", index: 0, state: "running" }, "veb0", undefined, undefined],
			["tap4", { kind: "stale", id: 3, name: "old.example", index: 0 }, undefined, undefined, undefined],
			["tap10", { kind: "other", active: true }, undefined, undefined, undefined],
		]);
	});

	test("its bridges, with their members", () => {
		expect(state.bridges).toEqual([
			{
				name: "bridge0",
				kind: "bridge",
				switch: "lan",
				up: true,
				flags: ["UP", "RUNNING"],
				members: [
					{ interface: "em0", flags: ["LEARNING", "DISCOVER"], port: 2 },
					{ interface: "tap0", flags: ["LEARNING", "DISCOVER"], port: 9 },
					{ interface: "em2", flags: ["SPAN"] },
				],
			},
			{
				name: "veb0",
				kind: "veb",
				up: true,
				flags: ["UP", "BROADCAST", "RUNNING", "SIMPLEX", "LINK1", "MULTICAST"],
				members: [{ interface: "tap3", flags: ["LEARNING", "DISCOVER"], port: 10, protected: "1" }],
			},
		]);
	});

	test("other interfaces, with what is not understood kept", () => {
		expect(state.interfaces[0]).toEqual({
			name: "em0",
			flags: ["UP", "BROADCAST", "RUNNING", "SIMPLEX", "MULTICAST"],
			mtu: 1500,
			rdomain: 2,
			lladdr: "00:1b:21:aa:00:01",
			groups: ["egress"],
			status: "active",
			addresses: [
				{ family: "inet", address: "203.0.113.10", prefix: 24 },
				{ family: "inet6", address: "fe80::1", prefix: 64 },
			],
			members: [],
			other: ["index 1 priority 0 llprio 3", "media: Ethernet autoselect (1000baseT full-duplex)"],
		});
	});
});

describe("what vmd answers", () => {
	test.each([
		["no guest", header, 1, { kind: "answered" }],
		["no vmd", "vmctl: connect: /var/run/vmd.sock: No such file or directory", 1, { kind: "absent" }],
		["a vmd that ended", "vmctl: connect: /var/run/vmd.sock: Connection refused", 1, { kind: "absent" }],
		["no vmctl", "sh: vmctl: not found", 127, { kind: "absent" }],
		["a socket that is not ours", "vmctl: connect: /var/run/vmd.sock: Permission denied", 1, { kind: "notPermitted" }],
		["a vmd that hangs", "", 124, { kind: "timedOut" }],
		["words that are not known", "vmctl: pipe closed", 1, { kind: "failed", message: "vmctl: pipe closed" }],
		["nothing", "", 3, { kind: "failed", message: "vmctl exited with 3" }],
	])("%s", (_, output, status, expected) => {
		expect(read({ guests: output, guestStatus: status }).vmd).toEqual(expected);
	});

	test("without vmd's list, the taps in use tell of the guests", () => {
		const state = read({
			guests: "vmctl: connect: /var/run/vmd.sock: Permission denied",
			guestStatus: 1,
			interfaces: [tap("tap1", "vm7-if1-web01"), tap("tap0", "vm7-if0-web01"), tap("tap2", "vm8-if0-db01", { status: "no carrier" })].join(
				"\n",
			),
		});
		expect(state.guests).toEqual([{ id: 7, name: "web01", state: "running", listed: false, taps: ["tap0", "tap1"] }]);
		expect(state.taps[2]?.use.kind).toBe("stale");
	});

	test("a line that is no guest is kept", () => {
		expect(read({ guests: `${header}\n    x - what` }).unread).toEqual(["    x - what"]);
	});
});

describe("descriptions", () => {
	const long = "x".repeat(63);
	test.each([
		["of a guest that stopped", "vm3-if0-old.example", "stale"],
		["of another guest with the number", "vm1-if0-other", "stale"],
		["cut, as vmd cuts them", `vm9-if0-${long.slice(0, 55)}`, "guest"],
		["of a person", "uplink of web01", "other"],
		["nearly vmd's", "vm1-ifx-web01", "other"],
		["with shell in them", "vm8-if0-$(reboot)", "guest"],
	])("%s", (_, description, kind) => {
		const list = `${guests}\n    9 70001     1    1.0G    1.0M   ttyp9         root  running ${long}`;
		expect(read({ guests: list, interfaces: tap("tap0", description) }).taps[0]?.use.kind).toBe(kind);
	});

	test("a cut name is made whole", () => {
		const list = `${header}\n    9 70001     1    1.0G    1.0M   ttyp9         root  running ${long}`;
		const [first] = read({ guests: list, interfaces: tap("tap0", `vm9-if0-${long.slice(0, 55)}`) }).taps;
		expect(first?.use).toMatchObject({ kind: "guest", name: long });
	});
});

describe("answers that are not whole", () => {
	const whole = answer({ guests, interfaces: tap("tap0", "vm1-if0-web01") });

	test("a greeting before it is left out", () => {
		expect(readLiveState(`Welcome to hv1\n${whole}`, MARKER)).toEqual(readLiveState(whole, MARKER));
	});

	test("cut in the interfaces: the guests are there, and it says so", () => {
		const state = readLiveState(whole.slice(0, whole.indexOf("groups: tap")), MARKER);
		expect(state.complete).toBe(false);
		expect(state.guests).toHaveLength(5);
	});

	test("cut in the guests", () => {
		const state = readLiveState(whole.slice(0, whole.indexOf("running db01")), MARKER);
		expect(state.vmd).toEqual({ kind: "failed", message: "the answer was cut" });
		expect(state.guests.map(({ name }) => name)).toEqual(["web01"]);
	});

	test("another call's marker counts for nothing", () => {
		expect(readLiveState(whole, "fedcba9876543210")).toMatchObject({ system: undefined, guests: [], taps: [], complete: false });
	});

	test("nothing at all", () => {
		expect(readLiveState("", MARKER)).toMatchObject({ system: undefined, guests: [], complete: false });
	});
});

describe("whatever a host prints", () => {
	const word = fc.constantFrom(
		"tap0",
		"web01",
		"flags=3<UP>",
		":",
		"\t",
		"\n",
		" ",
		"description:",
		"vm1-if0-",
		"inet",
		"port",
		header,
		MARKER,
	);
	const garbage = fc.array(fc.oneof(word, fc.string())).map((parts) => parts.join(""));

	test("is read without a fault, and every active tap is somebody's or nobody's", () => {
		fc.assert(
			fc.property(garbage, garbage, fc.nat(200), (list, interfaces, status) => {
				const state = read({ guests: list, guestStatus: status, interfaces });
				const names = new Set(state.taps.map(({ name }) => name));
				for (const guest of state.guests) for (const each of guest.taps) expect(names.has(each)).toBe(true);
			}),
		);
	});

	test("a cut of an answer is read too", () => {
		const whole = answer({ guests, interfaces: `${switches}\n${tap("tap0", "vm1-if0-web01")}` });
		for (let end = 0; end < whole.length; end += 7) expect(() => readLiveState(whole.slice(0, end), MARKER)).not.toThrow();
	});
});

test("a mask with holes has no length", () => {
	const odd = read({ interfaces: tap("tap0", undefined, { rest: "\tinet 192.0.2.1 netmask 0xff00ff00" }) });
	expect(odd.interfaces[0]?.addresses).toEqual([{ family: "inet", address: "192.0.2.1", prefix: undefined }]);
});

describe("the script", () => {
	test("a marker is no place for shell", () => {
		expect(() => liveScript("'; reboot; '")).toThrow(TypeError);
	});

	// What sh makes of it is the same everywhere; the programs are whatever the machine has.
	test.skipIf(process.platform === "win32")("runs in sh, and each command's status is told", () => {
		const { stdout } = spawnSync("/bin/sh", ["-s"], { input: liveScript(MARKER).text, encoding: "utf8", env: { PATH: "/usr/bin:/bin" } });
		expect(stdout.match(new RegExp(`^${MARKER} (begin|end) \\w+( \\d+)?$`, "gm"))).toHaveLength(8);
		expect(readLiveState(stdout, MARKER).vmd.kind).toBe("absent");
	});
});

import { describe, expect, test } from "vitest";
import { taps } from "./taps.ts";

const header = "   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME";

/** A host that prints this; the marker is taken from the script, as a shell would. */
const host =
	(guests: string, interfaces: string, status = 0) =>
	async ({ text }: { readonly text: string }) => {
		const marker = /([0-9a-f]{32}) begin/.exec(text)?.[1] ?? "";
		const section = (name: string, output: string, exit: number) => `${marker} begin ${name}\n${output}\n${marker} end ${name} ${exit}\n`;
		return {
			status: 0,
			stderr: "",
			stdout:
				section("system", "OpenBSD hv1 7.6 openbsd-vnet-simulated amd64\n", 0) +
				section("guests", guests, status) +
				section("interfaces", interfaces, 0),
		};
	};

const tap = (name: string, description: string, active = true): string =>
	`${name}: flags=8943<UP,BROADCAST${active ? ",RUNNING" : ""}> mtu 1500\n\tdescription: ${description}\n\tgroups: tap\n\tstatus: ${active ? "active" : "no carrier"}\n`;

const running = `${header}\n    1 48213     1    1.0G    312M   ttyp3         root  running web01\n    3     -     1    512M       -       -         root  stopped old\n`;
const interfaces = `veb0: flags=a843<UP,RUNNING>\n\tdescription: switch1-lan\n\ttap10 flags=3<LEARNING,DISCOVER>\n${tap("tap10", "vm1-if0-web01")}${tap("tap2", "vm3-if0-old", false)}`;

describe("for people", () => {
	test("a table of guests and taps", async () => {
		expect(await taps(host(running, interfaces), false)).toBe(
			[
				"GUEST  STATE    TAP    SWITCH  BRIDGE  ADDRESS",
				"web01  running  tap10  lan     veb0    -",
				"old    stopped  -      -       -       -",
				"-      unused   tap2   -       -       -",
				"# simulated host",
				"",
			].join("\n"),
		);
	});

	test("no guests", async () => {
		expect(await taps(host(`${header}\n`, "", 1), false)).toBe("no guests, no taps\n# simulated host\n");
	});

	test("a socket that is not ours", async () => {
		expect(await taps(host("vmctl: connect: /var/run/vmd.sock: Permission denied\n", tap("tap0", "vm1-if0-web01"), 1), false)).toContain(
			"web01  running  tap0",
		);
	});

	test("what a host prints does nothing to the terminal", async () => {
		expect(await taps(host(`${header}\n`, tap("tap0", "vm1-if0-\u001b[31mred")), false)).not.toContain("\u001b");
	});
});

test("for programs", async () => {
	const data = JSON.parse(await taps(host(running, interfaces), true));
	expect(data).toMatchObject({
		system: { hostName: "hv1", simulated: true },
		vmd: { kind: "answered" },
		taps: [
			{ name: "tap2", guest: null, stale: { name: "old" } },
			{ name: "tap10", guest: { name: "web01", state: "running" }, bridge: "veb0", switch: "lan" },
		],
	});
});

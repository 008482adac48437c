import { expect, test } from "vitest";
import { rates } from "./rates.ts";

const guests =
	"   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME\n    1 48213     1    1.0G    312M   ttyp3         root  running web01";

/** A host that has counted this; the marker is taken from the script, as a shell would. */
const host =
	(before: number, after: number, name = "web01") =>
	async ({ text }: { readonly text: string }) => {
		const marker = /([0-9a-f]{32}) begin/.exec(text)?.[1] ?? "";
		const section = (of: string, output: string) => `${marker} begin ${of}\n${output}\n\n${marker} end ${of} 0\n`;
		const counted = (count: number) =>
			`Name Mtu Network Address Ipkts Ifail Opkts Ofail Colls\ntap3 1500 <Link> ${count} 0 0 0 0\nName Mtu Network Address Ibytes Obytes\ntap3 1500 <Link> ${count * 1000} 0\nPID TIME\n48213 0:0${count % 10}.00`;
		const tap = `tap3: flags=8843<UP,RUNNING> mtu 1500\n\tdescription: vm1-if0-${name}\n\tgroups: tap\n\tstatus: active`;
		const stdout =
			section("counted", `${counted(before)}\n${marker} again\n${counted(after)}`) +
			section("guests", guests) +
			section("interfaces", `${tap}\nem0: flags=8843<UP,RUNNING> mtu 1500`);
		return { status: 0, stderr: "", stdout };
	};

test("tables of interfaces and guests, and what is not known", async () => {
	expect(await rates(host(0, 1004), "hv1", 5, false)).toBe(
		[
			"INTERFACE  GUEST  IN BIT/S  IN PACKETS/S  OUT BIT/S  OUT PACKETS/S",
			"tap3       web01  1.61M     201           0          0",
			"",
			"GUEST  CPU  MEMORY",
			"web01  80%  312M",
			"",
			"# hv1: within 5 s; what comes in at a tap is what its guest sends",
			"# interfaces whose rates are not known: 1",
			"",
		].join("\n"),
	);
});

test("for programs", async () => {
	expect(JSON.parse(await rates(host(0, 4), "hv1", 2, true))).toEqual({
		host: "hv1",
		seconds: 2,
		interfaces: [
			{
				name: "tap3",
				guest: "web01",
				in: { packetsPerSecond: 2, bitsPerSecond: 16_000 },
				out: { packetsPerSecond: 0, bitsPerSecond: 0 },
			},
		],
		guests: [{ name: "web01", cpuPercent: 200, memory: "312M" }],
	});
});

test("what a host prints does nothing to the terminal", async () => {
	expect(await rates(host(0, 4, "\u001b[31mred"), "hv1", 2, false)).not.toContain("\u001b");
});

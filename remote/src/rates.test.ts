import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRates } from "./rates.ts";

const MARKER = "0123456789abcdef";

const packets = (...rows: readonly string[]) =>
	["Name    Mtu   Network     Address              Ipkts Ifail    Opkts Ofail Colls", ...rows].join("\n");
const bytes = (...rows: readonly string[]) => ["Name    Mtu   Network     Address              Ibytes     Obytes", ...rows].join("\n");
const times = (...rows: readonly string[]) => ["  PID      TIME", ...rows].join("\n");

const section = (name: string, output: string) => `${MARKER} begin ${name}\n${output}\n\n${MARKER} end ${name} 0\n`;
const up = (name: string, description?: string) =>
	`${name}: flags=8843<UP,BROADCAST,RUNNING> mtu 1500\n${description === undefined ? "" : `\tdescription: ${description}\n`}\tstatus: active\n`;
const guests = [
	"   ID   PID VCPUS  MAXMEM  CURMEM     TTY        OWNER    STATE NAME",
	"    1 48213     1    1.0G    312M   ttyp3         root  running web01",
	"    2     -     1    512M       -       -         root  stopped old",
].join("\n");

const read = (before: readonly string[], after: readonly string[], interfaces: string, seconds = 5) =>
	readRates(
		section("counted", [...before, `${MARKER} again`, ...after].join("\n")) + section("guests", guests) + section("interfaces", interfaces),
		MARKER,
		seconds,
	);

describe("two readings", () => {
	test("packets and bits a second by interface, with the guest of a tap; the processor and memory of a guest", () => {
		const before = [
			packets(
				"lo0     32768 <Link>                               58     0       58     0     0",
				"em0     1500  <Link>      52:54:00:12:34:56     1000     0      500     0     0",
				"em0     1500  192.0.2/24  192.0.2.10            1000     0      500     0     0",
				"tap3*   1500  <Link>      fe:e1:ba:d2:31:05       10     0       20     0     0",
			),
			bytes(
				"lo0     32768 <Link>                               5800       5800",
				"em0     1500  <Link>      52:54:00:12:34:56      100000      50000",
				"em0     1500  192.0.2/24  192.0.2.10             999999     999999",
				"tap3*   1500  <Link>      fe:e1:ba:d2:31:05        1000       2000",
			),
			times("    1   0:00.41", "48213  59:59.50"),
		];
		const after = [
			packets(
				"lo0     32768 <Link>                               58     0       58     0     0",
				"em0     1500  <Link>      52:54:00:12:34:56     2000     0      600     0     0",
				"tap3    1500  <Link>      fe:e1:ba:d2:31:05       15     0       20     0     0",
			),
			bytes(
				"lo0     32768 <Link>                               5800       5800",
				"em0     1500  <Link>      52:54:00:12:34:56     1350000      51000",
				"tap3    1500  <Link>      fe:e1:ba:d2:31:05        1500       2000",
			),
			times("48213  60:02.00"),
		];
		const found = read(before, after, up("lo0") + up("em0") + up("tap3", "vm1-if0-web01"));
		expect(found.interfaces).toEqual([
			{ name: "lo0", in: { packets: 0, bits: 0 }, out: { packets: 0, bits: 0 } },
			{ name: "em0", in: { packets: 200, bits: 2_000_000 }, out: { packets: 20, bits: 1600 } },
			{ name: "tap3", guest: "web01", in: { packets: 1, bits: 800 }, out: { packets: 0, bits: 0 } },
		]);
		expect(found.guests).toEqual([{ name: "web01", cpu: 50, memory: "312M" }]);
	});

	const row = "em0 1500 <Link> 52:54:00:12:34:56";
	const one = [packets(`${row} 5 0 5 0 0`), bytes(`${row} 500 500`), times("48213 0:01.00")];
	test.each([
		["counters that began again", [packets(`${row} 4 0 5 0 0`), bytes(`${row} 600 600`)]],
		["no bytes", [packets(`${row} 6 0 6 0 0`)]],
		["two of a name, as where it was cut", [packets(`${row} 6 0 6 0 0`, `${row} 6 0 6 0 0`), bytes(`${row} 600 600`)]],
		["numbers beyond what is exact", [packets(`${row} 6 0 ${"9".repeat(20)} 0 0`), bytes(`${row} 600 600`)]],
		["a column more", [packets(`${row} 6 0 6 0 0 7 8`), bytes(`${row} 600 600`)]],
		["another heading", [`Name Mtu Network\n${row} 6 0 6 0 0`, bytes(`${row} 600 600`)]],
		["nothing", []],
	])("%s: no rate is told", (_, second) => {
		expect(read(one, second, up("em0")).interfaces).toEqual([]);
		// The same rows are read where all is well.
		expect(read(one, one, up("em0")).interfaces).toHaveLength(1);
	});

	test("another process, or less time: what the processor does is not known", () => {
		for (const second of [times("48214 0:02.00"), times("48213 0:00.50"), times("48213 0:02"), ""])
			expect(read(one, [second], "").guests).toEqual([{ name: "web01", memory: "312M" }]);
	});

	test("any text is read without a fault, and no rate is below 0", () => {
		const line = fc.constantFrom(
			packets(`${row} 5 0 5 0 0`),
			bytes(`${row} 500 500`),
			times("48213 0:01.00"),
			"Name",
			"PID",
			`${MARKER} again`,
		);
		fc.assert(
			fc.property(fc.array(fc.oneof(line, fc.string())), fc.string(), (lines, more) => {
				const { interfaces } = readRates(section("counted", lines.join("\n")) + section("interfaces", up("em0")) + more, MARKER, 1);
				for (const { in: into } of interfaces) expect(into.bits).toBeGreaterThanOrEqual(0);
			}),
		);
	});
});

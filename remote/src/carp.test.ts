import { expect, it } from "vitest";
import { carpRoles } from "./carp.ts";
import { readInterfaces } from "./live-interfaces.ts";

const shown = (...lines: readonly string[]) => carpRoles(readInterfaces(lines, []));

it("tells which interfaces lead, and which stand in", () => {
	expect(
		shown(
			"carp0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500",
			"\tlladdr 00:00:5e:00:01:01",
			"\tindex 7 priority 15 llprio 3",
			"\tcarp: MASTER carpdev em0 vhid 1 advbase 1 advskew 0",
			"\tgroups: carp",
			"\tstatus: master",
			"carp1: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500",
			"\tcarp: BACKUP carpdev em1 vhid 2 advbase 1 advskew 100 carppeer 10.0.0.3",
			"carp2: flags=8802<BROADCAST,SIMPLEX,MULTICAST> mtu 1500",
			"\tcarp: INIT carpdev none vhid 3 advbase 1 advskew 0",
		),
	).toEqual({ leads: ["carp0"], standsIn: ["carp1"], idle: ["carp2"] });
});

it("reads several groups of one interface", () => {
	expect(
		shown(
			"carp0: flags=8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST> mtu 1500",
			"\tcarp: carpdev em0 advbase 1 balancing ip",
			"\t\tstate MASTER vhid 1 advskew 0",
			"\t\tstate BACKUP vhid 2 advskew 100",
		),
	).toEqual({ leads: ["carp0"], standsIn: ["carp0"], idle: [] });
});

it("takes no description for a state", () => {
	expect(shown("em0: flags=8843<UP> mtu 1500", "\tdescription: carp: MASTER carpdev", "\tcarp: MASTER carpdev em1 vhid 1")).toEqual({
		leads: [],
		standsIn: [],
		idle: [],
	});
});

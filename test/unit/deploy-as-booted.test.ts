/**
 * Deployed means: as if the host had booted with these files. Each change is brought to a simulated host by the commands of its
 * plan, and what the interfaces have then is held against a host that started with the new files.
 */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import { type Activation, activationsOf, networkOf } from "../../remote/src/deploy/activation.ts";
import type { FileChange } from "../../remote/src/deploy/plan.ts";
import { type LiveInterface, readInterfaces } from "../../remote/src/live-interfaces.ts";
import { readRoutes } from "../../remote/src/live-routes.ts";
import { configure } from "../openbsd-host/ifconfig.ts";
import { netstart } from "../openbsd-host/network.ts";
import { ifconfigList } from "../openbsd-host/print.ts";
import type { Machine } from "../openbsd-host/program.ts";
import { route } from "../openbsd-host/routes.ts";
import { freshState, newInterface, type SimulatedState } from "../openbsd-host/state.ts";

/** Texts by the names of interfaces; `mygate` is that file. */
type Files = Readonly<Record<string, string>>;

const pathOf = (name: string): string => (name === "mygate" ? "/etc/mygate" : `/etc/hostname.${name}`);

const own: Files = { em0: "inet 203.0.113.10/24\n", mygate: "203.0.113.1\n" };

function machineWith(state: SimulatedState, files: ReadonlyMap<string, string>): Machine {
	return {
		state,
		uid: 0,
		hostnameFiles: "/etc/hostname.",
		readFile: (path) => files.get(path),
		list: () => [...files.keys()].map((path) => path.replace("/etc/", "")),
	};
}

const texts = (files: Files): ReadonlyMap<string, string> =>
	new Map(Object.entries({ ...own, ...files }).map(([name, text]) => [pathOf(name), text]));

/** A host that has started with its files. */
function booted(files: Files, release = "7.6"): SimulatedState {
	const state = { ...freshState(), release };
	for (const each of state.interfaces)
		if (each.name.startsWith("em")) Object.assign(each, { flags: ["BROADCAST", "SIMPLEX", "MULTICAST"], addresses: [] });
	state.interfaces.push({ ...newInterface(state, "em2"), status: "active" });
	state.routes = [];
	netstart(machineWith(state, texts(files)), []);
	return state;
}

function shown(state: SimulatedState): string {
	const { stdout = "" } = route(machineWith(state, new Map()), ["-n", "show"]);
	return `${ifconfigList(state, { all: true })}${stdout}`;
}

/** The loopbacks of routing domains that no file names any more: the kernel leaves them. */
function loopbacksLeft(before: Files, after: Files): readonly string[] {
	const domains = (files: Files) =>
		Object.values(files).flatMap((text) => [...text.matchAll(/^rdomain (\d+)$/gm)].map(([, domain]) => domain));
	return domains(before).flatMap((domain) => (domains(after).includes(domain) ? [] : [`lo${domain}`]));
}

/**
 * What is compared: not numbers and MAC addresses that are new each time, nor the order in which interfaces were made.
 * @param left interfaces that are passed over, and must be there
 */
function compared(state: SimulatedState, left: readonly string[] = []): readonly string[] {
	expect(state.interfaces.map(({ name }) => name)).toEqual(expect.arrayContaining([...left]));
	const parts = (ifconfigList(state, { all: true }) ?? "")
		.replace(/index \d+/g, "index N")
		.replace(/port \d+ ifpri/g, "port N ifpri")
		.replace(/lladdr .*/g, "lladdr M")
		.replace(/flags=[0-9a-f]+/g, "flags")
		.replace(/,?PROMISC/g, "")
		.split(/^(?=[a-z]+\d+: )/m);
	const { stdout = "" } = route(machineWith(state, new Map()), ["-n", "show"]);
	const own = parts.filter((part) => !left.some((name) => part.startsWith(`${name}: `)));
	return [...own.map((part) => part.split("\n").sort().join("\n")).sort(), stdout.split("\n").sort().join("\n")];
}

interface Deployed {
	readonly state: SimulatedState;
	readonly activations: readonly Activation[];
	/** What netstart and ifconfig complained of. */
	readonly said: string;
	readonly interrupts: readonly string[];
	readonly differs: readonly string[];
}

function deployed(from: SimulatedState, before: Files, after: Files, interrupt = false): Deployed {
	const state = structuredClone(from);
	const [old, wanted] = [texts(before), texts(after)];
	const changes = [...new Set([...old.keys(), ...wanted.keys()])].flatMap((path): readonly FileChange[] => {
		const [was, text] = [old.get(path), wanted.get(path)];
		if (was === text) return [];
		const had = was === undefined ? ({ kind: "absent" } as const) : ({ kind: "file", text: was, mode: 0o640, owner: 0, group: 0 } as const);
		return [
			{
				path,
				role: path === "/etc/mygate" ? "other" : "hostname",
				before: had,
				text,
				mode: 0o640,
				owner: 0,
				group: 0,
				differs: ["content"],
				diff: "",
			},
		];
	});
	const interfaces: readonly LiveInterface[] = readInterfaces((ifconfigList(state, { all: true }) ?? "").split("\n"), []);
	const circumstances = {
		live: {
			system: {
				system: "OpenBSD",
				hostName: state.hostName,
				release: state.release,
				simulated: true,
				reads: state.release === "7.9" ? ("7.9" as const) : ("7.6" as const),
			},
			vmd: { kind: "absent" as const },
			guests: [],
			taps: [],
			bridges: [],
			interfaces,
			complete: true,
			unread: [],
		},
		anchors: { before: [], after: [] },
		guestsBy: "reload" as const,
		rc: { before: "", after: "" },
		files: { before: old, after: wanted },
		routes: readRoutes(shown(state).split("\n")),
		interrupt,
	};
	const activations = activationsOf(changes, circumstances);
	const said = activations.map(({ kind, subject, lines = [] }) => {
		const words = subject.split(" ");
		const [name = "", ...rest] = words;
		switch (kind) {
			case "interface-gone":
				return configure({ state }, name, ["destroy"]).stderr;
			case "interface": {
				const read = new Map([...wanted, ...lines.map(({ name: each, lines: text }) => [pathOf(each), text] as const)]);
				return netstart(machineWith(state, new Map([...read, ["/etc/mygate", old.get("/etc/mygate") ?? ""]])), words).stderr;
			}
			case "route":
				return route(machineWith(state, old), ["-qn", name, ...rest.slice(1)]).stderr;
			default:
				throw new TypeError(kind);
		}
	});
	const { interrupts, differs } = networkOf(changes, circumstances);
	return {
		state,
		activations,
		said: said.join(""),
		interrupts: interrupts.map(({ what }) => render(what)),
		differs: differs.map((each) => render(each)),
	};
}

const peer = "3J0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8mF0RkU=";
const wg = "wgkey mF0RkWkJ0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8= wgport 51820\n";
const net = "inet 10.1.0.1 255.255.255.0\n";
const bridge: Files = { vether0: "inet 10.50.0.1/24\n", em1: "up\n", em2: "up\n" };
const veb: Files = { vport0: "inet 10.50.0.1/24\n", em1: "up\n", em2: "up\n" };

interface Change {
	readonly what: string;
	readonly before: Files;
	readonly after: Files;
	readonly interrupts?: true;
	/** Of the host, where its veb tells VLANs apart. */
	readonly release?: "7.9";
}

const changed = (what: string, before: Files, after: Files): Change => ({ what, before, after });
const interrupting = (what: string, before: Files, after: Files): Change => ({ what, before, after, interrupts: true });

const inVlans = (what: string, before: string, after: string): Change => ({
	what: `VLANs of a veb: ${what}`,
	before: { ...veb, veb0: before },
	after: { ...veb, veb0: after },
	release: "7.9",
});
const trunk = "add em1\n-untagged em1\ntagged em1 10,20\n";
const gateway = "add vport0\nuntagged vport0 10\n";

const changes: readonly Change[] = [
	inVlans("the first", "add em1\nadd vport0\nup\n", `${trunk}${gateway}up\n`),
	inVlans("one more on the trunk", `${trunk}${gateway}up\n`, `${trunk}tagged em1 30\n${gateway}up\n`),
	inVlans("one less on the trunk", `${trunk}${gateway}up\n`, `add em1\n-untagged em1\ntagged em1 10\n${gateway}up\n`),
	inVlans("all on the trunk", `${trunk}${gateway}up\n`, `add em1\ntagged em1 all\n${gateway}up\n`),
	inVlans("another of a port", `${trunk}${gateway}up\n`, `${trunk}add vport0\nuntagged vport0 20\nup\n`),
	inVlans("a port more", `${trunk}up\n`, `${trunk}${gateway}add em2 untagged em2 20\nup\n`),
	inVlans("a port less", `${trunk}${gateway}up\n`, `${trunk}up\n`),
	inVlans("that of the veb, for ports that are added later", `vnetid 10\nadd vport0\n${trunk}up\n`, `vnetid 20\nadd vport0\n${trunk}up\n`),
	inVlans("none for ports that are added later", `${trunk}${gateway}up\n`, `vnetid 7\nadd em2\n-vnetid\n${trunk}${gateway}up\n`),
	inVlans("a set in steps", `add em1\ntagged em1 10\n${gateway}up\n`, `add em1\ntagged em1 10-20\ntagged em1 -11-15\n${gateway}up\n`),
	inVlans("private ones", `${trunk}${gateway}up\n`, `${trunk}add vport0\npvlan 10\npvlan-isolated 10 11\nuntagged vport0 11\nup\n`),
	inVlans(
		"another private one, with ports in the first",
		"add em1\nadd vport0\npvlan 10\npvlan-community 10 11\nuntagged em1 11\nuntagged vport0 11\nup\n",
		"add em1\nadd vport0\npvlan 10\npvlan-community 10 12\nuntagged em1 12\nuntagged vport0 12\nup\n",
	),
	inVlans("ports kept apart", `${trunk}${gateway}up\n`, `${trunk}${gateway}protected em1 1,2\nprotected vport0 3\nup\n`),
	inVlans("a locked port", `${trunk}${gateway}up\n`, `${trunk}${gateway}-learn em1\n-discover em1\nlocked em1\nup\n`),
	changed(
		"ports kept apart before there were VLANs",
		{ ...veb, veb0: "add em1\nup\n" },
		{ ...veb, veb0: "add em1\nprotected em1 1\nup\n" },
	),
	changed("bridge0 with vether0, both new", {}, { bridge0: "add vether0\nup\n", vether0: "inet 10.50.0.1/24\n" }),
	changed("veb0 with vport0, both new", {}, { veb0: "add vport0\nadd em1\nup\n", vport0: "inet 10.50.0.1/24\nup\n", em1: "up\n" }),
	changed(
		"a bridge gets a member",
		{ ...bridge, bridge0: "add vether0\nadd em1\nup\n" },
		{ ...bridge, bridge0: "add vether0\nadd em1\nadd em2\nup\n" },
	),
	changed("a bridge loses a member", { ...bridge, bridge0: "add vether0\nadd em1\nup\n" }, { ...bridge, bridge0: "add vether0\nup\n" }),
	changed(
		"a bridge gets a second rule",
		{ ...bridge, bridge0: "add em1\nrule pass in on em1 src fe:e1:ba:d0:00:01\nup\n" },
		{ ...bridge, bridge0: "add em1\nrule pass in on em1 src fe:e1:ba:d0:00:01\nrule block in on em1\nup\n" },
	),
	changed("a bridge loses a rule", { ...bridge, bridge0: "add em1\nrule block on em1\nup\n" }, { ...bridge, bridge0: "add em1\nup\n" }),
	changed("a veb gets a member", { ...veb, veb0: "add vport0\nadd em1\nup\n" }, { ...veb, veb0: "add vport0\nadd em1\nadd em2\nup\n" }),
	changed("two members in one line", { ...veb, veb0: "add vport0 add em1 up\n" }, { ...veb, veb0: "add vport0 add em1 add em2 up\n" }),
	changed("a veb loses a member", { ...veb, veb0: "add vport0\nadd em1\nup\n" }, { ...veb, veb0: "add vport0\nup\n" }),
	changed("a veb gets link1", { ...veb, veb0: "add vport0\nadd em1\nup\n" }, { ...veb, veb0: "link1\nadd vport0\nadd em1\nup\n" }),
	changed("a veb loses link1", { ...veb, veb0: "link1\nadd vport0\nadd em1\nup\n" }, { ...veb, veb0: "add vport0\nadd em1\nup\n" }),
	changed(
		"a veb gets a rule",
		{ ...veb, veb0: "add em1\nup\n" },
		{ ...veb, veb0: "add em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nup\n" },
	),
	changed(
		"rules of a veb in another order",
		{ ...veb, veb0: "add em1\nadd em2\nrule block in on em1\nrule pass in on em1 arp\nrule block on em2\nup\n" },
		{ ...veb, veb0: "add em1\nadd em2\nrule pass in on em1 arp\nrule block in on em1\nrule block on em2\nup\n" },
	),
	changed(
		"a member moves to another veb",
		{ ...veb, veb0: "add em1\nup\n", veb1: "up\n" },
		{ ...veb, veb0: "up\n", veb1: "add em1\nup\n" },
	),
	changed(
		"a tpmr gets a member",
		{ em1: "up\n", em2: "up\n", tpmr0: "add em1\nup\n" },
		{ em1: "up\n", em2: "up\n", tpmr0: "add em1\nadd em2\nup\n" },
	),
	interrupting(
		"an address of a port of a tpmr",
		{ em1: "up\n", em2: "up\n", tpmr0: "add em1\nadd em2\nup\n" },
		{ em1: `${net}up\n`, em2: "up\n", tpmr0: "add em1\nadd em2\nup\n" },
	),
	interrupting(
		"an alias of a port of a veb, with rules and flags",
		{ ...veb, em1: net, veb0: "add em1\nadd em2\nblocknonip em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nrule block on em2\nup\n" },
		{
			...veb,
			em1: `${net}inet alias 10.1.0.9/32\n`,
			veb0: "add em1\nadd em2\nblocknonip em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nrule block on em2\nup\n",
		},
	),
	interrupting(
		"the first IPv6 address of a port",
		{ ...veb, veb0: "add em1\nup\n" },
		{ ...veb, em1: "inet6 2001:db8::1 64\n", veb0: "add em1\nup\n" },
	),
	changed(
		"another IPv6 address of a port",
		{ ...veb, em1: "inet6 2001:db8::1 64\n", veb0: "add em1\nup\n" },
		{ ...veb, em1: "inet6 2001:db8::2 64\n", veb0: "add em1\nup\n" },
	),
	changed("an address of what is a port no more", { ...veb, veb0: "add em1\nup\n" }, { ...veb, em1: net, veb0: "up\n" }),
	changed("an address of what becomes a port", { ...veb, veb0: "up\n" }, { ...veb, em1: net, veb0: "add em1\nup\n" }),
	changed("an address of a port of a bridge", { ...bridge, bridge0: "add em1\nup\n" }, { ...bridge, em1: net, bridge0: "add em1\nup\n" }),
	interrupting(
		"the mtu of a port of a trunk",
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em1 trunkport em2\n${net}` },
		{ em1: "mtu 1400\nup\n", em2: "mtu 1400\nup\n", trunk0: `trunkproto failover trunkport em1 trunkport em2\n${net}` },
	),
	interrupting(
		"the mtu of a port of an aggr",
		{ em1: "up\n", aggr0: `trunkport em1\n${net}` },
		{ em1: "mtu 1400\nup\n", aggr0: `trunkport em1\n${net}` },
	),
	changed("a vport that a bridge's file waited for", { veb0: "add vport0\nup\n" }, { veb0: "add vport0\nup\n", vport0: "up\n" }),
	changed(
		"another address of a vport",
		{ ...veb, veb0: "add vport0\nup\n" },
		{ ...veb, veb0: "add vport0\nup\n", vport0: "inet 10.50.0.2/24\n" },
	),
	changed("an address", { em1: net }, { em1: "inet 10.1.0.2 255.255.255.0\n" }),
	changed("an alias more", { em1: net }, { em1: `${net}inet alias 10.1.0.9 255.255.255.255\n` }),
	changed("an alias less", { em1: `${net}inet alias 10.1.0.9 255.255.255.255\n` }, { em1: net }),
	changed("the alias becomes the address", { em1: `${net}inet alias 10.2.0.1/24\n` }, { em1: "inet 10.2.0.1/24\n" }),
	changed("the first IPv6 address", { em1: "inet 10.0.0.1/24\n" }, { em1: "inet 10.0.0.1/24\ninet6 2001:db8::1 64\n" }),
	changed("the last IPv6 address goes", { em1: "inet 10.0.0.1/24\ninet6 2001:db8::1 64\n" }, { em1: "inet 10.0.0.1/24\n" }),
	changed("an IPv6 address", { em1: "inet6 2001:db8::1 64\n" }, { em1: "inet6 2001:db8::2 64\n" }),
	changed("mtu", { em1: net }, { em1: "inet 10.1.0.1 255.255.255.0 NONE mtu 1400\n" }),
	changed("mtu gone", { em1: "mtu 1400\nup\n" }, { em1: "up\n" }),
	changed("a group more", { em1: net }, { em1: `${net}group lan\n` }),
	changed("a group less", { em1: `${net}group lan\n` }, { em1: net }),
	changed("a description", { em1: net }, { em1: `${net}description "the office"\n` }),
	changed("a description gone", { em1: `${net}description x\n` }, { em1: net }),
	changed("no longer up", { em1: "up\n" }, { em1: "description x\n" }),
	changed("the file of a card gone", { em1: `${net}group lan\n` }, {}),
	interrupting("a routing domain", { em1: net }, { em1: `rdomain 1\n${net}` }),
	interrupting("no routing domain, and another address", { em1: `rdomain 1\n${net}` }, { em1: "inet 10.2.0.1/24\ngroup lan\n" }),
	interrupting("no routing domain", { em1: `rdomain 1\n${net}` }, { em1: net }),
	changed("a route line more", { em1: net }, { em1: `${net}!route add -inet 10.7.0.0/16 10.1.0.254\n` }),
	changed("a route line less", { em1: `${net}!route add -inet 10.7.0.0/16 10.1.0.254\n` }, { em1: net }),
	changed(
		"an address of the same network, with a route line",
		{ em1: `${net}!route add 10.7.0.0/16 10.1.0.254\n` },
		{ em1: "inet 10.1.0.2/24\n!route add 10.7.0.0/16 10.1.0.254\n" },
	),
	changed(
		"address of a vlan",
		{ em1: "up\n", vlan10: `parent em1 vnetid 10\n${net}` },
		{ em1: "up\n", vlan10: "parent em1 vnetid 10\ninet 10.1.0.2/24\n" },
	),
	changed(
		"number of a vlan",
		{ em1: "up\n", vlan10: `parent em1 vnetid 10\n${net}` },
		{ em1: "up\n", vlan10: `parent em1 vnetid 20\n${net}` },
	),
	interrupting(
		"parent of a vlan",
		{ em1: "up\n", em2: "up\n", vlan10: `parent em1 vnetid 10\n${net}` },
		{ em1: "up\n", em2: "up\n", vlan10: `parent em2 vnetid 10\n${net}` },
	),
	changed(
		"a vlan on an interface that is new",
		{ em1: "up\n" },
		{ em1: "up\n", aggr0: "trunkport em1\nup\n", vlan10: "parent aggr0 vnetid 10\nup\n" },
	),
	changed(
		"password of a carp",
		{ em1: net, carp1: "vhid 1 carpdev em1 pass one\n10.1.0.9/32\n" },
		{ em1: net, carp1: "vhid 1 carpdev em1 pass two\n10.1.0.9/32\n" },
	),
	changed("a peer more", { wg0: `${wg}inet 10.8.0.1/24\n` }, { wg0: `${wg}wgpeer ${peer} wgaip 10.8.0.2/32\ninet 10.8.0.1/24\n` }),
	changed("a peer less", { wg0: `${wg}wgpeer ${peer} wgaip 10.8.0.2/32\ninet 10.8.0.1/24\n` }, { wg0: `${wg}inet 10.8.0.1/24\n` }),
	changed(
		"a peer's networks",
		{ wg0: `${wg}wgpeer ${peer} wgaip 10.8.0.2/32 wgaip 10.9.0.0/16\n` },
		{ wg0: `${wg}wgpeer ${peer} wgaip 10.8.0.2/32\n` },
	),
	changed(
		"a port of a trunk more",
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em1\n${net}` },
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em1 trunkport em2\n${net}` },
	),
	changed(
		"a port of a trunk less",
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em1 trunkport em2\n${net}` },
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em1\n${net}` },
	),
	interrupting(
		"another first port of a trunk",
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em1 trunkport em2\n${net}` },
		{ em1: "up\n", em2: "up\n", trunk0: `trunkproto failover trunkport em2 trunkport em1\n${net}` },
	),
	changed(
		"a port of an aggr more",
		{ em1: "up\n", em2: "up\n", aggr0: `trunkport em1\n${net}` },
		{ em1: "up\n", em2: "up\n", aggr0: `trunkport em1\ntrunkport em2\n${net}` },
	),
	changed("the tunnel of a gif", { gif0: "tunnel 203.0.113.10 198.51.100.2\nup\n" }, { gif0: "tunnel 203.0.113.10 198.51.100.3\nup\n" }),
	interrupting(
		"the tunnel of an egre",
		{ egre0: "tunnel 203.0.113.10 198.51.100.2\nup\n" },
		{ egre0: "tunnel 203.0.113.10 198.51.100.3\nup\n" },
	),
	interrupting(
		"the tunnel and the number of a vxlan",
		{ em1: "inet 192.0.2.1/24\n", vxlan0: `tunnel 192.0.2.1 192.0.2.2\nvnetid 5\n${net}` },
		{ em1: "inet 192.0.2.1/24\n", vxlan0: `tunnel 192.0.2.1 192.0.2.3\nvnetid 6\n${net}` },
	),
	interrupting(
		"the number of an egre",
		{ egre0: "tunnel 203.0.113.10 198.51.100.2\nvnetid 5\nup\n" },
		{ egre0: "tunnel 203.0.113.10 198.51.100.2\nvnetid 6\nup\n" },
	),
	interrupting(
		"the end of an mgre",
		{ mgre0: `tunneladdr 203.0.113.10\nvnetid 9\n${net}up\n` },
		{ mgre0: `tunneladdr 203.0.113.11\nvnetid 9\n${net}up\n` },
	),
	interrupting(
		"the routing domain of a tunnel gone",
		{ lo1: "rdomain 1\n", egre0: "tunneldomain 1\ntunnel 203.0.113.10 198.51.100.2\nup\n" },
		{ lo1: "rdomain 1\n", egre0: "tunnel 203.0.113.10 198.51.100.2\nup\n" },
	),
	changed(
		"a peer's secret and keepalive more",
		{ wg0: `${wg}wgpeer ${peer} wgaip 10.8.0.2/32\n` },
		{ wg0: `${wg}wgpeer ${peer} wgpsk ${peer} wgpka 25 wgdescr laptop wgaip 10.8.0.2/32\n` },
	),
	changed(
		"another keepalive of a peer",
		{ wg0: `${wg}wgpeer ${peer} wgpka 25 wgaip 10.8.0.2/32\n` },
		{ wg0: `${wg}wgpeer ${peer} wgpka 30 wgaip 10.8.0.2/32\n` },
	),
	interrupting(
		"a port number of WireGuard gone",
		{ wg0: `${wg}inet 10.8.0.1/24\n` },
		{ wg0: "wgkey mF0RkWkJ0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8=\ninet 10.8.0.1/24\n" },
	),
	changed("lo1", {}, { lo1: "inet 10.9.9.9/32\n" }),
	changed(
		"an interface gone, with its bridge's line",
		{ ...veb, veb0: "add vport0\nadd em1\nup\n" },
		{ em1: "up\n", em2: "up\n", veb0: "add em1\nup\n" },
	),
	changed("another gateway", {}, { mygate: "203.0.113.2\n" }),
	changed("another gateway, with an address of its network", {}, { mygate: "203.0.113.2\n", em0: "inet 203.0.113.11/24\n" }),
];

describe("a change that was deployed leaves what a start with the new files gives", () => {
	test.each(changes)("$what", ({ before, after, interrupts, release }) => {
		const start = booted(before, release);
		const asBooted = booted(after, release);
		const { state, said, activations, interrupts: told, differs } = deployed(start, before, after, true);
		const commands = activations.map(({ words }) => words.join(" ")).join("\n");
		const left = loopbacksLeft(before, after);
		expect({ said, differs, state: compared(state, left) }, commands).toEqual({
			said: "",
			differs: left.map((name) => expect.stringContaining(`the loopback of routing domain ${name.slice(2)} stays`)),
			state: compared(asBooted),
		});
		expect(told.length > 0, commands).toBe(interrupts === true);
		// And once more: nothing is left to be done, though netstart would repeat and refuse.
		expect(
			deployed(state, before, after, true)
				.activations.flatMap(({ lines = [] }) => lines)
				.filter(({ lines }) => /^(add|rule|trunkport)/m.test(lines)),
		).toEqual([]);
	});

	test.each(changes)("and back: $what", ({ before, after, release }) => {
		const { state, said } = deployed(booted(after, release), after, before, true);
		expect({ said, state: compared(state, loopbacksLeft(after, before)) }).toEqual({ said: "", state: compared(booted(before, release)) });
	});

	test.each(changes.filter(({ interrupts }) => interrupts))(
		"what interrupts is left alone without leave, and named: $what",
		({ before, after }) => {
			const start = booted(before);
			const { state, activations, interrupts, differs } = deployed(start, before, after, false);
			expect(activations).toEqual([]);
			expect(compared(state)).toEqual(compared(start));
			expect(interrupts.length).toBeGreaterThan(0);
			expect(differs.length).toBeGreaterThan(0);
			for (const each of differs) expect(each).toMatch(/stays as it is until the host starts/);
		},
	);
});

test("a port that leaves its veb for a moment comes again with what the veb says of it by then", () => {
	const before = { ...veb, veb0: "add em1\nadd em2\nblocknonip em1\nrule block on em1\nup\n" };
	const after = { ...veb, em1: net, veb0: "add em1\nadd em2\nblocknonip em2\nrule pass in on em1 arp\nup\n" };
	const { said, state } = deployed(booted(before), before, after, true);
	expect([said, compared(state)]).toEqual(["", compared(booted(after))]);
});

test("a static route of another origin stays, by whatever the change of its interface", () => {
	const start = booted({ em1: net });
	route(machineWith(start, new Map()), ["add", "10.8.0.0/16", "10.1.0.254"]);
	const routes = (state: SimulatedState) => state.routes?.map(({ destination, gateway }) => `${destination} ${gateway}`).sort();
	for (const after of [`${net}description x\n`, "inet 10.1.0.2/24\n"])
		expect(routes(deployed(start, { em1: net }, { em1: after }).state), after).toEqual(routes(start));
});

test("taps that vmd put into a bridge stay in it", () => {
	const start = booted({ bridge0: "up\n", em1: "up\n" });
	configure({ state: start }, "tap0", ["create"]);
	configure({ state: start }, "bridge0", ["add", "tap0"]);
	const { state } = deployed(start, { bridge0: "up\n", em1: "up\n" }, { bridge0: "add em1\nup\n", em1: "up\n" });
	expect(state.interfaces.find(({ name }) => name === "bridge0")?.members).toEqual(["tap0", "em1"]);
});

test("a member that is not there is waited for by nobody who changes something else", () => {
	const before = { veb0: "add tap3\nadd em1\nrule block on tap3\nup\n", em1: "up\n" };
	const { said, activations, state } = deployed(booted(before), before, { ...before, veb0: `description lan\n${before.veb0}` });
	expect([said, activations.flatMap(({ lines = [] }) => lines)]).toEqual(["", [{ name: "veb0", lines: "description lan\n" }]]);
	expect(state.interfaces.find(({ name }) => name === "veb0")?.description).toBe("lan");
});

test("a peer that has other networks by now goes all the same", () => {
	const before = { wg0: `${wg}wgpeer ${peer} wgaip 10.8.0.2/32\n` };
	const start = booted(before);
	configure({ state: start }, "wg0", ["wgpeer", peer, "wgaip", "10.9.0.0/16"]);
	expect(deployed(start, before, { wg0: wg }).state.interfaces.find(({ name }) => name === "wg0")?.peers).toEqual([]);
});

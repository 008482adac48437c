import { describe, expect, it } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { complaints } from "../../../test/unit/programs.ts";
import { checkFiles, isConfigurationFile } from "../features/check.ts";
import { filesOf } from "../host/fixture.ts";
import { languageOf } from "../project/languages.ts";
import { render } from "../text/message.ts";
import type { Release } from "../text/vocabulary.ts";
import { start as vmdStart } from "../vm/dryrun.ts";
import { memoryWorkspace } from "../workspace.ts";
import type { Answers } from "./pattern.ts";
import { applyPattern, checkAnswer, hostFor, nextQuestion, type PatternName } from "./patterns.ts";
import { connections, type Files, getsLease, madeBy, madeFor, type Surroundings, sourceOf } from "./testing.ts";

const bare = `//- /etc/hostname.em0
inet autoconf
`;
const withPf = `${bare}//- /etc/hostname.em1
up
//- /etc/pf.conf
ext = "em0"
set skip on lo

# everything else is closed
block return log
pass out on $ext
pass in on $ext inet proto tcp to ($ext) port 22
//- /etc/sysctl.conf
net.inet.ip.forwarding=0
//- /etc/rc.conf.local
ntpd_flags=
//- /etc/vm.conf
vm "web01" {
	disk "/var/vm/web01.img"
}
`;
const open = `${bare}//- /etc/pf.conf
pass in on em0 inet proto tcp to (em0) port 80
`;

const around: Surroundings = { outside: "198.51.100.7", host: "203.0.113.10" };
const onLan: Surroundings = { ...around, outside: "10.10.0.7", guests: { web01: "10.10.0.20", db01: "10.10.0.30", app: "10.10.0.40" } };
const direct: Surroundings = around;

interface Case {
	readonly name: string;
	readonly base: string;
	readonly runs: readonly (readonly [PatternName, Answers])[];
	readonly around: Surroundings;
	readonly promised: readonly string[];
	/** Guests that do not ask for a lease, or get none. */
	readonly noLease?: boolean;
	readonly release?: Release;
}

const lan = { uplink: "em1", guests: "web01,db01" };
const lanOpen = ["web01 > outside: all", "db01 > outside: all"];
const routedOut = ["web01 > outside: all", "db01 > outside: all"];
const policies = "web01: 80 from 198.51.100.7; db01: 3306 from web01";

const cases: readonly Case[] = (["veb", "bridge"] as const).flatMap((flavour): readonly Case[] => [
	{
		name: "bridged",
		base: bare,
		runs: [["bridged", { ...lan, flavour }]],
		around: onLan,
		promised: lanOpen,
	},
	{
		name: "bridged, with services",
		base: withPf,
		runs: [["bridged", { ...lan, flavour, services: "22,80" }]],
		around: onLan,
		promised: [
			"outside > web01: tcp 22, tcp 80",
			"outside > db01: tcp 22, tcp 80",
			"web01 > outside: all",
			"web01 > db01: tcp 22, tcp 80",
			"db01 > outside: all",
			"db01 > web01: tcp 22, tcp 80",
		],
	},
	{
		name: "one VLAN",
		base: open,
		runs: [["vlan", { parent: "em1", vlan: "10", guests: "web01,db01", flavour, services: "22" }]],
		around: onLan,
		promised: [
			"outside > host: tcp 22, tcp 80",
			"outside > web01: tcp 22",
			"outside > db01: tcp 22",
			"web01 > outside: all",
			"web01 > db01: tcp 22",
			"db01 > outside: all",
			"db01 > web01: tcp 22",
		],
	},
	{
		name: "routed with NAT",
		base: bare,
		runs: [["routed", { guests: "web01,db01", flavour }]],
		around,
		promised: ["outside > host: tcp 22", ...routedOut],
	},
	{
		name: "routed with NAT, fixed addresses, beside rules that are there",
		base: withPf,
		runs: [["routed", { guests: "web01=10.60.0.5, db01", flavour, network: "10.60.0.0/26", switch: "dmz1", memory: "512M" }]],
		around,
		promised: ["outside > host: tcp 22", ...routedOut],
	},
	{
		name: "routed without NAT",
		base: bare,
		runs: [["routed", { guests: "web01,db01", flavour, nat: "no", services: "80", network: "198.18.0.0/24" }]],
		around: direct,
		promised: ["outside > host: tcp 22", "outside > web01: tcp 80", "outside > db01: tcp 80", ...routedOut],
	},
	{
		name: "routed, without dhcpd",
		base: bare,
		runs: [["routed", { guests: "web01,db01", flavour, dhcp: "no" }]],
		around: { ...around, guests: { web01: "10.50.0.20", db01: "10.50.0.21" } },
		promised: ["outside > host: tcp 22", ...routedOut],
		noLease: true,
	},
	{
		name: "policies for routed guests with NAT",
		base: bare,
		runs: [
			["routed", { guests: "web01,db01", flavour }],
			["microsegment", { allow: policies }],
		],
		around,
		promised: [
			"outside > host: tcp 22",
			"outside > web01: tcp 80",
			"web01 > outside: all",
			"web01 > db01: tcp 3306",
			"db01 > outside: all",
		],
	},
	{
		name: "policies for routed guests without NAT, one of which gets nowhere",
		base: bare,
		runs: [
			["routed", { guests: "web01,db01", flavour, nat: "no", network: "198.18.0.0/24" }],
			["microsegment", { guests: "web01", allow: "web01: 80; web01: 22 from 198.51.100.7" }],
			["microsegment", { guests: "db01", allow: "db01: 3306 from web01", out: "nothing" }],
		],
		around,
		promised: ["outside > host: tcp 22", "outside > web01: tcp 22, tcp 80", "web01 > outside: all", "web01 > db01: tcp 3306"],
	},
	{
		name: "a policy for one routed guest of two",
		base: bare,
		runs: [
			["routed", { guests: "web01,db01", flavour }],
			["microsegment", { guests: "db01", allow: "db01: 3306 from 198.51.100.0/25", out: "nothing" }],
		],
		around,
		promised: ["outside > host: tcp 22", "outside > db01: tcp 3306", "web01 > outside: all"],
	},
	{
		name: "policies for bridged guests",
		base: bare,
		runs: [
			["bridged", { ...lan, flavour, services: "22" }],
			["microsegment", { allow: "web01: 80; db01: 3306 from web01", addresses: "web01=10.10.0.20,db01=10.10.0.30" }],
		],
		around: onLan,
		promised: ["outside > web01: tcp 80", "web01 > outside: all", "web01 > db01: tcp 3306", "db01 > outside: all", "db01 > web01: tcp 80"],
	},
	{
		name: "a policy that lets nothing through",
		base: bare,
		runs: [
			["bridged", { ...lan, flavour }],
			["microsegment", { guests: "db01", addresses: "db01=10.10.0.30", out: "nothing" }],
		],
		around: onLan,
		promised: ["web01 > outside: all"],
	},
	{
		name: "one more bridged guest",
		base: bare,
		runs: [
			["bridged", { ...lan, flavour, services: "22" }],
			["guest", { name: "app" }],
		],
		around: onLan,
		promised: [
			"outside > web01: tcp 22",
			"outside > db01: tcp 22",
			"outside > app: tcp 22",
			"web01 > outside: all",
			"web01 > db01: tcp 22",
			"web01 > app: tcp 22",
			"db01 > outside: all",
			"db01 > web01: tcp 22",
			"db01 > app: tcp 22",
			"app > outside: all",
			"app > web01: tcp 22",
			"app > db01: tcp 22",
		],
	},
	{
		name: "one more routed guest",
		base: bare,
		runs: [
			["routed", { guests: "web01", flavour }],
			["guest", { name: "app", address: "10.50.0.77" }],
		],
		around,
		promised: ["outside > host: tcp 22", "web01 > outside: all", "app > outside: all"],
	},
	{
		name: "one more guest with a policy",
		base: bare,
		runs: [
			["routed", { guests: "web01,db01", flavour }],
			["microsegment", { allow: policies }],
			["guest", { name: "app", allow: "53 3306 from db01" }],
		],
		around,
		promised: [
			"outside > host: tcp 22",
			"outside > web01: tcp 80",
			"web01 > outside: all",
			"web01 > db01: tcp 3306",
			"db01 > outside: all",
			"db01 > app: tcp 3306",
			"app > outside: all",
		],
	},
]);

const labelled = cases.map((one) => ({ ...one, label: `${one.runs[0]?.[1].flavour}: ${one.name}` }));
const byGroups: readonly (Case & { readonly label: string })[] = [
	{
		name: "policies by groups",
		label: "veb: policies by groups",
		base: bare,
		runs: [
			["routed", { guests: "web01,db01,a,b,c" }],
			["microsegment", { guests: "web01,db01", allow: policies }],
		],
		around,
		promised: [
			"outside > host: tcp 22",
			"outside > web01: tcp 80",
			"web01 > outside: all",
			"web01 > db01: tcp 3306",
			"db01 > outside: all",
			"a > outside: all",
			"b > outside: all",
			"c > outside: all",
		],
	},
];
const inVlans = "10: web01 web02; 20: db01";
const routedVlans = ["web01 > outside: all", "web02 > outside: all", "db01 > outside: all"];
const withVlans: readonly (Case & { readonly label: string })[] = (
	[
		{
			name: "VLANs, routed with NAT",
			base: bare,
			runs: [["vlans", { vlans: inVlans }]],
			around,
			promised: ["outside > host: tcp 22", ...routedVlans],
		},
		{
			name: "VLANs, routed without NAT, and a trunk with other machines of them",
			base: withPf,
			runs: [["vlans", { vlans: inVlans, networks: "10: 198.18.1.0/24; 20: 198.18.2.0/24", nat: "no", services: "80", trunk: "em1" }]],
			around: direct,
			promised: ["outside > host: tcp 22", "outside > web01: tcp 80", "outside > web02: tcp 80", "outside > db01: tcp 80", ...routedVlans],
		},
		{
			name: "VLANs, without dhcpd, one after the other",
			base: bare,
			runs: [
				["vlans", { vlans: "10: web01=10.50.10.5 web02=10.50.10.6", dhcp: "no" }],
				["vlans", { vlans: "20: db01=10.50.20.5", dhcp: "no" }],
			],
			around: { ...around, guests: { web01: "10.50.10.5", web02: "10.50.10.6", db01: "10.50.20.5" } },
			promised: ["outside > host: tcp 22", ...routedVlans],
			noLease: true,
		},
		{
			name: "VLANs of a trunk",
			base: bare,
			runs: [["vlans", { vlans: inVlans, way: "bridged", trunk: "em1", services: "22" }]],
			around: { ...around, guests: { web01: "10.10.0.20", web02: "10.10.0.21", db01: "10.20.0.30" } },
			// The outside is all that is behind the trunk; between its VLANs the veb lets nothing through.
			promised: [
				"outside > web01: tcp 22",
				"outside > web02: tcp 22",
				"outside > db01: tcp 22",
				"web01 > outside: all",
				"web01 > web02: tcp 22",
				"web02 > outside: all",
				"web02 > web01: tcp 22",
				"db01 > outside: all",
			],
		},
	] satisfies readonly Case[]
).map((one) => ({ ...one, around: { ...one.around, release: "7.9" }, release: "7.9", label: `veb: ${one.name}` }));
const all = [...labelled, ...byGroups, ...withVlans];

const example = (name: "corrected" | "corrected-bridge"): string =>
	[...readHost(name)].map(([path, text]) => `//- ${path}\n${text}`).join("");

async function diagnosed(files: Files, release?: Release): Promise<readonly string[]> {
	const texts = Object.fromEntries([...files].map(([path, { text }]) => [`file:///w/hv1${path}`, text]));
	const hosts = { hosts: [{ name: "hv1", root: "hv1", release }] };
	const listed = release === undefined ? {} : { "file:///w/openbsd-vnet.json": JSON.stringify(hosts) };
	const workspace = memoryWorkspace({ ...texts, ...listed }, ["file:///w"]);
	const found = await checkFiles(workspace, Object.keys(texts).filter(isConfigurationFile));
	return [...found].flatMap(([uri, list]) =>
		list.map(({ code, message, range }) => `${uri.slice(14)}:${range.start.line + 1} ${code} ${message}`),
	);
}

describe.each(all)("$label", ({ base, runs, around: surroundings, promised, noLease = false, release }) => {
	const files = madeFor(release, base, ...runs);

	it("lets exactly those connections through that it promises", () => {
		expect(connections(files, surroundings).filter((line) => !line.startsWith("outside > host") || promised.includes(line))).toEqual(
			promised,
		);
	});

	it("holds what it promises, by the policy tests that it writes", () => {
		const [name, answers] = runs.at(-1) ?? ["bridged", {}];
		const { unmet } = applyPattern(sourceOf(files, release), name, answers);
		expect(unmet.map(({ test, message }) => `${test}: ${render(message)}`)).toEqual([]);
		expect(files.get("/etc/policy.pftest")?.text.split("\n").length).toBeGreaterThan(3);
	});

	it("leaves guests their leases", () => {
		const guests = [...(files.get("/etc/vm.conf")?.text ?? "").matchAll(/^vm "(\w+)"/gm)].map(([, name = ""]) => name);
		expect(guests.length).toBeGreaterThan(0);
		expect(guests.filter((guest) => getsLease(files, surroundings, guest) === noLease)).toEqual([]);
	});

	it("has no diagnostic", async () => {
		expect(await diagnosed(files, release)).toEqual([]);
	});

	it("is accepted by vmd, pfctl and netstart, and vmd starts from it", () => {
		expect(vmdStart(files.get("/etc/vm.conf")?.text ?? "").stderr).toEqual([]);
		for (const [path, { text }] of files) {
			const said = complaints[languageOf(path) ?? "openbsd-pf"];
			if (languageOf(path) !== undefined && languageOf(path) !== "openbsd-pftest")
				expect([path, said?.(path, text, (other) => files.get(other)?.text, release)]).toEqual([path, []]);
		}
	});

	it("changes nothing when it is run again", () => {
		const last = runs.at(-1);
		if (last === undefined) return;
		const again = applyPattern(sourceOf(files, release), last[0], last[1]);
		expect([again.problems, [...again.files.keys()]]).toEqual([[], []]);
	});
});

describe.each(["veb", "bridge"])("guests on a trunk, %s", (flavour) => {
	const files = madeFor("7.7", bare, ["bridged", { uplink: "em1", guests: "web01", flavour, frames: "tagged" }]);

	it("leaves pf alone, which sees no tagged frame", () => {
		expect(files.has("/etc/pf.conf")).toBe(false);
		expect(files.get(`/etc/hostname.${flavour}0`)?.text.includes("link0")).toBe(flavour === "veb");
		expect(files.get(`/etc/hostname.${flavour}0`)?.text).not.toContain("link1");
	});

	it("has no diagnostic, and changes nothing when it is run again", async () => {
		expect(await diagnosed(files)).toEqual([]);
		expect([...applyPattern(sourceOf(files, "7.7"), "bridged", { uplink: "em1", guests: "web01", frames: "tagged" }).files]).toEqual([]);
	});
});

describe.each(["corrected", "corrected-bridge"] as const)("a host that is there: examples/%s", (name) => {
	it("gets one more guest with a policy, and nothing else", async () => {
		const before = madeBy(example(name));
		const files = madeBy(example(name), ["guest", { switch: "isolated", name: "app", allow: "3306 from web01" }]);
		const around: Surroundings = { outside: "198.51.100.7", host: "203.0.113.10" };
		const news = connections(files, around).filter((line) => !connections(before, around).includes(line));
		expect(news).toEqual(["web01 > app: tcp 3306", "app > outside: all"]);
		for (const [path, { text }] of before) for (const line of text.split("\n")) expect(files.get(path)?.text).toContain(line);
		expect(await diagnosed(files)).toEqual([]);
	});
});

describe("guests in VLANs of one veb", () => {
	it("are those of examples/vlans, on which nothing is reported", async () => {
		const files = filesOf([...readHost("vlans")].map(([path, text]) => `//- ${path}\n${text}`).join(""));
		const answers = { vlans: "10: web01=10.50.10.20 web02=10.50.10.21; 20: db01=10.50.20.20", trunk: "em1" };
		const { files: changes, problems, unmet } = applyPattern(sourceOf(files, "7.9"), "vlans", answers);
		expect([[...changes.keys()], problems, unmet]).toEqual([[], [], []]);
		expect(await diagnosed(files, "7.9")).toEqual([]);
	});

	it.each<readonly [release: Release, answers: Answers, question: string, message: string]>([
		["7.8", { vlans: "10: a" }, "switch", "The veb of OpenBSD 7.8 does not know VLANs"],
		["7.9", {}, "vlans", "'vlans' needs an answer"],
		["7.9", { vlans: "0: a" }, "vlans", "'0' is not a VLAN from 1 to 4094"],
		["7.9", { vlans: "10 a" }, "vlans", '"10 a" is not of the form `VLAN: GUEST ...`'],
		["7.9", { vlans: "10: a; 20: a" }, "vlans", '"a" is named twice'],
		["7.9", { vlans: "10: a=10.0.0.1", way: "bridged", trunk: "em1" }, "vlans", "A bridged guest gets its address from its network"],
		["7.9", { vlans: "10: a", way: "bridged" }, "trunk", "'trunk' needs an answer"],
		["7.9", { vlans: "10: a", way: "bridged", trunk: "em0" }, "trunk", "em0 has an address"],
		["7.9", { vlans: "10: a", networks: "10: 203.0.113.0/24" }, "networks", "203.0.113.0/24 overlaps the network of em0"],
		["7.9", { vlans: "10: a; 20: b", networks: "10: 10.1.0.0/24; 20: 10.1.0.0/16" }, "networks", "10.1.0.0/16 overlaps the network of"],
		["7.9", { vlans: "10: a", networks: "10.1.0.0/24" }, "networks", '"10.1.0.0/24" is not of the form `VLAN: NETWORK`'],
	])("of OpenBSD %s are told what is wrong with %j", (release, answers, question, message) => {
		const base = filesOf(bare.replace("autoconf", "203.0.113.10/24"));
		const { problems } = applyPattern(sourceOf(base, release), "vlans", answers);
		expect(problems.map((one) => `${one.question}: ${render(one.message)}`)).toContainEqual(
			expect.stringContaining(`${question}: ${message}`),
		);
	});

	it("are not where a switch is one network, nor is one network where VLANs are", () => {
		const one = madeFor("7.9", bare, ["routed", { guests: "a" }]);
		const apart = madeFor("7.9", bare, ["vlans", { vlans: "10: a" }]);
		const told = (files: Files, name: PatternName, answers: Answers): readonly string[] =>
			applyPattern(sourceOf(files, "7.9"), name, answers).problems.map(({ message }) => render(message));
		expect(told(one, "vlans", { switch: "isolated", vlans: "10: b" })).toContain(
			"veb0 is one network for all its ports: take another switch",
		);
		expect(told(apart, "routed", { switch: "vlans", guests: "b" })).toContain(
			"veb0 keeps VLANs apart: the pattern for VLANs puts guests into them",
		);
		expect(told(apart, "vlans", { switch: "vlans", vlans: "20: a" })).toContain('"a" is in VLAN 10 already');
	});
});

describe("answers that make no sense are told", () => {
	const routedHost = [...madeBy(bare, ["routed", { guests: "web01,db01" }])].map(([path, { text }]) => `//- ${path}\n${text}`).join("");
	const onBridge = [...madeBy(bare, ["routed", { guests: "web01,db01", flavour: "bridge" }])]
		.map(([path, { text }]) => `//- ${path}\n${text}`)
		.join("");
	it.each<readonly [base: string, name: PatternName, answers: Answers, question: string, message: string]>([
		[bare, "bridged", {}, "uplink", "'uplink' needs an answer"],
		[bare, "bridged", { uplink: "em1" }, "guests", "'guests' needs an answer"],
		[bare, "bridged", { uplink: "em0", guests: "a" }, "uplink", "em0 has an address"],
		[bare, "bridged", { uplink: "veb7", guests: "a" }, "uplink", "veb7 is not an interface"],
		[bare, "bridged", { uplink: "em1", guests: "1a" }, "guests", '"1a" is not a name'],
		[bare, "bridged", { uplink: "em1", guests: "a,a" }, "guests", '"a" is named twice'],
		[bare, "bridged", { uplink: "em1", guests: "a=10.0.0.1" }, "guests", "gets its address from its network"],
		[bare, "bridged", { uplink: "em1", guests: "a", services: "80,x" }, "services", "x is not a port"],
		[bare, "bridged", { uplink: "em1", guests: "a", flavour: "switch" }, "flavour", "flavour is veb, bridge, not 'switch'"],
		[bare, "bridged", { uplink: "em1", guests: "a", bridge: "bridge0" }, "bridge", "bridge0 is not a name such as veb0"],
		[bare, "bridged", { uplink: "em1", guests: "a", memory: "lots" }, "memory", "invalid memory size: lots"],
		[bare, "bridged", { uplink: "em1", guests: "a", switch: "a b" }, "switch", "'a b' is not a name for a switch"],
		[bare, "bridged", { uplink: "em1", guests: "a", colour: "red" }, "colour", "does not ask for 'colour'"],
		[bare, "vlan", { parent: "em1", vlan: "4095", guests: "a" }, "vlan", "'4095' is not a VLAN"],
		[bare, "routed", { guests: "a", network: "10.50.0.1/24" }, "network", "10.50.0.1 is an address in 10.50.0.0/24"],
		[bare, "routed", { guests: "a", network: "10.50.0.0/30" }, "network", "from /8 to /28"],
		[bare, "routed", { guests: "a", network: "fd00::/64" }, "network", "not an IPv4 network"],
		[bare, "routed", { guests: "a=10.51.0.9" }, "guests", "10.51.0.9 is not an address for a guest"],
		[bare, "routed", { guests: "a=10.50.0.1" }, "guests", "10.50.0.1 is not an address for a guest"],
		[bare, "routed", { guests: "a=10.50.0.150" }, "guests", "dhcpd gives 10.50.0.100 to 10.50.0.199 to others"],
		[bare, "routed", { guests: "a", nat: "perhaps" }, "nat", "nat is yes, no, not 'perhaps'"],
		[bare, "routed", { guests: "a", services: "80" }, "services", "does not ask for 'services'"],
		[bare, "routed", { guests: "a", resolver: "dns" }, "resolver", "dns is not an IPv4 address"],
		[routedHost, "routed", { guests: "a", switch: "more", network: "10.50.0.0/16" }, "network", "overlaps the network of vport0"],
		[routedHost, "routed", { guests: "a", flavour: "bridge" }, "flavour", 'switch "isolated" stands on veb0'],
		[routedHost, "routed", { guests: "a", network: "10.9.0.0/24" }, "network", "network is 10.50.0.0/24 already"],
		[routedHost, "bridged", { guests: "a", uplink: "em1", switch: "isolated" }, "switch", "its guests are routed"],
		[routedHost, "bridged", { guests: "a", uplink: "em1", bridge: "veb0" }, "bridge", 'veb0 is the switch "isolated" already'],
		[bare, "microsegment", {}, "guests", "'guests' needs an answer"],
		[routedHost, "microsegment", { guests: "nobody" }, "guests", 'vm.conf has no guest "nobody"'],
		[routedHost, "microsegment", { allow: "web01 80" }, "allow", "is not of the form"],
		[routedHost, "microsegment", { allow: "app: 80" }, "allow", '"app" is not among the chosen guests'],
		[routedHost, "microsegment", { allow: "web01: 80 from app" }, "allow", '"app" is not a guest with a policy'],
		[routedHost, "microsegment", { allow: "web01: 80 from web01" }, "allow", "needs no rule to reach itself"],
		[routedHost, "microsegment", { allow: "web01: 80 from 300.1.1.1" }, "allow", "not an IPv4 address or network"],
		[routedHost, "microsegment", { allow: "web01: 80; db01: 80" }, "allow", "cannot lead to both"],
		[routedHost, "microsegment", { allow: "web01: 22" }, "allow", "the host's own"],
		[onBridge, "microsegment", { by: "groups" }, "by", "only a pinned tap"],
		[routedHost, "guest", { switch: "lan", name: "app" }, "switch", 'no switch "lan"'],
		[routedHost, "guest", { name: "a,b" }, "name", "Write one name"],
		[routedHost, "guest", { name: "app", address: "10.9.0.1" }, "address", "not an address for a guest"],
	])("%#: %s %s %j", (base, name, answers, question, message) => {
		const { problems, files } = applyPattern(sourceOf(madeBy(base)), name, answers);
		expect(files.size).toBe(0);
		expect(problems.map((problem) => `${problem.question}: ${render(problem.message)}`).join("\n")).toContain(`${question}: `);
		expect(problems.map((problem) => render(problem.message)).join("\n")).toContain(message);
	});
});

it("questions come one after the other, with what the host's files suggest", () => {
	const host = hostFor(sourceOf(madeBy(`${bare}//- /etc/hostname.em1\nup\n`)));
	const asked: string[] = [];
	const answers: Record<string, string> = {};
	for (let next = nextQuestion(host, "routed", answers); next !== undefined; next = nextQuestion(host, "routed", answers)) {
		asked.push(`${next.id}: ${next.choices.map(({ value }) => value).join(" ")}`);
		answers[next.id] = next.id === "guests" ? "web01" : (next.standard ?? "");
	}
	expect(asked).toEqual([
		"switch: isolated",
		"flavour: veb bridge",
		"uplink: em0",
		"bridge: veb0",
		"network: 10.50.0.0/24",
		"gateway: vport0",
		"nat: yes no",
		"dhcp: yes no",
		"resolver: 9.9.9.9",
		"guests: ",
		"memory: 512M 1G 2G 4G",
	]);
	expect(checkAnswer(host, "routed", answers, "network", "x")?.template).toContain("not an IPv4 network");
	expect(checkAnswer(host, "routed", answers, "network", "10.60.0.0/24")).toBeUndefined();
});

describe("a guest without an address gets none that another one is to have", () => {
	const leases = (files: Files): readonly string[] =>
		[...(files.get("/etc/dhcpd.conf")?.text ?? "").matchAll(/fixed-address (\S+);/g)].map(([, address = ""]) => address);
	it.each<[PatternName, Answers]>([
		["routed", { guests: "web01, db01=10.50.0.20" }],
		["vlans", { vlans: "10: web01 db01=10.50.10.20" }],
	])("%s", (name, answers) => {
		const given = leases(madeBy(bare, [name, answers]));
		expect(given).toHaveLength(2);
		expect(new Set(given).size).toBe(2);
	});
});

/** A policy for each of some guests: nothing reaches them, and they reach nothing, but what an anchor of theirs passes. */
import type { Host, Segment } from "../host/model.ts";
import { outsides } from "../host/paths.ts";
import { seesAt } from "../host/segments.ts";
import { passesTags } from "../host/veb-vlans.ts";
import { formatIp, inNetwork, parseIp4 } from "../pf/names/address.ts";
import { msg } from "../text/message.ts";
import type { VmInterface } from "../vm/model.ts";
import { type Draft, withLines } from "./draft.ts";
import { ensureFile, ensureLines } from "./hostname.ts";
import type { Answers, Choice, Pattern, Question } from "./pattern.ts";
import { anchorFile, clearAnchorsWay, ensureAnchors, ensureFoundation, ensureRules } from "./pf-conf.ts";
import { reachesOutside } from "./promises.ts";
import { closed } from "./questions.ts";
import { gatewayOf } from "./routed.ts";
import { leaseOf } from "./services.ts";
import { type Allowance, freeName, isAddressOrNetwork, isMessage, parseAllowances, parseGuests, portList } from "./values.ts";
import { ensureGroup, ensurePlug, ensureTap, freeLladdr, groupNamed, guestNamed, switchNamed } from "./vm-conf.ts";

/** Device nodes of taps that a new system has. */
const DEVICES = 4;

/** A chosen guest with the interface that its policy is for: the first one that is in a switch. */
export interface Member {
	readonly name: string;
	readonly nic: VmInterface;
	readonly switch: string;
	readonly segment: Segment;
}

export function memberNamed(host: Host, name: string): Member | undefined {
	for (const nic of guestNamed(host, name)?.interfaces ?? []) {
		const segment = host.segmentOfNic.get(nic);
		if (segment !== undefined && nic.switch !== undefined) return { name, nic, switch: nic.switch.value, segment };
	}
	return undefined;
}

/** Guests whose anchor pf.conf loads already. */
export function segmented(host: Host): readonly string[] {
	const loaded = new Set((host.pf?.loads ?? []).map(({ anchor }) => anchor.value.replace(/^\//, "")));
	return host.vm.guests.map(({ name }) => name.value).filter((name) => loaded.has(`vm/${name}`));
}

function addressesIn({ addresses = "" }: Answers): ReadonlyMap<string, string> {
	const parsed = parseGuests(addresses);
	return new Map(isMessage(parsed) ? [] : parsed.flatMap(({ name, address }) => (address === undefined ? [] : [[name, address] as const])));
}

/** The address that a guest's rules are for: given, of dhcpd.conf, or that of its anchor's file. */
function addressOf(draft: Draft, name: string, answers: Answers): string | undefined {
	const given = addressesIn(answers).get(name);
	if (given !== undefined) return given;
	const lladdr = memberNamed(draft.host, name)?.nic.lladdr?.value.toLowerCase();
	const lease = lladdr === undefined ? undefined : leaseOf(draft, lladdr);
	return lease ?? addressInFile(draft.text(anchorFile(name)));
}

/** The address that the first line of a guest's file names. */
function addressInFile(text: string | undefined): string | undefined {
	return /^# \S+ \(([0-9.]+)\):/.exec(text ?? "")?.[1];
}

function chosen({ guests = "" }: Answers): readonly string[] {
	const parsed = parseGuests(guests);
	return isMessage(parsed) ? [] : parsed.map(({ name }) => name);
}

/** Whether routed packets of a segment pass no tap in pf. */
function isPastTaps({ kind, gateways }: Segment): boolean {
	return kind === "bridge" && gateways.length > 0;
}

export const microsegment: Pattern = {
	title: msg("A policy for each guest"),
	detail: msg("Micro-segmentation: an anchor for each guest, and nothing else gets in or out"),
	questions(host, answers) {
		return [guestsQuestion(host), byQuestion(host, answers), addressesQuestion(host, answers), allowQuestion(host, answers), outQuestion()];
	},
	write(draft, answers) {
		const { by = "taps", out = "outside" } = answers;
		const names = chosen(answers);
		clearAnchorsWay(draft);
		ensureFoundation(draft);
		if (by === "taps") pinAll(draft);
		for (const name of names) identify(draft, name, by, addressOf(draft, name, answers));
		const allowed = parseAllowances(answers.allow ?? "");
		const allowances = isMessage(allowed) ? [] : allowed;
		for (const name of names) ensurePassage(draft, name, addressOf(draft, name, answers));
		ensureRules(draft, forwards(draft, answers, allowances));
		ensureAnchors(
			draft,
			names.map((guest) => ({ guest, blocks: blocksOf(draft, guest, addressOf(draft, guest, answers)) })),
		);
		for (const name of names) ensurePolicy(draft, name, addressOf(draft, name, answers) ?? "", policyHead(draft, name, out));
		for (const one of allowances) allow(draft, answers, one);
	},
	promises: policyPromises,
};

function guestsQuestion(host: Host): Question {
	const names = host.vm.guests.map(({ name }) => name.value).filter((name) => memberNamed(host, name) !== undefined);
	return {
		id: "guests",
		title: msg("Which guests get a policy of their own? Names with commas between"),
		example: names.length === 0 ? "web01,db01" : names.join(","),
		choices: names.length === 0 ? [] : [{ value: names.join(","), detail: msg("all guests in a switch") }],
		open: true,
		...(names.length === 0 ? {} : { standard: names.join(",") }),
		check(answer) {
			const guests = parseGuests(answer);
			if (isMessage(guests)) return guests;
			if (guests.length === 0) return msg("Name a guest");
			for (const { name } of guests) {
				if (guestNamed(host, name) === undefined) return msg('vm.conf has no guest "{0}"', name);
				const member = memberNamed(host, name);
				if (member === undefined) return msg('"{0}" is in no switch', name);
				const { kind, link } = member.segment;
				if (kind === "veb" && link.config !== undefined && passesTags(link.config))
					return msg('{0} passes tagged frames, and pf sees none of them: no policy of "{1}" would hold', link.name, name);
			}
			return undefined;
		},
	};
}

/** Interfaces that vmd would give a tap of its choice. */
function unpinned(host: Host): readonly VmInterface[] {
	const guests = host.vm.guests.filter(({ disabled }) => disabled === undefined);
	return guests.flatMap(({ interfaces }) => interfaces.filter(({ tap }) => tap === undefined));
}

/** Whether every interface of the host can have a tap of those that a new system has device nodes for. */
function tapsSuffice(host: Host): boolean {
	let free = 0;
	for (let unit = 0; unit < DEVICES; unit++) if (!host.links.has(`tap${unit}`)) free++;
	return unpinned(host).length <= free;
}

function byQuestion(host: Host, answers: Answers): Question {
	const names = chosen(answers);
	const past = names.map((name) => memberNamed(host, name)?.segment).find((segment) => segment !== undefined && isPastTaps(segment));
	const choices: readonly Choice[] = [
		{ value: "taps", detail: msg("vm.conf pins the taps of all guests, and the switch binds addresses to them") },
		{ value: "groups", detail: msg("vm.conf gives it a group of its own") },
	];
	const pinned = past !== undefined || tapsSuffice(host);
	const question = closed(
		"by",
		msg("How do the rules name a guest's interface?"),
		pinned ? choices : choices.toReversed(),
		pinned ? "taps" : "groups",
	);
	return {
		...question,
		check: (answer) =>
			answer === "groups" && past !== undefined
				? msg("On {0}, routed packets pass no tap in pf: only a pinned tap tells guests apart", past.link.name)
				: question.check(answer),
	};
}

function addressesQuestion(host: Host, answers: Answers): Question {
	const known = new Map(
		chosen(answers).map((name) => {
			const lladdr = memberNamed(host, name)?.nic.lladdr?.value.toLowerCase();
			const lease = host.dhcpd.value?.hosts.find(({ ethernet }) => ethernet?.text.toLowerCase() === lladdr)?.addresses[0]?.text;
			const file = host.source.files.get(anchorFile(name))?.text;
			return [name, (lladdr === undefined ? undefined : lease) ?? addressInFile(file)] as const;
		}),
	);
	const missing = [...known].filter(([, address]) => address === undefined).map(([name]) => name);
	return {
		id: "addresses",
		...(missing.length === 0 ? { fixed: "" } : {}),
		title: missing.length === 0 ? msg("Which address has each guest?") : msg("Which address has each of {0}?", missing.join(", ")),
		example: (missing.length === 0 ? ["web01"] : missing).map((name, at) => `${name}=${exampleAddress(host, name, at)}`).join(","),
		choices: [],
		open: true,
		check(answer) {
			const parsed = parseGuests(answer);
			if (isMessage(parsed)) return parsed;
			const given = new Map(parsed.map(({ name, address }) => [name, address]));
			const none = missing.find((name) => given.get(name) === undefined);
			if (none !== undefined) return msg('The address of "{0}" is missing: {0}=ADDRESS', none);
			for (const [name, address = ""] of given) {
				const member = memberNamed(host, name);
				const network = member === undefined ? undefined : gatewayOf(member.segment)?.network;
				if (network !== undefined && !network.has(address))
					return msg('{0} is not in {1}, the network of "{2}"', address, network.text, name);
			}
			return undefined;
		},
	};
}

/** An address that a guest could have: in the network behind the host, or where the host has none, in one of the page's. */
function exampleAddress(host: Host, name: string, at: number): string {
	const member = memberNamed(host, name);
	const network = member === undefined ? undefined : gatewayOf(member.segment)?.network;
	let left = at;
	for (const address of network?.guestAddresses() ?? []) if (left-- === 0) return address;
	return `10.10.0.${20 + 10 * at}`;
}

function allowQuestion(host: Host, answers: Answers): Question {
	const names = chosen(answers);
	const others = segmented(host);
	return {
		id: "allow",
		title: msg("What reaches them? TCP ports for each guest, and from where"),
		example: `${names[0] ?? "web01"}: 80 443; ${names[1] ?? "db01"}: 3306 from ${names[0] ?? "web01"}`,
		choices: [{ value: "", detail: msg("nothing") }],
		open: true,
		standard: "",
		check(answer) {
			const allowances = parseAllowances(answer);
			if (isMessage(allowances)) return allowances;
			const forwarded = new Map<number, string>([[22, ""]]);
			for (const { guest, ports, from } of allowances) {
				if (!names.includes(guest)) return msg('"{0}" is not among the chosen guests', guest);
				const member = memberNamed(host, guest);
				if (member === undefined) continue;
				if (from !== "any" && !isAddressOrNetwork(from)) {
					if (from === guest) return msg('"{0}" needs no rule to reach itself', guest);
					if (!names.includes(from) && !others.includes(from)) return msg('"{0}" is not a guest with a policy: choose it as well', from);
				} else if (isTranslated(host, member) && isByUplink(host, from)) {
					for (const port of ports) {
						const owner = forwarded.get(port);
						if (owner === "") return msg("Port {0} of the uplink is the host's own", port);
						if (owner !== undefined && owner !== guest)
							return msg('Port {0} of the uplink cannot lead to both "{1}" and "{2}"', port, owner, guest);
						forwarded.set(port, guest);
					}
				}
			}
			return undefined;
		},
	};
}

function outQuestion(): Question {
	return closed(
		"out",
		msg("What do they reach?"),
		[
			{ value: "outside", detail: msg("everything but their neighbours and the host") },
			{ value: "nothing", detail: msg("nothing but guests that let them in") },
		],
		"outside",
	);
}

/** How a guest's rules call its interface: a tap or a group. */
function portOf({ nic, name }: Member): string {
	return nic.tap?.value ?? nic.group?.value ?? groupNamed(name);
}

/** Gives every interface a tap that stays: one that vmd picks could be another guest's. A guest gets the tap that its rules name already. */
function pinAll(draft: Draft): void {
	for (const name of draft.host.vm.guests.map((guest) => guest.name.value)) {
		const named = /\btap\d+\b/.exec(draft.text(anchorFile(name)) ?? "")?.[0];
		const [nic, ...others] = guestNamed(draft.host, name)?.interfaces ?? [];
		const isFree = named !== undefined && (draft.host.links.get(named)?.pinnedBy.length ?? 0) === 0;
		if (isFree && nic?.tap === undefined && nic !== undefined && others.length === 0) ensureTap(draft, nic, named);
	}
	for (let [nic] = unpinned(draft.host); nic !== undefined; [nic] = unpinned(draft.host))
		ensureTap(draft, nic, freeName("tap", draft.host.links.keys()));
}

/** Makes a guest's interface one that rules can name, and binds the guest's addresses to it. */
function identify(draft: Draft, name: string, by: string, address: string | undefined): void {
	const before = memberNamed(draft.host, name);
	if (before === undefined) return;
	ensurePlug(draft, name, before.switch, freeLladdr(draft.host));
	const nic = memberNamed(draft.host, name)?.nic ?? before.nic;
	if (nic.tap === undefined && by === "groups") {
		ensureGroup(draft, nic, groupNamed(name));
		return;
	}
	const member = memberNamed(draft.host, name);
	const tap = member?.nic.tap?.value;
	const lladdr = member?.nic.lladdr?.value;
	if (member === undefined || tap === undefined || lladdr === undefined || address === undefined) return;
	ensureFile(draft, tap, `${name} in switch "${member.switch}" (vm.conf pins it)`);
	ensureLines(draft, member.segment.link.name, `switch "${member.switch}"`, [
		`add ${tap}`,
		...(member.segment.kind === "veb" && member.segment.gateways.length > 0 ? fixedPlaces(draft, member, tap, lladdr) : []),
		`# ${name}: pf sees no ARP, so its addresses are bound to its port here`,
		`rule pass in on ${tap} src ${lladdr} arp sha ${lladdr} spa ${address}`,
		`rule block in on ${tap} arp`,
		...(isPastTaps(member.segment)
			? [
					`# ${name}: routed frames pass no tap in pf; the tag tells pf which guest sent them`,
					`rule pass in on ${tap} src ${lladdr} tag ${name}`,
					`rule block in on ${tap}`,
				]
			: []),
	]);
}

/** On a veb that leads to the host alone, where each address is can be said for good. */
function fixedPlaces(draft: Draft, member: Member, tap: string, lladdr: string): readonly string[] {
	const gateway = gatewayOf(member.segment)?.name;
	const theirs = draft.host.links.get(gateway ?? "")?.config?.lladdr?.value;
	return [
		...(gateway === undefined || theirs === undefined ? [] : [`static ${gateway} ${theirs}`]),
		`static ${tap} ${lladdr}`,
		`-discover ${tap}`,
		`-learn ${tap}`,
	];
}

/** What is blocked for a guest before its anchor passes something: where the rules for all let anything through. */
function blocksOf(draft: Draft, name: string, address: string | undefined): readonly string[] {
	const member = memberNamed(draft.host, name);
	if (member === undefined) return [];
	const { host } = draft;
	const { nic } = member;
	const gateway = isPastTaps(member.segment) ? gatewayOf(member.segment)?.name : undefined;
	const group = switchNamed(host, member.switch)?.group?.value;
	return [
		...(isOpen(host, ["tap", nic.tap?.value, nic.group?.value, group]) ? [`block log on ${portOf(member)}`] : []),
		...(gateway !== undefined && isOpen(host, [gateway, "vether"], "in") ? [`block in log on ${gateway} tagged ${name}`] : []),
		...(gateway !== undefined && address !== undefined && isOpen(host, [gateway, "vether"], "out")
			? [`block out log on ${gateway} inet to ${address}`]
			: []),
	];
}

/** Whether a rule of pf.conf passes something on an interface that is known by one of the names. */
function isOpen(host: Host, names: readonly (string | undefined)[], direction?: "in" | "out"): boolean {
	return (host.pf?.ruleset.main.rules ?? []).some(
		(rule) =>
			rule.action === "pass" &&
			!rule.quick &&
			rule.anchor === undefined &&
			(rule.interface === "" || names.includes(rule.interface)) &&
			(direction === undefined || rule.direction === undefined || rule.direction === direction),
	);
}

/** Whether what a guest sends is translated on its way out, so that nobody outside knows its address. */
function isTranslated(host: Host, { segment }: Member): boolean {
	const network = gatewayOf(segment)?.network;
	if (network === undefined) return false;
	return (host.pf?.ruleset.main.rules ?? []).some(
		({ nat, source }) => nat !== undefined && source.address.kind === "network" && source.address.address.a === network.base.a,
	);
}

/** The interface on whose network an address or a network is: not the guests' own. */
function entryFor(host: Host, from: string): string | undefined {
	const [text = ""] = from.split("/");
	const ip = parseIp4(text);
	const gateways = new Set(host.segments.flatMap((segment) => segment.gateways.map(({ name }) => name)));
	if (ip === undefined) return undefined;
	return host.configs.find(
		({ name, addresses }) =>
			!gateways.has(name) &&
			addresses.some((one) => one.family === "inet" && one.ip !== undefined && one.bits !== undefined && inNetwork(ip, one.ip, one.bits)),
	)?.name;
}

/** Whether a source outside comes in by the uplink, where guests' addresses may be translated. */
function isByUplink(host: Host, from: string): boolean {
	const entry = from === "any" ? undefined : entryFor(host, from);
	return entry === undefined || entry === outsides(host)[0]?.name;
}

/** What lets others come in by the host's interfaces, for guests on a routed network. */
function forwards(draft: Draft, answers: Answers, allowances: readonly Allowance[]): readonly string[] {
	const { host } = draft;
	const [uplink] = outsides(host);
	return allowances.flatMap(({ guest, ports, from }) => {
		const member = memberNamed(host, guest);
		const address = addressOf(draft, guest, answers);
		if (member === undefined || address === undefined || member.segment.gateways.length === 0) return [];
		const other = from === "any" || isAddressOrNetwork(from) ? undefined : memberNamed(host, from);
		// Neighbours come by no interface of the host's, and routed guests by one that lets them out.
		if (other !== undefined && (other.switch === member.switch || other.segment.gateways.length > 0)) return [];
		const seen = other === undefined ? from : (addressOf(draft, from, answers) ?? from);
		const name = (seen === "any" ? undefined : entryFor(host, seen)) ?? uplink?.name;
		if (name === undefined) return [];
		const source = seen === "any" ? "" : ` from ${seen}`;
		const forwarded = other === undefined && isTranslated(host, member) && isByUplink(host, seen);
		const rule = forwarded
			? `pass in on ${name} inet proto tcp${source} to (${name}) port ${portList(ports)} rdr-to ${address}`
			: `pass in on ${name} inet proto tcp${source} to ${address} port ${portList(ports)}`;
		return [`# ${guest}: what ${from === "any" ? "the outside" : from} reaches of it`, rule];
	});
}

/** Makes the rules for all let by what the guest's own policy decides, and nothing more of it. */
function ensurePassage(draft: Draft, name: string, address: string | undefined): void {
	const member = memberNamed(draft.host, name);
	if (member === undefined || address === undefined) return;
	const gateway = gatewayOf(member.segment);
	if (gateway !== undefined) {
		const { network } = gateway;
		ensureRules(draft, [
			`# Switch "${member.switch}": guests reach neither the host nor each other by way of ${gateway.name}`,
			`block in log quick on ${gateway.name} inet from ${network.text} to { (self) ${network.text} }`,
		]);
		return;
	}
	const veb = member.segment.kind === "veb" ? [member.segment.link.name] : [];
	const closed = member.segment.uplinks.filter(({ name: port }) => seesAt(member.segment, port) && !isOpen(draft.host, [port]));
	ensureRules(draft, [
		...closed.flatMap(({ name: port }) => [
			`# ${name}: what is for it is decided on its own port, which ${port} leads to`,
			`pass in on ${port} inet to ${address}`,
			`pass out on ${port} inet from ${address}`,
			`pass out quick on ${port} inet proto udp from any port 68 to any port 67 no state`,
			`pass in quick on ${port} inet proto udp from any port 67 to any port 68 no state`,
		]),
		`# ${name}: DHCP with the server of its network`,
		`pass in quick on ${portOf(member)} inet proto udp from any port 68 to any port 67 no state`,
		`pass out quick on ${portOf(member)} inet proto udp from any port 67 to any port 68 no state`,
		...veb.map((port) => `pass out quick on ${port} inet proto udp from any port { 67 68 } to any port { 67 68 } no state`),
	]);
}

/** What the policies let through, and nothing else. */
function policyPromises(draft: Draft, answers: Answers): readonly string[] {
	const { host } = draft;
	const names = chosen(answers);
	const parsed = parseAllowances(answers.allow ?? "");
	const allowances = isMessage(parsed) ? [] : parsed;
	const of = (guest: string, from: string) => allowances.some((one) => one.guest === guest && one.from === from);
	const isRouted = (name: string) => (memberNamed(host, name)?.segment.gateways.length ?? 0) > 0;
	const isOpenToOthers = (name: string) =>
		allowances.some(({ guest, from }) => guest === name && (from === "any" || isAddressOrNetwork(from)));
	const given = [...addressesIn(answers)].map(([name, address]) => `address ${name} ${address}`);
	return [
		...given,
		...allowances.map(({ guest, ports, from }) => `${endOf(from)} ${guest} tcp ${ports.join(" ")} pass`),
		...names.flatMap((name) => (isOpenToOthers(name) ? [] : [`outside ${name} tcp block`])),
		...names.flatMap((name) => (answers.out === "nothing" ? [`${name} outside tcp block`] : reachesOutside(name))),
		...names.flatMap((name) => (isRouted(name) ? [`${name} host any block`] : [])),
		...names.flatMap((name) =>
			names.flatMap((other) => (other === name || of(other, name) || of(other, "any") ? [] : [`${name} ${other} tcp block`])),
		),
	];
}

/** An address of a source: a network is stood for by one of its machines. */
function endOf(from: string): string {
	if (from === "any") return "outside";
	const split = from.split("/");
	const ip = parseIp4(split[0] ?? "");
	const bits = Number(split[1] ?? 32);
	if (!isAddressOrNetwork(from) || ip === undefined || bits >= 31) return split[0] ?? from;
	return formatIp({ ...ip, a: (ip.a + 7) | 0 }, "inet");
}

/** Lets a guest reach all that its network leads to. */
const EVERYWHERE = "pass in on $nic inet from $ip";

/** The first lines of a guest's policy. */
function policyHead(draft: Draft, name: string, out: string): readonly string[] {
	const member = memberNamed(draft.host, name);
	if (member === undefined) return [];
	const gateway = gatewayOf(member.segment);
	if (out === "nothing") return [];
	if (isPastTaps(member.segment) && gateway !== undefined)
		return ["# to what is beyond its gateway", `pass in on ${gateway.name} inet from $ip to ! ${gateway.network.text} tagged ${name}`];
	const beyond = gateway === undefined ? "" : ` to ! ${gateway.network.text}`;
	return ["# to the outside, with its own address only", `${EVERYWHERE}${beyond}`];
}

/** The file of a guest's anchor, with lines that it does not have yet, and the macros that they use. */
function ensurePolicy(draft: Draft, name: string, address: string, lines: readonly string[]): void {
	const member = memberNamed(draft.host, name);
	if (member === undefined) return;
	const path = anchorFile(name);
	const before = draft.text(path) ?? withLines("", `# ${name} (${address}): out is towards the guest, in is from it`);
	const known = new Set(before.split("\n").map((line) => line.trim()));
	const missing = lines.filter((line) => !line.startsWith("#") && !known.has(line));
	if (missing.length === 0) {
		draft.write(path, before);
		return;
	}
	const added = lines.filter((line) => line.startsWith("#") || missing.includes(line));
	const macros = [
		["nic", portOf(member)],
		["ip", address],
	] as const;
	const define = macros.flatMap(([macro, value]) =>
		missing.some((line) => line.includes(`$${macro}`)) && !new RegExp(`^${macro}\\s*=`, "m").test(before) ? [`${macro} = "${value}"`] : [],
	);
	const head = before.indexOf("\n") + 1;
	draft.write(path, withLines(withLines(before.slice(0, head), ...define) + before.slice(head), "", ...added));
}

/** Lets something through: towards the guest, and where another guest with a policy is the source, out of that one. */
function allow(draft: Draft, answers: Answers, { guest, ports, from }: Allowance): void {
	const member = memberNamed(draft.host, guest);
	const address = addressOf(draft, guest, answers);
	if (member === undefined || address === undefined) return;
	const neighbour = from === "any" || isAddressOrNetwork(from) ? undefined : addressOf(draft, from, answers);
	const source = from === "any" ? "" : ` from ${neighbour ?? from}`;
	const gateway = gatewayOf(member.segment);
	const beside = neighbour !== undefined && memberNamed(draft.host, from)?.switch === member.switch;
	const past = isPastTaps(member.segment) && !beside && gateway !== undefined;
	const on = past ? gateway.name : "$nic";
	const list = portList(ports);
	const comment = from === "any" ? "# from anywhere" : `# from ${from}`;
	ensurePolicy(draft, guest, address, [comment, `pass out on ${on} inet proto tcp${source} to $ip port ${list}`]);
	// One that reaches everything on its network needs no rule for this.
	if (neighbour === undefined || !beside || (draft.text(anchorFile(from)) ?? "").split("\n").includes(EVERYWHERE)) return;
	ensurePolicy(draft, from, neighbour, [`# to ${guest}`, `pass in on $nic inet proto tcp from $ip to ${address} port ${list}`]);
}

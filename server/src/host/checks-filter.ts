/** pf's rules against the interfaces and guests of the host: where pf sees a packet, and where it does not. */
import { formatIp, inNetwork, masked, parseIp4 } from "../pf/address.ts";
import type { EndMatch, Ip, Rule } from "../pf/rules.ts";
import { say } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import type { VmInterface } from "../vm/model.ts";
import { error, type HostCheck, type More, type Report, seen, warning } from "./check.ts";
import {
	anchorsCalled,
	type Filter,
	filterOf,
	fixedAddress,
	isGroup,
	isKernelGroup,
	isSweeping,
	type Located,
	singleHost,
	takesPort,
} from "./filter.ts";
import {
	add,
	fixedBy,
	lineAbove,
	lineBelow,
	lineOfPfConf,
	macrosOf,
	movedBelow,
	renamedIn,
	replacedIn,
	withoutLine,
	withSetting,
	write,
} from "./fixes.ts";
import { familyOf } from "./interface-config.ts";
import { type Host, hasAddress, isCloned, isSetElsewhere, type Plug, type Segment } from "./model.ts";
import { isGlob } from "./pf-facts.ts";

/** Runs a check over each rule that has an interface of its own; a statement is reported once. */
function eachRule(
	run: (filter: Filter, located: Located, report: (message: Parameters<Report>[1], more?: More) => void) => void,
): HostCheck["run"] {
	return (host, report) => {
		const filter = filterOf(host);
		if (filter === undefined) return;
		const told = new Set<string>();
		for (const located of filter.rules) {
			run(filter, located, (message, more) => {
				const at = filter.pf.place(located.rule);
				const key = `${at.file} ${at.span.start} ${message.template} ${message.args.join(" ")}`;
				if (told.has(key)) return;
				told.add(key);
				report(at, message, more);
			});
		}
	};
}

const plugSegment = ({ host }: Filter, { nic }: Plug): Segment | undefined => host.segmentOfSwitch.get(nic.switch?.value ?? "");
const startOf = (file: string): Place => ({ file, span: span(0, 0) });

/** Families whose addresses hostname files give, and no peer or program: devices of the machine, and the host's own ports. */
const ADDRESSED = /^(?!(?:pppoe|ppp|tun|tap|umb|wg|gif|gre|enc|lo|sec|vxlan)$)[a-z]+$/;

/** Whether an end is the interface's own address, found at run time. */
function isOwn({ address }: EndMatch, name: string): boolean {
	return address.kind === "dynamic" && address.interface === name;
}

export const filterChecks = {
	"host/rule-on-bridge": error(
		[
			"A rule on a bridge",
			"pf tests packets on the members of a bridge(4); on bridgeN itself it sees none.",
			"Write the members: taps, physical interfaces, or vether for what the host routes.",
		],
		eachRule((_, { rule }, report) => {
			if (familyOf(rule.interface) === "bridge" && !isGroup(rule.interface))
				report(say("pf sees no packet on {0}", rule.interface), { advice: say("Write the bridge's members, or the host's vether.") });
		}),
	),

	"host/rule-in-on-veb": warning(
		[
			"A rule for packets in on a veb",
			"On vebN pf tests what is flooded, on its way out, and nothing else.",
			"Write the ports: taps, vport, physical interfaces.",
		],
		eachRule((_, { rule }, report) => {
			if (familyOf(rule.interface) !== "veb" || isGroup(rule.interface) || rule.direction !== "in") return;
			report(say("Nothing comes in on {0}", rule.interface), { advice: say("Write its ports: what a guest sends comes in on its tap.") });
		}),
	),

	"host/veb-without-link1": error(
		[
			"Rules on ports of a veb without link1",
			"A veb runs pf on its ports only where link1 is set: these rules never match.",
			"Add `link1` to the veb's hostname file.",
		],
		(host, report) => {
			const filter = filterOf(host);
			for (const segment of host.segments) {
				const { config } = segment.link;
				if (segment.kind !== "veb" || config === undefined || config.links.has("link1")) continue;
				const first = filter?.rules.find(
					({ rule: { interface: name } }) => name !== "" && familyOf(name) !== "vport" && filter.segmentsOf(name).includes(segment),
				);
				if (filter === undefined || first === undefined) continue;
				report(filter.pf.place(first.rule), say("pf does not look at the ports of {0}: it has no link1", config.name), {
					advice: say("No rule on its taps matches anything. Add `link1` to {0}.", config.path),
					related: [seen(startOf(config.path), say("The veb"))],
					fixes: [
						{
							title: say("Add link1 to {0}", config.path),
							edits: [{ file: config.path, span: span(0, 0), text: "link1\n" }],
							preferred: true,
						},
					],
				});
			}
		},
	),

	"host/rule-on-unpinned-tap": error(
		[
			"A rule on a tap that no guest pins",
			"Taps are given in the order in which guests start: the rule may filter any guest, or none.",
			"Pin the tap in vm.conf, or use a group.",
		],
		eachRule(({ host, plugs }, { rule, anchor }, report) => {
			const { interface: name } = rule;
			if (familyOf(name) !== "tap" || isGroup(name) || host.vmFile === undefined || !host.vm.complete || plugs(name).length > 0) return;
			if (hasAddress(host.links.get(name)?.config)) return;
			report(say("{0} may be any guest's: vm.conf pins it nowhere", name), {
				advice: say("Write `interface {0}` into the guest's block, or give the interface a group and use that here.", name),
				related: [seen(startOf("/etc/vm.conf"), say("The guests"))],
				...pinned(host, anchor, name),
			});
		}),
	),

	"host/anchor-of-other-guest": error(
		[
			"An anchor with another guest's tap",
			"The anchor is named after one guest, and its rules are on the tap of another.",
			"Write the guest's own tap.",
		],
		eachRule(({ host, plugs }, { rule, anchor }, report) => {
			const name = anchor.split("/").at(-1) ?? "";
			const guest = host.vm.guests.find((one) => one.name.value === name);
			if (guest === undefined || rule.interface === "" || isGroup(rule.interface)) return;
			for (const plug of plugs(rule.interface)) {
				if (plug.guest === guest) continue;
				const [own, ...others] = guest.interfaces.flatMap(({ tap }) => tap?.value ?? []);
				const place = host.pf?.place(rule);
				report(say("{0} is the tap of {1}, in the anchor of {2}", rule.interface, plug.guest.name.value, name), {
					...(own !== undefined && others.length === 0 && place !== undefined
						? fixedBy(write(own), renamedIn(host, place, rule.interface, own))
						: {}),
					related: [seen(plug.nic.tap ?? plug.guest.name, say("Pinned here"))],
				});
			}
		}),
	),

	"host/tap-address": error(
		[
			"The address of a tap that has none",
			"A tap in a bridge or veb has no address: `(tapN)` is empty, and the rule never matches.",
			"Write the guest's address, or a table.",
		],
		eachRule(({ host, plugs, segmentsOf }, { rule }, report) => {
			for (const { address } of [rule.source, rule.destination]) {
				if (address.kind !== "dynamic" || plugs(address.interface).length === 0 || segmentsOf(address.interface).length === 0) continue;
				if (hasAddress(host.links.get(address.interface)?.config)) continue;
				report(say("({0}) has no address, so this never matches", address.interface), {
					advice: say("Write the guest's own address."),
					...withAddress(host, rule, plugs(address.interface), address.interface),
					related: plugs(address.interface)
						.slice(0, 1)
						.map(({ guest, nic }) => seen(nic.tap ?? nic.group ?? guest.name, say("The guest's interface"))),
				});
			}
		}),
	),

	"host/interface-without-address": warning(
		[
			"The address of an interface that has none",
			"The parentheses stand for the addresses that the interface has: without one, the rule never matches, and `nat-to` drops its packets.",
			"Give the interface an address, or write the interface that has it.",
		],
		eachRule(({ host, plugs }, { rule }, report) => {
			for (const address of [rule.source.address, rule.destination.address, rule.nat?.address, rule.rdr?.address]) {
				if (address?.kind !== "dynamic" || isGroup(address.interface) || plugs(address.interface).length > 0) continue;
				const link = host.links.get(address.interface);
				const { config } = link ?? {};
				// Programs give addresses to some: pppoe and tunnels get them from their peers.
				if (config === undefined || hasAddress(config) || !ADDRESSED.test(config.family) || isSetElsewhere(host, config.name)) continue;
				report(say("{0} has no address: ({0}) is empty", address.interface), {
					advice: say("Add an `inet` line to {0}, or write the interface that has the address.", config.path),
					related: [seen(startOf(config.path), say("Its hostname file"))],
				});
			}
		}),
	),

	"host/reversed-direction": error(
		[
			"The direction of a guest's rule is reversed",
			"What reaches a guest goes out on its tap; what it sends comes in there.",
			"Swap `in` and `out`.",
		],
		eachRule(({ host, plugs }, { rule }, report) => {
			const { interface: name, direction, source, destination } = rule;
			if (direction === undefined || isGroup(name)) return;
			const end = direction === "in" ? destination : source;
			for (const plug of plugs(name)) {
				const fixed = fixedAddress(host, plug);
				const theirs = singleHost(end);
				const own = isOwn(end, name) || (fixed !== undefined && theirs !== undefined && theirs.a === fixed.ip.a);
				if (!own) continue;
				const message =
					direction === "in"
						? say("What reaches {0} goes out on {1}, not in", plug.guest.name.value, name)
						: say("What {0} sends comes in on {1}, not out", plug.guest.name.value, name);
				const place = host.pf?.place(rule);
				const other = direction === "in" ? "out" : "in";
				report(message, {
					related: [seen(plug.nic.tap ?? plug.guest.name, say("The guest's tap"))],
					...(place && fixedBy(write(other), replacedIn(host, place, new RegExp(`\\b${direction}\\b`), other))),
				});
			}
		}),
	),

	"host/routed-past-tap": error(
		[
			"A rule on a bridge's tap for packets that do not pass it",
			"What the host routes to or from a guest on a bridge(4) is tested on its vether alone, never on the tap.",
			"Write the rule on the vether, or use a veb with link1 and a vport.",
		],
		eachRule(({ plugs, ...filter }, { rule }, report) => {
			const { interface: name, direction, source, destination } = rule;
			if (direction === undefined || name === "") return;
			const other = direction === "in" ? destination : source;
			if (other.negated || other.address.kind !== "network" || other.address.bits === 0 || rule.family === "inet6") return;
			const { address, bits } = other.address;
			for (const plug of plugs(name)) {
				const segment = plugSegment({ plugs, ...filter }, plug);
				if (segment?.kind !== "bridge" || segment.uplinks.length > 0 || segment.gateways.length === 0) continue;
				if (isBroadcast(address) || segment.gateways.some(({ config }) => config?.addresses.some((one) => near(address, bits, one))))
					continue;
				const [gateway] = segment.gateways;
				report(say("Packets between {0} and other networks pass {1}, not {2}", plug.guest.name.value, gateway?.name ?? "", name), {
					...(gateway?.config === undefined ? {} : { related: [seen(startOf(gateway.config.path), say("Where pf sees them"))] }),
				});
			}
		}),
	),

	"host/anchor-before-block": error(
		[
			"An anchor that a later block overrides",
			"The last matching rule wins: what the anchor passes, the block after it blocks again.",
			"Call the anchor after the block, or make its rules quick.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			const { ruleset } = filter.pf;
			for (const list of [ruleset.main, ...ruleset.anchors.values()]) {
				for (const [i, call] of list.rules.entries()) {
					if (call.anchor === undefined || call.quick) continue;
					const inner = anchorsCalled(ruleset, call).flatMap(({ rules }) => rules);
					const passes = inner.filter(({ action, quick, anchor }) => action === "pass" && !quick && anchor === undefined);
					if (passes.length === 0) continue;
					const block = list.rules
						.slice(i + 1)
						.find((rule) => rule.action === "block" && isSweeping(rule) && passes.every(({ direction }) => sameWay(rule, direction)));
					if (block === undefined) continue;
					report(filter.pf.place(call), say('What anchor "{0}" passes is blocked again below', call.anchor.name), {
						advice: say("The last matching rule wins: call the anchor after the block."),
						related: [seen(filter.pf.place(block), say("The block"))],
						...fixedBy(say("Call it after the block"), ...movedBelow(host, filter.pf.place(call), filter.pf.place(block))),
					});
				}
			}
		},
	),

	"host/load-anchor-glob": error(
		[
			"An anchor loaded by a pattern",
			"`load anchor` opens one file of exactly that name; there is no globbing, and the whole ruleset is refused.",
			"One line for each file.",
		],
		(host, report) => {
			for (const { anchor, path } of host.pf?.loads ?? []) {
				if (!isGlob(path.value)) continue;
				const folder = path.value.slice(0, path.value.lastIndexOf("/") + 1);
				const base = anchor.value.replace(/\/?\*$/, "");
				const files = [...host.source.files.keys()].filter(
					(file) => file.startsWith(folder) && /^[^/]+\.conf$/.test(file.slice(folder.length)),
				);
				const lines = files.map(
					(file) => `load anchor "${base === "" ? "" : `${base}/`}${file.slice(folder.length).replace(/\.conf$/, "")}" from "${file}"`,
				);
				const whole = { start: Math.min(anchor.span.start, path.span.start), end: path.span.end };
				report(path, say("pfctl opens {0} as the name of one file", path.value), {
					advice: say("Write one `load anchor` for each file; nothing of this ruleset is loaded otherwise."),
					...(lines.length === 0
						? {}
						: {
								fixes: [
									{
										title: say("One line for each file"),
										edits: [
											{ file: path.file, span: statementOf(host.source.files.get(path.file)?.text ?? "", whole), text: lines.join("\n") },
										],
										preferred: true,
									},
								],
							}),
				});
			}
		},
	),

	"host/load-anchor-path": error(
		[
			"An anchor's file that is not there",
			"pfctl refuses the whole ruleset; a relative path is looked for from where pfctl was started.",
			"Create the file, and write its absolute path.",
		],
		(host, report) => {
			const files = [...host.source.files.keys()];
			for (const { path } of host.pf?.loads ?? []) {
				if (isGlob(path.value)) continue;
				const folder = path.value.slice(0, path.value.lastIndexOf("/") + 1);
				if (!path.value.startsWith("/")) report(path, say("{0} is looked for from where pfctl is started; at boot, that is /", path.value));
				else if (!host.source.files.has(path.value) && files.some((file) => file !== path.file && file.startsWith(folder))) {
					report(path, say("{0}: No such file or directory", path.value), { advice: say("pfctl refuses the whole ruleset without it.") });
				}
			}
		},
	),

	"host/anchor-not-called": warning(
		[
			"An anchor that is loaded and never called",
			"Rules of an anchor count only where a rule calls it.",
			"Add an `anchor` rule, or load it under a name that is called.",
		],
		(host, report) => {
			const filter = filterOf(host);
			for (const { anchor } of filter?.pf.loads ?? []) {
				const name = anchor.value.replace(/^\//, "");
				const called = filter?.rules.some(
					({ rule: { anchor: call } }) => call !== undefined && (call.wildcard ? isDirectlyBelow(name, call.path) : call.path === name),
				);
				if (called !== false || name.includes("*")) continue;
				report(anchor, say('No rule calls anchor "{0}"', name), {
					advice: say('Write `anchor "{0}"` where its rules shall count.', name),
					...fixedBy(add(`anchor "${name}"`), lineAbove(host, anchor, `anchor "${name}"`)),
				});
			}
		},
	),

	"host/anchor-empty": warning(
		[
			"A call of anchors that are not there",
			"Nothing is loaded under the name: the call does nothing.",
			"Load the anchors, or remove the call.",
		],
		eachRule(({ host, pf }, { rule }, report) => {
			const { anchor } = rule;
			if (anchor === undefined || anchor.block !== undefined || anchorsCalled(pf.ruleset, rule).length > 0) return;
			// Programs such as ftp-proxy(8) and relayd(8) fill anchors of their own.
			if (!/^vm(\/|$)/.test(anchor.path) && !pf.loads.some(({ anchor: { value } }) => value.startsWith(`${anchor.path}/`))) return;
			if (pf.loads.some(({ anchor: { value } }) => value === anchor.path || value.startsWith(`${anchor.path}/`))) return;
			report(
				say('Nothing is loaded for anchor "{0}"', anchor.name),
				fixedBy(say("Remove this line"), withoutLine(host, pf.place(rule), /^anchor\s[^{]*$/)),
			);
		}),
	),

	"host/skip-on-guest": error(
		[
			"pf is switched off for a guest's interface that has rules",
			"`set skip` lets everything pass there before any rule.",
			"Take the name off the list.",
		],
		(host, report) => {
			const filter = filterOf(host);
			for (const name of filter?.pf.skipped ?? []) {
				const segments = filter?.segmentsOf(name.value) ?? [];
				const gateway = filter?.links(name.value).some(({ family }) => family === "vether" || family === "vport");
				if (filter === undefined || (segments.length === 0 && gateway !== true) || !hasRules(filter, name.value)) continue;
				const word = { file: name.file, span: span(name.span.start - 1, name.span.end) };
				report(name, say("pf lets everything pass on {0}", name.value), {
					advice: say("No rule for the guests there takes effect."),
					...fixedBy(
						say("Remove `{0}`", name.value),
						withoutLine(host, name, /^set\s+skip\s+on\s+(\S+|\{\s*\S+\s*\})$/) ?? replacedIn(host, word, /[ \t]\S+$/, ""),
					),
				});
			}
		},
	),

	"host/floating-states": error(
		[
			"Floating states on a veb with a vport",
			"A routed packet passes the vport and the tap in the same direction. A floating state made on the vport satisfies the tap, so the guest's own rules are not asked.",
			"Write `set state-policy if-bound`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined || filter.pf.ruleset.options.statePolicy === "if-bound") return;
			const stateful = filter.rules.some(
				({ rule }) =>
					rule.action === "pass" && rule.state !== "none" && !rule.stateOptions.ifBound && ["", "vport"].includes(familyOf(rule.interface)),
			);
			if (!stateful) return;
			for (const { rule } of filter.rules) {
				const segment = filter
					.segmentsOf(rule.interface)
					.find(({ kind, gateways, link }) => kind === "veb" && gateways.length > 0 && link.config?.links.has("link1"));
				if (segment === undefined || rule.interface === "" || filter.plugs(rule.interface).length === 0) continue;
				const [gateway] = segment.gateways;
				report(filter.pf.place(rule), say("A state made on {0} lets packets past the rules on {1}", gateway?.name ?? "", rule.interface), {
					advice: say("Write `set state-policy if-bound` at the top of pf.conf."),
					...fixedBy(
						add("set state-policy if-bound"),
						lineOfPfConf(host, /^[ \t]*(set|block|pass|match|anchor|antispoof|queue|load)\b/m, "set state-policy if-bound"),
					),
				});
				return;
			}
		},
	),

	"host/nat-without-forwarding": error(
		[
			"Translation on a host that does not forward",
			"Packets are not forwarded without net.inet.ip.forwarding=1, so there is nothing to translate.",
			"Write it into sysctl.conf.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const settings = host.sysctl.value;
			if (filter === undefined || settings === undefined) return;
			const setting = settings.findLast(({ name, value }) => name === "net.inet.ip.forwarding" && value !== undefined);
			const translation = filter.rules.find(({ rule }) => rule.nat !== undefined && rule.afTo === undefined);
			if (setting?.value === "1" || translation === undefined) return;
			report(filter.pf.place(translation.rule), say("The host does not forward: net.inet.ip.forwarding is not 1"), {
				related: [seen({ file: host.sysctl.path, span: setting?.span ?? span(0, 0) }, say("The kernel's settings"))],
				...fixedBy(write("net.inet.ip.forwarding=1"), withSetting(host, "net.inet.ip.forwarding", "1")),
			});
		},
	),

	"host/no-nat": warning(
		[
			"A private guest network without translation",
			"Replies to private addresses never come back from the outside.",
			"Add `match out on egress inet from NETWORK nat-to (egress)`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined || filter.pf.incomplete === true) return;
			for (const segment of host.segments) {
				if (segment.uplinks.length > 0 || segment.plugs.length === 0) continue;
				for (const { config } of segment.gateways) {
					for (const address of config?.addresses ?? []) {
						const { ip, bits, family } = address;
						if (ip === undefined || bits === undefined || family !== "inet" || !isPrivate(ip)) continue;
						const translated = filter.rules.some(
							({ rule }) => rule.nat !== undefined && rule.family !== "inet6" && (rule.source.negated || meets(rule.source, ip)),
						);
						if (translated) continue;
						report(address, say("No rule translates what comes from {0}", `${address.text}/${bits}`), {
							advice: say("The guests behind {0} reach the host and what knows a route back, but not the Internet.", config?.name ?? ""),
							...fixedBy(
								say("Translate what comes from {0}", networkText(ip, bits)),
								lineOfPfConf(host, FIRST_RULE, `match out on egress inet from ${networkText(ip, bits)} nat-to (egress)`),
							),
						});
					}
				}
			}
		},
	),

	"host/ssh-locked-out": error(
		[
			"No way in by SSH",
			"Everything is blocked, and no rule passes TCP port 22 in: after loading, no new session reaches the host.",
			"Add `pass in proto tcp to port 22` on the interface that you come in by.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const block = filter?.rules.find(({ rule }) => rule.action === "block" && isSweeping(rule) && rule.direction !== "out");
			if (filter === undefined || filter.pf.incomplete === true || block === undefined) return;
			const open = filter.rules.some(
				({ rule }) =>
					rule.action === "pass" &&
					rule.anchor === undefined &&
					rule.direction !== "out" &&
					(rule.protocol === 0 || rule.protocol === 6) &&
					filter.plugs(rule.interface).length === 0 &&
					takesPort(rule.destination, 22),
			);
			const place = filter.pf.place(block.rule);
			const rule = "pass in proto tcp to port ssh";
			if (!open)
				report(
					place,
					say("No rule passes SSH in: this ruleset locks its administrator out"),
					block.rule.quick ? {} : fixedBy(add(rule), lineBelow(host, place, rule)),
				);
		},
	),

	"host/dhcp-blocked": warning(
		[
			"Guests' DHCP requests are blocked",
			"A request is a broadcast that pf tests as it comes in on the guest's tap, whatever serves it.",
			"Pass UDP to port 67 in on the taps, and its flood out on the veb.",
		],
		(host, report) => {
			const filter = filterOf(host);
			const block = filter?.rules.find(({ rule }) => rule.action === "block" && isSweeping(rule) && rule.direction !== "out");
			if (filter === undefined || filter.pf.incomplete === true || block === undefined || host.dhcpd.value === undefined) return;
			const passed = namedBy(filter, passesDhcp);
			for (const { link, kind, plugs, gateways } of host.segments) {
				if (kind === "veb" && !link.config?.links.has("link1")) continue;
				const served = gateways.some(({ config }) =>
					config?.addresses.some(({ ip, family }) => family === "inet" && ip !== undefined && isServed(host, ip)),
				);
				const plug = plugs.find(({ guest, nic }) => guest.disabled === undefined && !passed(nic));
				if (!served || plug === undefined) continue;
				report(
					filter.pf.place(block.rule),
					say('"{0}" gets no DHCP lease: nothing passes its requests in on its tap', plug.guest.name.value),
					{
						advice: say("Add `pass in quick on TAP inet proto udp from any port 68 to any port 67 no state`."),
						...passedDhcp(host, filter.pf.place(block.rule), plug),
						related: [seen(plug.nic.switch ?? plug.guest.name, say("The guest's interface"))],
					},
				);
				return;
			}
		},
	),

	"host/urpf-on-port": warning(
		[
			"urpf-failed on a port of a bridge or veb",
			"The route back to the source goes over vether or vport, so every packet on the port fails the test.",
			"Name the sources.",
		],
		eachRule(({ segmentsOf }, { rule }, report) => {
			if (
				rule.source.address.kind !== "urpf-failed" ||
				rule.interface === "" ||
				familyOf(rule.interface) === "vport" ||
				segmentsOf(rule.interface).length === 0
			)
				return;
			report(say("Every packet on {0} fails this test", rule.interface));
		}),
	),

	"host/translation-on-port": warning(
		[
			"Translation on a port of a bridge or veb",
			"The Ethernet header stays as it was, so the frame still goes to the old MAC address.",
			"Translate on vport, vether, or the interface to the outside.",
		],
		eachRule(({ segmentsOf, links }, { rule }, report) => {
			if ((rule.nat === undefined && rule.rdr === undefined) || rule.interface === "" || segmentsOf(rule.interface).length === 0) return;
			if (links(rule.interface).some(({ family }) => family === "vport" || family === "vether")) return;
			report(say("Translation on {0} does not work: the frame keeps its MAC addresses", rule.interface));
		}),
	),

	"host/empty-group": warning(
		[
			"A group that nothing is in",
			"No vm.conf and no hostname file puts an interface into the group: the rule never matches.",
			"Correct the name, or add `group` to a guest or an interface.",
		],
		eachRule(({ host, links, plugs }, { rule }, report) => {
			const { interface: name } = rule;
			if (name === "" || !isGroup(name) || isKernelGroup(name) || !host.interfacesKnown || !host.vm.complete) return;
			if (links(name).length > 0 || plugs(name).length > 0 || isCloned(`${name}0`)) return;
			if (host.source.facts?.interfaces?.some(({ groups }) => groups.includes(name))) return;
			report(say("No interface is in group {0}", name));
		}),
	),

	"host/rule-on-missing-interface": warning(
		[
			"A rule on an interface that no file creates",
			"The rule never matches.",
			"Create the interface's hostname file, or correct the name.",
		],
		eachRule(({ host, links }, { rule }, report) => {
			const { interface: name } = rule;
			const family = familyOf(name);
			if (isGroup(name) || !host.interfacesKnown || ["tap", "lo", "pppoe", "wg", "tun", "enc", "pflog"].includes(family) || !isCloned(name))
				return;
			if (links(name).some(({ config }) => config !== undefined) || host.source.facts?.interfaces?.some((one) => one.name === name)) return;
			report(say("{0} does not exist: no {1}", name, `/etc/hostname.${name}`));
		}),
	),

	"host/guest-without-policy": warning(
		[
			"A guest that everything reaches",
			"No rule blocks anything on the guest's tap: every other guest of the switch reaches all of its services.",
			"Block by default, and pass what the guest offers.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (
				filter === undefined ||
				filter.pf.incomplete === true ||
				filter.rules.some(({ rule }) => rule.action === "block" && isSweeping(rule))
			)
				return;
			const blocked = namedBy(filter, ({ action }) => action === "block");
			for (const segment of host.segments) {
				for (const { guest, nic } of segment.plugs) {
					if (guest.disabled !== undefined) continue;
					if (!blocked(nic)) report(nic.switch ?? guest.name, say('No rule of pf.conf blocks anything for "{0}" here', guest.name.value));
				}
			}
		},
	),

	"host/guest-cut-off": warning(
		[
			"A guest that nothing gets through to",
			"Everything is blocked, and no rule passes anything on the guest's tap.",
			"Add rules for the guest, in an anchor of its own.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (
				filter === undefined ||
				filter.pf.incomplete === true ||
				!filter.rules.some(({ rule }) => rule.action === "block" && isSweeping(rule) && rule.direction === undefined)
			)
				return;
			const passed = namedBy(filter, ({ action, anchor }) => action === "pass" && anchor === undefined);
			for (const { kind, link, plugs } of host.segments) {
				if (kind !== "veb" || !link.config?.links.has("link1")) continue;
				for (const { guest, nic } of plugs) {
					if (guest.disabled !== undefined) continue;
					if (!passed(nic))
						report(nic.switch ?? guest.name, say('No rule of pf.conf passes anything to or from "{0}" here', guest.name.value));
				}
			}
		},
	),

	"host/anchor-file-not-loaded": warning(
		[
			"An anchor file that nothing loads",
			"pf.conf loads other files of the folder, and not this one: its rules do not count.",
			"Add a `load anchor` line, or delete the file.",
		],
		(host, report) => {
			const loads = host.pf?.loads ?? [];
			const loaded = new Set(loads.map(({ path }) => path.value));
			const folders = new Map(loads.map((load) => [load.path.value.slice(0, load.path.value.lastIndexOf("/") + 1), load]));
			for (const path of host.source.files.keys()) {
				const load = folders.get(path.slice(0, path.lastIndexOf("/") + 1));
				if (
					load === undefined ||
					loaded.has(path) ||
					!path.endsWith(".conf") ||
					path === "/etc/pf.conf" ||
					isGlob(load.path.value) ||
					path.lastIndexOf("/") < 5
				)
					continue;
				const parent = load.anchor.value.slice(0, load.anchor.value.lastIndexOf("/") + 1);
				const line = `load anchor "${parent}${path.slice(path.lastIndexOf("/") + 1, -".conf".length)}" from "${path}"`;
				report({ file: path, span: span(0, 0) }, say("pf.conf does not load {0}", path), {
					...fixedBy(add(line), lineBelow(host, load.path, line)),
					related: [seen(load.path, say("A file of that folder that is loaded"))],
				});
			}
		},
	),

	"host/address-outside-segment": warning(
		[
			"A guest's address that is not of its network",
			"The guest's interface is in a segment with another network, so no packet has this address there.",
			"Correct the address.",
		],
		eachRule(({ plugs, ...filter }, { rule }, report) => {
			const { interface: name, direction, source, destination } = rule;
			if (direction === undefined || isGroup(name)) return;
			const theirs = singleHost(direction === "in" ? source : destination);
			if (theirs === undefined || rule.family === "inet6" || isBroadcast(theirs) || theirs.a === 0) return;
			for (const plug of plugs(name)) {
				const segment = plugSegment({ plugs, ...filter }, plug);
				const networks = segment?.gateways.flatMap(({ config }) => config?.addresses ?? []) ?? [];
				if (
					segment === undefined ||
					segment.uplinks.length > 0 ||
					networks.length === 0 ||
					networks.some((network) => near(theirs, 32, network))
				)
					continue;
				report(say("{0} is in no network of {1}", formatIp(theirs, "inet"), segment.link.name), {
					related: networks.slice(0, 1).map((network) => seen(network, say("The segment's network"))),
				});
			}
		}),
	),

	"host/anchor-address-differs": warning(
		[
			"A guest's anchor with another address than dhcpd.conf",
			"The guest gets its address from dhcpd; the anchor's rules are for another.",
			"Write the same address in both.",
		],
		eachRule(({ host, plugs }, { rule, anchor }, report) => {
			const { interface: name, direction, source, destination } = rule;
			const guestName = anchor.split("/").at(-1) ?? "";
			const own = singleHost(direction === "in" ? source : destination);
			if (direction === undefined || own === undefined || isGroup(name)) return;
			for (const plug of plugs(name)) {
				const fixed = plug.guest.name.value === guestName ? fixedAddress(host, plug) : undefined;
				if (fixed === undefined || fixed.ip.a === own.a || isBroadcast(own)) continue;
				report(say("{0} has {1} in dhcpd.conf, {2} here", guestName, formatIp(fixed.ip, "inet"), formatIp(own, "inet")), {
					related: [seen(fixed.at, say("Its fixed address"))],
					...withAddress(host, rule, [plug], formatIp(own, "inet")),
				});
			}
		}),
	),

	"host/block-return-on-port": warning(
		[
			"block return on a port of a bridge",
			"On bridges pf can answer with a TCP reset for IPv4 alone; all else is dropped.",
			"Write `block drop`.",
		],
		eachRule(({ host, segmentsOf }, { rule }, report) => {
			const place = host.pf?.place(rule);
			if (rule.action !== "block" || rule.interface === "" || rule.blockReturn.kind === "drop" || rule.blockReturn.kind === "rst") return;
			if (segmentsOf(rule.interface).some(({ kind }) => kind === "bridge"))
				report(
					say("On {0}, a port of a bridge, pf can answer TCP over IPv4 alone", rule.interface),
					place && fixedBy(write("block drop"), replacedIn(host, place, /\bblock(\s+return(-\w+)?(\s*\([^)]*\))?)?/, "block drop")),
				);
		}),
	),

	"host/tags-past-pf": warning(
		[
			"Tagged frames that pf does not see",
			"pf looks at frames without a VLAN tag: what guests send with a tag passes unfiltered.",
			"Bridge the vlan(4) interface; on a veb, drop `link0`.",
		],
		(host, report) => {
			const filter = filterOf(host);
			if (filter === undefined) return;
			for (const { link, plugs, uplinks, ports, kind } of host.segments) {
				if (plugs.length === 0 || (kind === "veb" && !link.config?.links.has("link0"))) continue;
				const filtered = filter.rules.some(
					({ rule }) => rule.interface !== "" && filter.segmentsOf(rule.interface).some((segment) => segment.link === link),
				);
				for (const uplink of filtered ? uplinks : []) {
					const port = ports.find(({ value }) => value === uplink.name);
					if (port === undefined || isCloned(uplink.name) || (kind === "bridge" && uplink.children.length === 0)) continue;
					report(port, say("Frames with a VLAN tag pass {0} past pf", link.name), {
						advice: say("Bridge the vlan(4) interface that the guests shall be in, instead of {0}.", uplink.name),
					});
				}
			}
		},
	),
} as const satisfies Readonly<Record<string, HostCheck>>;

/** Where the first rule of pf.conf begins. */
const FIRST_RULE = /^[ \t]*(block|pass|match|anchor|antispoof)\b/m;

function networkText(ip: Ip, bits: number): string {
	return `${formatIp(masked(ip, bits), "inet")}/${bits}`;
}

/** The fixed address of a guest in place of what a rule has. */
function withAddress(host: Host, rule: Rule, plugs: readonly Plug[], wrong: string) {
	const [plug, ...others] = plugs;
	const fixed = plug === undefined || others.length > 0 ? undefined : fixedAddress(host, plug);
	const place = host.pf?.place(rule);
	if (fixed === undefined || place === undefined) return {};
	const text = formatIp(fixed.ip, "inet");
	const names = [wrong, ...macrosOf(host, place.file, wrong).map((name) => `\\$${name}`)];
	const own = replacedIn(host, place, new RegExp(`\\((?:${names.join("|")})\\)`), text);
	return fixedBy(write(text), own ?? (/\d$/.test(wrong) && wrong.includes(".") ? renamedIn(host, place, wrong, text) : undefined));
}

/** Pins a tap to the guest that the rule's anchor is called after, where that has one interface without one. */
function pinned(host: Host, anchor: string, tap: string) {
	const guest = host.vm.guests.find(({ name }) => name.value === anchor.split("/").at(-1));
	const [nic, ...others] = (guest?.interfaces ?? []).filter((one) => one.tap === undefined);
	if (guest === undefined || nic === undefined || others.length > 0) return {};
	const text = host.source.files.get(nic.file)?.text.slice(nic.span.start, nic.span.end) ?? "";
	const word = /^(?:local\s+)?interface(\s+tap)?\b/.exec(text)?.[0];
	if (word === undefined) return {};
	const at = { file: nic.file, span: span(nic.span.start, nic.span.start + word.length) };
	return fixedBy(say('Pin {0} to "{1}" in vm.conf', tap, guest.name.value), {
		...at,
		text: `${word.replace(/\s+tap$/, "")} ${tap}`,
	});
}

function passedDhcp(host: Host, block: Place, { nic }: Plug) {
	const name = nic.tap?.value ?? nic.group?.value;
	const rule = `pass in quick on ${name} inet proto udp from any port 68 to any port 67 no state`;
	return name === undefined ? {} : fixedBy(add(rule), lineBelow(host, block, rule));
}

/** Whether rules name an interface, its group, or a guest's interface that is both: where none does, pf is not meant to look there. */
function hasRules({ rules, links, plugs }: Filter, name: string): boolean {
	const own = new Set<unknown>([...links(name), ...plugs(name)]);
	return rules.some(({ rule: { interface: other, interfaceNegated } }) => {
		if (other === "" || interfaceNegated) return false;
		return other === name || [...links(other), ...plugs(other)].some((one) => own.has(one));
	});
}

function sameWay(block: Rule, direction: Rule["direction"]): boolean {
	return block.direction === undefined || block.direction === direction;
}

function isDirectlyBelow(path: string, parent: string): boolean {
	const prefix = parent === "" ? "" : `${parent}/`;
	return path.startsWith(prefix) && path.length > prefix.length && !path.slice(prefix.length).includes("/");
}

function isBroadcast({ a }: Ip): boolean {
	return a === -1 || a >>> 28 === 0xe;
}

/** RFC 1918, and the shared space of RFC 6598. */
function isPrivate({ a }: Ip): boolean {
	const word = a >>> 0;
	return word >>> 24 === 10 || word >>> 20 === 0xac1 || word >>> 16 === 0xc0a8 || word >>> 22 === 0x191;
}

/** Whether a network and that of a configured address have addresses in common. */
function near(ip: Ip, bits: number, network: { readonly ip?: Ip; readonly bits?: number; readonly family: string }): boolean {
	if (network.family !== "inet" || network.ip === undefined || network.bits === undefined) return network.family === "inet";
	return inNetwork(ip, network.ip, Math.min(bits, network.bits));
}

/** Whether a rule's source may be an address. */
function meets({ address }: EndMatch, ip: Ip): boolean {
	return address.kind !== "network" || inNetwork(ip, address.address, address.bits);
}

/** Whether dhcpd.conf has a subnet for an address. */
function isServed({ dhcpd }: Host, ip: Ip): boolean {
	return (dhcpd.value?.subnets ?? []).some(({ network, netmask }) => {
		const base = parseIp4(network.text);
		const mask = parseIp4(netmask.text);
		return base !== undefined && mask !== undefined && inNetwork(ip, base, Math.clz32(~mask.a));
	});
}

/** Whether a rule passes what a guest sends to a DHCP server. */
function passesDhcp({ action, anchor, direction, protocol, destination }: Rule): boolean {
	return (
		action === "pass" && anchor === undefined && direction !== "out" && (protocol === 0 || protocol === 17) && takesPort(destination, 67)
	);
}

/** Whether a guest's interface is one that some of the rules are about; each rule is looked at once. */
function namedBy({ rules, plugs }: Filter, wanted: (rule: Rule) => boolean): (nic: VmInterface) => boolean {
	const names = new Set(rules.filter(({ rule }) => wanted(rule)).map(({ rule }) => rule.interface));
	if (names.has("")) return () => true;
	const named = new Set([...names].flatMap((name) => plugs(name).map(({ nic }) => nic)));
	return (nic) => named.has(nic);
}

/** The whole line of words: what a `load anchor` statement is. */
function statementOf(text: string, { start, end }: { readonly start: number; readonly end: number }) {
	const first = text.lastIndexOf("\n", start - 1) + 1;
	const last = text.indexOf("\n", end);
	return span(first, last < 0 ? text.length : last);
}

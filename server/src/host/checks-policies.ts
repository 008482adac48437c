/** The anchors of guests: whether pf comes to their rules, and whether they are about that guest. */

import { formatIp } from "../pf/names/address.ts";
import { type Anchor, type AnchorCall, matchesEverything, type Rule } from "../pf/rules.ts";
import { fixTitle, quickFix, related } from "../text/check.ts";
import { PF_CONF } from "../text/host-paths.ts";
import { msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import { error, type HostCheck, warning } from "./check.ts";
import { eachRule, isBroadcast, namedBy, near, plugSegment, withAddress } from "./checked-rules.ts";
import { anchorsCalled, filterOf, fixedAddress, isGroup, type PfFacts, singleHost } from "./filter.ts";
import { lineAbove, lineBelow, movedBelow, renamedIn, textOf, withoutLine } from "./fixes.ts";
import { isGlob } from "./pf-facts.ts";

export const policyChecks = {
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
				report(msg("{0} is the tap of {1}, in the anchor of {2}", rule.interface, plug.guest.name.value, name), {
					...(own !== undefined && others.length === 0 && place !== undefined
						? quickFix(fixTitle.write(own), renamedIn(host, place, rule.interface, own))
						: {}),
					related: [related(plug.nic.tap ?? plug.guest.name, msg("Pinned here"))],
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
			const known = new Map<Anchor | string, ReadonlySet<Rule["direction"]>>();
			const passesOf = (call: Rule, { path, wildcard, block }: AnchorCall): ReadonlySet<Rule["direction"]> => {
				const key = block ?? `${wildcard} ${path}`;
				const passes = known.get(key) ?? passedWays(anchorsCalled(ruleset, call));
				known.set(key, passes);
				return passes;
			};
			for (const list of [ruleset.main, ...ruleset.anchors.values()]) {
				// The next sweeping block of each direction, seen from the end of the list.
				const next = new Map<Rule["direction"], { readonly rule: Rule; readonly index: number }>();
				for (const [index, call] of [...list.rules.entries()].reverse()) {
					if (call.action === "block" && matchesEverything(call)) next.set(call.direction, { rule: call, index });
					if (call.anchor === undefined || call.quick) continue;
					const passes = passesOf(call, call.anchor);
					if (passes.size === 0) continue;
					const [only] = passes;
					// A block of one direction overrides what passes in that direction alone.
					const blocks = [next.get(undefined), passes.size === 1 && only !== undefined ? next.get(only) : undefined];
					const block = blocks.flatMap((one) => one ?? []).toSorted((x, y) => x.index - y.index)[0]?.rule;
					if (block === undefined) continue;
					report(filter.pf.place(call), msg('What anchor "{0}" passes is blocked again below', call.anchor.name), {
						advice: msg("The last matching rule wins: call the anchor after the block."),
						related: [related(filter.pf.place(block), msg("The block"))],
						...quickFix(msg("Call it after the block"), ...movedBelow(host, filter.pf.place(call), filter.pf.place(block))),
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
				report(path, msg("pfctl opens {0} as the name of one file", path.value), {
					advice: msg("Write one `load anchor` for each file; nothing of this ruleset is loaded otherwise."),
					...(lines.length === 0
						? {}
						: {
								fixes: [
									{
										title: msg("One line for each file"),
										edits: [{ file: path.file, span: statementOf(textOf(host, path.file), whole), text: lines.join("\n") }],
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
				if (!path.value.startsWith("/")) report(path, msg("{0} is looked for from where pfctl is started; at boot, that is /", path.value));
				else if (!host.source.files.has(path.value) && files.some((file) => file !== path.file && file.startsWith(folder))) {
					report(path, msg("{0}: No such file or directory", path.value), { advice: msg("pfctl refuses the whole ruleset without it.") });
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
			if (filter === undefined) return;
			for (const { anchor } of filter.pf.loads) {
				const name = anchor.value.replace(/^\//, "");
				const uses = usesOf(filter.pf, name);
				if (uses === "called" || uses === "unknown" || name.includes("*")) continue;
				const message =
					uses === "below"
						? msg('Rules call anchors below "{0}" and not "{0}" itself: its own rules never count', name)
						: msg('No rule calls anchor "{0}"', name);
				report(anchor, message, {
					advice: msg('Write `anchor "{0}"` where its rules shall count.', name),
					...quickFix(fixTitle.add(`anchor "${name}"`), lineAbove(host, anchor, `anchor "${name}"`)),
				});
			}
		},
	),

	"host/anchor-empty": warning(
		[
			"A call of anchors that do not exist",
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
				msg('Nothing is loaded for anchor "{0}"', anchor.name),
				quickFix(msg("Remove this line"), withoutLine(host, pf.place(rule), /^anchor\s[^{]*$/)),
			);
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
				filter.rules.some(({ rule }) => rule.action === "block" && matchesEverything(rule))
			)
				return;
			const blocked = namedBy(filter, ({ action }) => action === "block");
			for (const segment of host.segments) {
				for (const { guest, nic } of segment.plugs) {
					if (guest.disabled !== undefined) continue;
					if (!blocked(nic)) report(nic.switch ?? guest.name, msg('No rule of pf.conf blocks anything for "{0}" here', guest.name.value));
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
					path === PF_CONF ||
					isGlob(load.path.value) ||
					path.lastIndexOf("/") < 5
				)
					continue;
				const parent = load.anchor.value.slice(0, load.anchor.value.lastIndexOf("/") + 1);
				const line = `load anchor "${parent}${path.slice(path.lastIndexOf("/") + 1, -".conf".length)}" from "${path}"`;
				report({ file: path, span: span(0, 0) }, msg("pf.conf does not load {0}", path), {
					...quickFix(fixTitle.add(line), lineBelow(host, load.path, line)),
					related: [related(load.path, msg("A file of that folder that is loaded"))],
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
		eachRule((filter, { rule }, report) => {
			const { interface: name, direction, source, destination } = rule;
			if (direction === undefined || isGroup(name)) return;
			const theirs = singleHost(direction === "in" ? source : destination);
			if (theirs === undefined || rule.family === "inet6" || isBroadcast(theirs) || theirs.a === 0) return;
			for (const plug of filter.plugs(name)) {
				const segment = plugSegment(filter, plug);
				const networks = segment?.gateways.flatMap(({ config }) => config?.addresses ?? []) ?? [];
				if (
					segment === undefined ||
					segment.uplinks.length > 0 ||
					networks.length === 0 ||
					networks.some((network) => near(theirs, 32, network))
				)
					continue;
				report(msg("{0} is in no network of {1}", formatIp(theirs, "inet"), segment.link.name), {
					related: networks.slice(0, 1).map((network) => related(network, msg("The segment's network"))),
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
				report(msg("{0} has {1} in dhcpd.conf, {2} here", guestName, formatIp(fixed.ip, "inet"), formatIp(own, "inet")), {
					related: [related(fixed.at, msg("Its fixed address"))],
					...withAddress(host, rule, [plug], formatIp(own, "inet")),
				});
			}
		}),
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** The directions of rules in anchors that pass, and that a later rule can override. */
function passedWays(anchors: readonly Anchor[]): ReadonlySet<Rule["direction"]> {
	const found = new Set<Rule["direction"]>();
	for (const { rules } of anchors)
		for (const { action, quick, anchor, direction } of rules) if (action === "pass" && !quick && anchor === undefined) found.add(direction);
	return found;
}

/**
 * Whether a rule outside of an anchor calls it: `below` where only anchors in it are called and rules stand beside them. A call
 * may stand in a file that is not known.
 */
function usesOf({ ruleset, openMain }: PfFacts, name: string): "called" | "below" | "never" | "unknown" {
	const isIn = (path: string): boolean => path === name || path.startsWith(`${name}/`);
	let below = false;
	for (const { path, rules } of [ruleset.main, ...ruleset.anchors.values()]) {
		if (isIn(path)) continue;
		for (const { anchor: call } of rules) {
			if (call === undefined) continue;
			if (call.wildcard ? isDirectlyBelow(name, call.path) : call.path === name) return "called";
			below ||= isIn(call.path);
		}
	}
	if (openMain === true) return "unknown";
	if (!below) return "never";
	const own = ruleset.anchors.get(name);
	return own?.rules.some(({ anchor: call }) => call === undefined) === true ? "below" : "called";
}

function isDirectlyBelow(path: string, parent: string): boolean {
	const prefix = parent === "" ? "" : `${parent}/`;
	return path.startsWith(prefix) && path.length > prefix.length && !path.slice(prefix.length).includes("/");
}

/** The whole line of words: what a `load anchor` statement is. */
function statementOf(text: string, { start, end }: { readonly start: number; readonly end: number }) {
	const first = text.lastIndexOf("\n", start - 1) + 1;
	const last = text.indexOf("\n", end);
	return span(first, last < 0 ? text.length : last);
}

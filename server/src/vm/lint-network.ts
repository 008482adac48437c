/** Switches, taps and MAC addresses. */
import { fixTitle, quickFix, related } from "../text/check.ts";
import type { Fix } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import type { Placed } from "../text/place.ts";
import { error, information, type LintContext, repeated, rewritten, searchBroken, type VmCheck, warning } from "./lint-context.ts";
import { templateOf, type VmSwitch } from "./model.ts";
import { isFragment } from "./statement.ts";

export const vmNetworkChecks = {
	"vm/unknown-switch": error(
		[
			"A switch that is not defined",
			"vmd does not look: the guest's interface is in no switch, and vmd's log says so when the guest runs.",
			"Define the switch or correct its name.",
		],
		({ config, plugs, file }, report) => {
			if (!config.complete || isFragment(file.context.path)) return;
			const defined = new Set(config.switches.map(({ name }) => name.value));
			const enabled = config.switches.flatMap(({ name, disabled }) => (disabled === undefined ? [name.value] : []));
			for (const { nic } of plugs) {
				const reference = nic.switch;
				if (reference === undefined || defined.has(reference.value)) continue;
				const similar = nearest(reference.value, [...new Set(enabled)]);
				const fixes: Fix[] = [];
				if (similar !== undefined) {
					const text = rewritten(file, reference.span, similar);
					fixes.push({ title: msg("Change it to `{0}`", similar), edits: [{ span: reference.span, text }], preferred: true });
				}
				const { length } = file.text;
				const block = `${file.text.endsWith("\n") || length === 0 ? "" : "\n"}\nswitch "${reference.value}" {\n\tinterface veb0\n}\n`;
				fixes.push({
					title: msg("Define the switch `{0}`", reference.value),
					edits: [{ span: { start: length, end: length }, text: block }],
				});
				report(reference, msg('switch "{0}" not found', reference.value), {
					advice: msg("vmd starts the guest anyway, with an interface that is plugged into nothing."),
					fixes,
				});
			}
		},
	),

	"vm/disabled-switch": error(
		["A guest in a disabled switch", "A disabled switch does not exist for guests.", "Enable the switch or use another."],
		({ config, plugs }, report) => {
			const defined = new Map<string, VmSwitch>();
			for (const one of config.switches) if (!defined.has(one.name.value)) defined.set(one.name.value, one);
			const enabled = new Set(activeSwitches(config).map(({ name }) => name.value));
			for (const { nic } of plugs) {
				const reference = nic.switch;
				const found = reference && defined.get(reference.value);
				if (reference === undefined || found === undefined || enabled.has(reference.value)) continue;
				report(reference, msg('switch "{0}" is disabled, so it does not exist for guests', reference.value), {
					advice: msg("Remove `disable` from the switch, or use another."),
					related: [related({ file: found.file, span: found.disabled ?? found.name.span }, msg("Disabled here"))],
				});
			}
		},
	),

	"vm/duplicate-switch": warning(
		["Two switches of one name", "Guests always get the first.", "Rename or delete one."],
		({ config }, report) => {
			for (const [first, ...others] of repeated(activeSwitches(config), ({ name }) => name.value)) {
				for (const { name } of others) {
					report(name, msg('switch "{0}" is defined twice: guests always get the first', name.value), {
						related: [related(first.name, msg("The first definition"))],
					});
				}
			}
		},
	),

	"vm/shared-bridge": warning(
		[
			"One interface behind two switches",
			"Guests of both switches are in one network, and the later block's settings win.",
			"Give each switch an interface of its own.",
		],
		({ config }, report) => {
			for (const [first, ...others] of repeated(activeSwitches(config), (one) => one.interface?.value)) {
				for (const other of others) {
					if (other.interface === undefined || other.name.value === first.name.value) continue;
					report(other.interface, msg('{0} is also the interface of switch "{1}"', other.interface.value, first.name.value), {
						advice: msg("Guests of both switches share one network."),
						related: [related(first.interface ?? first.name, msg("The other switch"))],
					});
				}
			}
		},
	),

	"vm/unused-switch": information(
		["A switch that no guest uses", "Only guests that `vmctl start -n` starts use it.", "Use it or delete it."],
		({ config, plugs, file }, report) => {
			if (!config.complete || isFragment(file.context.path)) return;
			// Where vm.conf starts no guest, they are started by `vmctl start -n SWITCH`.
			if (config.guests.length === 0) return;
			const used = new Set(plugs.flatMap(({ nic }) => (nic.switch === undefined ? [] : [nic.switch.value])));
			const isInBroken = searchBroken(file);
			for (const { name, disabled } of config.switches) {
				if (used.has(name.value) || disabled !== undefined || isInBroken(name.value, name.span)) continue;
				report(name, msg('switch "{0}" is used by no guest', name.value), { tags: ["unnecessary"] });
			}
		},
	),

	"vm/shared-tap": error(
		["One tap for two interfaces", "A tap(4) can be opened once: the second guest does not start.", "Pin another tap."],
		({ activePlugs }, report) => {
			for (const [first, ...others] of repeated(activePlugs, ({ nic }) => nic.tap?.value)) {
				for (const { guest, nic } of others) {
					if (nic.tap === undefined) continue;
					const message =
						guest === first.guest
							? msg('{0} is pinned twice in "{1}"', nic.tap.value, guest.name.value)
							: msg('{0} is also pinned by "{1}"', nic.tap.value, first.guest.name.value);
					report(nic.tap, message, {
						advice: msg("A tap can be opened once: the guest that comes second does not start."),
						related: [related(first.nic.tap ?? first.nic, msg("Pinned here too"))],
					});
				}
			}
		},
	),

	"vm/leading-zero": error(
		["A unit with a leading zero", "vmd reads the number, but no interface has such a name.", "Leave the zero out."],
		({ config, plugs }, report) => {
			const names: readonly (Placed<string> | undefined)[] = [
				...plugs.map(({ nic }) => nic.tap),
				...config.switches.map((one) => one.interface),
			];
			for (const name of names) {
				const zero = name === undefined ? null : /^([a-z]+)0+([0-9]+)$/.exec(name.value);
				if (name === undefined || zero === null) continue;
				const right = `${zero[1] ?? ""}${zero[2] ?? ""}`;
				report(name, msg("{0} is not an interface's name", name.value), {
					advice: msg("vmd reads the number, but the interface is called {0}.", right),
					...quickFix(fixTitle.write(right), { span: name.span, text: right }),
				});
			}
		},
	),

	"vm/tap-without-device": information(
		["A tap without a device node", "A new system has /dev/tap0 to /dev/tap3 only.", "Make the node: `cd /dev && sh MAKEDEV tapN`."],
		({ plugs }, report) => {
			for (const { tap, unit } of pinned(plugs)) {
				if (unit <= LAST_DEVICE) continue;
				report(tap, msg("A new system has no /dev/{0}", tap.value), {
					advice: msg("Make the device node on the host: cd /dev && sh MAKEDEV {0}", tap.value),
				});
			}
		},
	),

	"vm/tap-taken": warning(
		[
			"A pinned tap that another guest may take",
			"An interface without a pinned tap takes the lowest free one, which may be that of a guest that starts later.",
			"Pin every interface, or pin high numbers.",
		],
		({ guests, plugs }, report) => {
			const active = [...guests.values()].filter(({ disabled }) => disabled === undefined);
			const automatic = active.reduce(
				(sum, guest) => sum + guest.interfaceCount - guest.interfaces.filter(({ tap }) => tap !== undefined).length,
				0,
			);
			const inOrder = active.flatMap((guest) => Array.from({ length: guest.interfaceCount }, (_, i) => guest.interfaces[i]?.tap));
			// Guests start in this order; what comes before the first automatic interface is safe from it.
			const safe = new Set(inOrder.slice(0, Math.max(0, inOrder.indexOf(undefined))));
			for (const { guest, tap, unit } of pinned(plugs)) {
				if (unit > LAST_DEVICE || guest.disabled !== undefined || unit >= automatic || safe.has(tap)) continue;
				report(tap, msg('An interface without a pinned tap may take {0} before "{1}" starts', tap.value, guest.name.value), {
					advice: msg("Pin every interface, or pin numbers above those that vmd gives out."),
				});
			}
		},
	),

	"vm/multicast-lladdr": warning(
		[
			"A multicast MAC address",
			"No frame may come from such an address; bridges do not learn it.",
			"Clear the lowest bit of the first octet.",
		],
		(context, report) => {
			for (const { nic } of addressed(context)) {
				if (nic.lladdr === undefined || !(Number.parseInt(nic.lladdr.value.slice(0, 2), 16) & 1)) continue;
				report(nic.lladdr, msg("{0} is a multicast address", nic.lladdr.value), {
					advice: msg("An interface's own address has the lowest bit of its first octet clear."),
				});
			}
		},
	),

	"vm/shared-lladdr": error(
		["One MAC address twice in a switch", "The switch sends frames for it to the one that spoke last.", "Change one."],
		(context, report) => {
			const inSwitch = addressed(context).filter(({ nic }) => nic.switch !== undefined);
			for (const [first, ...others] of repeated(inSwitch, ({ nic }) => `${nic.switch?.value ?? ""} ${nic.lladdr?.value ?? ""}`)) {
				for (const { nic } of others) {
					if (nic.lladdr === undefined) continue;
					report(nic.lladdr, msg('{0} is also the address of "{1}" in this switch', nic.lladdr.value, first.guest.name.value), {
						related: [related(first.nic.lladdr ?? first.nic, msg("The other interface"))],
					});
				}
			}
		},
	),

	"vm/instance-lladdr": warning(
		[
			"An instance with its template's MAC address",
			"An inherited interface has the template's address, random or not, and both are in one switch.",
			"Give the instance an `interface` of its own, without lladdr.",
		],
		({ guests }, report) => {
			for (const guest of guests.values()) {
				const template = templateOf(guest, guests);
				if (template === undefined) continue;
				const inherited = template.interfaces.slice(guest.interfaces.length).find((nic) => nic.switch !== undefined);
				if (inherited === undefined || guest.disabled !== undefined || template.disabled !== undefined) continue;
				report(guest.name, msg('"{0}" has the same MAC address as "{1}"', guest.name.value, template.name.value), {
					advice: msg("It takes over the template's interface with its address. Give it an `interface` of its own, without lladdr."),
					related: [related(inherited, msg("The inherited interface"))],
				});
			}
		},
	),

	"vm/rdomain-differs": warning(
		[
			"An interface in another routing domain than its switch",
			"The interface's own domain goes before the switch's; on veb, pf sees the veb's.",
			"Use one domain for both.",
		],
		({ config, plugs }, report) => {
			for (const { nic } of plugs) {
				if (nic.rdomain === undefined) continue;
				const found = config.switches.find(({ name }) => name.value === nic.switch?.value);
				if (found?.rdomain === undefined || found.rdomain.value === nic.rdomain.value) continue;
				const message = msg(
					'rdomain {0} is not that of switch "{1}", which is {2}',
					nic.rdomain.value,
					found.name.value,
					found.rdomain.value,
				);
				report(nic.rdomain, message, { related: [related(found.rdomain, msg("The switch's routing domain"))] });
			}
		},
	),

	"vm/local-and-switch": warning(
		[
			"A local interface in a switch",
			"The tap gets an address of its own and is plugged into a bridge too.",
			"Remove `local` or `switch`.",
		],
		({ plugs }, report) => {
			for (const { nic } of plugs) {
				if (nic.local === undefined || nic.switch === undefined) continue;
				report({ file: nic.file, span: nic.local }, msg("A local interface is plugged into a switch as well"), {
					advice: msg("Remove `local` or the switch: the tap would have an address of its own and be in a bridge."),
				});
			}
		},
	),
} as const satisfies Record<string, VmCheck>;

/** A new system has device nodes for taps up to this one. */
const LAST_DEVICE = 3;

function activeSwitches({ switches }: LintContext["config"]): readonly VmSwitch[] {
	return switches.filter(({ disabled }) => disabled === undefined);
}

/** The interfaces whose tap is named, with its number. */
function pinned(plugs: LintContext["plugs"]) {
	return plugs.flatMap(({ guest, nic: { tap } }) => {
		const unit = /^tap(0|[1-9]\d*)$/.exec(tap?.value ?? "")?.[1];
		return tap === undefined || unit === undefined ? [] : [{ guest, tap, unit: Number(unit) }];
	});
}

/** The interfaces with a MAC address of their own, of guests that vmd keeps. */
function addressed({ guests, plugs }: LintContext): LintContext["plugs"] {
	return plugs.filter(({ guest, nic }) => nic.lladdr !== undefined && guests.get(guest.name.value) === guest);
}

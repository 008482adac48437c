/** Switches, taps and MAC addresses. */
import type { Fix } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import type { Placed } from "../text/place.ts";
import { type Check, related, repeated, rewritten, searchBroken } from "./lint-context.ts";
import { templateOf, type VmSwitch } from "./model.ts";
import { isFragment } from "./statement.ts";

export const lintNetwork: readonly Check[] = [
	function switchReferences({ config, plugs, file, report }) {
		const defined = new Map<string, VmSwitch>();
		for (const one of config.switches) if (!defined.has(one.name.value)) defined.set(one.name.value, one);
		const enabledNames = new Set(config.switches.filter(({ disabled }) => disabled === undefined).map(({ name }) => name.value));
		for (const { nic } of plugs) {
			const reference = nic.switch;
			if (reference === undefined || enabledNames.has(reference.value)) continue;
			const found = defined.get(reference.value);
			if (found !== undefined) {
				report("vm/disabled-switch", reference, msg('switch "{0}" is disabled, so it does not exist for guests', reference.value), {
					advice: msg("Remove `disable` from the switch, or use another."),
					related: [related({ file: found.file, span: found.disabled ?? found.name.span }, msg("Disabled here"))],
				});
				continue;
			}
			if (!config.complete || isFragment(file.context.path)) continue;
			const similar = nearest(reference.value, [...enabledNames]);
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
			report("vm/unknown-switch", reference, msg('switch "{0}" not found', reference.value), {
				advice: msg("vmd starts the guest all the same, with an interface that is plugged into nothing."),
				fixes,
			});
		}
	},

	function duplicateSwitches({ config, report }) {
		const active = config.switches.filter(({ disabled }) => disabled === undefined);
		for (const [first, ...others] of repeated(active, ({ name }) => name.value)) {
			for (const other of others) {
				report("vm/duplicate-switch", other.name, msg('switch "{0}" is defined twice: guests always get the first', other.name.value), {
					related: [related(first.name, msg("The first definition"))],
				});
			}
		}
		for (const [first, ...others] of repeated(active, (one) => one.interface?.value)) {
			for (const other of others) {
				if (other.interface === undefined || other.name.value === first.name.value) continue;
				const message = msg('{0} is also the interface of switch "{1}"', other.interface.value, first.name.value);
				report("vm/shared-bridge", other.interface, message, {
					advice: msg("Guests of both switches share one network."),
					related: [related(first.interface ?? first.name, msg("The other switch"))],
				});
			}
		}
	},

	function unusedSwitches({ config, plugs, file, report }) {
		if (!config.complete || isFragment(file.context.path)) return;
		// Where vm.conf starts no guest, they are started by `vmctl start -n SWITCH`.
		if (config.guests.length === 0) return;
		const used = new Set(plugs.flatMap(({ nic }) => (nic.switch === undefined ? [] : [nic.switch.value])));
		const isInBroken = searchBroken(file);
		for (const { name, disabled } of config.switches) {
			if (used.has(name.value) || disabled !== undefined || isInBroken(name.value, name.span)) continue;
			report("vm/unused-switch", name, msg('switch "{0}" is used by no guest', name.value), { tags: ["unnecessary"] });
		}
	},

	function sharedTaps({ activePlugs, report }) {
		for (const [first, ...others] of repeated(activePlugs, ({ nic }) => nic.tap?.value)) {
			for (const { guest, nic } of others) {
				if (nic.tap === undefined) continue;
				const message =
					guest === first.guest
						? msg('{0} is pinned twice in "{1}"', nic.tap.value, guest.name.value)
						: msg('{0} is also pinned by "{1}"', nic.tap.value, first.guest.name.value);
				report("vm/shared-tap", nic.tap, message, {
					advice: msg("A tap can be opened once: the guest that comes second does not start."),
					related: [related(first.nic.tap ?? first.nic, msg("Pinned here too"))],
				});
			}
		}
	},

	function tapNumbers({ config, guests, plugs, report }) {
		const active = [...guests.values()].filter(({ disabled }) => disabled === undefined);
		const automatic = active.reduce(
			(sum, guest) => sum + guest.interfaceCount - guest.interfaces.filter(({ tap }) => tap !== undefined).length,
			0,
		);
		const interfaces: readonly (Placed<string> | undefined)[] = [
			...plugs.map(({ nic }) => nic.tap),
			...config.switches.map((one) => one.interface),
		];
		for (const name of interfaces) {
			const zero = name === undefined ? null : /^([a-z]+)0+([0-9]+)$/.exec(name.value);
			if (name === undefined || zero === null) continue;
			const right = `${zero[1] ?? ""}${zero[2] ?? ""}`;
			report("vm/leading-zero", name, msg("{0} is not an interface's name", name.value), {
				advice: msg("vmd reads the number, but the interface is called {0}.", right),
				fixes: [{ title: msg("Write `{0}`", right), edits: [{ span: name.span, text: right }], preferred: true }],
			});
		}
		const inOrder = active.flatMap((guest) => Array.from({ length: guest.interfaceCount }, (_, i) => guest.interfaces[i]?.tap));
		// Guests start in this order; what comes before the first automatic interface is safe from it.
		const firstUnpinned = inOrder.indexOf(undefined);
		const safe = new Set(inOrder.slice(0, Math.max(0, firstUnpinned)));
		for (const { guest, nic } of plugs) {
			const unit = /^tap(0|[1-9]\d*)$/.exec(nic.tap?.value ?? "")?.[1];
			if (nic.tap === undefined || unit === undefined) continue;
			if (Number(unit) > 3) {
				report("vm/tap-without-device", nic.tap, msg("A new system has no /dev/{0}", nic.tap.value), {
					advice: msg("Make the device node on the host: cd /dev && sh MAKEDEV {0}", nic.tap.value),
				});
			} else if (guest.disabled === undefined && Number(unit) < automatic && !safe.has(nic.tap)) {
				report(
					"vm/tap-taken",
					nic.tap,
					msg('An interface without a pinned tap may take {0} before "{1}" starts', nic.tap.value, guest.name.value),
					{
						advice: msg("Pin every interface, or pin numbers above those that vmd gives out."),
					},
				);
			}
		}
	},

	function hardwareAddresses({ guests, plugs, report }) {
		const addressed = plugs.filter(({ guest, nic }) => nic.lladdr !== undefined && guests.get(guest.name.value) === guest);
		for (const { nic } of addressed) {
			if (nic.lladdr === undefined || !(Number.parseInt(nic.lladdr.value.slice(0, 2), 16) & 1)) continue;
			report("vm/multicast-lladdr", nic.lladdr, msg("{0} is a multicast address", nic.lladdr.value), {
				advice: msg("An interface's own address has the lowest bit of its first octet clear."),
			});
		}
		const inSwitch = addressed.filter(({ nic }) => nic.switch !== undefined);
		for (const [first, ...others] of repeated(inSwitch, ({ nic }) => `${nic.switch?.value ?? ""} ${nic.lladdr?.value ?? ""}`)) {
			for (const { nic } of others) {
				if (nic.lladdr === undefined) continue;
				const message = msg('{0} is also the address of "{1}" in this switch', nic.lladdr.value, first.guest.name.value);
				report("vm/shared-lladdr", nic.lladdr, message, { related: [related(first.nic.lladdr ?? first.nic, msg("The other interface"))] });
			}
		}
	},

	function inheritedAddresses({ guests, report }) {
		for (const guest of guests.values()) {
			const template = templateOf(guest, guests);
			if (template === undefined) continue;
			const inherited = template.interfaces.slice(guest.interfaces.length).find((nic) => nic.switch !== undefined);
			if (inherited === undefined || guest.disabled !== undefined || template.disabled !== undefined) continue;
			report("vm/instance-lladdr", guest.name, msg('"{0}" has the same MAC address as "{1}"', guest.name.value, template.name.value), {
				advice: msg("It takes over the template's interface with its address. Give it an `interface` of its own, without lladdr."),
				related: [related(inherited, msg("The inherited interface"))],
			});
		}
	},

	function routingDomains({ config, plugs, report }) {
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
			report("vm/rdomain-differs", nic.rdomain, message, { related: [related(found.rdomain, msg("The switch's routing domain"))] });
		}
	},

	function localInSwitch({ plugs, report }) {
		for (const { nic } of plugs) {
			if (nic.local === undefined || nic.switch === undefined) continue;
			report("vm/local-and-switch", { file: nic.file, span: nic.local }, msg("A local interface is plugged into a switch as well"), {
				advice: msg("Remove `local` or the switch: the tap would have an address of its own and be in a bridge."),
			});
		}
	},
];

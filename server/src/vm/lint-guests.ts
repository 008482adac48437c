/** Names, memory, disks, instances and boot devices of guests. */
import { type Message, msg } from "../text/message.ts";
import type { Placed } from "../text/place.ts";
import { type Check, related, repeated } from "./lint-context.ts";
import { templateOf, type VmGuest } from "./model.ts";
import { formatScaled } from "./size.ts";
import { realPath } from "./start.ts";

const MEGABYTE = 1024 * 1024;
/** vmd.h, VM_DEFAULT_MEMORY. */
const DEFAULT_MEMORY = 512 * MEGABYTE;
/** vmd.h, vfr_value: the description has 64 bytes with the one that ends it, `vmN-ifM-` among them. */
const DESCRIPTION = 63 - "vm1-if0-".length;

export const lintGuests: readonly Check[] = [
	function names({ config, report }) {
		for (const [first, ...others] of repeated(config.guests, ({ name }) => name.value)) {
			for (const { name, parent } of others) {
				// A second instance of a name is refused at start, which is said there.
				if (parent !== undefined) continue;
				report("vm/duplicate-guest", name, msg('vm "{0}" is defined twice: this definition is ignored', name.value), {
					related: [related(first.name, msg("The definition that counts"))],
				});
			}
		}
		for (const { name, interfaceCount } of config.guests) {
			if (/^[0-9]+$/.test(name.value)) {
				report("vm/numeric-name", name, msg("vmctl takes {0} for a guest's id", name.value), {
					advice: msg("Begin the name with a letter."),
				});
			}
			if (interfaceCount > 0 && name.value.length > DESCRIPTION && name.value.length < 64) {
				report("vm/long-description", name, msg("The description of the guest's tap has no room for the whole name"));
			}
		}
	},

	function memory({ config, guests, file, report }) {
		for (const { memory: size } of config.guests) {
			if (size === undefined || size.requested === size.value) continue;
			const rounded = `${size.value / MEGABYTE}M`;
			report("vm/memory-rounded", size, msg("memory is rounded down to {0}", rounded), {
				fixes: [{ title: msg("Write `{0}`", rounded), edits: [{ span: size.span, text: rounded }], preferred: true }],
			});
		}
		const limit = file.context.host?.memory;
		if (limit === undefined) return;
		let total = 0;
		for (const guest of guests.values()) {
			if (guest.disabled !== undefined) continue;
			const template = templateOf(guest, guests);
			const before = total;
			total += guest.memory?.value ?? template?.memory?.value ?? DEFAULT_MEMORY;
			if (before > limit || total <= limit) continue;
			const message = msg("The guests up to here need {0} of memory; the host has {1}", formatScaled(total), formatScaled(limit));
			report("vm/host-memory", guest.memory ?? guest.name, message, { advice: msg("Give guests less memory, or disable some.") });
		}
	},

	function paths({ config, report }) {
		for (const guest of config.guests) {
			for (const path of [...guest.disks, guest.cdrom, guest.boot]) {
				if (path === undefined || path.value === "" || path.value.startsWith("/")) continue;
				report("vm/relative-path", path, msg("{0} is looked for from vmd's working directory", path.value), {
					advice: msg("Write the absolute path."),
				});
			}
			for (const { value, format } of guest.disks) {
				// `.img` is said of both.
				const extension = /\.(qcow2|raw)$/i.exec(value)?.[1]?.toLowerCase();
				if (format === undefined || extension === undefined || (extension === "qcow2") === (format.value === "qcow2")) continue;
				report("vm/format-differs", format, msg("{0} does not look like a {1} image", value, format.value), {
					advice: msg("Leave `format` out, and vmd looks into the file."),
				});
			}
		}
	},

	function sharedDisks({ guests, report }) {
		const uses = [...guests.values()].flatMap((guest) => guest.disks.map((disk) => ({ guest, disk })));
		for (const [first, ...others] of repeated(uses, ({ disk }) => realPath(disk.value))) {
			for (const { guest, disk } of others) {
				if (guest.disabled !== undefined || first.guest.disabled !== undefined) continue;
				// A template's disk in its instance is refused at start, which is said there.
				if (guest.parent?.value === first.guest.name.value) continue;
				report("vm/shared-disk", disk, msg('{0} is also a disk of "{1}"', disk.value, first.guest.name.value), {
					advice: msg("An image can be opened by one guest only; copy it, or derive one with vmctl create -b."),
					related: [related(first.disk, msg("The other use"))],
				});
			}
		}
	},

	function templates({ guests, report }) {
		for (const { allow } of guests.values()) {
			if (allow === undefined || allow.owner !== undefined) continue;
			report("vm/allow-without-owner", allow, msg("Without `owner`, only root can make instances of this guest"));
		}
		for (const guest of guests.values()) {
			const template = templateOf(guest, guests);
			if (template === undefined) continue;
			if (template.disabled !== undefined && guest.disabled === undefined) {
				report(
					"vm/disabled-template",
					guest.parent ?? guest.name,
					msg('"{0}" is disabled; its instance starts without it', template.name.value),
					{
						related: [related({ file: template.file, span: template.disabled }, msg("Disabled here"))],
					},
				);
			}
			const allowed = template.allow;
			if (allowed === undefined) continue;
			for (const [permission, part] of settings(guest)) {
				if (part === undefined || allowed.permissions.includes(permission)) continue;
				report("vm/not-permitted", part, msg('"{0}" does not allow its instances to set `{1}`', template.name.value, permission), {
					related: [related(allowed, msg("What it allows"))],
				});
			}
		}
	},

	function bootDevices({ config, report }) {
		for (const guest of config.guests) {
			const { bootDevice } = guest;
			if (bootDevice === undefined || guest.parent !== undefined) continue;
			const missing: Record<typeof bootDevice.value, Message | undefined> = {
				cdrom: guest.cdrom === undefined ? msg("There is no `cdrom` to boot from") : undefined,
				disk: guest.disks.length === 0 ? msg("There is no `disk` to boot from") : undefined,
				net: guest.boot === undefined ? msg("There is no `boot` image for a network boot") : undefined,
			};
			const message = missing[bootDevice.value];
			if (message !== undefined) report("vm/boot-device", bootDevice, message);
		}
	},

	function staggeredStart({ config, report }) {
		const parallel = config.staggered?.parallel;
		if (parallel === undefined || parallel.value >= 1) return;
		report("vm/no-parallel", parallel, msg("With parallel {0}, vmd starts no guest at all", parallel.value), {
			fixes: [{ title: msg("Write `{0}`", 1), edits: [{ span: parallel.span, text: "1" }], preferred: true }],
		});
	},
];

/** What an instance sets, by the permission that it takes. */
function settings(guest: VmGuest): readonly (readonly ["boot" | "memory" | "interface" | "disk" | "cdrom", Placed<unknown> | undefined])[] {
	const [nic] = guest.interfaces;
	return [
		["boot", guest.boot],
		["memory", guest.memory],
		["disk", guest.disks[0]],
		["cdrom", guest.cdrom],
		["interface", nic === undefined ? undefined : { ...nic, value: nic.index }],
	];
}

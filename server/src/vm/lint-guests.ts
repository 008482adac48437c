/** Names, memory, disks, instances and boot devices of guests. */
import { fixTitle, quickFix, related } from "../text/check.ts";
import { type Message, msg } from "../text/message.ts";
import type { Placed } from "../text/place.ts";
import { error, information, repeated, type VmCheck, warning } from "./lint-context.ts";
import { templateOf, type VmGuest } from "./model.ts";
import { formatScaled } from "./size.ts";
import { realPath } from "./start.ts";

const MEGABYTE = 1024 * 1024;
/** vmd.h, VM_DEFAULT_MEMORY. */
const DEFAULT_MEMORY = 512 * MEGABYTE;
/** vmd.h, vfr_value: the description has 64 bytes with the one that ends it, `vmN-ifM-` among them. */
const DESCRIPTION = 63 - "vm1-if0-".length;

export const vmGuestChecks = {
	"vm/duplicate-guest": warning(
		["Two guests of one name", "vmd keeps the first and drops the second without a word.", "Rename or delete one."],
		({ config }, report) => {
			for (const [first, ...others] of repeated(config.guests, ({ name }) => name.value)) {
				for (const { name, parent } of others) {
					// A second instance of a name is refused at start, which is said there.
					if (parent !== undefined) continue;
					report(name, msg('vm "{0}" is defined twice: this definition is ignored', name.value), {
						related: [related(first.name, msg("The definition that counts"))],
					});
				}
			}
		},
	),

	"vm/numeric-name": warning(
		[
			"A guest's name of digits",
			"vmctl(8) takes a number for a guest's id, so the guest cannot be named on its command line.",
			"Begin the name with a letter.",
		],
		({ config }, report) => {
			for (const { name } of config.guests) {
				if (!/^[0-9]+$/.test(name.value)) continue;
				report(name, msg("vmctl takes {0} for a guest's id", name.value), { advice: msg("Begin the name with a letter.") });
			}
		},
	),

	"vm/long-description": information(
		[
			"A name too long for the tap's description",
			"vmd writes `vmN-ifM-NAME` on the tap and cuts it at 63 characters, so a tool that reads it sees another name.",
			"Shorten the name.",
		],
		({ config }, report) => {
			for (const { name, interfaceCount } of config.guests) {
				if (interfaceCount === 0 || name.value.length <= DESCRIPTION || name.value.length >= 64) continue;
				report(name, msg("The description of the guest's tap has no room for the whole name"));
			}
		},
	),

	"vm/memory-rounded": information(
		["Memory that is not whole megabytes", "vmd rounds it down.", "Write whole megabytes."],
		({ config }, report) => {
			for (const { memory: size } of config.guests) {
				if (size === undefined || size.requested === size.value) continue;
				const rounded = `${size.value / MEGABYTE}M`;
				report(size, msg("memory is rounded down to {0}", rounded), quickFix(fixTitle.write(rounded), { span: size.span, text: rounded }));
			}
		},
	),

	"vm/host-memory": warning(
		[
			"More memory than the host has",
			"The guests that start by themselves need more memory than the host has.",
			"Give them less, or disable some.",
		],
		({ guests, file }, report) => {
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
				report(guest.memory ?? guest.name, message, { advice: msg("Give guests less memory, or disable some.") });
			}
		},
	),

	"vm/relative-path": warning(
		["A relative path", "vmd looks from its own working directory.", "Write the absolute path."],
		({ config }, report) => {
			for (const guest of config.guests) {
				for (const path of [...guest.disks, guest.cdrom, guest.boot]) {
					if (path === undefined || path.value === "" || path.value.startsWith("/")) continue;
					report(path, msg("{0} is looked for from vmd's working directory", path.value), { advice: msg("Write the absolute path.") });
				}
			}
		},
	),

	"vm/format-differs": warning(
		[
			"A format that does not fit the file's name",
			"The format that is written goes before the file's signature: a qcow2 image read as raw shows the guest garbage.",
			"Leave `format` out, and vmd looks into the file.",
		],
		({ config }, report) => {
			for (const disk of config.guests.flatMap(({ disks }) => disks)) {
				const { value, format } = disk;
				// `.img` is said of both.
				const extension = /\.(qcow2|raw)$/i.exec(value)?.[1]?.toLowerCase();
				if (format === undefined || extension === undefined || (extension === "qcow2") === (format.value === "qcow2")) continue;
				report(format, msg("{0} does not look like a {1} image", value, format.value), {
					advice: msg("Leave `format` out, and vmd looks into the file."),
				});
			}
		},
	),

	"vm/shared-disk": warning(
		[
			"One disk image for two guests",
			"An image can be opened by one guest only: the second does not start.",
			"Copy the image, or derive one with `vmctl create -b`.",
		],
		({ guests }, report) => {
			const uses = [...guests.values()].flatMap((guest) => guest.disks.map((disk) => ({ guest, disk })));
			for (const [first, ...others] of repeated(uses, ({ disk }) => realPath(disk.value))) {
				for (const { guest, disk } of others) {
					if (guest.disabled !== undefined || first.guest.disabled !== undefined) continue;
					// A template's disk in its instance is refused at start, which is said there.
					if (guest.parent?.value === first.guest.name.value) continue;
					report(disk, msg('{0} is also a disk of "{1}"', disk.value, first.guest.name.value), {
						advice: msg("An image can be opened by one guest only; copy it, or derive one with vmctl create -b."),
						related: [related(first.disk, msg("The other use"))],
					});
				}
			}
		},
	),

	"vm/allow-without-owner": information(
		[
			"A template for root alone",
			"Without `owner`, only root may make instances, and root may set everything anyway.",
			"Add `owner` to the list.",
		],
		({ guests }, report) => {
			for (const { allow } of guests.values()) {
				if (allow === undefined || allow.owner !== undefined) continue;
				report(allow, msg("Without `owner`, only root can make instances of this guest"));
			}
		},
	),

	"vm/disabled-template": information(
		[
			"An instance of a disabled guest",
			"The instance starts by itself while the guest that it is made from stays stopped. That is fine for a template, and a surprise otherwise.",
			"Nothing, or enable the guest.",
		],
		({ guests }, report) => {
			for (const guest of guests.values()) {
				const template = templateOf(guest, guests);
				if (template?.disabled === undefined || guest.disabled !== undefined) continue;
				report(guest.parent ?? guest.name, msg('"{0}" is disabled; its instance starts without it', template.name.value), {
					related: [related({ file: template.file, span: template.disabled }, msg("Disabled here"))],
				});
			}
		},
	),

	"vm/not-permitted": warning(
		[
			"An instance that sets what its template does not allow",
			"vmd permits it in vm.conf, which root reads, but no user could set it with vmctl.",
			"Add the word to the template's `allow instance`.",
		],
		({ guests }, report) => {
			for (const guest of guests.values()) {
				const template = templateOf(guest, guests);
				const allowed = template?.allow;
				if (template === undefined || allowed === undefined) continue;
				for (const [permission, part] of settings(guest)) {
					if (part === undefined || allowed.permissions.includes(permission)) continue;
					report(part, msg('"{0}" does not allow its instances to set `{1}`', template.name.value, permission), {
						related: [related(allowed, msg("What it allows"))],
					});
				}
			}
		},
	),

	"vm/boot-device": warning(
		["Nothing to boot from", "The boot device has no image.", "Add the `cdrom`, `disk` or `boot` that it means."],
		({ config }, report) => {
			for (const guest of config.guests) {
				const { bootDevice } = guest;
				if (bootDevice === undefined || guest.parent !== undefined) continue;
				const missing: Record<typeof bootDevice.value, Message | undefined> = {
					cdrom: guest.cdrom === undefined ? msg("There is no `cdrom` to boot from") : undefined,
					disk: guest.disks.length === 0 ? msg("There is no `disk` to boot from") : undefined,
					net: guest.boot === undefined ? msg("There is no `boot` image for a network boot") : undefined,
				};
				const message = missing[bootDevice.value];
				if (message !== undefined) report(bootDevice, message);
			}
		},
	),

	"vm/no-parallel": error(
		["No guest is ever started", "vmd starts none where the number of parallel starts is below 1.", "Write 1 or more."],
		({ config }, report) => {
			const parallel = config.staggered?.parallel;
			if (parallel === undefined || parallel.value >= 1) return;
			report(
				parallel,
				msg("With parallel {0}, vmd starts no guest at all", parallel.value),
				quickFix(fixTitle.write(1), { span: parallel.span, text: "1" }),
			);
		},
	),
} as const satisfies Record<string, VmCheck>;

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

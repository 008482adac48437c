/** What a starting vmd refuses though `vmd -n` accepts it. */
import type { Report } from "../text/check.ts";
import type { Fix } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import { nearest } from "../text/nearest.ts";
import type { Place } from "../text/place.ts";
import { span } from "../text/span.ts";
import type { VmErrorCode } from "./diagnostics.ts";
import type { VmFile } from "./file.ts";
import type { LintContext } from "./lint-context.ts";
import type { VmGuest } from "./model.ts";
import { Registry, type StartRefusal } from "./start.ts";
import { isFragment } from "./statement.ts";

/** Reports each guest that a starting vmd refuses. */
export function checkStart(
	{ config, guests, file }: LintContext,
	report: (code: VmErrorCode, ...found: Parameters<Report<Place>>) => void,
): void {
	const registry = new Registry();
	const known = config.complete && !isFragment(file.context.path);
	for (const guest of config.guests) {
		const refusal = registry.register(guest.statement);
		if (refusal === undefined || (guest.parent !== undefined && !known)) continue;
		if (!guest.statement.complete && (refusal.code === "vm/no-disk" || refusal.code === "vm/no-device")) continue;
		const at = refusal.code === "vm/unknown-template" && guest.parent !== undefined ? guest.parent : guest.name;
		const template = guest.parent === undefined ? undefined : guests.get(guest.parent.value);
		report(refusal.code, at, refusal.complaint ?? refusal.message, {
			advice: advice(guest, template, refusal),
			...fixes(guest, refusal.code, file),
			...(template === undefined
				? {}
				: { related: [{ file: template.name.file, span: template.name.span, message: msg("The template") }] }),
		});
	}
}

function advice(guest: VmGuest, template: VmGuest | undefined, { code, reason }: StartRefusal): Message {
	switch (code) {
		case "vm/no-disk":
			return guest.parent === undefined
				? msg("vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot.")
				: msg("vmd -n accepts this, but vmd refuses to start: disks are not inherited, so the instance needs one of its own.");
		case "vm/no-device":
			return msg("vmd -n accepts this, but vmd refuses to start: the block configures no device.");
		case "vm/guest-name":
			return msg(
				"vmd -n accepts this, but vmd refuses to start: a name is letters, digits, `.`, `-` and `_`, and begins with a letter or digit.",
			);
		case "vm/unknown-template":
			return template === undefined
				? msg("vmd -n accepts this, but vmd refuses to start: no guest `{0}` is defined.", guest.parent?.value ?? "")
				: msg("vmd -n accepts this, but vmd refuses to start: `{0}` must be defined before its instances.", template.name.value);
		default:
			return reason === "Too many processes"
				? msg("vmd -n accepts this, but vmd refuses to start: a guest `{0}` is defined above.", guest.name.value)
				: instanceAdvice(guest, template);
	}
}

/** What to change in an instance that its template does not permit. */
function instanceAdvice(guest: VmGuest, template: VmGuest | undefined): Message {
	if (guest.interfaces.some(({ lladdr }) => lladdr !== undefined)) {
		return msg("vmd -n accepts this, but vmd refuses to start: an instance cannot set lladdr while its template has an interface.");
	}
	if (template?.interfaces.some(({ name }, i) => name !== undefined && (guest.interfaces[i]?.name ?? name).value === name.value)) {
		return msg(
			"vmd -n accepts this, but vmd refuses to start: the name of the template's tap is taken over. Write plain `interface` in the template, or name another tap here.",
		);
	}
	if (guest.allow !== undefined) {
		return msg("vmd -n accepts this, but vmd refuses to start: an instance takes its permissions from the template.");
	}
	if (template?.owner !== undefined || guest.owner !== undefined) {
		return msg("vmd -n accepts this, but vmd refuses to start: the instance must repeat the template's owner and group.");
	}
	return msg("vmd -n accepts this, but vmd refuses to start: a disk of the template cannot be used by its instance.");
}

function fixes(guest: VmGuest, code: string, file: VmFile): { fixes?: readonly Fix[] } {
	if (code === "vm/no-disk" || code === "vm/no-device") {
		const at = guest.body.start + 1;
		const path = `/var/vm/${guest.name.value.replace(/[^A-Za-z0-9._-]/g, "-")}.img`;
		return { fixes: [{ title: msg("Add a disk"), edits: [{ span: span(at, at), text: `\n\tdisk "${path}"` }], preferred: true }] };
	}
	if (code === "vm/guest-name") {
		const name = guest.name.value.replace(/[^A-Za-z0-9._-]/g, "-").replace(/^[-._]+/, "") || "guest";
		return { fixes: [{ title: msg("Rename it to `{0}`", name), edits: [{ span: guest.name.span, text: `"${name}"` }], preferred: true }] };
	}
	if (code === "vm/unknown-template") {
		const similar = nearest(
			guest.parent?.value ?? "",
			file.config.guests.flatMap(({ name, parent, span: at }) => (parent === undefined && at.start < guest.span.start ? [name.value] : [])),
		);
		if (similar !== undefined && guest.parent !== undefined) {
			return { fixes: [{ title: msg("Change it to `{0}`", similar), edits: [{ span: guest.parent.span, text: `"${similar}"` }] }] };
		}
	}
	return {};
}

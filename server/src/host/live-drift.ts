/** Where the files of a host and its taps have gone apart: an anchor that is one guest's, and rules for another's tap. */
import { describe } from "../text/check.ts";
import type { Diagnostic, DiagnosticCatalog, DiagnosticRule, Fix, TextEdit } from "../text/diagnostic.ts";
import type { ParsedFile } from "../text/language.ts";
import { type Message, msg } from "../text/message.ts";
import { span } from "../text/span.ts";
import type { VmGuest, VmInterface } from "../vm/model.ts";
import { type LiveHost, type LiveTap, type TapMention, tapMentions, tapsOfGuest } from "./live.ts";
import type { Host } from "./model.ts";

const otherGuest: DiagnosticRule = describe.warning(
	"A guest's anchor names another guest's tap",
	"Tap numbers are given in the order in which guests start. The rules of this anchor now let the wrong guest's traffic through, and its own guest's traffic meets no rule of its anchor.",
	"Write the tap that the guest has now and load the anchor again; or pin the tap in vm.conf, or write rules for an interface group, which stay right when guests start in another order.",
);

const unused: DiagnosticRule = describe.warning(
	"A guest's anchor names a tap that no guest uses",
	"The guest runs with another tap: the rules of its anchor match nothing, and its traffic meets only the rules outside of it.",
	"Write the tap that the guest has now and load the anchor again; or pin the tap in vm.conf, or write rules for an interface group.",
);

/** Codes of what only the running host shows. */
export const liveDiagnostics = { "live/other-guests-tap": otherGuest, "live/unused-tap": unused } satisfies DiagnosticCatalog;

/** A tap in a guest's anchor that is not the guest's. */
export interface Drift {
	readonly mentions: readonly TapMention[];
	readonly guest: string;
	/** Whose the tap is now, where it is somebody's. */
	readonly owner: LiveTap | undefined;
	/** The taps of the guest that may be meant, the likely one alone where it is known. */
	readonly meant: readonly LiveTap[];
}

/** The guest that an anchor's file is for: the last part of the name of the anchor that pf.conf loads from it. */
function guestOfAnchor(host: Host, live: LiveHost, path: string): string | undefined {
	const load = host.pf?.loads.find((each) => each.path.value === path);
	const name = load?.anchor.value.split("/").at(-1);
	const known = host.vm.guests.some((guest) => guest.name.value === name) || live.taps.some(({ guest }) => guest === name);
	return known ? name : undefined;
}

/** Where the file of a guest's anchor names taps that are not the guest's, by tap. */
function driftOf(host: Host, live: LiveHost, file: { readonly path: string; readonly parsed: ParsedFile }): readonly Drift[] {
	const guest = guestOfAnchor(host, live, file.path);
	if (guest === undefined) return [];
	const own = tapsOfGuest(live, guest);
	const byTap = new Map<string, TapMention[]>();
	for (const mention of tapMentions(file)) {
		const known = byTap.get(mention.tap);
		if (known === undefined) byTap.set(mention.tap, [mention]);
		else known.push(mention);
	}
	const names = [...byTap.keys()];
	const config = host.vm.guests.find(({ name }) => name.value === guest);
	return [...byTap].flatMap(([tap, mentions]): readonly Drift[] => {
		const owner = live.taps.find(({ name }) => name === tap);
		if (owner?.guest === guest) return [];
		// While the guest does not run, a tap that is nobody's says nothing.
		if (owner?.guest === undefined && own.length === 0) return [];
		const index =
			config?.interfaces.find((nic) => nic.tap?.value === tap)?.index ?? (names.length === own.length ? names.indexOf(tap) : -1);
		const likely = own.find((each) => each.index === index);
		const meant = likely === undefined || names.includes(likely.name) ? own.filter(({ name }) => !names.includes(name)) : [likely];
		// Two taps of one guest that have changed places are told apart by their order alone.
		return [
			{ mentions, guest, owner: owner?.guest === undefined ? undefined : owner, meant: meant.length === 0 && likely ? [likely] : meant },
		];
	});
}

/** The drift of a file as diagnostics, with its fixes. */
export function driftDiagnostics(
	host: Host,
	live: LiveHost,
	file: { readonly path: string; readonly parsed: ParsedFile },
): readonly Diagnostic[] {
	return driftOf(host, live, file).flatMap((drift) => {
		const { guest, owner, mentions } = drift;
		const code = owner === undefined ? "live/unused-tap" : "live/other-guests-tap";
		const { severity } = owner === undefined ? unused : otherGuest;
		const tap = mentions[0]?.tap ?? "";
		const message =
			owner?.guest === undefined
				? msg("On {0}, no guest uses {1} (as of {2}); this anchor is {3}'s", live.name, tap, live.taken, guest)
				: msg("On {0}, {1} is {2}'s (as of {3}); this anchor is {4}'s", live.name, tap, owner.guest, live.taken, guest);
		const fixes = fixesOf(host, drift);
		return mentions.map((mention) => ({ code, severity, span: mention.span, message, ...(fixes.length === 0 ? {} : { fixes }) }));
	});
}

function fixesOf(host: Host, { guest, mentions, meant }: Drift): readonly Fix[] {
	const tap = mentions[0]?.tap ?? "";
	const replaced = (text: string): readonly TextEdit[] => mentions.map(({ span: at }) => ({ span: at, text }));
	const fixes: Fix[] = meant.map(({ name }) => ({
		title: msg("Write {0}, the tap that {1} has now", name, guest),
		edits: replaced(name),
		...(meant.length === 1 ? { preferred: true } : {}),
	}));
	const [only] = meant;
	const config = host.vm.guests.find(({ name }) => name.value === guest);
	const nic = meant.length === 1 ? config?.interfaces.find(({ index }) => index === only?.index) : undefined;
	if (config === undefined || nic === undefined) return fixes;
	return [...fixes, ...pinned(host, config, nic, tap), ...grouped(host, config, nic, replaced)];
}

/** The tap in vm.conf, so that the guest takes the one that the rules name. */
function pinned({ vm }: Host, { name }: VmGuest, nic: VmInterface, tap: string): readonly Fix[] {
	if (vm.guests.some(({ interfaces }) => interfaces.some((each) => each.tap?.value === tap))) return [];
	const word = "interface".length;
	const edit: TextEdit =
		nic.name === undefined
			? { file: nic.file, span: span(nic.span.start + word, nic.span.start + word), text: ` ${tap}` }
			: { file: nic.name.file, span: nic.name.span, text: tap };
	const title = msg("Pin {0} in vm.conf: {1} takes it from its next start on", tap, name.value);
	return [{ title, edits: [edit] }];
}

/** A group of interfaces, which goes with the guest whatever tap it gets. */
function grouped({ vmFile }: Host, { name }: VmGuest, nic: VmInterface, replaced: (text: string) => readonly TextEdit[]): readonly Fix[] {
	const title = (group: string): Message =>
		msg("Write rules for the interface group {0}, which {1} gives its tap from its next start on", group, name.value);
	if (nic.group !== undefined) return [{ title: title(nic.group.value), edits: replaced(nic.group.value) }];
	if (vmFile === undefined || nic.file !== vmFile.context.path) return [];
	const text = vmFile.text.slice(nic.span.start, nic.span.end);
	const brace = text.indexOf("{");
	const group = groupName(name.value);
	const edit: TextEdit =
		brace === -1
			? { file: nic.file, span: span(nic.span.end, nic.span.end), text: ` { group ${group} }` }
			: { file: nic.file, span: span(nic.span.start + brace + 1, nic.span.start + brace + 1), text: ` group ${group}` };
	return [{ title: title(group), edits: [...replaced(group), edit] }];
}

/** A group has at most 15 characters, and does not end in a digit (sbin/ifconfig, setifgroup()). */
function groupName(guest: string): string {
	const letters = guest.replace(/[^A-Za-z0-9_]/g, "_").slice(0, 13);
	return /\d$/.test(letters) ? `${letters}vm` : letters;
}

/** Edits that write the taps of now into the file of an anchor; those whose meaning is not certain are left. */
export function liveEdits(host: Host, live: LiveHost, file: { readonly path: string; readonly parsed: ParsedFile }): readonly TextEdit[] {
	return driftOf(host, live, file).flatMap(({ mentions, meant: [only, ...others] }) =>
		only === undefined || others.length > 0 ? [] : mentions.map(({ span: at }) => ({ span: at, text: only.name })),
	);
}

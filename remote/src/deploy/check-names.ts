/** What the files of a host name that must be there, and what else no program of the host can be asked without doing it. */
import {
	type Host,
	type HostInterface,
	hostBuilder,
	hostnameLanguage,
	isCloned,
	type Message,
	mayExist,
	msg,
	PfFile,
	type Placed,
	RC_CONF_LOCAL,
	type Span,
	startCodes,
	VM_CONF,
	VmFile,
} from "@openbsd-vnet/server";
import { diskLine } from "../disks.ts";
import type { CheckedFiles } from "./check-programs.ts";
import { rcComplaints, scriptsNamed } from "./check-rc.ts";
import { type HostComplaint, ourselves, placeIn } from "./complaint.ts";
import { roleOf } from "./files.ts";

/** A file that another one names. */
export interface NamedFile {
	readonly path: string;
	readonly at: Placed<string>;
	/** Without it vmd takes nothing of its vm.conf, or cannot start the guest; otherwise only a guest that nobody has started yet. */
	readonly certain: boolean;
	/** What to do where it is not there. */
	readonly advice?: Message;
}

/** What the host has of its own. */
export interface Found {
	readonly interfaces: readonly HostInterface[];
	/** The paths of named files that are not there. */
	readonly absent: ReadonlySet<string>;
	/** The files of which programs have told errors. */
	readonly refused: ReadonlySet<string>;
}

/** What must be there for the files that are checked: disks, kernels and media of vm.conf, scripts of daemons that are enabled. */
export function filesNamed(candidate: CheckedFiles): readonly NamedFile[] {
	const rc = candidate.checked.has(RC_CONF_LOCAL) ? (candidate.texts.get(RC_CONF_LOCAL) ?? "") : "";
	return [...filesOfGuests(candidate), ...scriptsNamed(rc).map((script) => ({ ...script, certain: false }))];
}

/** A path with a macro that is not known is left out. */
function filesOfGuests({ texts, checked }: CheckedFiles): readonly NamedFile[] {
	const text = texts.get(VM_CONF);
	if (text === undefined || !checked.has(VM_CONF)) return [];
	const { guests } = VmFile.parse(text, { path: VM_CONF, readFile: (path) => texts.get(path) }).config;
	// vmd resolves disks and kernels as it reads the file (parse.y, parse_disk()); a cdrom it opens as the guest starts.
	return guests.flatMap(({ disks, boot, cdrom, disabled }) => [
		...disks.flatMap((at) => {
			const command = diskLine({ path: at.value, format: at.format?.value }).text;
			return at.known === false ? [] : [{ path: at.value, at, certain: true, advice: msg("As root on the host: {0}", command) }];
		}),
		...[
			{ at: boot, certain: true },
			{ at: cdrom, certain: disabled === undefined },
		].flatMap(({ at, certain }) => (at === undefined || at.known === false ? [] : [{ path: at.value, at, certain }])),
	]);
}

/** Our own complaints about the files. */
export function ownComplaints({ texts, checked }: CheckedFiles, { interfaces, absent, refused }: Found): readonly HostComplaint[] {
	const host = hostBuilder()({
		name: "",
		files: new Map([...texts].map(([path, text]) => [path, { text }])),
		facts: { interfaces },
	});
	const has = hasInterface(host, interfaces);
	const missing = filesNamed({ texts, checked })
		.filter(({ at }) => absent.has(at.value))
		.map(({ at, certain, advice }) => {
			const severity = certain ? "error" : "warning";
			return complaint(at.file, texts.get(at.file) ?? "", at.span, msg("the host has no file {0}", at.value), severity, advice);
		});
	return [
		...missing,
		...[...checked].flatMap((path) => {
			const text = texts.get(path);
			if (text === undefined) return [];
			if (path === RC_CONF_LOCAL) return rcComplaints(text);
			switch (roleOf(path)) {
				case "pf":
					return missingInPf(text, path, texts, has);
				case "vm":
					return [...(refused.has(path) ? [] : refusedAtStart(host)), ...missingInVm(texts, host, has)];
				case "hostname":
					return refusedByIfconfig(text, path, host, has);
				default:
					return [];
			}
		}),
	];
}

function complaint(
	path: string,
	text: string,
	span: Span,
	message: Message,
	severity: HostComplaint["severity"],
	advice?: Message,
): HostComplaint {
	return { path, ...placeIn(text, span), text: message, ...(advice === undefined ? {} : { advice }), program: ourselves, severity };
}

const noInterface = (name: string): Message => msg("the host has no interface {0}, and no file makes one", name);

function hasInterface(host: Host, interfaces: readonly HostInterface[]): (name: string) => boolean {
	const names = new Set(interfaces.map(({ name }) => name));
	// vmd takes the lowest tap that is free: any may be there once its guests run.
	const anyTap = host.vm.guests.length > 0 || !host.vm.complete;
	return (name) => names.has(name) || (isCloned(name) && (mayExist(host, name) || (anyTap && name.startsWith("tap"))));
}

/** What `vmd -n` accepts, and vmd does not start with. Of a file that it does not accept, it would not come to that. */
function refusedAtStart({ vmFile }: Host): readonly HostComplaint[] {
	if (vmFile === undefined) return [];
	const codes: ReadonlySet<string> = new Set(startCodes);
	return vmFile
		.diagnostics()
		.filter(({ code }) => codes.has(code))
		.map(({ span, message, advice }) => complaint(VM_CONF, vmFile.text, span, message, "error", advice));
}

function missingInVm(texts: ReadonlyMap<string, string>, { vm }: Host, has: (name: string) => boolean): readonly HostComplaint[] {
	return vm.switches.flatMap(({ interface: on, disabled }) =>
		on === undefined || on.known === false || disabled !== undefined || has(on.value)
			? []
			: [complaint(on.file, texts.get(on.file) ?? "", on.span, noInterface(on.value), "error")],
	);
}

/** Rules for an interface that is not there yet are no fault: pf takes them, and matches when it comes. */
function missingInPf(
	text: string,
	path: string,
	texts: ReadonlyMap<string, string>,
	has: (name: string) => boolean,
): readonly HostComplaint[] {
	const file = PfFile.parse(text, { path, readFile: (other) => texts.get(other) });
	const marks = file.tokens();
	const words = marks.flatMap(({ symbol, span }) => (symbol?.kind === "interface" ? [{ name: symbol.name, span }] : []));
	// A macro's value is no mark of an interface; the rules tell that it is one.
	const { main, anchors } = file.ruleset;
	const inRules = [main, ...anchors.values()].flatMap(({ rules }) => rules.flatMap((rule) => [rule.interface, rule.receivedOn]));
	const comments = marks.filter(({ kind: role }) => role === "comment").map(({ span }) => span);
	for (const name of new Set(inRules)) {
		if (name === "" || words.some((word) => word.name === name)) continue;
		const places = [...text.matchAll(new RegExp(`(?<![A-Za-z0-9_.])${name.replace(/[^A-Za-z0-9]/g, "\\$&")}(?![A-Za-z0-9_])`, "g"))];
		const place = places.find(({ index }) => !comments.some(({ start, end }) => start <= index && index < end));
		if (place !== undefined) words.push({ name, span: { start: place.index, end: place.index + name.length } });
	}
	// What does not end in a digit is a group, which comes and goes with its members.
	return words
		.filter(({ name }) => /^[A-Za-z]+[0-9]+$/.test(name) && !has(name))
		.sort((a, b) => a.span.start - b.span.start)
		.map(({ name, span }) => complaint(path, text, span, noInterface(name), "warning"));
}

/** What ifconfig(8) refuses, which has no dry run. */
function refusedByIfconfig(text: string, path: string, host: Host, has: (name: string) => boolean): readonly HostComplaint[] {
	const others = [...host.links.keys()].filter(has).map((name) => ({ name, groups: [], addresses: [] }));
	const interfaces = [...(host.source.facts?.interfaces ?? []), ...others];
	return hostnameLanguage
		.parse(text, { path, host: { interfaces } })
		.diagnostics()
		.filter(({ severity }) => severity === "error")
		.map(({ code, span, message, advice }) =>
			// Without its device netstart passes the file over; it may be plugged in later.
			complaint(path, text, span, message, code === "hostname/no-interface" ? "warning" : "error", advice),
		);
}

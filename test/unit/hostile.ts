/** Hosts that nobody would write: random bytes, lines of real files in any order, and files that name each other. */
import fc from "fast-check";
import { nightly } from "../share.ts";
import { hostNames, languageOf, readHost } from "./hosts.ts";

/** Every host has some of these; they are few, so that files name each other and themselves. */
const PATHS = [
	"/etc/pf.conf",
	"/etc/pf.a",
	"/etc/pf.d/b.conf",
	"/etc/vm.conf",
	"/etc/vm.d/c.conf",
	"/etc/hostname.em0",
	"/etc/hostname.veb0",
	"/etc/hostname.vport0",
	"/etc/dhcpd.conf",
	"/etc/dhcpd.more",
	"/etc/sysctl.conf",
	"/etc/rc.conf.local",
	"/etc/mygate",
	"/etc/hosts",
	"/etc/services",
	"/etc/policy.pftest",
] as const;

/** The lines of the examples, by language; those of other files under none. */
const lines = new Map<string | undefined, string[]>();
for (const [path, text] of hostNames.flatMap((name) => [...readHost(name)])) {
	const known = lines.get(languageOf(path)) ?? [];
	lines.set(languageOf(path), known);
	known.push(...text.split("\n"));
}

const path = fc.constantFrom(...PATHS);
const name = fc.constantFrom("a", "b", "vm/web01", "*");

/** Statements that read another file. */
const naming = fc.oneof(
	path.map((of) => `include "${of}"`),
	path.map((of) => `include "${of}";`),
	fc.tuple(name, path).map(([anchor, of]) => `load anchor "${anchor}" from "${of}"`),
	fc.tuple(name, path).map(([anchor, of]) => `anchor "${anchor}" {\nload anchor "${anchor}" from "${of}"\n}`),
	path.map((of) => `table <t> file "${of}"`),
	path.map((of) => `m = "${of}"\ninclude $m`),
	fc.constant("include /etc/*"),
);

const list = fc
	.tuple(fc.constantFrom("10.0.0.", "fe80::"), fc.integer({ min: 0, max: 6 }))
	.map(([prefix, count]) => `{ ${Array.from({ length: count }, (_, i) => prefix + i).join(" ")} }`);

/** Statements that grow: lists beside lists, macros of macros. */
const growing = fc.oneof(
	fc
		.tuple(list, list, list)
		.map(([from, to, port]) => `pass from ${from} to ${to} port ${port.replaceAll("10.0.0.", "").replaceAll("fe80::", "")}`),
	fc
		.tuple(name, list)
		.map(([macro, value]) => `${macro.slice(0, 1)} = "${value}"\npass from $${macro.slice(0, 1)} to { $${macro.slice(0, 1)} $b }`),
	fc.constant('a = "$b $b"\nb = "$a $a"\npass from $a'),
);

/** Bytes, and signs in rows. */
const noise = fc.oneof(
	fc.string({ unit: "binary", maxLength: 40 }),
	fc.uint8Array({ maxLength: 40 }).map((bytes) => String.fromCharCode(...bytes)),
	fc
		.tuple(
			fc.constantFrom("{", "}", "(", ")", "$", '"', "'", "\\", "<", ":", "!", "#", " ", "\t", "\0", "\u{feff}"),
			fc.integer({ min: 1, max: 300 }),
		)
		.map(([sign, times]) => sign.repeat(times)),
);

function lineOf(language: string | undefined): fc.Arbitrary<string> {
	const own = fc.constantFrom(...(lines.get(language) ?? [""]));
	const any = fc.constantFrom(...[...lines.values()].flat());
	const broken = fc
		.tuple(own, fc.nat(), noise)
		.map(([line, at, what]) => line.slice(0, at % (line.length + 1)) + what + line.slice(at % (line.length + 1)));
	return fc.oneof(
		{ weight: 10, arbitrary: own },
		{ weight: 3, arbitrary: naming },
		{ weight: 1, arbitrary: growing },
		{ weight: 2, arbitrary: broken },
		{ weight: 1, arbitrary: noise },
		{ weight: 1, arbitrary: any },
	);
}

const end = fc.oneof({ weight: 20, arbitrary: fc.constant("\n") }, { weight: 1, arbitrary: fc.constantFrom("\r\n", "\r", "\\\n", "") });

function textOf(of: string): fc.Arbitrary<string> {
	return fc.array(fc.tuple(lineOf(languageOf(of)), end), { maxLength: 25 }).map((made) => made.flat().join(""));
}

/** The files of a host by their paths. */
export const hostileHost: fc.Arbitrary<ReadonlyMap<string, string>> = fc
	.subarray([...PATHS])
	.chain((paths) => fc.tuple(...paths.map((of) => fc.tuple(fc.constant(of), textOf(of)))))
	.map((files) => new Map(files));

/** A change of one of the open files; its numbers are taken modulo what there is. */
export interface HostileEdit {
	readonly file: number;
	readonly start: number;
	readonly length: number;
	readonly text: string;
}

const inserted = fc.oneof(
	fc.constantFrom("", "\n", "{", "}", '"', "\\\n", "$", "#", " "),
	fc.tuple(lineOf("openbsd-pf"), end).map(([line, by]) => line + by),
	fc.tuple(lineOf("openbsd-vm"), end).map(([line, by]) => line + by),
	fc.tuple(lineOf("openbsd-hostname"), end).map(([line, by]) => line + by),
);

export const hostileEdit: fc.Arbitrary<HostileEdit> = fc.record({
	file: fc.nat(),
	start: fc.nat(),
	length: fc.oneof(fc.nat(3), fc.nat(200)),
	text: inserted,
});

/** A file that comes, changes or goes on disk. */
export interface HostileWrite {
	readonly path: string;
	/** Undefined for a file that goes. */
	readonly written: string | undefined;
}

export const hostileWrite: fc.Arbitrary<HostileWrite> = path.chain((of) =>
	fc.record({ path: fc.constant(of), written: fc.option(textOf(of), { nil: undefined }) }),
);

/** Parameters of fast-check; at night, for so many minutes with another seed each time, which it names where it fails. */
export function effort(runs: number, minutes: number): fc.Parameters<unknown> {
	return nightly
		? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: minutes * 60_000, markInterruptAsFailure: false }
		: { numRuns: runs, seed: 18 };
}

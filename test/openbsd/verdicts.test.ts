/**
 * What we say of files, held against what OpenBSD's own programs say of them: `npm run test:verdicts`. The machine is named by
 * OPENBSD_HOST (a name of ssh, as root; OPENBSD_SSH_CONFIG is its file) and is there for nothing else; OPENBSD_INTERFACES are two
 * of its interfaces that nobody needs; OPENBSD_RELEASE is its release where that is another than it says, as for -current. Cases are the examples of what programs say, those of the vocabulary, and the hosts of examples/.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check } from "../../server/src/hostname/check.ts";
import { ofIfconfig, ofKernel, ofShell } from "../../server/src/hostname/messages-testing.ts";
import { dryRun as netstart } from "../../server/src/hostname/netstart.ts";
import { type DryRunOptions, dryRun as pfctl } from "../../server/src/pf/ruleset/dryrun.ts";
import { FILES } from "../../server/src/pf/ruleset/testing.ts";
import { examples as ofPfctl } from "../../server/src/pf/words/messages-testing.ts";
import { PF_VOCABULARY } from "../../server/src/pf/words/vocabulary.ts";
import type { HostFacts } from "../../server/src/text/language.ts";
import { isFilled } from "../../server/src/text/testing.ts";
import { dryRun as vmd } from "../../server/src/vm/dryrun.ts";
import { examples as ofVmd } from "../../server/src/vm/messages-testing.ts";
import { first, folder, inEach, isThere, prepare, put, release, type Said, second, touch, undo } from "./real-host.ts";

const examples = join(import.meta.dirname, "..", "..", "examples");

/** The files of the example hosts, by their paths in /etc. */
const hosts: readonly ReadonlyMap<string, string>[] = readdirSync(examples)
	.filter((name) => statSync(join(examples, name)).isDirectory())
	.map((name) => {
		const etc = join(examples, name, "etc");
		const paths = readdirSync(etc, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
		return new Map(
			paths.map(({ parentPath, name: file }) => {
				const path = join(parentPath, file);
				return [relative(etc, path), readFileSync(path, "utf8")] as const;
			}),
		);
	});

/** The names of the machine's interfaces in the place of those that examples have. */
function own(text: string): string {
	return text.replace(/\bem0\b/g, first).replace(/\bem1\b/g, second);
}

/** Files of /etc stand in a folder of their own on the machine, `/FOLDER/N/etc`. */
function placed(text: string, number: number): string {
	return own(text).replaceAll("/etc/", `${folder}/${number}/etc/`);
}

interface Case {
	readonly name: string;
	readonly text: string;
	/** What is in /etc beside it. */
	readonly files: ReadonlyMap<string, string>;
	readonly options?: Pick<DryRunOptions, "anchor" | "macros">;
}

/** Cases whose answer is the machine's own: which routing tables it has, and how its libc says that a number is too large. */
const ofMachine = new Set(["beside: invalid rtable id", "failed to convert weight {0}"]);

/** What a name is refused with depends on whom resolv.conf asks. */
const RESOLVER = /name or service( is)? not known|non-recoverable failure in name resolution|no address associated with (host)?name/gi;

/** What tells two answers apart that are alike: keys that are made up, and the words of a libc. */
function alike({ stdout, stderr, status }: Said, isVerdict: boolean): Said {
	return {
		// Of a file that is refused, pfctl has printed what it had read until then.
		stdout: isVerdict && status !== 0 ? "" : stdout.replace(/source-hash 0x[0-9a-f]{32}/g, "source-hash KEY"),
		stderr: stderr.replace(/^\n+/gm, "").replace(RESOLVER, "no address associated with name"),
		status,
	};
}

/** Each case with what the machine says; made once all of them are there. */
function heldAgainst(cases: readonly Case[], file: string, command: string, ours: (each: Case, number: number) => Said) {
	let said: readonly Said[] = [];
	beforeAll(() => {
		const files = new Map<string, string>();
		for (const [number, { text, files: beside }] of cases.entries()) {
			files.set(`${number}/${file}`, placed(text, number));
			files.set(`${number}/etc/none`, "");
			for (const [path, other] of beside) files.set(`${number}/etc/${path}`, placed(other, number));
		}
		put(files);
		// vmd looks for the disks of guests at once.
		touch(cases.flatMap(({ text }) => [...text.matchAll(/\bdisk "(\/[^"]{1,256})"/g)].map(([, path = ""]) => path)));
		said = inEach(cases.length, command);
	});
	const judged = cases.map((each, number) => [each.name, each, number] as const).filter(([name]) => !ofMachine.has(name));
	test.each(judged)("%s", (_, each, number) => {
		const [found, real] = [ours(each, number), said[number] ?? { stdout: "", stderr: "", status: -1 }];
		const isVerdict = typeof found.status === "number";
		expect(alike(found, isVerdict)).toEqual(alike(real, isVerdict));
	});
}

describe.skipIf(!isThere)("a real OpenBSD says the same", () => {
	let facts: HostFacts = {};
	beforeAll(() => {
		facts = prepare();
	});
	afterAll(undo);

	describe("pfctl -nvf", () => {
		const beside = new Map([...FILES].flatMap(([path, text]) => (path === "/etc/pf.os" ? [] : [[path.slice(5), text] as const])));
		const cases: readonly Case[] = [
			...Object.entries(ofPfctl).flatMap(([name, [refused, , accepted, options = {}]]) => {
				// What a machine has is the machine's own here.
				const { anchor, macros, ...others } = options;
				if (Object.keys(others).length > 0 || macros !== undefined || anchor !== undefined) return [];
				return [
					{ name, text: refused, files: beside },
					{ name: `beside: ${name}`, text: accepted, files: beside },
				];
			}),
			...PF_VOCABULARY.map(({ group, name, example = "" }) => ({ name: `${group}: ${name}`, text: `${example}\n`, files: beside })),
			...hosts.map((files, number) => ({ name: `example ${number}`, text: files.get("pf.conf") ?? "", files })),
		];
		heldAgainst(cases, "FILE", "pfctl -o none -nvf FILE", ({ text, files }, number) => {
			const root = `${folder}/${number}/etc/`;
			const readFile = (path: string) => {
				const found = path.startsWith(root) ? files.get(path.slice(root.length)) : undefined;
				return found === undefined ? undefined : placed(found, number);
			};
			const { stdout, stderr, accepted } = pfctl(placed(text, number), { ...facts, release: release(), readFile });
			return { stdout, stderr: stderr.map((line) => `${line}\n`).join(""), status: accepted ? 0 : 1 };
		});
	});

	describe("vmd -n", () => {
		const nothing = new Map<string, string>();
		const cases: readonly Case[] = [
			...Object.entries(ofVmd).flatMap(([name, list]) =>
				list.flatMap(([refused, , , accepted], i) => [
					{ name: `${name} ${i}`, text: refused, files: nothing },
					{ name: `beside: ${name} ${i}`, text: accepted, files: nothing },
				]),
			),
			...hosts.map((files, number) => ({ name: `example ${number}`, text: files.get("vm.conf") ?? "", files })),
		];
		heldAgainst(
			cases,
			"FILE",
			"vmd -n -f FILE 2>&1 | grep -v 'configuration OK' >&2; vmd -n -f FILE >/dev/null 2>&1",
			({ text, files }, number) => {
				const root = `${folder}/${number}/etc/`;
				const readFile = (path: string) => (path.startsWith(root) ? files.get(path.slice(root.length)) : undefined);
				const { stderr, accepted } = vmd(placed(text, number), { ...facts, release: release(), fileName: "FILE", readFile });
				return { stdout: "", stderr: stderr.map((line) => `${line}\n`).join(""), status: accepted ? 0 : 1 };
			},
		);
	});

	const hostnames: readonly (readonly [name: string, text: string])[] = [
		...[ofShell, ofKernel, ofIfconfig].flatMap((table) =>
			Object.values(table).flatMap((list) =>
				list.flatMap(([refused, , , accepted]) =>
					[refused, accepted].map((file) => {
						const [name = ""] = file.split(": ", 1);
						return [name, `${file.slice(name.length + 2)}\n`] as const;
					}),
				),
			),
		),
		...hosts.flatMap((files) =>
			[...files].flatMap(([path, text]) => (/^hostname\.\w+$/.test(path) ? [[path.slice(9), text] as const] : [])),
		),
	];
	const copy = "[ -f ../netstart ] || sed 's|/etc/hostname\\.|./hostname.|g;s|/etc/mygate|/nonexistent|' /etc/netstart >../netstart";
	const cases = hostnames.map(([name, text]): Case => ({ name: `${name}: ${text.trim()}`, text, files: new Map() }));
	const nameOf = (number: number) => own(hostnames[number]?.[0] ?? "");

	describe("netstart -n", () => {
		const command = `mv FILE hostname.$(cat etc/if); chmod 640 hostname.*; ${copy}; sh ../netstart -n $(cat etc/if) | grep -v '^{ ifconfig'`;
		const named = cases.map((each, number) => ({ ...each, files: new Map([["if", nameOf(number)]]) }));
		heldAgainst(named, "FILE", command, ({ text }, number) => ({
			stdout: netstart(nameOf(number), placed(text, number))
				.map((line) => `${line}\n`)
				.join(""),
			stderr: "",
			status: expect.any(Number),
		}));
	});

	/** What is the machine's own: which media its cards have, and what of other hosts' networks it has, such as a routing domain or the source of a tunnel. */
	const ofMachine = (text: string) =>
		/\b(?:media|mediaopt) (?:10|fdx)|\btunneldomain 1\b/i.test(text) || /^vnetid 1 tunnel 192\.0\.2\.1 .*\nup$/.test(text);
	/** After these a kernel of Feb 2025 stops: what the machine says of the others is known by then. */
	const stops = /\b(lacptimeout|keepalive)\b/;
	describe.each([
		["ifconfig", (text: string) => !stops.test(text)],
		["ifconfig, at the end", (text: string) => stops.test(text)],
	])("%s", (_, isMeant) => {
		/** What examples take for interfaces that a host has. */
		const others = ["vether0", "vport0", "pair0", "pair1", "tap0", "wg0"];
		const real = cases.flatMap((each, number) =>
			/^(iwm|umb|em[2-9])/.test(each.name) || ofMachine(each.text.trim()) || !isMeant(each.text) ? [] : [{ ...each, at: nameOf(number) }],
		);
		// Each on interfaces that are as they were made: those of the machine, and others that examples take for its own. What is
		// said of an address hangs on those of the others.
		const reset = `used="$(cat FILE etc/if)"; there=" $(ifconfig -A | sed -n 's/^\\([a-z]*[0-9]*\\):.*/\\1/p' | tr '\\n' ' ')"; for i in $there; do case $i in
${first}|${second}) case $used in *$i*) ifconfig $i -inet; ifconfig $i -inet6; ifconfig $i -description mtu 1500 down rdomain 0; ifconfig $i group all; for g in $(ifconfig $i | sed -n 's/^.groups: //p'); do [ $g = egress ] || ifconfig $i -group $g; done;; esac;;
${others.join("|")}) case $used in *$i*) ifconfig $i destroy; ifconfig $i create;; *) ifconfig $i -inet;; esac;;
lo0|enc0|pflog0|tun0) ;;
*) ifconfig $i destroy;; esac; done >/dev/null 2>&1; for i in ${others.join(" ")}; do case $there in *" $i "*) ;; *) ifconfig $i create;; esac; done`;
		// timeout(1) misses a command that ends before it listens for that, and then waits all of the time.
		const command = `${reset}; mv FILE hostname.$(cat etc/if); chmod 640 hostname.*; ${copy}; timeout 20 sh -c 'sleep 0.01; exec sh ../netstart "$1"' sh $(cat etc/if) >/dev/null`;
		const named = real.map((each) => ({ ...each, files: new Map([["if", each.at]]) }));
		heldAgainst(named, "FILE", command, ({ text }, number) => {
			const hostInterfaces = [...(facts.interfaces ?? []).map(({ name }) => name), ...others];
			const { messages } = check(named[number]?.at ?? "", placed(text, number), { hostInterfaces, release: release() });
			// What the shell says comes from netstart.
			const isOfShell = (message: string) => Object.keys(ofShell).some((template) => isFilled(template, message));
			const said = messages.map((message) => `${isOfShell(message) ? "../netstart" : "ifconfig"}: ${message}\n`);
			return { stdout: "", stderr: said.join(""), status: expect.any(Number) };
		});
	});
});

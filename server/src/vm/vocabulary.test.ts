import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { newestRelease } from "../releases/releases.ts";
import { olderThan } from "../text/release.ts";
import { dryRun } from "./dryrun.ts";
import { vmLanguage } from "./language.ts";
import { isReserved, reservedWords, type VmKeyword, vmVocabulary } from "./vocabulary.ts";

const inGuest = (line: string): string => `vm "a" {\n\t${line}\n}\n`;
const inSwitch = (line: string): string => `switch "a" {\n\tinterface veb0\n\t${line}\n}\n`;
const inNic = (option: string): string => inGuest(`interface { ${option} }`);

/** For each word of the language a text that vmd accepts and one that it rejects. A word without a line does not compile. */
const table: Readonly<Record<VmKeyword, readonly [accepted: string, rejected: string, message?: string]>> = {
	"section: vm": [inGuest("memory 1G"), 'vm "a" {\n}\n'],
	"section: instance": ['vm "a" instance "b" {\n\tmemory 1G\n}\n', 'vm "a" instance {\n\tmemory 1G\n}\n'],
	"section: switch": ['switch "a" {\n\tinterface veb0\n}\n', 'switch "a" {\n\tup\n}\n', 'switch "a" is missing interface name'],
	"section: include": ['include "/etc/vm.d/a.conf"\n', "include 5\n"],
	"section: local": ["local inet6\n", "local\n"],
	"section: socket": ["socket owner root\n", "socket root\n"],
	"section: staggered": ["staggered start parallel 2 delay 30\n", "staggered parallel 2\n"],
	"section: agentx": ["agentx\n", 'agentx "x"\n'],
	"global option: inet6": ["local inet6 prefix fd00::/64\n", "local inet6 fd00::/64\n"],
	"global option: prefix": ["local prefix 10.0.0.0/8\n", "local prefix 10.0.0.0/17\n", "invalid local prefix: too large"],
	"global option: owner": ["socket owner :wheel\n", "socket owner\n"],
	"global option: start": ["staggered start parallel 1 delay 1\n", "staggered start 1\n"],
	"global option: parallel": ["staggered start parallel 0 delay 1\n", "staggered start parallel x delay 1\n"],
	"global option: delay": ["staggered start parallel 1 delay 0\n", "staggered start parallel 1\n"],
	"global option: context": ['agentx context "vmd"\n', `agentx context ${"c".repeat(33)}\n`, "agentx context too large"],
	"global option: path": ['agentx path "/x"\n', "agentx path x\n", "agentx path is not absolute"],
	"switch option: interface": [
		'switch "a" {\n\tinterface bridge7\n}\n',
		'switch "a" {\n\tinterface vether0\n}\n',
		"invalid switch interface: vether0",
	],
	"switch option: rdomain": [inSwitch("rdomain 255"), inSwitch("rdomain 256"), "invalid rdomain: 256"],
	"switch option: group": [inSwitch("group guests"), inSwitch("group guests1"), "invalid group name: guests1"],
	"switch option: locked": [inSwitch("locked lladdr"), inSwitch("locked")],
	"switch option: lladdr": [inSwitch("locked lladdr"), inSwitch("lladdr")],
	"switch option: enable": [inSwitch("enable"), inSwitch("enable now")],
	"switch option: disable": [inSwitch("disable"), inSwitch('disable "x"')],
	"switch option: up": [inSwitch("up"), inSwitch("up up")],
	"switch option: down": [inSwitch("down"), inSwitch("down 1")],
	"switch option: add": [inSwitch("up"), inSwitch("add vether0")],
	"guest option: disk": [inGuest('disk "/a.img"'), inGuest('disk ""'), "failed to parse disks: "],
	"guest option: format": [inGuest('disk "/a" format "QCOW2"'), inGuest('disk "/a" format vmdk'), "unrecognized disk format vmdk"],
	"guest option: memory": [inGuest("memory 1.5g"), inGuest("memory 1GB"), "failed to parse size: 1GB"],
	"guest option: interface": [inGuest("interface tap7"), inGuest("interface em0"), "invalid interface: em0"],
	"guest option: interfaces": [inGuest("interfaces 4"), inGuest("interfaces 5"), "too many interfaces: 5"],
	"guest option: local": [inGuest("local interface"), inGuest("local")],
	"guest option: boot": [inGuest('boot "/bsd"'), inGuest('boot "/bsd"\n\tboot "/bsd"'), "kernel specified more than once"],
	"guest option: device": [inGuest("boot device net"), inGuest("boot device")],
	"guest option: cdrom": [inGuest('cdrom "/a.iso"'), inGuest('cdrom "/a"\n\tcdrom "/b"'), "cdrom specified more than once"],
	"guest option: owner": [inGuest("owner alice:users"), inGuest("owner nobodyx"), "failed to get user: nobodyx"],
	"guest option: enable": [inGuest("enable"), inGuest("enable 1")],
	"guest option: disable": [inGuest("disable"), inGuest("disabled")],
	"guest option: allow": [inGuest("allow instance boot"), inGuest("allow boot")],
	"guest option: instance": [inGuest("allow instance { boot }"), inGuest("instance { boot }")],
	"guest option: sev": [inGuest("sev"), inGuest("sev 1")],
	"guest option: seves": [inGuest("seves"), inGuest("seves 1")],
	"guest option: kernel": [inGuest('boot "/bsd"'), inGuest('kernel "/bsd"')],
	"guest option: nifs": [inGuest("interfaces 1"), inGuest("nifs 1")],
	"guest option: cpus": [inGuest("memory 1G"), inGuest("cpus 2")],
	"guest option: size": [inGuest("memory 1G"), inGuest("size 1G")],
	"guest option: id": [inGuest("memory 1G"), inGuest("id 1")],
	"interface option: switch": [inNic('switch "a"'), inNic(`switch ${"s".repeat(64)}`), `switch name too long: ${"s".repeat(64)}`],
	"interface option: group": [inNic("group web"), inNic("group averyverylonggroup"), "invalid group name: averyverylonggroup"],
	"interface option: lladdr": [inNic("lladdr 0:1:2:3:4:5"), inNic("lladdr 0:1:2:3:4"), "invalid address: 0:1:2:3:4"],
	"interface option: locked": [inNic("locked lladdr"), inNic("locked")],
	"interface option: rdomain": [inNic("rdomain 0"), inNic("rdomain -1"), "invalid rdomain: -1"],
	"interface option: up": [inNic("up"), inNic("up 1")],
	"interface option: down": [inNic("down"), inNic('"down"')],
	"instance permission: boot": [inGuest("allow instance boot"), inGuest("allow instance { boot, }")],
	"instance permission: memory": [inGuest("allow instance { memory }"), inGuest("allow instance { memory boot }")],
	"instance permission: interface": [inGuest("allow instance interface"), inGuest("allow instance interfaces")],
	"instance permission: disk": [inGuest("allow instance disk"), inGuest('allow instance "disk"')],
	"instance permission: cdrom": [inGuest("allow instance { cdrom,\n\tdisk }"), inGuest("allow instance { , cdrom }")],
	"instance permission: instance": [inGuest("allow instance instance"), inGuest("allow instance { }")],
	"instance permission: owner": [
		inGuest("allow instance owner alice"),
		inGuest("allow instance owner :nogroupx"),
		"failed to get group: nogroupx",
	],
	"boot device: disk": [inGuest("boot device disk"), inGuest("boot device disk0")],
	"boot device: cdrom": [inGuest("boot device cdrom"), inGuest('boot device "cdrom"')],
	"boot device: net": [inGuest("boot device net"), inGuest("boot net")],
	"disk format: qcow2": [inGuest('disk "/a" format qcow2'), inGuest("disk format qcow2")],
	"disk format: raw": [inGuest('disk "/a" format RAW'), inGuest('disk "/a" format ""'), "unrecognized disk format "],
};

const host = { users: { root: 0, alice: 1000 }, groups: { wheel: 0, users: 10 } };

describe("the vocabulary", () => {
	it.each(vmVocabulary.map((entry) => [`${entry.group}: ${entry.name}`, entry] as const))(
		"%s: one accepted text, one rejected",
		(key, entry) => {
			const [accepted, rejected, message = "syntax error"] = new Map(Object.entries(table)).get(key) ?? ["", ""];
			expect(accepted).not.toBe("");
			expect(dryRun(accepted, host)).toEqual({ accepted: true, stderr: [] });
			const answer = dryRun(rejected, host);
			expect(answer.accepted).toBe(false);
			expect(answer.stderr.join("\n")).toContain(`: ${message}`);
			const errors = vmLanguage
				.parse(rejected, { path: "/etc/vm.conf", host })
				.diagnostics()
				.filter(({ severity, code }) => severity === "error" || /word$/.test(code));
			expect(errors).not.toEqual([]);
			if (entry.example === undefined) return;
			expect(entry.example).toContain(entry.name);
			expect(dryRun(`${entry.example}\n`, host).stderr, "its example").toEqual([]);
		},
	);

	it("has no word twice in a group", () => {
		expect(vmVocabulary.map(({ group, name }) => `${group}: ${name}`).sort()).toEqual(Object.keys(table).sort());
	});

	it("has an example of each word that the newest release knows", () => {
		const current = vmVocabulary.filter(
			({ since, until }) => until === undefined && (since === undefined || !olderThan(newestRelease, since)),
		);
		expect(current.filter(({ example }) => example === undefined)).toEqual([]);
	});

	const list = ["../../../../shared/reference/vm-keywords.txt", "../../../../../shared/reference/vm-keywords.txt"]
		.map((path) => fileURLToPath(new URL(path, import.meta.url)))
		.find((path) => existsSync(path));
	it.skipIf(list === undefined)("reserves the words of the vmd of 7.7 (../shared/reference)", () => {
		expect([...reservedWords].filter((word) => isReserved(word, "7.7")).sort()).toEqual(
			readFileSync(list ?? "", "utf8")
				.trim()
				.split("\n")
				.sort(),
		);
	});
});

describe("words of other releases", () => {
	const codes = (text: string, release: `${number}.${number}`): readonly string[] =>
		vmLanguage
			.parse(text, { path: "/etc/vm.conf", release })
			.diagnostics()
			.filter(({ code }) => /word$/.test(code))
			.map(({ code, severity, span }) => `${severity} ${code} ${text.slice(span.start, span.end)}`);
	it.each([
		[inGuest('disk "/a"\n\tsev'), "7.7", []],
		[inGuest('disk "/a"\n\tsev'), "7.5", ["error vm/newer-word sev"]],
		[inGuest('disk "/a"\n\tseves'), "7.7", ["error vm/newer-word seves"]],
		[inGuest('disk "/a"\n\tseves'), "7.8", []],
		[inGuest('disk "/a"\n\tkernel "/bsd"'), "7.7", ["error vm/removed-word kernel"]],
		[inGuest('disk "/a"\n\tnifs 2'), "7.7", ["error vm/removed-word nifs"]],
		[inGuest('disk "/a"\n\tcpus 2'), "7.7", ["error vm/removed-word cpus"]],
		[inSwitch("add em0"), "7.7", ["error vm/removed-word add"]],
		[inSwitch("add em0"), "6.2", []],
	] as const)("%j in OpenBSD %s", (text, release, expected) => {
		expect(codes(text, release)).toEqual(expected);
	});
});

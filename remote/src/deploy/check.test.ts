/** What is said of files before they are a host's, from what its programs answer and from our own reading. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import { validate } from "./check.ts";
import type { HostComplaint } from "./complaint.ts";
import { type HostInMemory, hostInMemory } from "./testing.ts";

type Texts = Readonly<Record<string, string | undefined>>;

/** Each complaint as one line: `SEVERITY PATH:LINE:FROM-TO PROGRAM: TEXT`. */
async function said(texts: Texts, host = hostInMemory()): Promise<readonly string[]> {
	const files = Object.entries(texts).map(([path, text]) => ({ path, text, listed: true }));
	return (await validate(host.connect(), host.root, files)).map(told);
}

function told({ severity, path, line, columns, program, text, advice }: HostComplaint): string {
	const place = `${path ?? ""}${line === undefined ? "" : `:${line}`}${columns === undefined ? "" : `:${columns.start}-${columns.end}`}`;
	return `${severity} ${place} ${program}: ${render(text)}${advice === undefined ? "" : ` (${render(advice)})`}`;
}

/** The questions that the host is asked, without the names of texts. */
async function questions(texts: Texts, host = hostInMemory()): Promise<readonly string[]> {
	await said(texts, host);
	const { input = "" } = host.asked.find(({ verb }) => verb === "check") ?? {};
	return input
		.slice(0, input.indexOf("\n--\n"))
		.split("\n")
		.filter((line) => !line.startsWith("text "));
}

function answering(answers: Readonly<Record<string, string>>, status = 1, host = hostInMemory()): HostInMemory {
	for (const [question, output] of Object.entries(answers)) host.said.set(question, { output, status });
	return host;
}

describe("which programs are asked", () => {
	test.each<[string, Texts, readonly string[]]>([
		["a ruleset", { "/etc/pf.conf": "pass\n" }, ["pf file.0"]],
		["a ruleset that is taken away", { "/etc/pf.conf": undefined }, []],
		[
			"files that rulesets load, by their anchors",
			{ "/etc/pf.conf": 'load anchor a from "/etc/pf.a"\nload anchor b from "/etc/pf.a"\n', "/etc/pf.a": "pass\n" },
			["pf file.0", "anchor file.1 a", "anchor file.1 b"],
		],
		[
			"a file of tables or an include by nothing of its own",
			{ "/etc/pf.conf": 'include "/etc/pf.inc"\n', "/etc/pf.inc": "pass\n" },
			["pf file.0"],
		],
		[
			"a file that no ruleset names",
			{ "/etc/pf.x.conf": "pass\n", "/etc/pf.table": "1.2.3.4\n" },
			["anchor file.0 openbsd-vnet", "nothing", "nothing"],
		],
		["guests and leases", { "/etc/vm.conf": "", "/etc/dhcpd.conf": "" }, ["vm file.0", "dhcp file.1"]],
		["guests and leases that are taken away", { "/etc/vm.conf": undefined, "/etc/dhcpd.conf": undefined }, []],
		[
			"interfaces",
			{ "/etc/hostname.em0": "up\n", "/etc/hostname.em1": "up\n", "/etc/hostname.em2": undefined },
			["netstart-copy", "netstart em0", "commands", "netstart em1", "commands"],
		],
		["settings", { "/etc/sysctl.conf": "kern.a=1\n.bad=2\nnovalue\nkern.b=\n" }, ["sysctl kern.a", "sysctl kern.b"]],
		["settings beside which the host has others", { "/etc/dhcpd.conf": "" }, ["dhcp file.1"]],
		["settings that are taken away", { "/etc/sysctl.conf": undefined }, []],
		[
			"daemons",
			{ "/etc/rc.conf.local": "pkg_scripts=a b\nsshd_flags=\nnfsd_flags=\nunbound_flags=NO\nx_user=y\n" },
			["exists /etc/rc.d/a", "exists /etc/rc.d/b", "exists /etc/rc.d/sshd"],
		],
		[
			"what guests need",
			{ "/etc/vm.conf": 'vm "a" {\n\tdisk "/d.img"\n\tboot "/bsd"\n\tcdrom "/cd.iso"\n}\n' },
			["exists /d.img", "exists /bsd", "exists /cd.iso", "vm file.0"],
		],
	])("%s", async (title, texts, expected) => {
		const host = hostInMemory();
		if (title.includes("the host has others")) host.files.set("/etc/sysctl.conf", { text: "kern.a=1\n" });
		expect((await questions(texts, host)).filter((question) => question !== "ifconfig")).toEqual(expected);
	});

	test("the texts name each other by where they lie, with what the host keeps beside them", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.a", { text: "pass # kept\n" });
		host.files.set("/etc/motd", { text: "no" });
		host.files.set("/etc/hostname.em1", "link");
		await said({ "/etc/pf.conf": 'load anchor a from "/etc/pf.a"\n', "/etc/hostname.em0": "up\n" }, host);
		const { input = "", args } = host.asked.find(({ verb }) => verb === "check") ?? {};
		expect(args).toHaveLength(1);
		expect(input.split("\n").filter((line) => line.startsWith("text "))).toEqual([
			"text 1 0 file.0",
			"text 1 0 file.1",
			"text 1 0 hostname.em0",
		]);
		expect(input).toMatch(/\npass # kept\nload anchor a from "\/folder-[0-9a-f]{32}\/file\.0"\nup\nend\n$/);
	});
});

describe("what programs answer", () => {
	test("is told at the place that they name, with the file's own path, as a warning where they are content", async () => {
		const host = answering({ "pf file.0": "/tmp/folder/file.0:2: syntax error\npfctl: /tmp/folder/file.0:3: again\n" });
		expect(await said({ "/etc/pf.conf": "pass\npass pass\npass\n" }, host)).toEqual([
			"error /etc/pf.conf:2:6-10 pfctl -nf: syntax error",
			"error /etc/pf.conf:3 pfctl -nf: again",
		]);
		expect(await said({ "/etc/vm.conf": "\n" }, answering({ "vm file.0": "/tmp/folder/file.0:1: hm" }, 0))).toEqual([
			"warning /etc/vm.conf:1 vmd -nf: hm",
		]);
	});

	test("lines without a place explain the next one, or stand for the file", async () => {
		const host = answering({ "vm file.0": "why\n\n/tmp/folder/file.0:1: what\nconfiguration OK\nrest" });
		expect(await said({ "/etc/vm.conf": "\n" }, host)).toEqual([
			"error /etc/vm.conf:1 vmd -nf: why",
			"error /etc/vm.conf:1 vmd -nf: what",
			"error /etc/vm.conf vmd -nf: rest",
		]);
		expect(await said({ "/etc/vm.conf": "\n" }, answering({ "vm file.0": "" }, 3))).toEqual([
			"error /etc/vm.conf vmd -nf: vmd -nf ended with status 3",
		]);
		expect(await said({ "/etc/vm.conf": "\n" }, answering({ "vm file.0": "configuration OK" }, 0))).toEqual([]);
	});

	test("dhcpd shows the line and a mark below each complaint, which are left out", async () => {
		const output = "dhcpd: banner\n/tmp/folder/file.0 line 2: semicolon expected.\n}\n^\n";
		expect(await said({ "/etc/dhcpd.conf": "a\n}\n" }, answering({ "dhcp file.0": output }))).toEqual([
			"error /etc/dhcpd.conf:2 dhcpd -n: semicolon expected.",
		]);
		expect(await said({ "/etc/dhcpd.conf": "a\n" }, answering({ "dhcp file.0": "no leases file" }))).toEqual([
			"error /etc/dhcpd.conf dhcpd -n: no leases file",
		]);
	});

	test("the same complaint of a ruleset and of its anchor is told once", async () => {
		const texts = { "/etc/pf.conf": 'load anchor a from "/etc/pf.a"\n', "/etc/pf.a": "pass\n" };
		const host = answering({
			"pf file.0": "/tmp/folder/file.1:1: no",
			"anchor file.1 a": "/tmp/folder/file.1:1: no\n/tmp/folder/file.1:1: other",
		});
		expect(await said(texts, host)).toEqual(["error /etc/pf.a:1 pfctl -nf: no", "error /etc/pf.a:1 pfctl -a a -nf: other"]);
	});

	test("of a file that pfctl cannot open, its name leads to the statement that loads it", async () => {
		const text = 'pass\nload anchor a from "/etc/other/b"\n';
		const host = answering({ "pf file.0": "pfctl: cannot open /etc/other/b: No such file" });
		expect(await said({ "/etc/pf.conf": text }, host)).toEqual([
			"error /etc/pf.conf:2:20-34 pfctl -nf: pfctl: cannot open /etc/other/b: No such file",
		]);
		const elsewhere = answering({ "pf file.0": "pfctl: something else" });
		expect(await said({ "/etc/pf.conf": text }, elsewhere)).toEqual(["error /etc/pf.conf pfctl -nf: pfctl: something else"]);
	});

	test("netstart that cannot be copied was not asked", async () => {
		expect(await said({ "/etc/hostname.em0": "up\n" }, answering({ "netstart-copy": "" }))).toEqual([
			"warning  openbsd-vnet: the host's /etc/netstart is not one that can be told to read other files: it was not asked about the hostname files",
		]);
	});

	test("a command of netstart that the shell does not read is told at the line that it is made of", async () => {
		const host = answering({ commands: "MARKER.refused echo 'a\nsh: no closing quote\nsyntax\nMARKER.refused other\nwhat\n" }, 0);
		expect(await said({ "/etc/hostname.em0": "up\n!echo 'a\n" }, host)).toEqual([
			"error /etc/hostname.em0:2:2-9 sh -n: sh: no closing quote syntax (The shell gives up on netstart here: no interface after this one is configured. Put the text into double quotes.)",
			"error /etc/hostname.em0 sh -n: what",
		]);
	});

	test("netstart's own words are told", async () => {
		expect(await said({ "/etc/hostname.em0": "up\n" }, answering({ "netstart em0": "netstart: bad" }))).toEqual([
			"error /etc/hostname.em0 netstart -n: netstart: bad",
		]);
	});

	test("a setting that the kernel does not have is told at its name", async () => {
		// With status 0, as sysctl(8) ends.
		const host = answering({ "sysctl kern.b": "sysctl: second level name b in kern.b is invalid" }, 0);
		expect(await said({ "/etc/sysctl.conf": "kern.a=1\nkern.b=2\n" }, host)).toEqual([
			"error /etc/sysctl.conf:2:1-7 sysctl -n: sysctl: second level name b in kern.b is invalid",
		]);
	});

	test("a program that waits for DNS is ended, and what is asked after it is not told of", async () => {
		const host = answering({ "pf file.0": "" }, 124);
		host.said.set("anchor file.1 a", { output: "", status: 125 });
		host.said.set("dhcp file.2", { output: "", status: 125 });
		const texts = { "/etc/pf.conf": 'load anchor a from "/etc/pf.a"\n', "/etc/pf.a": "pass to www.example.org\n", "/etc/dhcpd.conf": "" };
		expect(await said(texts, host)).toEqual([
			"error /etc/pf.conf openbsd-vnet: pfctl -nf waits for DNS: it looks up the names in /etc/pf.conf, and the host gets no answer (Write addresses in place of names, or see to it that names resolve there. A start of the host would wait as well.)",
		]);
	});

	test("files that no ruleset names are checked as an anchor's where they are called one, and that is said", async () => {
		expect(await said({ "/etc/pf.x.conf": "pass\n", "/etc/pf.table": "1.2.3.4\n" })).toEqual([
			"information /etc/pf.x.conf openbsd-vnet: no ruleset loads /etc/pf.x.conf: it was checked as the file of an anchor called openbsd-vnet",
			"information /etc/pf.table openbsd-vnet: no ruleset names /etc/pf.table: it was not checked",
		]);
	});

	test.each([
		[{ status: 1, stderr: "doas: no" }, "hv1: doas: no"],
		[{ stdout: "" }, "hv1: the check did not come to its end"],
	])("that is none ends the check: %j", async (answer, message) => {
		const host = hostInMemory();
		host.answers.set("check", answer);
		await expect(said({ "/etc/pf.conf": "" }, host)).rejects.toMatchObject({ fault: "failed", message });
	});
});

describe("our own complaints", () => {
	const noInterface = (name: string) => `openbsd-vnet: the host has no interface ${name}, and no file makes one`;

	test("of interfaces that rules name and nothing makes: by word, by macro, and not in a comment", async () => {
		const text = '# em7 em8\next = "em7"\npass on em0\npass on em9\npass on $ext\npass on em\npass in received-on em8\n';
		expect(await said({ "/etc/pf.conf": text })).toEqual([
			`warning /etc/pf.conf:2:8-11 ${noInterface("em7")}`,
			`warning /etc/pf.conf:4:9-12 ${noInterface("em9")}`,
			`warning /etc/pf.conf:7:21-24 ${noInterface("em8")}`,
		]);
	});

	test("of interfaces that no rule names, once each", async () => {
		expect(await said({ "/etc/pf.conf": "set skip on em9\npass on em9\n" })).toEqual([
			`warning /etc/pf.conf:1:13-16 ${noInterface("em9")}`,
			`warning /etc/pf.conf:2:9-12 ${noInterface("em9")}`,
		]);
	});

	test("not of those that a file makes, nor of taps where there are guests", async () => {
		const rules = { "/etc/pf.conf": "pass on vport0\npass on tap3\n" };
		expect(await said(rules)).toEqual([
			`warning /etc/pf.conf:1:9-15 ${noInterface("vport0")}`,
			`warning /etc/pf.conf:2:9-13 ${noInterface("tap3")}`,
		]);
		expect(await said({ ...rules, "/etc/hostname.vport0": "up\n", "/etc/vm.conf": 'vm "a" {\n\tdisk "/d"\n}\n' })).toEqual([]);
	});

	test("of a switch of vm.conf on an interface that is not there", async () => {
		const text = 'switch "a" {\n\tinterface veb7\n}\nswitch "b" {\n\tdisable\n\tinterface veb8\n}\nswitch "c" {\n\tinterface em0\n}\n';
		expect((await said({ "/etc/vm.conf": text })).filter((line) => line.includes("no interface"))).toEqual([
			`error /etc/vm.conf:2:12-16 ${noInterface("veb7")}`,
		]);
	});

	test("of files that guests need: an error where vmd does not start without, a warning where only a guest that is asked for does not", async () => {
		const guest = (more: string) => `vm "a" {\n\tdisk "/d.img"\n\tcdrom "/cd.iso"\n${more}}\n`;
		const absent = () => answering({ "exists /d.img": "", "exists /cd.iso": "" });
		expect(await said({ "/etc/vm.conf": guest("") }, absent())).toEqual([
			"error /etc/vm.conf:2:7-15 openbsd-vnet: the host has no file /d.img (As root on the host: vmctl create -s 20G /d.img)",
			"error /etc/vm.conf:3:8-17 openbsd-vnet: the host has no file /cd.iso",
		]);
		expect(await said({ "/etc/vm.conf": guest("\tdisable\n") }, absent())).toEqual([
			"error /etc/vm.conf:2:7-15 openbsd-vnet: the host has no file /d.img (As root on the host: vmctl create -s 20G /d.img)",
			"warning /etc/vm.conf:3:8-17 openbsd-vnet: the host has no file /cd.iso",
		]);
		expect(await said({ "/etc/vm.conf": guest("") })).toEqual([]);
	});

	test("of files that an included file names, and not of those that a macro names that nobody knows", async () => {
		const texts = {
			"/etc/vm.conf": 'include "/etc/vm.guests"\nvm "b" {\n\tdisk $unknown\n}\n',
			"/etc/vm.guests": 'vm "a" {\n\tdisk "/d.img"\n}\n',
		};
		expect((await questions(texts)).filter((question) => question.startsWith("exists"))).toEqual(["exists /d.img"]);
	});

	test("of what vmd does not start with, unless it refuses the file anyway; nothing of what it takes", async () => {
		const text = 'vm "a" {\n\tmemory 512M\n}\nvm "b" {\n\tdisk "/d.img"\n\tdisk "/d.img"\n}\n';
		expect(await said({ "/etc/vm.conf": text })).toEqual([expect.stringMatching(/^error \/etc\/vm\.conf:1:\d+-\d+ openbsd-vnet: /)]);
		expect(await said({ "/etc/vm.conf": text }, answering({ "vm file.0": "/tmp/folder/file.0:5: no" }))).toEqual([
			"error /etc/vm.conf:5 vmd -nf: no",
		]);
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "pass\n" });
		expect(await said({ "/etc/pf.a": "pass\n" }, host)).toEqual([expect.stringMatching(/^information /)]);
	});

	test("of a line that its program refuses there is no second word, but our advice", async () => {
		// As vmd says it of a disk that is not there.
		const output = "vmd: disk /d.img: No such file or directory\nvmd: /tmp/folder/file.0:2: failed to parse disks: /d.img\n";
		const host = answering({ "vm file.0": output, "exists /d.img": "" });
		expect(await said({ "/etc/vm.conf": 'vm "a" {\n\tdisk "/d.img"\n}\n' }, host)).toEqual([
			"error /etc/vm.conf:2 vmd -nf: vmd: disk /d.img: No such file or directory",
			"error /etc/vm.conf:2 vmd -nf: failed to parse disks: /d.img (As root on the host: vmctl create -s 20G /d.img)",
		]);
	});

	test("of what ifconfig refuses, which has no dry run; of a device that may be plugged in later a warning", async () => {
		const [first, ...more] = await said({ "/etc/hostname.em0": "inet 1.2.3.4 255.255.255.0 nonsense\n" });
		expect(first).toMatch(/^error \/etc\/hostname\.em0:1:\d+-\d+ openbsd-vnet: /);
		expect(more).toEqual([]);
		expect(await said({ "/etc/hostname.em0": "inet 192.0.2.1 255.255.255.0 NONE\nup\nup\n" })).toEqual([]);
		expect(await said({ "/etc/hostname.em5": "up\n" })).toEqual([
			expect.stringMatching(/^warning \/etc\/hostname\.em5:1:1-\d+ openbsd-vnet: /),
		]);
	});

	test("of rc.conf.local: what rc(8) passes over, does not know, or trips over", async () => {
		const text = "pf=YES\n  # comment\n\n  nonsense here\nnobody=1\na-b_flags=x\nsshd_flags=\"a\nvmd_flags='b'\nunbound_flags=\n";
		expect(await said({ "/etc/rc.conf.local": text }, answering({ "exists /etc/rc.d/unbound": "" }))).toEqual([
			"warning /etc/rc.conf.local:9:1-15 openbsd-vnet: the host has no file /etc/rc.d/unbound",
			"warning /etc/rc.conf.local:4:3-16 openbsd-vnet: rc(8) passes this line over: it is not NAME=VALUE",
			"warning /etc/rc.conf.local:5:1-7 openbsd-vnet: rc(8) does not know nobody: of a daemon it reads NAME_flags, NAME_user and the like",
			"error /etc/rc.conf.local:6:1-10 openbsd-vnet: a-b_flags is not the name of a variable: rc(8) runs this line as a command",
			expect.stringMatching(
				/^error \/etc\/rc\.conf\.local:7:\d+-\d+ openbsd-vnet: a quote is not closed: the shell that starts the daemon does not read sshd_flags$/,
			),
		]);
	});

	test("are none of files that stay as they are", async () => {
		const host = hostInMemory();
		host.files.set("/etc/pf.conf", { text: "pass on em9\n" });
		host.files.set("/etc/vm.conf", { text: 'vm "a" {\n\tdisk "/d.img"\n}\n' });
		host.files.set("/etc/rc.conf.local", { text: "nonsense\n" });
		expect(await said({ "/etc/sysctl.conf": "" }, host)).toEqual([]);
	});
});

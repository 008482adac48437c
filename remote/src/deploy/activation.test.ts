/** Which commands changed files need, in which order, and what is left to be done by hand. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import type { LiveInterface } from "../live-interfaces.ts";
import type { LiveState } from "../live-state.ts";
import { activationsOf, type Circumstances, notesOf } from "./activation.ts";
import { roleOf } from "./files.ts";
import type { FileChange } from "./plan.ts";

const live: LiveState = {
	system: undefined,
	vmd: { kind: "answered" },
	guests: [],
	taps: [],
	bridges: [],
	interfaces: [],
	complete: true,
	unread: [],
};
const usual: Circumstances = {
	live,
	anchors: { before: [], after: [] },
	guestsBy: "reload",
	rc: { before: "", after: "" },
	files: { before: new Map(), after: new Map() },
	routes: [],
	interrupt: false,
};
const without = { ...usual, live: { ...live, vmd: { kind: "absent" } as const } };

function change(path: string, text: string | undefined = "", before?: string, differs: FileChange["differs"] = ["content"]): FileChange {
	const was =
		before === undefined ? ({ kind: "absent" } as const) : ({ kind: "file", text: before, mode: 0o644, owner: 0, group: 0 } as const);
	return { path, role: roleOf(path) ?? "other", before: was, text, mode: 0o644, owner: 0, group: 0, differs, diff: "" };
}

/** The files of a host that has no others. */
function withFiles(changes: readonly FileChange[], circumstances: Circumstances): Circumstances {
	const before = changes.flatMap(({ path, before: was }) => (was.kind === "file" ? [[path, was.text] as const] : []));
	const after = changes.flatMap(({ path, text }) => (text === undefined ? [] : [[path, text] as const]));
	return { ...circumstances, files: { before: new Map(before), after: new Map(after) } };
}

/** An interface as ifconfig shows it. */
function interfaceOf(name: string, more: Partial<LiveInterface> = {}): LiveInterface {
	return { name, flags: ["UP", "RUNNING"], groups: [], addresses: [], members: [], other: [], ...more };
}

const withAll = (changes: readonly FileChange[]) => [changes, withFiles(changes, having(interfaceOf("em0")))] as const;

const having = (...interfaces: readonly LiveInterface[]): Circumstances => ({ ...usual, live: { ...live, interfaces } });

/** Each as one line: what runs, why, and what it disturbs. */
function told(changes: readonly FileChange[], circumstances: Circumstances = usual): readonly string[] {
	return activationsOf(changes, withFiles(changes, circumstances)).map(
		({ kind, subject, words, why, disturbs }) => `${kind} ${subject}: ${words.join(" ")} | ${render(why)} | ${render(disturbs)}`,
	);
}

const guest = (name: string, state: "running" | "stopped" | "paused") =>
	({ name, state, taps: [] }) as unknown as LiveState["guests"][number];

describe("commands", () => {
	test("in the order settings, interfaces, rules, guests, leases", () => {
		const paths = ["/etc/dhcpd.conf", "/etc/vm.conf", "/etc/pf.conf", "/etc/hostname.em0", "/etc/sysctl.conf"];
		expect(
			activationsOf(...withAll(paths.map((path) => change(path, path.includes("hostname") ? "group lan\n" : "a.b=1\n")))).map(
				({ kind }) => kind,
			),
		).toEqual(["sysctl", "interface", "rules", "service", "service"]);
	});

	test("are none where only permissions change", () => {
		expect(
			told(
				["/etc/dhcpd.conf", "/etc/vm.conf", "/etc/pf.conf", "/etc/hostname.em0", "/etc/sysctl.conf"].map((path) =>
					change(path, "a.b=1\n", "", ["mode", "owner"]),
				),
			),
		).toEqual([]);
	});

	test("of sysctl.conf set what is new there, as rc(8) does", () => {
		const text = "net.inet.ip.forwarding=1\nkern.a=2\n.bad=1\nnovalue\nkern.b=3\n";
		expect(told([change("/etc/sysctl.conf", text, "kern.a=2\nkern.b=1\nkern.gone=1\n")])).toEqual([
			"sysctl net.inet.ip.forwarding: sysctl net.inet.ip.forwarding=1 | /etc/sysctl.conf has changed | net.inet.ip.forwarding holds for the whole host at once",
			"sysctl kern.b: sysctl kern.b=3 | /etc/sysctl.conf has changed | kern.b holds for the whole host at once",
		]);
		expect(told([{ ...change("/etc/sysctl.conf", "", "kern.a=2\n"), text: undefined }])).toEqual([]);
	});

	test("of sysctl.conf put back what a kernel starts with, where a line goes and that is known", () => {
		const gone = { ...change("/etc/sysctl.conf", "", "net.inet.ip.forwarding=1\nkern.a=2\n"), text: undefined };
		expect(told([gone])).toEqual([
			"sysctl net.inet.ip.forwarding: sysctl net.inet.ip.forwarding=0 | /etc/sysctl.conf does not set it any more: that is what a kernel starts with | net.inet.ip.forwarding holds for the whole host at once",
		]);
		expect(notesOf([gone], usual).map((note) => render(note))).toEqual([
			"kern.a stays as it is until the host starts: no line sets it any more",
		]);
	});

	test("of sysctl.conf are no words of a shell", () => {
		expect(told([change("/etc/sysctl.conf", "kern.a;reboot=1\n")])).toEqual([]);
	});

	test("of interfaces start them in one call, in netstart's order; one that is made goes with its file, one of the machine stays", () => {
		const files = [
			change("/etc/hostname.vlan1", "parent em0 vnetid 1\n"),
			change("/etc/hostname.veb0", "add vport0\n"),
			change("/etc/hostname.em0", "group lan\n"),
		];
		expect(told([...files, change("/etc/hostname.vport0", "up\n")], having(interfaceOf("em0"), interfaceOf("veb0")))).toEqual([
			"interface em0 veb0 vport0 vlan1: sh /etc/netstart em0 veb0 vport0 vlan1 | their files have changed | only the lines run that an interface does not follow yet: what is in place stays",
		]);
		expect(told([change("/etc/hostname.00:11:22:33:44:55", "up\n")])).toEqual([]);
		const gone = (name: string): FileChange => ({ ...change(`/etc/hostname.${name}`, "", "group lan\n"), text: undefined });
		expect(told([gone("vport0"), gone("em0")], having(interfaceOf("em0", { groups: ["lan"] }), interfaceOf("vport0")))).toEqual([
			"interface-gone vport0: ifconfig vport0 destroy | /etc/hostname.vport0 is removed | vport0 goes down, and whatever is reached by it",
			"interface em0: sh /etc/netstart em0 | their files have changed | what no file has any more goes, and only the lines run that an interface does not follow yet: an address that is set again goes for a moment",
		]);
	});

	test("of interfaces that are there read only the lines that they do not follow yet, after what is taken away", () => {
		const before = "add em1\nadd em2\nlink1\ndescription x\nup\n";
		const members = ["em1", "em2"].map((name) => ({ interface: name, flags: [] }));
		const veb0 = interfaceOf("veb0", { members, flags: ["UP", "LINK1"], description: "x" });
		const changes = [change("/etc/hostname.veb0", "add em1\nadd em3\nlink1\nup\n", before)];
		const [activation] = activationsOf(changes, withFiles(changes, having(veb0, interfaceOf("em3"))));
		expect(activation?.lines).toEqual([{ name: "veb0", lines: "!ifconfig veb0 del em2\n!ifconfig veb0 -description\nadd em3\n" }]);
		expect(activation?.beside).toEqual(["ifconfig veb0 del em2", "ifconfig veb0 -description"]);
	});

	test("of mygate change the default route of each family", () => {
		expect(told([change("/etc/mygate", "192.0.2.1\n2001:db8::1\n192.0.2.9\n", "192.0.2.2\n")])).toEqual([
			"route change inet default 192.0.2.1: route -qn change -inet default 192.0.2.1 | /etc/mygate has changed | what leaves the networks of the host goes another way from now on",
			"route change inet6 default 2001:db8::1: route -qn change -inet6 default 2001:db8::1 | /etc/mygate has changed | what leaves the networks of the host goes another way from now on",
		]);
		expect(told([{ ...change("/etc/mygate", "", "192.0.2.2\n"), text: undefined }])).toEqual([
			"route delete inet default 192.0.2.2: route -qn delete -inet default 192.0.2.2 | /etc/mygate has changed | what leaves the networks of the host goes another way from now on",
		]);
		expect(told([change("/etc/mygate", "192.0.2.2 # the office\n", "192.0.2.2\n")])).toEqual([]);
	});

	test("of a ruleset load it once, and take the rules of anchors away that no file is loaded into any more", () => {
		expect(told([change("/etc/pf.conf"), change("/etc/pf.a")], { ...usual, anchors: { before: ["a", "b"], after: ["b", "c"] } })).toEqual([
			"rules /etc/pf.conf: pfctl -f /etc/pf.conf | the ruleset, or a file that it loads, has changed | new connections are judged by the new rules; states that are there stay",
			"anchor-gone a: pfctl -a a -F rules | no ruleset loads the anchor a any more, and its rules would stay | new connections are judged without the rules of a",
		]);
	});

	test("of files with names of their own load the ruleset where it names them, now or from now on, and no other", () => {
		const conf = 'table <t> persist file "/etc/spammers"\ninclude "/etc/common"\nload anchor w from "/etc/web.conf"\n';
		const loads = (path: string, before: string, after = before): boolean => {
			const circumstances = {
				...usual,
				files: {
					before: new Map([
						["/etc/pf.conf", before],
						[path, "1"],
					]),
					after: new Map([
						["/etc/pf.conf", after],
						[path, "2"],
					]),
				},
			};
			return activationsOf([change(path, "2", "1")], circumstances).some(({ kind }) => kind === "rules");
		};
		for (const path of ["/etc/spammers", "/etc/common", "/etc/web.conf"]) expect(loads(path, conf), path).toBe(true);
		expect(loads("/etc/web.conf", conf, "pass\n")).toBe(true);
		expect(loads("/etc/other.conf", conf)).toBe(false);
	});

	test("of rules forget the tables that persist and that no ruleset has any more", () => {
		const before =
			'table <a> persist\ntable <b> persist { 10.0.0.1 }\ntable <c> { 10.0.0.1 }\npass from <c>\nload anchor x from "/etc/pf.x"\n';
		const changes = [
			change("/etc/pf.conf", 'table <b> persist\nload anchor x from "/etc/pf.x"\n', before),
			change("/etc/pf.x", "pass\n", "table <d> persist\npass\n"),
		];
		expect(activationsOf(changes, withFiles(changes, usual)).map(({ kind, words }) => `${kind}: ${words.join(" ")}`)).toEqual([
			"rules: pfctl -f /etc/pf.conf",
			"table-gone: pfctl -t a -T kill",
			"table-gone: pfctl -a x -t d -T kill",
		]);
	});

	test.each([
		["reload", [], "vmctl reload", "guests that run go on as they are; guests that are new and not disabled are started"],
		[
			"reload",
			[guest("web", "running"), guest("db", "stopped"), guest("x", "stopped")],
			"vmctl reload",
			"guests that run go on as they are; stopped guests are forgotten, read again, and started where they are not disabled: db, x",
		],
		["restart", [guest("db", "stopped")], "rcctl restart vmd", "guests that are not disabled are started"],
		[
			"restart",
			[guest("web", "running"), guest("mail", "running"), guest("db", "stopped"), guest("p", "paused")],
			"rcctl restart vmd",
			"all guests are shut down, and started where they are not disabled: web, mail",
		],
	] as const)("of vm.conf by %s", (guestsBy, guests, words, disturbs) => {
		expect(told([change("/etc/vm.conf")], { ...usual, guestsBy, live: { ...live, guests } })).toEqual([
			`service vmd: ${words} | /etc/vm.conf has changed | ${disturbs}`,
		]);
	});

	test("of dhcpd.conf restart dhcpd", () => {
		expect(told([change("/etc/dhcpd.conf")])).toEqual([
			"service dhcpd: rcctl restart dhcpd | /etc/dhcpd.conf has changed | leases stay; no addresses are given for a moment. Where dhcpd does not run it is not started",
		]);
	});
});

describe("daemons of rc.conf.local", () => {
	const rc = (before: string, after: string, circumstances = usual): Circumstances => ({ ...circumstances, rc: { before, after } });
	const changed = [change("/etc/rc.conf.local")];
	const started =
		"rcctl start dhcpd | /etc/rc.conf.local has changed | addresses are given where it is told to. Where dhcpd runs already it is left as it is";
	const leases = "leases stay; no addresses are given for a moment. Where dhcpd does not run it is not started";

	test.each([
		["", "dhcpd_flags=\n", [`service dhcpd: ${started}`]],
		["dhcpd_flags=NO\n", "dhcpd_flags=vport0\n", [`service dhcpd: ${started}`]],
		["dhcpd_flags=vport0\n", "dhcpd_flags=vport1\n", [`service dhcpd: rcctl restart dhcpd | /etc/rc.conf.local has changed | ${leases}`]],
		["dhcpd_flags=vport0\n", "dhcpd_flags=vport0\n# more\n", []],
		["dhcpd_flags=vport0\n", "dhcpd_flags=NO\n", []],
		["dhcpd_flags=vport0\n", "", []],
		["", "vmd_flags=\n", []],
	])("dhcpd: %j to %j", (before, after, lines) => {
		expect(told(changed, rc(before, after))).toEqual(lines);
	});

	test("dhcpd that is told of its file is told once, by what rc.conf.local asks for", () => {
		const both = [change("/etc/dhcpd.conf"), ...changed];
		expect(told(both, rc("", "dhcpd_flags=\n"))).toEqual([`service dhcpd: ${started}`]);
		expect(told(both, rc("dhcpd_flags=\n", "dhcpd_flags=\n"))).toEqual([
			`service dhcpd: rcctl restart dhcpd | /etc/dhcpd.conf has changed | ${leases}`,
		]);
		expect(told([change("/etc/dhcpd.conf")], rc("", "dhcpd_flags=\n"))).toEqual([
			`service dhcpd: rcctl restart dhcpd | /etc/dhcpd.conf has changed | ${leases}`,
		]);
	});

	test("vmd is started where it does not run, and never restarted for its flags", () => {
		expect(told(changed, rc("", "vmd_flags=\n", without))).toEqual([
			"service vmd: rcctl start vmd | /etc/rc.conf.local has changed | guests that are not disabled are started",
		]);
		expect(told(changed, rc("vmd_flags=\n", "vmd_flags=-v\n", without))).toEqual([]);
		expect(told([change("/etc/vm.conf")], rc("", "", without))).toEqual([]);
	});
});

describe("what is left to be done by hand", () => {
	const firstTime = "this starts vmd for the first time: 'vmctl log verbose' there lets it say more in /var/log/daemon";
	const byHand = "vmd does not run there, so no guest starts: 'rcctl enable vmd' and 'rcctl start vmd' start it";
	const onlyThis =
		"of /etc/rc.conf.local only this takes effect now: vmd or dhcpd that it enables. All else does when the host starts, or by rcctl";
	const limiter = (more = ""): string => `source limiter s id 3 entries 100 limit 5 ${more}\npass in source limiter s\n`;
	const busy =
		'the kernel refuses the rules ("Device busy") while it tracks sources of the limiter "s": its mask or its table differs. Give it another id than 3, or load the rules without it first';
	const vm = change("/etc/vm.conf");
	const rcConf = change("/etc/rc.conf.local");
	test.each<[string, readonly FileChange[], Circumstances["live"], string, string, readonly string[]]>([
		["vmd runs", [vm], live, "", "", []],
		["vmd does not run", [vm], without.live, "", "", [byHand]],
		["only vm.conf's permissions", [change("/etc/vm.conf", "", "", ["mode"])], without.live, "", "", []],
		["another file", [change("/etc/pf.conf")], without.live, "", "", []],
		["rc.conf.local starts vmd", [vm, rcConf], without.live, "", "vmd_flags=\n", [firstTime, onlyThis]],
		["vmd was enabled and has died", [vm, rcConf], without.live, "vmd_flags=\n", "vmd_flags=\n", [byHand, onlyThis]],
		["rc.conf.local disables vmd", [vm, rcConf], without.live, "vmd_flags=\n", "vmd_flags=NO\n", [byHand, onlyThis]],
		["vmd is enabled, rc.conf.local as it was", [vm], without.live, "", "vmd_flags=\n", [byHand]],
		["rc.conf.local alone", [rcConf], live, "", "", [onlyThis]],
		["another mask of a source limiter", [change("/etc/pf.conf", limiter("inet mask 24"), limiter())], live, "", "", [busy]],
		["another table of one", [change("/etc/pf.conf", limiter("table <b> above 5"), limiter("table <a> above 5"))], live, "", "", [busy]],
		["another limit of one", [change("/etc/pf.conf", limiter().replace("limit 5", "limit 9"), limiter())], live, "", "", []],
		["another id of one", [change("/etc/pf.conf", limiter("inet mask 24").replace("id 3", "id 4"), limiter())], live, "", "", []],
	])("%s", (_, changes, now, before, after, notes) => {
		expect(notesOf(changes, { live: now, rc: { before, after } }).map((note) => render(note))).toEqual(notes);
	});
});

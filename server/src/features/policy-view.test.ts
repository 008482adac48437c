import { describe, expect, test } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { changedConnections, matrixView, packed, policyTests, traceEnds, traceView } from "./policy-view.ts";
import { type Opened, open } from "./testing.ts";

/** The corrected example with one file open, and the cursor before a text in it. */
async function example(path: string, before = ""): Promise<Opened> {
	const files = [...readHost("corrected")].map(([name, text]) => {
		const clean = text.replaceAll("|", "");
		const at = before === "" ? 0 : clean.indexOf(before);
		return `//- ${name}\n${name === path ? `${clean.slice(0, at)}|${clean.slice(at)}` : clean}`;
	});
	return await open(files.join(""));
}

test("a trace: the way that passes first, the rule that decides with its place, and what misses by one thing", async () => {
	const { session, file } = await example("/etc/pf.conf");
	const found = traceView(session, file, { from: "outside", to: "web01", protocol: "tcp", port: 80 });
	expect(found?.text).toBe("outside reaches web01 by tcp 80");
	expect(found?.ways.map(({ result }) => result)).toEqual(["passes", "passes", "blocked"]);
	expect(found?.notes).toEqual([
		"198.51.100.77 stands for any address outside",
		"em0 is given its address when the host runs; 192.0.2.2 stands for it",
	]);
	const step = found?.ways[0]?.steps[2];
	expect(step?.label).toBe("out tap3");
	const [deciding, ...others] = step?.rules ?? [];
	expect(deciding).toMatchObject({
		role: "decides",
		text: "pass out on tap3 inet proto tcp from any to 10.50.0.20 port = 80 flags S/SA keep state (if-bound)",
	});
	expect(deciding?.location?.uri).toContain("/etc/pf.vm/web01.conf");
	expect(others).toContainEqual(expect.objectContaining({ role: "misses", detail: "would match but for the destination port" }));
});

test.each([
	["reply-to 203.0.113.1", "reply-to sends packets another way than the routes, which is not followed: "],
	["divert-to 127.0.0.1 port 8022", "A program of the host decides what becomes of packets of this rule: "],
])("a trace says where it does not follow: %s", async (option, note) => {
	const { session, file } = await open(
		`//- /etc/hostname.em0\ninet 203.0.113.5/24\n//- /etc/pf.conf\n|block\npass in on em0 inet proto tcp to port 22 ${option}\npass in on em0 inet proto tcp to port 23\n`,
	);
	const notes = (port: number) =>
		traceView(session, file, { from: "outside", to: "host", protocol: "tcp", port })?.notes.filter((text) => !text.includes("stands for"));
	expect(notes(22)).toEqual([expect.stringContaining(note)]);
	expect(notes(23)).toEqual([]);
});

test("a trace says which addresses are made up, and what would let the packet through", async () => {
	const { session, file } = await open(
		`//- /etc/hostname.em0\ninet 203.0.113.5/24\n//- /etc/pf.conf\n|block\npass out\n//- /etc/vm.conf\nswitch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk "/a"\n\tinterface tap0 { switch "s" }\n}\n//- /etc/hostname.veb0\nadd vport0\nup\n//- /etc/hostname.vport0\ninet 10.0.0.1/24\n//- /etc/sysctl.conf\nnet.inet.ip.forwarding=1\n`,
	);
	const found = traceView(session, file, { from: "outside", to: "host", protocol: "tcp", port: 22 });
	expect([found?.answer, found?.advice]).toEqual(["no", "Add `pass in on em0 inet proto tcp from any to (self) port 22`."]);
	expect(found?.fixes).toMatchObject([
		{ files: [{ uri: file.uri, created: false, edits: [{ newText: expect.stringContaining("pass in on em0 inet proto tcp") }] }] },
	]);
	const tunnel = traceView(session, file, { from: "outside", to: "host", protocol: "gre" });
	expect(tunnel?.advice).toBe("Add `pass in on em0 inet proto gre from any to (self)`.");
	const guest = traceView(session, file, { from: "a", to: "outside", protocol: "tcp", port: 80 });
	expect(guest?.notes[0]).toMatch(/^No file tells the address of a: 10\.0\.0\.\d+ is made up$/);
});

test("a trace says that the host forwards nothing, as policy tests do", async () => {
	const { session, file } = await open(
		'//- /etc/hostname.em0\ninet 203.0.113.5/24\n//- /etc/pf.conf\n|pass\n//- /etc/vm.conf\nvm "a" {\n\tdisk "/a"\n\tlocal interface\n}\n//- /etc/sysctl.conf\nnet.inet.ip.forwarding=0\n',
	);
	const found = traceView(session, file, { from: "a", to: "outside", protocol: "tcp", port: 80 });
	expect(found?.text).toBe("a does not reach outside: the host forwards nothing");
});

test("where there is no way, what would make one is offered", async () => {
	const { session, file } = await open(
		'//- /etc/pf.conf\n|pass\n//- /etc/vm.conf\nswitch "s" {\n\tinterface veb0\n}\nswitch "t" {\n\tinterface veb1\n}\nvm "a" {\n\tdisk "/a"\n\tinterface { switch "s" }\n}\nvm "b" {\n\tdisk "/b"\n\tinterface { switch "t" }\n}\n//- /etc/hostname.veb0\nup\n//- /etc/hostname.veb1\nup\n',
	);
	const found = traceView(session, file, { from: "a", to: "b", protocol: "tcp", port: 80 });
	expect([found?.ways, found?.advice]).toEqual([[], "They share no switch, and no file tells of a router between them."]);
	expect(found?.fixes).toMatchObject([
		{ title: 'Plug "a" into switch "t" as well', files: [{ uri: "file:///host/etc/vm.conf", created: false }] },
	]);
});

test("a rule that redirects suggests the guest that it redirects to", async () => {
	const { session, file, offset } = await example("/etc/pf.conf", "pass in on $wan inet proto tcp to ($wan) port { 80 443 }");
	expect(traceEnds(session, file, offset).suggested).toMatchObject({ from: "outside", to: "web01", protocol: "tcp" });
});

test("in a guest of vm.conf, a packet from there is suggested", async () => {
	const { session, file } = await example("/etc/vm.conf");
	const at = (text: string) => traceEnds(session, file, file.text.indexOf(text) + 4).suggested;
	expect(at('vm "db01"')).toEqual({ from: "db01" });
	expect(at("switch ")).toEqual({});
});

test.each([
	["one that passes: what it says", "outside host tcp 22 pass", { from: "outside", to: "host", protocol: "tcp", port: 22 }],
	["one about any guest: from whom is asked", "any guest host icmp block", { to: "host", protocol: "icmp" }],
	[
		"one that fails: a connection that speaks against it",
		"any guest outside tcp 443 block",
		{ from: "web01", to: "outside", protocol: "tcp", port: 443 },
	],
	["no test", "# outside host tcp 22 pass", {}],
])("a policy test is about a flow, %s", async (_, line, suggested) => {
	const { session, file, offset } = await open(
		[
			...[...readHost("corrected")]
				.filter(([name]) => !name.endsWith(".pftest"))
				.map(([name, text]) => `//- ${name}\n${text.replaceAll("|", "")}`),
			`//- /etc/t.pftest\n|${line}\n`,
		].join(""),
	);
	const found = traceEnds(session, file, offset);
	expect(found.suggested).toMatchObject(suggested);
	if (Object.keys(suggested).length === 0) expect(found.suggested).toEqual({});
});

test.each([
	["nobody", "web01", "tcp"],
	["outside", "web01", "nonsense"],
])("what is not understood has no trace: %s %s %s", async (from, to, protocol) => {
	const { session, file } = await example("/etc/pf.conf");
	expect(traceView(session, file, { from, to, protocol })).toBeNull();
});

describe("the flow that a rule is about", () => {
	test.each([
		["pass out on $isol inet proto tcp from 10.50.0.20", { from: "web01", to: "db01", protocol: "tcp", port: 3306 }],
		["pass in on $isol inet from $isol_ip", { from: "db01" }],
	])("%s", async (rule, suggested) => {
		const { session, file, offset } = await example("/etc/pf.vm/db01.conf", rule);
		const found = traceEnds(session, file, offset);
		expect(found.suggested).toEqual(suggested);
		expect(found.ends.map(({ name, detail }) => `${name} ${detail}`)).toEqual([
			"outside ",
			"host 10.50.0.1",
			"web01 10.50.0.20, 10.10.0.20, isolated, lan",
			"db01 10.50.0.30, isolated",
		]);
	});
});

test("the matrix has a place for each rule that decides", async () => {
	const { session, file } = await example("/etc/pf.conf");
	const { ends, services, cells } = matrixView(session, file);
	const cell = cells[ends.indexOf("web01")]?.[ends.indexOf("db01")]?.[services.indexOf("tcp 3306")];
	expect(cell).toMatchObject({ answer: "yes", location: { uri: expect.stringContaining("/etc/pf.vm/db01.conf") } });
});

test("a packed matrix says the same, each answer once", async () => {
	const { session, file } = await example("/etc/pf.conf");
	const view = matrixView(session, file);
	const { cells, answers } = packed(view);
	expect(cells.map((row) => row.map((column) => column.map((number) => answers[number])))).toEqual(view.cells);
	expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(answers.length);
});

test("what changes since files had other texts", async () => {
	const { session, file } = await example("/etc/pf.vm/db01.conf");
	expect(changedConnections(session, file, new Map())).toEqual([]);
	const before = new Map([["/etc/pf.vm/db01.conf", file.text.replace("port 3306", "port 5432")]]);
	expect(changedConnections(session, file, before)).toMatchObject([{ kind: "opens", from: "web01", to: "db01", service: "tcp 3306" }]);
});

test("policy tests: the list, and what becomes of each", async () => {
	const { session, file } = await example("/etc/policy.pftest");
	const listed = policyTests(session, file, false) ?? [];
	expect(listed[0]).toMatchObject({ name: "outside web01 tcp 80 443 pass", reasons: [] });
	const run = policyTests(session, file, true) ?? [];
	expect(run.map(({ name }) => name)).toEqual(listed.map(({ name }) => name));
	expect(new Set(run.map(({ result }) => result))).toEqual(new Set(["passed"]));
});

import { expect, test } from "vitest";
import { patternCheck, patternEdits, patternItems, patternQuestion } from "./network-patterns.ts";
import { open } from "./testing.ts";

const fixture = `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
//- /etc/hostname.em0
inet 192.0.2.2/24
//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
inet 10.50.0.1/24
`;

const etc = "file:///host/etc";

async function opened() {
	const { session, file } = await open(fixture);
	return { session, host: session.files.hostModel(file), id: "file:///host" };
}

test("each pattern has its title, and what it makes", async () => {
	const { session } = await opened();
	const items = patternItems(session);
	expect(items.map(({ name }) => name)).toEqual(["bridged", "vlan", "routed", "vlans", "microsegment", "guest"]);
	for (const { title, detail } of items) expect([title, detail]).not.toContain("");
});

test("questions come one after the other, and end", async () => {
	const { session, host } = await opened();
	const answers: Record<string, string> = {};
	const asked: string[] = [];
	const left: number[] = [];
	for (;;) {
		const question = patternQuestion(session, host, { etc, pattern: "guest", answers });
		if (question === null || asked.length > 20) break;
		expect(question.title).not.toBe("");
		left.push(question.left);
		asked.push(question.id);
		answers[question.id] = question.standard === "" ? (question.choices[0]?.value ?? "web01") : question.standard;
	}
	expect(asked[0]).toBe("switch");
	expect(asked.length).toBeGreaterThan(2);
	expect(asked.length).toBeLessThan(20);
	// Each question says how many there are from it on.
	expect(left).toEqual(asked.map((_, index) => asked.length - index));
	expect(patternQuestion(session, host, { etc, pattern: "none", answers: {} })).toBeNull();
});

test("an answer is checked as the question that it is for", async () => {
	const { session, host } = await opened();
	const check = (pattern: string, id: string, answer: string) =>
		patternCheck(session, host, { etc, pattern, answers: { switch: "lan" } }, id, answer);
	expect(check("guest", "name", "web01")).toBeNull();
	expect(check("guest", "name", "web 01")).toContain("web 01");
	expect(check("guest", "colour", "red")).toBe("This pattern does not ask for 'colour'");
	expect(check("none", "name", "web01")).toBeNull();
});

test("what it makes are edits of the host's files, or problems", async () => {
	const { session, host, id } = await opened();
	const edited = (pattern: string, answers: Readonly<Record<string, string>>) => patternEdits(session, id, host, { etc, pattern, answers });
	const { files, problems, disks } = edited("guest", { switch: "lan", name: "web01", memory: "1G", address: "" });
	expect(problems).toEqual([]);
	expect(disks).toEqual(["install -d -o root -g wheel /var/vm", "vmctl create -s 20G /var/vm/web01.img"]);
	const [vm, ...others] = files.filter(({ uri }) => uri.endsWith("/vm.conf"));
	expect(others).toEqual([]);
	expect([vm?.uri, vm?.created]).toEqual(["file:///host/etc/vm.conf", false]);
	expect(vm?.edits).toHaveLength(1);
	expect(vm?.edits[0]?.range.start).toEqual({ line: 3, character: 0 });
	expect(vm?.edits[0]?.newText).toContain('vm "web01"');
	expect(files.filter(({ created }) => created).map(({ uri }) => uri)).toEqual(["file:///host/etc/rc.conf.local"]);
	expect(edited("guest", { switch: "lan", name: "web 01", memory: "1G", address: "" })).toEqual({
		files: [],
		problems: [expect.stringContaining("web 01")],
		unmet: [],
		disks: [],
	});
	expect(edited("none", {})).toEqual({ files: [], problems: [], unmet: [], disks: [] });
});

/** What pf does to packets, asked of the command; and what it explains and formats. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { main } from "./main.ts";

const PF = "block\npass out on vport0\npass in on em0 proto tcp to 10.0.0.0/24 port 80\n";
const files: Readonly<Record<string, string>> = {
	"vm.conf": 'switch "lan" {\n\tinterface veb0\n}\n\nvm "web" {\n\tdisk "/w.img"\n\tinterface tap0 {\n\t\tswitch "lan"\n\t}\n}\n',
	"hostname.em0": "inet 192.0.2.1/24\n",
	"hostname.veb0": "add vport0\nup\n",
	"hostname.vport0": "inet 10.0.0.1/24\nup\n",
	"pf.conf": PF,
	mygate: "192.0.2.254\n",
	"sysctl.conf": "net.inet.ip.forwarding=1\n",
};

let root = "";
const at = (...names: string[]): string => join(root, ...names);
beforeAll(() => {
	vi.stubEnv("FORCE_COLOR", "0");
	root = mkdtempSync(join(tmpdir(), "openbsd-vnet-"));
	mkdirSync(at("hv1/etc"), { recursive: true });
	for (const [name, text] of Object.entries(files)) writeFileSync(at("hv1/etc", name), text);
	const git = (...args: string[]): string =>
		execFileSync("git", ["-C", root, "-c", "user.name=a", "-c", "user.email=a@b", ...args], { encoding: "utf8" });
	git("init", "-q");
	git("add", ".");
	git("commit", "-qm", "as it was");
	mkdirSync(at("hv2/etc"), { recursive: true });
	for (const [name, text] of Object.entries(files)) writeFileSync(at("hv2/etc", name), text);
	writeFileSync(at("hv2/etc/pf.conf"), PF.replace("port 80", "port { 80 443 }"));
});
afterAll(() => {
	vi.unstubAllEnvs();
	rmSync(root, { recursive: true });
});

async function run(...args: string[]): Promise<{ readonly status: number; readonly out: string; readonly err: string }> {
	let [out, err] = ["", ""];
	const status = await main(args, { stdout: { write: (text) => (out += text) }, stderr: { write: (text) => (err += text) } });
	return { status, out, err };
}

describe("trace", () => {
	test("says who is reached, on which way, by which rule", async () => {
		const { status, out } = await run("trace", "outside", "web", "tcp", "80", "--folder", at("hv1"));
		expect(out).toMatch(/^outside reaches web by tcp 80\n/);
		expect(out).toMatch(/^ {2}in em0 .*\n {6}pass in on em0 .* {2}\/etc\/pf\.conf:3$/m);
		expect(status).toBe(0);
	});

	test("says why not, with the rules that would have but for one thing", async () => {
		const { status, out } = await run("trace", "outside", "web", "tcp", "81", "--folder", at("hv1"));
		expect(out).toMatch(/does not reach/);
		expect(out).toMatch(/\/etc\/pf\.conf:3: would match but for the destination port$/m);
		expect(status).toBe(1);
		const json = JSON.parse((await run("trace", "outside", "web", "tcp", "81", "--folder", at("hv1"), "--json")).out);
		expect(json).toMatchObject({ answer: "no", ways: [{ result: "blocked" }] });
	});

	test.each([
		[["outside", "web"], "trace takes from where, to where, a protocol"],
		[["outside", "nobody", "tcp"], "ends are outside, host, web and addresses"],
		[["outside", "web", "tcp", "70000"], "a port is a number up to 65535"],
	])("%j is refused with what could stand there", async (operands, why) => {
		const { status, err } = await run("trace", ...operands, "--folder", at("hv1"));
		expect(err).toContain(why);
		expect(status).toBe(2);
	});

	test("of a folder without rules nothing is said", async () => {
		mkdirSync(at("none"), { recursive: true });
		expect(await run("trace", "outside", "host", "tcp", "22", "--folder", at("none"))).toMatchObject({
			status: 2,
			err: expect.stringContaining("pf.conf: no such file"),
		});
	});
});

test("exposure lists what pf lets in from outside, whom it gets to, and that nothing else is let in", async () => {
	const { status, out } = await run("exposure", at("hv1"));
	expect(status).toBe(0);
	expect(out).toMatch(/^What comes from outside first meets pf here: in on em0\n/);
	expect(out).toContain("\nin inet proto tcp on em0 to 10.0.0.0/24 port 80\n");
	expect(out).toContain("pass in on em0 inet proto tcp from any to 10.0.0.0/24 port = 80 flags S/SA  /etc/pf.conf:3\n");
	expect(out).toMatch(/\npf lets nothing else in from outside\.\n$/);
	expect(JSON.parse((await run("exposure", at("hv1"), "--json")).out)).toMatchObject({ places: ["in on em0"], isWhole: true });
});

test("exposure of files that show no way from outside says that, and no more", async () => {
	mkdirSync(at("lone"));
	writeFileSync(at("lone/pf.conf"), "block\n");
	const { out } = await run("exposure", at("lone"));
	expect(out.trim()).toBe("These files show no way from outside: what it may reach is not known.");
});

describe("report", () => {
	test("says as Markdown what is let in, who reaches whom, what is wrong, and of which files", async () => {
		const { status, out } = await run("report", at("hv1"));
		expect(status).toBe(0);
		expect(out.match(/^## .*/gm)).toEqual([
			"## What the outside may reach",
			"## Who reaches whom",
			"## Policy tests",
			"## Errors and warnings",
			"## Files",
		]);
		expect(out).toContain("| `in inet proto tcp on em0 to 10.0.0.0/24 port 80` |");
		expect(out).toMatch(/^\| outside \| host \| [^|]+ \|$/m);
		expect(out).toMatch(/^\| `\/etc\/pf\.conf` \| `[0-9a-f]{64}` \|$/m);
	});

	test("is of one guest, where one is named that is there", async () => {
		const { out } = await run("report", at("hv1"), "--guest", "web", "--json");
		const { guest, reach } = JSON.parse(out);
		expect(guest).toBe("web");
		const asked = reach.cells.flatMap((row: unknown[][], from: number) => row.flatMap((cell, to) => (cell.length > 0 ? [[from, to]] : [])));
		expect(asked.every(([from, to]: readonly number[]) => from === 2 || to === 2)).toBe(true);
		expect(await run("report", at("hv1"), "--guest", "nobody")).toMatchObject({
			status: 2,
			err: expect.stringContaining("no guest 'nobody'"),
		});
	});

	test("as HTML takes nothing of a file for HTML", async () => {
		mkdirSync(at("hostile/etc"), { recursive: true });
		for (const [name, text] of Object.entries(files)) writeFileSync(at("hostile/etc", name), text);
		writeFileSync(at("hostile/etc/pf.conf"), 'pass in on em0 label "<script>\u001b&\'"\n');
		const { out } = await run("report", at("hostile"), "--format", "html");
		expect(out).toContain("label &quot;&lt;script&gt;\\u001b&amp;");
		expect(out).not.toContain("<script");
	});
});

test("reach lists each pair of ends with its services", async () => {
	const { status, out } = await run("reach", at("hv1"));
	expect(out).toMatch(/^web {5}→ host {5}nothing$/m);
	expect(out).toMatch(/^outside → web {6}tcp 80$/m);
	expect(status).toBe(0);
	expect(JSON.parse((await run("reach", at("hv1"), "--json")).out).ends).toEqual(["outside", "host", "web"]);
});

describe("diff", () => {
	test("of two folders", async () => {
		const { status, out } = await run("diff", at("hv1"), at("hv2"));
		expect(out).toMatch(/^\+ outside → web, tcp 443: becomes possible\n {4}pass out on vport0 .* {2}\/etc\/pf\.conf:2$/m);
		expect(out).not.toContain("tcp 80:");
		expect(out).toMatch(/^block drop → pass\n {4}.*port 443\n/m);
		expect(out).toContain("\npf treats no other packet differently.\n");
		expect(status).toBe(1);
		const back = await run("diff", at("hv2"), at("hv1"));
		expect(back.out).toMatch(/^- outside → web, tcp 443: is no longer possible$/m);
	});

	test("of two hosts that stand in for each other, but for the addresses that each has for itself", async () => {
		const rules = (own: number, other: number, more = "") =>
			`block\npass in on em0 proto tcp from 192.0.2.${other} to 192.0.2.${own} port ssh\npass in on em0 to 192.0.2.1${more}\n`;
		for (const [name, own, other] of [
			["gw1", 2, 3],
			["gw2", 3, 2],
		] as const) {
			mkdirSync(at(name, "etc"), { recursive: true });
			const carp = "inet 192.0.2.1 255.255.255.0 192.0.2.255 vhid 1 carpdev em0 pass secret\n";
			writeFileSync(at(name, "etc/hostname.carp0"), carp);
			writeFileSync(at(name, "etc/hostname.em0"), `inet 192.0.2.${own}/24\n`);
			writeFileSync(at(name, "etc/pf.conf"), rules(own, other));
		}
		const same = await run("diff", "--pair", at("gw1"), at("gw2"));
		expect(same.out).toMatch(
			/^Counts as the same: em0 192\.0\.2\.2 = 192\.0\.2\.3\nNo connection is treated otherwise\.\npf treats every packet as before\.\n/,
		);
		expect(same.status).toBe(0);
		expect((await run("diff", at("gw1"), at("gw2"))).status).toBe(1);
		writeFileSync(at("gw2/etc/pf.conf"), rules(3, 2, "00"));
		const other = await run("diff", "--pair", "--json", at("gw1"), at("gw2"));
		expect(JSON.parse(other.out)[0]).toMatchObject({ alike: [{ interface: "em0", here: "192.0.2.2", there: "192.0.2.3" }] });
		expect(other.status).toBe(1);
		expect((await run("diff", "--pair", "--format", "markdown", at("gw1"), at("gw2"))).out).toContain("\nCounts as the same: em0 ");
	});

	test("of a folder and a revision of Git, files that are new or gone among them", async () => {
		expect(await run("diff", "--since", "HEAD", at("hv1"))).toMatchObject({
			status: 0,
			out: expect.stringMatching(/^No connection is treated otherwise\.\npf treats every packet as before\.\n/),
		});
		writeFileSync(at("hv1/etc/pf.conf"), 'block\npass out on vport0\ninclude "/etc/pf.more"\n');
		writeFileSync(at("hv1/etc/pf.more"), "pass in on em0 proto tcp to 10.0.0.0/24 port { 80 443 }\n");
		const changed = await run("diff", "--since", "HEAD", "--format", "markdown", at("hv1"));
		expect(changed.out).toMatch(/^\| becomes possible \| outside \| host \| tcp 443 \| `pass in on em0 .*`<br>\/etc\/pf\.conf:3 \|$/m);
		expect(changed.out).toContain("\n- `block drop` → `pass`\n  - `in inet proto tcp on em0 to 10.0.0.0/24 port 443`\n");
		expect(changed.status).toBe(1);
		rmSync(at("hv1/etc/pf.more"));
		// What is in a file that is missing is not known.
		const missing = await run("diff", "--since", "HEAD", at("hv1"));
		expect(missing.out).toMatch(/^Whether pf treats other packets differently is not known:/m);
		expect(missing.status).toBe(1);
		writeFileSync(at("hv1/etc/pf.conf"), PF);
	});

	test.each([
		[["--since", "nowhere"], "Git does not know a revision 'nowhere'"],
		[["--since", "--output=/tmp/x"], "Git does not know a revision '--output=/tmp/x'"],
		[[], "diff takes two folders of a host"],
		[["--running"], "diff takes two folders of a host"],
		[["--pair"], "diff takes two folders of a host"],
	])("%j is refused", async (options, why) => {
		const [option, value] = options;
		const given = value === undefined ? (option === undefined ? [] : [option]) : [`--since=${value}`];
		const { status, err } = await run("diff", ...given, at("hv1"));
		expect(err).toContain(why);
		expect(status).toBe(2);
	});
});

describe("explain", () => {
	test("says what a code means", async () => {
		const { status, out } = await run("explain", "pf/syntax");
		expect(out).toMatch(/^pf\/syntax \(error\)\n\n/);
		expect(status).toBe(0);
	});

	test("has the nearest where there is none", async () => {
		expect(await run("explain", "pf/sintax")).toMatchObject({
			status: 2,
			err: "openbsd-vnet: no code 'pf/sintax'; did you mean 'pf/syntax'?\n",
		});
	});
});

describe("fmt", () => {
	test("names what it would change, changes it, and then has nothing to do", async () => {
		mkdirSync(at("ugly"));
		const file = at("ugly/vm.conf");
		writeFileSync(file, 'vm "a" {\ndisk "/ä.img"\n        interface {\n switch "b" }\n}\n');
		expect(await run("fmt", "--check", at("ugly"))).toEqual({ status: 1, out: `${file}\n`, err: "" });
		expect(readFileSync(file, "utf8")).toContain('\ndisk "');
		expect(await run("fmt", at("ugly"))).toEqual({ status: 0, out: `${file}\n`, err: "" });
		expect(readFileSync(file, "utf8")).toContain('\n\tdisk "/ä.img"\n');
		expect(await run("fmt", "--check", at("ugly"))).toEqual({ status: 0, out: "", err: "" });
	});
});

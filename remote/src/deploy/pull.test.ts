/** What a host has, held against the files here: what a pull brings, and what it leaves. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import { digest, type HostFile } from "./files.ts";
import { noteSeen } from "./merge.ts";
import { pullOf } from "./pull.ts";
import { standingKind, standingsOf } from "./standing.ts";
import { type HostInMemory, hostInMemory } from "./testing.ts";

/** Pulls from a host into a folder that has these files. */
async function pull(
	host: HostInMemory,
	here: Readonly<Record<string, string>> = {},
	{ secrets = false, listed = [] as readonly string[], beside = {} as Readonly<Record<string, string>> } = {},
) {
	const files = {
		deployed: Object.entries(here).map(([path, text]) => ({ path, text })),
		listed,
		read: async (path: string) => beside[path],
	};
	const pulled = await pullOf(host.connect(), files, { secrets, root: host.root });
	return { ...pulled, left: pulled.left.map(({ why, ...rest }) => ({ ...rest, why: render(why) })) };
}

/** Each file of the host, as one of its texts. */
const hostWith = (files: Readonly<Record<string, string>>): HostInMemory => {
	const host = hostInMemory();
	for (const [path, text] of Object.entries(files)) host.files.set(path, { text });
	return host;
};

describe("a file on both sides", () => {
	const file = (text: string): HostFile => ({ kind: "file", text, mode: 0o600, owner: 0, group: 0 });
	const absent: HostFile = { kind: "absent" };
	test.each([
		["same", "a", file("a"), undefined],
		["same", "a", file("a"), "b"],
		["same", undefined, absent, "b"],
		["changed-here", "new", file("old"), "old"],
		["changed-there", "old", file("new"), "old"],
		["changed-both", "mine", file("theirs"), "old"],
		["differs", "mine", file("theirs"), undefined],
		["gone-here", undefined, file("old"), "old"],
		["gone-there", "old", absent, "old"],
		["only-here", "a", absent, undefined],
		["only-there", undefined, file("a"), undefined],
		["not-read", "a", { kind: "other", what: "link" } satisfies HostFile, "a"],
	] as const)("is '%s': %j here, %j there, %j before", (kind, here, there, before) => {
		expect(standingKind(here, there, before === undefined ? undefined : digest(before))).toBe(kind);
	});

	test("is asked for with all others in one round trip, and those that nobody has here are told", async () => {
		const host = hostWith({ "/etc/pf.conf": "block\n", "/etc/hostname.em1": "up\n", "/etc/vm.conf": "# x\n", "/etc/motd": "hi\n" });
		host.deployed.set("/etc/pf.conf", "block\n");
		host.deployed.set("/etc/vm.conf", "# x\n");
		const wanted = [
			{ path: "/etc/pf.conf", text: "pass\n" },
			{ path: "/etc/hostname.wg0", text: "wgkey abc\n" },
		];
		expect(await standingsOf(host.connect(), wanted, host.root)).toEqual([
			{ path: "/etc/hostname.em1", kind: "only-there", diff: "" },
			{ path: "/etc/hostname.wg0", kind: "only-here", diff: expect.stringContaining("+wgkey <secret 1>\n") },
			{ path: "/etc/pf.conf", kind: "changed-here", diff: expect.stringContaining("-block\n+pass\n") },
			{ path: "/etc/vm.conf", kind: "gone-here", diff: "" },
		]);
		expect(host.asked).toHaveLength(1);
	});
});

describe("a first pull", () => {
	test("brings the files of the network, those that rulesets name and those that are listed, in three round trips", async () => {
		const host = hostWith({
			"/etc/pf.conf": 'table <bad> file "/etc/bad"\nanchor a\nload anchor a from "/etc/pf/a"\n',
			"/etc/vm.conf": "# none\n",
			"/etc/hosts": "127.0.0.1 localhost\n",
		});
		host.files.set("/etc/hostname.em0", { text: "inet autoconf\n", permissions: "-rw-r-----" });
		host.files.set("/etc/bad", { text: "192.0.2.1\n" });
		host.files.set("/etc/pf/a", { text: "pass\n" });
		host.files.set("/etc/ntpd.conf", { text: "servers pool\n" });
		const { files, left, listed, seen } = await pull(host, {}, { listed: ["/etc/ntpd.conf"] });
		expect(files.map(({ path, what, mode }) => [path, what, mode.toString(8)])).toEqual([
			["/etc/bad", "new", "644"],
			["/etc/hostname.em0", "new", "640"],
			["/etc/ntpd.conf", "new", "644"],
			["/etc/pf.conf", "new", "644"],
			["/etc/pf/a", "new", "644"],
			["/etc/vm.conf", "new", "644"],
		]);
		expect(left).toEqual([]);
		expect(listed).toEqual(["/etc/bad", "/etc/ntpd.conf", "/etc/pf/a"]);
		expect(seen).toHaveLength(6);
		expect(host.asked).toHaveLength(3);
	});

	test("leaves keys where they are, unless they are asked for", async () => {
		const host = hostWith({ "/etc/hostname.wg0": "wgkey abc= wgport 51820\n" });
		expect(await pull(host)).toMatchObject({
			files: [],
			seen: [],
			left: [{ path: "/etc/hostname.wg0", open: false, secret: true, why: "it holds a key or a password" }],
		});
		expect((await pull(host, {}, { secrets: true })).files).toMatchObject([{ text: "wgkey abc= wgport 51820\n", what: "new" }]);
	});

	test("takes no link, and nothing that is no text", async () => {
		const host = hostWith({ "/etc/vm.conf": "\u{fffd}" });
		host.files.set("/etc/pf.conf", "link");
		const { files, left } = await pull(host);
		expect(files).toEqual([]);
		expect(left.map(({ path, why }) => `${path} ${why.slice(0, 12)}`)).toEqual(["/etc/pf.conf it is not a ", "/etc/vm.conf it is not a "]);
	});

	test("overwrites nothing that is here already and is another", async () => {
		const host = hostWith({ "/etc/pf.conf": 'table <bad> file "/etc/bad"\n', "/etc/bad": "192.0.2.1\n" });
		const { files, left } = await pull(host, {}, { beside: { "/etc/bad": "198.51.100.1\n" } });
		expect(files.map(({ path }) => path)).toEqual(["/etc/pf.conf"]);
		expect(left).toMatchObject([{ path: "/etc/bad", open: true }]);
	});

	test("goes on without files that the host refuses to the user", async () => {
		const host = hostWith({ "/etc/pf.conf": 'table <bad> file "/etc/bad"\nload anchor a from "/etc/pf.a"\n' });
		host.files.set("/etc/pf.a", { text: "pass\n" });
		const root = host.root;
		const refusing: typeof root = async (connection, request) => {
			if (!request.args?.includes("/etc/bad")) return await root(connection, request);
			return { status: 77, signal: undefined, stdout: "", stderr: "/etc/bad may not be deployed by op", cut: false };
		};
		const files = { deployed: [], listed: [], read: async () => undefined };
		const pulled = await pullOf(host.connect(), files, { secrets: false, root: refusing });
		expect(pulled.files.map(({ path }) => path)).toEqual(["/etc/pf.a", "/etc/pf.conf"]);
		expect(pulled.left.map(({ path, why }) => `${path}: ${render(why)}`)).toEqual([
			"/etc/bad: root may not read it there: root lists it in /etc/openbsd-vnet.allow",
		]);
	});
});

describe("a later pull", () => {
	test("merges what both sides changed with what was there last as its base, and leaves what only one side has", async () => {
		const host = hostWith({
			"/etc/pf.conf": "a\nb\nc\ntheirs\n",
			"/etc/dhcpd.conf": "same\n",
			"/etc/hostname.em0": "up\n",
			"/etc/hostname.em1": "theirs\n",
			"/etc/hostname.em2": "# of a colleague\n",
		});
		for (const [path, text] of Object.entries({
			"/etc/pf.conf": "a\nb\nc\n",
			"/etc/vm.conf": "x\n",
			"/etc/dhcpd.conf": "same\n",
			"/etc/hostname.em1": "old\n",
			"/etc/hostname.em2": "# of a colleague\n",
		}))
			host.deployed.set(path, text);
		const here = {
			"/etc/pf.conf": "ours\na\nb\nc\n",
			"/etc/vm.conf": "x\n",
			"/etc/dhcpd.conf": "mine\n",
			"/etc/hostname.em0": "down\n",
			"/etc/hostname.em1": "old\n",
			"/etc/hostname.em3": "mine alone\n",
		};
		const { files, left, seen } = await pull(host, here);
		expect(files.map(({ path, what, text }) => [path, what, text])).toEqual([
			["/etc/hostname.em1", "updated", "theirs\n"],
			["/etc/hostname.em2", "new", "# of a colleague\n"],
			["/etc/pf.conf", "merged", "ours\na\nb\nc\ntheirs\n"],
		]);
		expect(left.map(({ path, open, why }) => [path, open, why.split(":")[0]])).toEqual([
			["/etc/hostname.em0", true, "it is different there, and nothing tells which is newer"],
			["/etc/vm.conf", true, "it is gone there"],
		]);
		expect(seen.map(({ path }) => path)).toEqual(["/etc/hostname.em1", "/etc/hostname.em2", "/etc/pf.conf"]);
	});

	test("marks what is at odds, with nothing as its base where the host has kept none", async () => {
		const host = hostWith({ "/etc/pf.conf": "theirs\n" });
		host.record = `${digest("gone")} /etc/pf.conf\n`;
		expect((await pull(host, { "/etc/pf.conf": "ours\n" })).files).toMatchObject([
			{ text: "<<<<<<< here\nours\n||||||| deployed\n=======\ntheirs\n>>>>>>> hv1\n", conflicts: 1 },
		]);
	});

	test("lets the host remember what was seen, each text once", async () => {
		const host = hostInMemory();
		const seen = [
			{ path: "/etc/hostname.em0", text: "up\n" },
			{ path: "/etc/hostname.em1", text: "up\n" },
		];
		await noteSeen(host.connect(), seen, host.root);
		const name = digest("up\n");
		expect(host.asked).toEqual([
			{ verb: "note", input: `text 1 0 ${name}\nseen ${name} /etc/hostname.em0\nseen ${name} /etc/hostname.em1\n--\nup\nend\n` },
		]);
		host.answers.set("note", { status: 1, stderr: "no" });
		await expect(noteSeen(host.connect(), seen, host.root)).rejects.toMatchObject({ message: "hv1: no" });
	});
});

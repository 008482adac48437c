import { describe, expect, it } from "vitest";
import { memoryWorkspace } from "../workspace.ts";
import { discoverHosts, filesOfHost, readHostList, withDeployedFiles, withHost } from "./discover.ts";
import { type HostFolder, pathOnHost, uriOnHost } from "./folder.ts";

const names = async (files: Readonly<Record<string, string>>): Promise<readonly string[]> =>
	(await discoverHosts(memoryWorkspace(files, ["file:///w"]))).hosts.map(({ name, root, mount }) => `${name} ${root} ${mount}`);

describe("the hosts of a workspace", () => {
	it.each([
		["a folder that mirrors a host", { "file:///w/hosts/hv1/etc/vm.conf": "" }, ["hv1 file:///w/hosts/hv1 /"]],
		["an etc at the top", { "file:///w/etc/pf.conf": "" }, ["w file:///w /"]],
		["bare files", { "file:///w/hv1/hostname.em0": "" }, ["hv1 file:///w/hv1 /etc"]],
		["two hosts", { "file:///w/a/etc/vm.conf": "", "file:///w/b/etc/vm.conf": "" }, ["a file:///w/a /", "b file:///w/b /"]],
		[
			"two of one name",
			{ "file:///w/x/hv/etc/vm.conf": "", "file:///w/y/hv/vm.conf": "" },
			["x/hv file:///w/x/hv /", "y/hv file:///w/y/hv /etc"],
		],
		["none", { "file:///w/readme.md": "", "file:///w/node_modules/a/etc/vm.conf": "", "file:///w/.git/vm.conf": "" }, []],
	])("%s", async (_, files, expected) => {
		expect([...(await names(files))].sort()).toEqual(expected);
	});

	it("those of openbsd-vnet.json come first, with what it says of them", async () => {
		const list = { hosts: [{ name: "hv9", root: "a", ssh: "root@hv9", release: "7.6", portMacLimit: 5 }] };
		const { hosts, problems } = await discoverHosts(
			memoryWorkspace(
				{ "file:///w/openbsd-vnet.json": JSON.stringify(list), "file:///w/a/etc/vm.conf": "", "file:///w/b/etc/vm.conf": "" },
				["file:///w"],
			),
		);
		expect(problems).toEqual([]);
		expect(hosts).toEqual([
			{ name: "hv9", root: "file:///w/a", mount: "/", ssh: "root@hv9", release: "7.6", portMacLimit: 5 },
			{ name: "b", root: "file:///w/b", mount: "/" },
		]);
	});

	it.each([
		["ssh", "-oProxyCommand=x"],
		["release", 7.6],
		["mount", "/usr"],
		["portMacLimit", 0],
	])("a property that makes no sense is told and left out: %s %s", async (key, value) => {
		const problems: string[] = [];
		const hosts = readHostList(JSON.stringify({ hosts: [{ name: "a", root: "a", [key]: value }] }), "file:///w", problems);
		expect(hosts).toEqual([{ name: "a", root: "file:///w/a", mount: "/" }]);
		expect(problems).toEqual([expect.stringContaining(`"${key}" of "a"`)]);
	});

	it("a name is given once", () => {
		const problems: string[] = [];
		const twice = [
			{ name: "a", root: "a" },
			{ name: "a", root: "b" },
		];
		expect(readHostList(JSON.stringify({ hosts: twice }), "file:///w", problems).map(({ root }) => root)).toEqual(["file:///w/a"]);
		expect(problems).toEqual(['openbsd-vnet.json: two hosts are called "a"']);
	});

	it.each([
		"{",
		"[]",
		'{"hosts":[{"name":"x"}]}',
		'{"hosts":[{"name":"x","root":"../y"}]}',
		'{"hosts":[{"name":"x","root":"/etc"}]}',
		'{"hosts":[null, 5]}',
	])("a bad openbsd-vnet.json is told and does no harm: %s", async (text) => {
		const { hosts, problems } = await discoverHosts(memoryWorkspace({ "file:///w/openbsd-vnet.json": text }, ["file:///w"]));
		expect(hosts).toEqual([]);
		expect(problems.length).toBeGreaterThan(0);
	});
});

describe("a list of hosts", () => {
	it("is made for the first host, and keeps what it says when another comes, indented as it is", () => {
		const first = withHost(undefined, { name: "hv1", root: "hv1", ssh: "root@hv1" });
		expect(first).toBe('{\n\t"hosts": [\n\t\t{\n\t\t\t"name": "hv1",\n\t\t\t"root": "hv1",\n\t\t\t"ssh": "root@hv1"\n\t\t}\n\t]\n}\n');
		const own = '{\n  "$schema": "x",\n  "hosts": [{ "name": "a", "root": "a", "release": "7.8" }]\n}';
		const both = withHost(own, { name: "b", root: "hosts/b", ssh: "b" });
		expect(both).toMatch(/^\{\n {2}"\$schema": "x",\n/);
		expect(readHostList(both, "file:///w", [])).toMatchObject([
			{ name: "a", release: "7.8" },
			{ name: "b", root: "file:///w/hosts/b", ssh: "b" },
		]);
	});

	it("gets files that are deployed, each once, and for one host alone", () => {
		const list = '{"hosts":[{"name":"a","root":"a","deploy":["/etc/bad"]},{"name":"b","root":"b"}]}';
		const problems: string[] = [];
		expect(readHostList(withDeployedFiles(list, "a", ["/etc/bad", "/etc/ntpd.conf"]), "file:///w", problems)).toMatchObject([
			{ name: "a", deploy: ["/etc/bad", "/etc/ntpd.conf"] },
			{ name: "b" },
		]);
		expect(problems).toEqual([]);
	});
});

describe("paths", () => {
	const mirrored: HostFolder = { name: "a", root: "file:///w/a", mount: "/" };
	const bare: HostFolder = { name: "a", root: "file:///w/a", mount: "/etc" };
	it("of files on the host and in the workspace", () => {
		expect(pathOnHost(mirrored, "file:///w/a/etc/vm.conf")).toBe("/etc/vm.conf");
		expect(pathOnHost(bare, "file:///w/a/pf.vm/web%2001.conf")).toBe("/etc/pf.vm/web 01.conf");
		expect(pathOnHost(mirrored, "file:///w/b/etc/vm.conf")).toBeUndefined();
		expect(uriOnHost(mirrored, "/etc/pf.vm/web 01.conf")).toBe("file:///w/a/etc/pf.vm/web%2001.conf");
		expect(uriOnHost(bare, "/var/vm/a.img")).toBeUndefined();
		expect(uriOnHost(mirrored, "/etc/../../x")).toBeUndefined();
	});
	it("the files that the model reads", async () => {
		const workspace = memoryWorkspace(
			{
				"file:///w/a/etc/vm.conf": "1",
				"file:///w/a/etc/pf.vm/x.conf": "2",
				"file:///w/a/etc/motd": "3",
				"file:///w/a/etc/hostname.em0.bak": "4",
			},
			["file:///w"],
		);
		expect([...(await filesOfHost(workspace, mirrored)).keys()].sort()).toEqual([
			"/etc/hostname.em0.bak",
			"/etc/pf.vm/x.conf",
			"/etc/vm.conf",
		]);
	});
	it("those that pf.conf names, whatever they are called, and those that these name", async () => {
		const workspace = memoryWorkspace(
			{
				"file:///w/a/etc/pf.conf": 'table <t> file "/etc/spammers"\nanchor w\nload anchor w from "/etc/web.conf"\ninclude "/var/x.conf"\n',
				"file:///w/a/etc/web.conf": 'include "/etc/rules/common"\n',
				"file:///w/a/etc/rules/common": "pass\n",
				"file:///w/a/etc/spammers": "192.0.2.1\n",
				"file:///w/a/etc/motd": "3",
				"file:///w/a/var/x.conf": "pass\n",
			},
			["file:///w"],
		);
		expect([...(await filesOfHost(workspace, mirrored)).keys()].sort()).toEqual([
			"/etc/pf.conf",
			"/etc/rules/common",
			"/etc/spammers",
			"/etc/web.conf",
		]);
	});
});

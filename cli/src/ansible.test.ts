import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ansibleFiles, type FleetHost, firstLine } from "./ansible.ts";

type Target = FleetHost["target"];

const target = (given: Partial<Target>): Target => ({ name: "hv1", host: "hv1", port: 22, user: "root", jumps: [], ...given });

const text = (given: Partial<Target>, files: Readonly<Record<string, string>> = {}, folder = "../hv1"): string => {
	const host = { name: "hv1", target: target(given), files: new Map(Object.entries(files)), sourceOf: (path: string) => folder + path };
	return ansibleFiles([host]).get("inventory.yml") ?? "";
};
const variables = (...given: Parameters<typeof text>) =>
	parse(text(...given), { version: "1.1", customTags: [{ tag: "!unsafe", resolve: (value: string) => ({ unsafe: value }) }] }).all.children
		.openbsd_vnet.hosts.hv1;

describe("how a host is reached", () => {
	test.each<[string, Partial<Target>, object]>([
		["root", {}, { ansible_host: "hv1", ansible_port: 22, ansible_user: "root" }],
		[
			"another user, by doas",
			{ user: "op", port: 2222 },
			{
				ansible_host: "hv1",
				ansible_port: 2222,
				ansible_user: "op",
				ansible_become: true,
				ansible_become_method: "community.general.doas",
			},
		],
		[
			"an address and jumps of the configuration",
			{ host: "192.0.2.1", jumps: ["op@bastion:2022", "inner"] },
			{ ansible_ssh_common_args: "-o HostName=192.0.2.1 -o ProxyJump=op@bastion:2022,inner" },
		],
		[
			"what a shell or a template would read",
			{ host: "a b", jumps: ["{{ x }}"] },
			{ ansible_ssh_common_args: { unsafe: "-o HostName='a b' -o ProxyJump='{{ x }}'" } },
		],
		["a user that YAML would take for something else", { user: "no" }, { ansible_user: "no" }],
	])("%s", (_, given, wanted) => {
		expect(variables(given)).toMatchObject(wanted);
	});

	test("root needs nothing to become root", () => {
		expect(variables({})).not.toHaveProperty("ansible_become");
	});
});

describe("its files", () => {
	const files = {
		"/etc/vm.conf": "",
		"/etc/pf.conf": 'load anchor "vm/a%" from "/etc/pf.vm/a.conf"\nload anchor "b" from "/etc/pf.vm/a.conf"\ntable <t> file "/etc/pf.t"\n',
		"/etc/pf.vm/a.conf": 'load anchor "in" from "/etc/pf.vm/in.conf"\n',
		"/etc/pf.vm/in.conf": "pass\n",
		"/etc/pf.t": "192.0.2.1\n",
		"/etc/hostname.em0": "up\n",
		"/etc/ntpd.conf": "servers pool.ntp.org\n",
	};

	test("come after what they name, with what validates them", () => {
		const listed: { dest: string; mode: string; validate?: string }[] = variables({}, files).openbsd_vnet_files;
		expect(listed.map(({ dest, mode, validate }) => [dest, mode, validate])).toEqual([
			["/etc/hostname.em0", "0640", undefined],
			["/etc/ntpd.conf", "0644", undefined],
			["/etc/pf.t", "0600", undefined],
			["/etc/vm.conf", "0644", "vmd -n -f %s"],
			["/etc/pf.vm/in.conf", "0600", `sh -c 'pfctl -a vm/a%%/in -nf "$1" && pfctl -a b/in -nf "$1"' sh %s`],
			["/etc/pf.vm/a.conf", "0600", `sh -c 'pfctl -a vm/a%% -nf "$1" && pfctl -a b -nf "$1"' sh %s`],
			["/etc/pf.conf", "0600", "pfctl -nf %s"],
		]);
		expect(variables({}, files).openbsd_vnet_folders).toEqual(["/etc/pf.vm"]);
	});

	test("are data, also where their folder's name is a template", () => {
		expect(variables({}, { "/etc/vm.conf": "" }, "../{{ 1 }}").openbsd_vnet_files[0].src).toEqual({ unsafe: "../{{ 1 }}/etc/vm.conf" });
	});
});

test.each(["all", "openbsd_vnet", "hv[1:3]", "a:1", "a b", "-x", ""])("a host called %j is refused", (name) => {
	const host = { name, target: target({}), files: new Map(), sourceOf: (path: string) => path };
	expect(() => ansibleFiles([host])).toThrow(`Ansible cannot have a host called '${name}'`);
});

test("what is written says that it is ours", () => {
	for (const content of ansibleFiles([]).values()) expect(content.startsWith(`${firstLine}\n---\n`)).toBe(true);
});

import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ansibleFiles, type FleetHost, firstLine } from "./ansible.ts";

type Target = FleetHost["target"];

const target = (given: Partial<Target>): Target => ({ name: "hv1", host: "hv1", port: 22, user: "root", jumps: [], ...given });

const text = (given: Partial<Target>, folder = ".."): string =>
	ansibleFiles([{ name: "hv1", target: target(given) }], folder).get("inventory.yml") ?? "";
const groupOf = (...given: Parameters<typeof text>) =>
	parse(text(...given), { version: "1.1", customTags: [{ tag: "!unsafe", resolve: (value: string) => ({ unsafe: value }) }] }).all.children
		.openbsd_vnet;
const variables = (...given: Parameters<typeof text>) => groupOf(...given).hosts.hv1;

describe("how a host is reached", () => {
	test.each<[string, Partial<Target>, object]>([
		["root", {}, { ansible_host: "hv1", ansible_port: 22, ansible_user: "root" }],
		["another user", { user: "op", port: 2222 }, { ansible_host: "hv1", ansible_port: 2222, ansible_user: "op" }],
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
});

test("the folder of openbsd-vnet.json is data, also where its name is a template", () => {
	expect(groupOf({}).vars).toEqual({ openbsd_vnet_folder: ".." });
	expect(groupOf({}, "../{{ 1 }}").vars).toEqual({ openbsd_vnet_folder: { unsafe: "../{{ 1 }}" } });
});

test.each(["all", "openbsd_vnet", "hv[1:3]", "a:1", "a b", "-x", ""])("a host called %j is refused", (name) => {
	expect(() => ansibleFiles([{ name, target: target({}) }], "..")).toThrow(`Ansible cannot have a host called '${name}'`);
});

test("what is written says that it is ours", () => {
	for (const content of ansibleFiles([], "..").values()) expect(content.startsWith(`${firstLine}\n---\n`)).toBe(true);
});

/** An inventory and a playbook for Ansible, from the hosts of a workspace. */
import { filesOfRulesets, modeOf, quoted, roleOf, type SshTarget } from "@openbsd-vnet/remote";
import { DHCPD_CONF, hostnameOf, PF_CONF, VM_CONF } from "@openbsd-vnet/server";
import { Document, Scalar } from "yaml";
import { group, playbook } from "./ansible-playbook.ts";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

/** A host with its files. */
export interface FleetHost {
	readonly name: string;
	/** How ssh(1) reaches it, by the user's own configuration. */
	readonly target: Pick<SshTarget, "name" | "host" | "port" | "user" | "jumps">;
	/** The texts of its files by their paths on it. */
	readonly files: ReadonlyMap<string, string>;
	/** Where a file lies, from the folder of the playbook. */
	readonly sourceOf: (path: string) => string;
}

/** The first line of what is written: a file that has another is somebody else's. */
export const firstLine = "# Written by `openbsd-vnet export ansible`, which rewrites it: changes here are lost.";

/** Names of Ansible's own. */
const reserved: ReadonlySet<string> = new Set(["all", "ungrouped", "localhost", group]);

/**
 * The files for a folder, by their names.
 * @throws PathError where Ansible cannot have a host of such a name
 */
export function ansibleFiles(hosts: readonly FleetHost[]): ReadonlyMap<string, string> {
	// Ansible expands brackets in names, and takes what follows a colon for a port.
	for (const { name } of hosts)
		if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || reserved.has(name))
			throw new PathError(tell("Ansible cannot have a host called '{0}': give it a name of letters, digits, '.', '_' and '-'", name));
	const inventory = { all: { children: { [group]: { hosts: Object.fromEntries(hosts.map((host) => [host.name, variablesOf(host)])) } } } };
	return new Map([
		["inventory.yml", yaml(inventory)],
		["playbook.yml", yaml(playbook())],
	]);
}

function variablesOf({ target, files, sourceOf }: FleetHost) {
	const options = [
		...(target.host === target.name ? [] : [`HostName=${quoted(target.host)}`]),
		...(target.jumps.length === 0 ? [] : [`ProxyJump=${quoted(target.jumps.join(","))}`]),
	];
	const paths = inOrder(files);
	return {
		// By the name that the user gave it, so that all else that ssh_config says of it holds as well.
		ansible_host: data(target.name),
		ansible_port: target.port,
		ansible_user: data(target.user),
		...(options.length === 0 ? {} : { ansible_ssh_common_args: data(options.map((option) => `-o ${option}`).join(" ")) }),
		...(target.user === "root" ? {} : { ansible_become: true, ansible_become_method: "community.general.doas" }),
		openbsd_vnet_folders: [...new Set(paths.map((path) => path.replace(/\/[^/]*$/, "")))].filter((folder) => folder !== "/etc"),
		openbsd_vnet_files: paths.map((path) => fileOf(path, files, sourceOf(path))),
	};
}

/** What a file names comes before it, so that its validation reads the new one. */
function inOrder(files: ReadonlyMap<string, string>): readonly string[] {
	const { anchors } = filesOfRulesets(files);
	const loaded = [...anchors.keys()].reverse();
	const rank = (path: string): number => (path === PF_CONF ? 2 * loaded.length + 2 : roleOf(path) === "pf" ? 1 + loaded.indexOf(path) : 0);
	return [...files.keys()].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

function fileOf(path: string, files: ReadonlyMap<string, string>, source: string) {
	const role = roleOf(path) ?? "other";
	const validate = validationOf(path, filesOfRulesets(files).anchors.get(path));
	return {
		src: data(source),
		dest: path,
		// Not a number, which YAML's readers take for a decimal or an octal one.
		mode: `0${modeOf(path).toString(8)}`,
		role: path === DHCPD_CONF ? "dhcpd" : role,
		...(role === "hostname" ? { interface: hostnameOf(path) ?? "" } : {}),
		...(validate === undefined ? {} : { validate: data(validate) }),
	};
}

/** The command for a file before it takes its place, in which Ansible puts its path for `%s`. */
function validationOf(path: string, anchors: ReadonlySet<string> | undefined): string | undefined {
	switch (path) {
		case PF_CONF:
			return "pfctl -nf %s";
		case VM_CONF:
			return "vmd -n -f %s";
		case DHCPD_CONF:
			return "dhcpd -n -c %s";
		default: {
			if (anchors === undefined) return undefined;
			const [first = "", ...more] = [...anchors].map((anchor) => `pfctl -a ${quoted(anchor)} -nf`);
			if (more.length === 0) return `${escaped(first)} %s`;
			return `sh -c ${escaped(quoted([first, ...more].map((command) => `${command} "$1"`).join(" && ")))} sh %s`;
		}
	}
}

/** Ansible makes the command by Python's `%`. */
function escaped(text: string): string {
	return text.replaceAll("%", "%%");
}

/** A text that Ansible must not take for a template. */
function data(text: string): string | Scalar {
	if (!/\{[{%#]/.test(text)) return text;
	const scalar = new Scalar(text);
	scalar.tag = "!unsafe";
	return scalar;
}

function yaml(value: unknown): string {
	// Ansible reads YAML 1.1, in which `yes` and `0600` are no texts.
	const document = new Document(value, { version: "1.1", aliasDuplicateObjects: false });
	return `${firstLine}\n---\n${document.toString({ lineWidth: 0, directives: false })}`;
}

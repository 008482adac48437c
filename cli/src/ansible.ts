/** An inventory and a playbook for Ansible, from the hosts of a workspace: the collection beside them does the rest. */
import { quoted, type SshTarget } from "@openbsd-vnet/remote";
import { Document, Scalar } from "yaml";
import { PathError } from "./path-error.ts";
import { tell } from "./translations.ts";

/** The group of the hosts. */
const group = "openbsd_vnet";

/** The collection, in the folder `ansible` of the repository and of the npm package. */
export const collection = ["openbsd_vnet", "hosts"] as const;

/** A host of the fleet. */
export interface FleetHost {
	readonly name: string;
	/** How ssh(1) reaches it, by the user's own configuration. */
	readonly target: Pick<SshTarget, "name" | "host" | "port" | "user" | "jumps">;
}

/** The first line of what is written: a file that has another is somebody else's. */
export const firstLine = "# Written by `openbsd-vnet export ansible`, which overwrites it: changes here are lost.";

/** What tells such a file from another, whichever version has written it. */
export const firstWords = "# Written by `openbsd-vnet export ansible`,";

/** Names of Ansible's own. */
const reserved: ReadonlySet<string> = new Set(["all", "ungrouped", "localhost", group]);

/**
 * The files for a folder, by their names.
 * @param listFolder the folder of openbsd-vnet.json, from that of the playbook
 * @throws PathError where Ansible cannot have a host of such a name
 */
export function ansibleFiles(hosts: readonly FleetHost[], listFolder: string): ReadonlyMap<string, string> {
	// Ansible expands brackets in names, and takes what follows a colon for a port.
	for (const { name } of hosts)
		if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(name) || reserved.has(name))
			throw new PathError(tell("Ansible cannot have a host called '{0}': give it a name of letters, digits, '.', '_' and '-'", name));
	const inventory = {
		all: {
			children: {
				[group]: {
					vars: { openbsd_vnet_folder: data(listFolder) },
					hosts: Object.fromEntries(hosts.map(({ name, target }) => [name, variablesOf(target)])),
				},
			},
		},
	};
	return new Map([
		["inventory.yml", yaml(inventory)],
		["playbook.yml", yaml([play])],
	]);
}

const play = {
	name: "The files of OpenBSD hosts, batch after batch",
	hosts: group,
	gather_facts: false,
	serial: "{{ openbsd_vnet_batch | default(1) }}",
	roles: [`${collection.join(".")}.deploy`],
};

/** Deployments need none of these: they are for what else is played on these hosts. */
function variablesOf(target: FleetHost["target"]) {
	const options = [
		...(target.host === target.name ? [] : [`HostName=${quoted(target.host)}`]),
		...(target.jumps.length === 0 ? [] : [`ProxyJump=${quoted(target.jumps.join(","))}`]),
	];
	return {
		// By the name that the user gave it, so that all else that ssh_config says of it holds as well.
		ansible_host: data(target.name),
		ansible_port: target.port,
		ansible_user: data(target.user),
		...(options.length === 0 ? {} : { ansible_ssh_common_args: data(options.map((option) => `-o ${option}`).join(" ")) }),
	};
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

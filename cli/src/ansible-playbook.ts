/**
 * The playbook that `export ansible` writes. It is the same for all workspaces: what differs from host to host stands in the
 * inventory, as data.
 *
 * It has one block: what is there is looked at, the files are copied, each validated before it takes its place, and the
 * handlers activate what changed. If a step fails, the backups that copy made are put back, and activated where the new files
 * were; then the host has failed, and `serial: 1` lets no other host follow.
 */

/** The group of the hosts, and what all variables begin with. */
export const group = "openbsd_vnet";

/** What the copies have changed, for Jinja. */
const changed = "{{ (openbsd_vnet_copied.results | default([])) | selectattr('changed', 'defined') | selectattr('changed') }}";
const isChanged = (role: string) => `openbsd_vnet_changed | selectattr('item.role', 'equalto', '${role}') | length > 0`;

/** A loop, and how each of its rounds is called in the output. */
const over = (list: string, label: string) => ({ loop: `{{ ${list} }}`, loop_control: { label: `{{ ${label} }}` } });

/** What activates the files of a role, in the order in which it is done. */
const activations: readonly (readonly [name: string, role: string, task: Readonly<Record<string, unknown>>])[] = [
	["Set the values of sysctl.conf", "sysctl", { "ansible.builtin.shell": "sed 's/#.*//' /etc/sysctl.conf | xargs -n 1 sysctl" }],
	[
		"Configure the interfaces",
		"hostname",
		{
			"ansible.builtin.command": { argv: "{{ ['sh', '/etc/netstart'] + openbsd_vnet_interfaces }}" },
			register: "openbsd_vnet_netstart",
			// netstart ends well whatever became of the interfaces.
			failed_when: "openbsd_vnet_netstart.rc != 0 or openbsd_vnet_netstart.stderr | default('') is search('(^|\\n)(ifconfig|netstart): ')",
		},
	],
	["Load the rules", "pf", { "ansible.builtin.command": { argv: ["pfctl", "-f", "/etc/pf.conf"] } }],
	["Reload vmd where it runs", "vm", { "ansible.builtin.shell": "if rcctl check vmd; then vmctl reload; fi" }],
	["Restart dhcpd where it runs", "dhcpd", { "ansible.builtin.shell": "if rcctl check dhcpd; then rcctl restart dhcpd; fi" }],
];

const notice = "Activate what has changed";

/** The play, as data for YAML. */
export function playbook(): unknown {
	const before = "openbsd_vnet_before.results[openbsd_vnet_files.index(item.item)].stat";
	return [
		{
			name: "The files of OpenBSD hosts, one host after the other",
			hosts: group,
			serial: 1,
			any_errors_fatal: true,
			gather_facts: false,
			vars: {
				openbsd_vnet_changed: changed,
				openbsd_vnet_interfaces:
					"{{ openbsd_vnet_changed | map(attribute='item') | selectattr('role', 'equalto', 'hostname') | map(attribute='interface') }}",
			},
			tasks: [
				{
					name: "Change the host, or leave it as it was",
					block: [
						{
							name: "See what is there",
							"ansible.builtin.stat": { path: "{{ item.dest }}", get_checksum: false },
							...over("openbsd_vnet_files", "item.dest"),
							register: "openbsd_vnet_before",
						},
						{
							name: "Follow no symbolic link",
							"ansible.builtin.assert": {
								that: "not (openbsd_vnet_before.results | selectattr('stat.exists') | selectattr('stat.islnk') | list)",
								fail_msg: "A file is a symbolic link on the host: nothing was changed",
								quiet: true,
							},
						},
						{
							name: "Make the folders",
							"ansible.builtin.file": { path: "{{ item }}", state: "directory", owner: "0", group: "0" },
							...over("openbsd_vnet_folders", "item"),
						},
						{
							name: "Copy the files",
							"ansible.builtin.copy": {
								src: "{{ playbook_dir }}/{{ item.src }}",
								dest: "{{ item.dest }}",
								owner: "0",
								group: "0",
								mode: "{{ item.mode }}",
								validate: "{{ item.validate | default(omit) }}",
								backup: true,
							},
							...over("openbsd_vnet_files", "item.dest"),
							register: "openbsd_vnet_copied",
							notify: notice,
						},
						{ name: "Note that the activation begins", "ansible.builtin.set_fact": { openbsd_vnet_activated: true } },
						{ name: "Activate now", "ansible.builtin.meta": "flush_handlers" },
					],
					rescue: [
						{
							name: "Put the backups back",
							"ansible.builtin.copy": { src: "{{ item.backup_file }}", dest: "{{ item.dest }}", remote_src: true, mode: "preserve" },
							...over("openbsd_vnet_changed | selectattr('backup_file', 'defined')", "item.dest"),
						},
						{
							name: "Take new files away",
							"ansible.builtin.file": { path: "{{ item.dest }}", state: "absent" },
							...over("openbsd_vnet_changed", "item.dest"),
							when: `not ${before}.exists`,
						},
						{
							name: "Give the others their owners and permissions",
							"ansible.builtin.file": {
								path: "{{ item.dest }}",
								owner: `{{ ${before}.uid }}`,
								group: `{{ ${before}.gid }}`,
								mode: `{{ ${before}.mode }}`,
							},
							...over("openbsd_vnet_changed", "item.dest"),
							when: `${before}.exists`,
						},
						...activations.map(([name, role, task]) => ({
							name: `${name}, as before`,
							...task,
							when: ["openbsd_vnet_activated | default(false)", isChanged(role)],
							// What is behind it is to be put right all the same.
							ignore_errors: true,
						})),
						{
							name: "Stop here",
							"ansible.builtin.fail": {
								msg: "{{ 'The old files are back, and were activated' if openbsd_vnet_activated | default(false) else 'The old files are back: nothing was activated' }}. No host after this one is changed",
							},
						},
					],
				},
				{ name: "Leave the connection, whose states outlive the rules", "ansible.builtin.meta": "reset_connection" },
				{ name: "See that the host answers over a new one", "ansible.builtin.ping": null },
			],
			handlers: activations.map(([name, role, task]) => ({ name, listen: notice, ...task, when: isChanged(role) })),
		},
	];
}

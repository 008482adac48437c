import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Connection, type HostComplaint, runHostProgram, validate } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SimulatedHost } from "../openbsd-host/install.ts";
import { openPlaces, type Place, type Places, placesMissing } from "../openbsd-host/places.ts";
import { shareOf } from "../share.ts";
import { buildCommand, endCommands, runCommand } from "./command.ts";

type Files = Readonly<Record<string, string | undefined>>;

const onHost = {
	"/etc/pf.conf": 'ext = "em0"\nblock all\nanchor "vm/*"\nload anchor "vm/web01" from "/etc/pf.vm/web01.conf"\n',
	"/etc/pf.vm/web01.conf": "pass out on em0\n",
	"/etc/hostname.em1": "up\n",
	"/etc/hostname.vport0": "inet 10.0.0.1/24\nup\n",
	"/var/vm/web01.img": "",
};

/** PATH:LINE:COLUMNS: severity: text (program) */
function shown({ path, line, columns, text, program, severity }: HostComplaint): string {
	const range = columns === undefined ? "" : `:${columns.start}-${columns.end}`;
	return `${path ?? ""}:${line ?? ""}${range}: ${severity}: ${render(text)} (${program})`;
}

describe.skipIf(placesMissing !== undefined)(
	`validate on a simulated host behind sshd${placesMissing === undefined ? "" : ` (${placesMissing})`}`,
	() => {
		let places: Places;
		let at: Place;
		let host: SimulatedHost;
		let connection: Connection;

		beforeAll(async () => {
			places = await openPlaces("validate");
			at = await places.make({ as: "op", files: onHost });
			host = at.host;
			await host.run("OPENBSD_HOST_UID=0 pfctl -f /etc/pf.conf");
			connection = await at.reach();
		}, 60_000);
		afterAll(async () => {
			connection.close();
			await places.end();
		});

		/** All files of the host, but for the notes that its programs make of being called. */
		const everything = () => {
			const at = (name: string) => readdirSync(join(host.root, name), { recursive: true, encoding: "utf8", withFileTypes: true });
			const files = ["etc", "var", "root"].flatMap(at).filter((entry) => entry.isFile());
			return Object.fromEntries(
				[...files.map(({ parentPath, name }) => join(parentPath, name)), join(host.root, "simulated/state.json")].map((path) => [
					path,
					readFileSync(path, "latin1"),
				]),
			);
		};
		const staged = () => readdirSync(join(host.root, "var/tmp"));

		async function say(files: Files): Promise<readonly string[]> {
			const before = everything();
			const wanted = Object.entries(files).map(([path, text]) => ({ path, text }));
			const complaints = await validate(connection, runHostProgram, wanted);
			expect(everything()).toEqual(before);
			expect(staged()).toEqual([]);
			return complaints.map(shown);
		}

		const { "/var/vm/web01.img": _disk, ...given } = onHost;
		const disk = 'vm "web01" {\n\tdisk "/var/vm/web01.img"\n\tinterface\n}\n';

		const cases: readonly (readonly [what: string, files: Files, says: readonly unknown[]])[] = [
			["nothing to say", { ...given, "/etc/vm.conf": disk }, []],
			[
				"a ruleset with a fault: pfctl's words, at the words that our reading finds",
				{ "/etc/pf.conf": "block all\npass on on em0\n" },
				["/etc/pf.conf:2:9-11: error: syntax error (pfctl -nf)"],
			],
			[
				"an anchor's file with a fault: once, though two runs of pfctl find it",
				{ ...given, "/etc/pf.vm/web01.conf": "pass\npass from any to\n" },
				["/etc/pf.vm/web01.conf:2:17-17: error: syntax error (pfctl -nf)", "/etc/pf.conf:: error: pfctl: load anchors (pfctl -nf)"],
			],
			[
				"an anchor's file alone: read with the ruleset of the host that loads it",
				{ "/etc/pf.vm/web01.conf": "pas\n" },
				["/etc/pf.vm/web01.conf:1:4-4: error: syntax error (pfctl -nf)", "/etc/pf.conf:: error: pfctl: load anchors (pfctl -nf)"],
			],
			[
				"a ruleset and the anchor that it loads, both with a fault: each is told",
				{ "/etc/pf.conf": `pas\n${given["/etc/pf.conf"]}`, "/etc/pf.vm/web01.conf": "pas\n" },
				["/etc/pf.conf:1:4-4: error: syntax error (pfctl -nf)", "/etc/pf.vm/web01.conf:1:4-4: error: syntax error (pfctl -a vm/web01 -nf)"],
			],
			[
				"a file that no ruleset loads",
				{ "/etc/pf.vm/db01.conf": "pas\n", "/etc/pf.blocklist": "192.0.2.0/24\n" },
				[
					"/etc/pf.vm/db01.conf:1:4-4: error: syntax error (pfctl -a openbsd-vnet -nf)",
					"/etc/pf.vm/db01.conf:: information: no ruleset loads /etc/pf.vm/db01.conf: it was checked as the file of an anchor called openbsd-vnet (openbsd-vnet)",
					"/etc/pf.blocklist:: information: no ruleset names /etc/pf.blocklist: it was not checked (openbsd-vnet)",
				],
			],
			[
				"included and table files: the new ones are read, not those of the host",
				{
					"/etc/pf.conf":
						'include "/etc/pf.d/in.conf"\ntable <bad> file "/etc/pf.bad"\nload anchor x from "/etc/pf.d/more.conf"\nblock from <bad>\n',
					"/etc/pf.d/in.conf": "pas\n",
					"/etc/pf.d/more.conf": "pas\n",
					"/etc/pf.bad": "192.0.2.0/24\n",
				},
				["/etc/pf.d/in.conf:1:4-4: error: syntax error (pfctl -nf)", "/etc/pf.d/more.conf:1:4-4: error: syntax error (pfctl -a x -nf)"],
			],
			[
				"a file that is taken away and still loaded",
				{ "/etc/pf.conf": given["/etc/pf.conf"], "/etc/pf.vm/web01.conf": undefined },
				[
					"/etc/pf.conf:4:29-52: error: pfctl: pushfile: /etc/pf.vm/web01.conf: No such file or directory (pfctl -nf)",
					"/etc/pf.conf:: error: pfctl: cannot open the main config file!: No such file or directory (pfctl -nf)",
					"/etc/pf.conf:: error: pfctl: load anchors (pfctl -nf)",
				],
			],
			[
				"an interface that the host has not and no file makes: a warning, at the word, also in a macro's value",
				{ "/etc/pf.conf": 'ext = "em7" # em7\nblock in on $ext\npass on em8\npass on vport0\npass on vport1\n' },
				[
					"/etc/pf.conf:1:8-11: warning: the host has no interface em7, and no file makes one (openbsd-vnet)",
					"/etc/pf.conf:3:9-12: warning: the host has no interface em8, and no file makes one (openbsd-vnet)",
					"/etc/pf.conf:5:9-15: warning: the host has no interface vport1, and no file makes one (openbsd-vnet)",
				],
			],
			[
				"a vm.conf with a fault: what vmd says before its place goes with it",
				{ "/etc/vm.conf": 'vm "a" {\n\tmemory x\n}\n' },
				[
					"/etc/vm.conf:2:9-10: error: vmd: invalid memory size: x: Invalid argument (vmd -nf)",
					"/etc/vm.conf:2:9-10: error: failed to parse size: x (vmd -nf)",
				],
			],
			[
				"a vm.conf that vmd -n accepts, and vmd does not start from",
				{ "/etc/vm.conf": `${disk}vm "b" {\n\tmemory 1G\n}\n` },
				["/etc/vm.conf:5:4-7: error: no kernel or disk/cdrom specified (openbsd-vnet)"],
			],
			[
				"disks, kernels and media that are not there, and a switch without its interface",
				{
					"/etc/vm.conf":
						'switch "lan" { interface veb0 }\nvm "a" {\n\tdisk "/var/vm/none.img"\n\tboot "/bsd.none"\n\tcdrom "/none.iso"\n}\nvm "b" {\n\tdisable\n\tdisk "/var/vm/web01.img"\n\tcdrom "/none.iso"\n}\n',
				},
				[
					"/etc/vm.conf:3: error: vmd: disk /var/vm/none.img: No such file or directory (vmd -nf)",
					"/etc/vm.conf:3: error: failed to parse disks: /var/vm/none.img (vmd -nf)",
					"/etc/vm.conf:4:7-18: error: the host has no file /bsd.none (openbsd-vnet)",
					"/etc/vm.conf:5:8-19: error: the host has no file /none.iso (openbsd-vnet)",
					"/etc/vm.conf:10:8-19: warning: the host has no file /none.iso (openbsd-vnet)",
					"/etc/vm.conf:1:26-30: error: the host has no interface veb0, and no file makes one (openbsd-vnet)",
				],
			],
			[
				"a switch whose interface a new file makes",
				{ "/etc/vm.conf": `switch "lan" { interface veb0 }\n${disk}`, "/etc/hostname.veb0": "add em1\nadd vport0\nup\n" },
				[],
			],
			[
				"hostname files: netstart's words, the shell's, and what ifconfig would refuse",
				{
					"/etc/hostname.em1": 'up\ndescription "open\n',
					"/etc/hostname.veb0": "add em1\nadd em9\nadd vport7\nmtu abc\n",
					"/etc/hostname.em9": "up\n",
				},
				[
					// In the words of the sh that the test host has.
					expect.stringMatching(/^\/etc\/hostname\.em1:2:1-18: error: .*(quote|EOF).*\(sh -n\)$/),
					"/etc/hostname.veb0:2:5-8: error: veb0: em9: Invalid argument (openbsd-vnet)",
					"/etc/hostname.veb0:3:5-11: error: veb0: vport7: Invalid argument (openbsd-vnet)",
					"/etc/hostname.veb0:4:5-8: error: mtu abc: invalid (openbsd-vnet)",
					"/etc/hostname.em9:1:1-3: warning: em9: SIOCGIFFLAGS: Device not configured (openbsd-vnet)",
				],
			],
			[
				"a file by an address that takes the place of a file by name",
				{ "/etc/hostname.em1": "up\n", "/etc/hostname.fe:e1:ba:d3:00:03": "up\n" },
				["/etc/hostname.em1:: warning: netstart: /etc/hostname.em1: /etc/hostname.fe:e1:ba:d3:00:03 overrides (netstart -n)"],
			],
			[
				"names that sysctl does not know",
				{ "/etc/sysctl.conf": "net.inet.ip.forwarding=1 # on\nnet.nonsense=1\n" },
				["/etc/sysctl.conf:2:1-13: error: sysctl: second level name nonsense in net.nonsense is invalid (sysctl -n)"],
			],
			[
				"dhcpd.conf",
				{ "/etc/dhcpd.conf": "subnet 10.0.0.0 netmask 255.255.255.0 {\n\trange 10.0.0.5 10.0.0.9\n}\n" },
				["/etc/dhcpd.conf:3: error: semicolon expected. (dhcpd -n)"],
			],
			[
				"rc.conf.local: what rc(8) passes over, and what would not start",
				{
					"/etc/rc.conf.local":
						'# Guests.\nvmd_flags=\n\tDHCPD_flags = vport0 # lan\nrcctl enable ntpd\nvmd.flags=NO\nvm-d_flags=\nntpd_flags="-s\n' +
						"sshd_flags=\"-o Banner='a b'\"\npf=YES\nsavecore_flags=\nnsd_flags=\nunwind_flags=NO\npkg_scripts=unbound redis\nsshd_class=daemon\n",
				},
				[
					"/etc/rc.conf.local:11:1-11: warning: the host has no file /etc/rc.d/nsd (openbsd-vnet)",
					"/etc/rc.conf.local:13:13-26: warning: the host has no file /etc/rc.d/redis (openbsd-vnet)",
					"/etc/rc.conf.local:4:1-18: warning: rc(8) passes this line over: it is not NAME=VALUE (openbsd-vnet)",
					"/etc/rc.conf.local:5:1-10: warning: rc(8) does not know vmd.flags: of a daemon it reads NAME_flags, NAME_user and the like (openbsd-vnet)",
					"/etc/rc.conf.local:6:1-11: error: vm-d_flags is not the name of a variable: rc(8) runs this line as a command (openbsd-vnet)",
					"/etc/rc.conf.local:7:12-15: error: a quote is not closed: the shell that starts the daemon does not read ntpd_flags (openbsd-vnet)",
					"/etc/rc.conf.local:14:1-11: warning: rc(8) does not know sshd_class: of a daemon it reads NAME_flags, NAME_user and the like (openbsd-vnet)",
				],
			],
		];
		test.each(shareOf(cases, 2))("%s", { timeout: 30_000 }, async (_, files, says) => {
			expect(await say(files)).toEqual(says);
		});

		test("a file that is as long as a list of networks, with what a shell would read", async () => {
			const table = `${Array.from({ length: 40_000 }, (_, i) => `10.${i >> 8}.${i & 255}.0/24`).join("\n")}\n# $(touch /etc/pwned) \`x\`\n`;
			expect(await say({ "/etc/pf.conf": 'table <t> file "/etc/pf.table"\nblock from <t>\n', "/etc/pf.table": table })).toEqual([]);
		});

		test("a netstart that names its files in another way is not run", async () => {
			const netstart = host.read("/etc/netstart") ?? "";
			host.write("/etc/netstart", "dir=/etc; ls $dir/hostname.*\n");
			try {
				expect(await say({ "/etc/hostname.em1": "up\n" })).toEqual([
					":: warning: the host's /etc/netstart is not one that can be told to read other files: it was not asked about the hostname files (openbsd-vnet)",
				]);
			} finally {
				host.write("/etc/netstart", netstart);
			}
		});

		test("the connection is cut while the host checks: nothing is left there", async () => {
			const before = everything();
			const state = host.state();
			host.change(({ faults }) => Object.assign(faults, { pfctl: { status: 1, seconds: 1 } }));
			const cut = await at.reach();
			const checking = validate(cut, runHostProgram, [{ path: "/etc/pf.conf", text: "pass\n" }]);
			await expect.poll(staged, { timeout: 10_000, interval: 20 }).toHaveLength(1);
			cut.close();
			await expect(checking).rejects.toThrow();
			await expect.poll(staged, { timeout: 10_000, interval: 100 }).toEqual([]);
			host.change((now) => Object.assign(now, state));
			expect(everything()).toEqual(before);
		});

		describe("openbsd-vnet validate", () => {
			let launcher: string;
			let work: string;
			beforeAll(async () => {
				launcher = await buildCommand();
				work = join(places.folder, "work");
				mkdirSync(join(work, "hv1/etc"), { recursive: true });
				writeFileSync(join(work, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hv1", ssh: "hv1" }] }));
			});

			afterAll(() => endCommands(launcher));

			async function command(file: string, text: string, ...args: string[]) {
				writeFileSync(join(work, "hv1", file), text);
				const ran = await runCommand(launcher, ["validate", "hv1", ...args], work, at.home);
				rmSync(join(work, "hv1", file));
				return ran;
			}

			test("errors, in lines as compilers write them, with what to do: status 1", async () => {
				expect(await command("/etc/vm.conf", 'vm "b" {\n\tmemory 1G\n}\n')).toEqual({
					status: 1,
					stdout:
						"hv1: /etc/vm.conf:1:4: error: no kernel or disk/cdrom specified (openbsd-vnet)\n" +
						"    vmd -n accepts this, but vmd refuses to start: every guest needs a disk or a cdrom, even with a kernel to boot.\n",
					stderr: "",
				});
				const json = await command("/etc/pf.conf", "pass on on em0\n", "--json");
				expect(json).toMatchObject({ status: 1, stderr: "" });
				expect(JSON.parse(json.stdout)).toEqual({
					host: "hv1",
					complaints: [
						{
							path: "/etc/pf.conf",
							line: 1,
							columns: { start: 9, end: 11 },
							text: "syntax error",
							program: "pfctl -nf",
							severity: "error",
						},
					],
				});
			});

			test("warnings alone: status 0", async () => {
				expect(await command("/etc/pf.conf", "pass on em9\n")).toEqual({
					status: 0,
					stdout: "hv1: /etc/pf.conf:1:9: warning: the host has no interface em9, and no file makes one (openbsd-vnet)\n",
					stderr: "",
				});
			});
		});
	},
);

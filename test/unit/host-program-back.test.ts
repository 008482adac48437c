/** What the host program's way back makes of interfaces and routes: what they had before, whatever a change did to them. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { inputOf } from "../../remote/src/deploy/input.ts";
import { canIsolate } from "../openbsd-host/install.ts";
import { shareOf } from "../share.ts";
import { ask, id, oldFiles, openProgramHosts, type ProgramHosts, planOf } from "./program-hosts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The files of interfaces before, what one of them becomes, and what is told to the host beside. */
interface Change {
	readonly before: Readonly<Record<string, string>>;
	readonly file: string;
	readonly after: string;
	/** Other files of the deployment, started before it. */
	readonly beside?: Readonly<Record<string, string>>;
	readonly by?: string;
	readonly release?: string;
}

const vlans = "add em1\n-untagged em1\ntagged em1 10,20\nadd vport0\nuntagged vport0 10\nadd tap1\nuntagged tap1 10\n";
const apart = (after: string, before = ""): Change => ({
	before: { tap1: "# web01\n", vport0: "inet 10.1.0.1/24\nup\n", veb0: `${vlans}${before}up\n` },
	file: "veb0",
	after,
	release: "7.9",
});

const onPort =
	"add em1\nadd pair7\nrule block in on pair7 src fe:e1:ba:d0:00:02\nblocknonip em1\nrule pass in on em1 src fe:e1:ba:d0:00:01\nrule block in on em1\nup\n";

const changes: Readonly<Record<string, Change>> = {
	"a group": { before: { em1: "up\n" }, file: "em1", after: "group trusted\nup\n" },
	"an MTU": { before: { em1: "inet 10.1.0.1/24\n" }, file: "em1", after: "inet 10.1.0.1 255.255.255.0 NONE mtu 9000\n" },
	"a routing domain": { before: { em1: "inet 10.1.0.1/24\n" }, file: "em1", after: "rdomain 1\ninet 10.1.0.1/24\n" },
	"a routing domain that is new with its interface and its loopback": {
		before: {},
		file: "vether5",
		after: "rdomain 5\ninet 10.5.0.1/24\n",
		beside: { lo5: "rdomain 5\ninet 10.5.1.1/32\n" },
	},
	"a routing domain that has its loopback": {
		before: { em1: "inet 10.1.0.1/24\n", lo1: "rdomain 1\ninet 10.1.1.1/32\n" },
		file: "em1",
		after: "rdomain 1\ninet 10.1.0.1/24\n",
	},
	"a description": { before: { em1: "description old\nup\n" }, file: "em1", after: "description new\nup\n" },
	"an alias": { before: { em1: "inet 10.1.0.1/24\n" }, file: "em1", after: "inet 10.1.0.1/24\ninet alias 10.1.0.9/32\n" },
	"the first IPv6 address": { before: { em1: "inet 10.1.0.1/24\n" }, file: "em1", after: "inet 10.1.0.1/24\ninet6 2001:db8:1::1 64\n" },
	"another address": { before: { em1: "inet 10.1.0.1/24\n" }, file: "em1", after: "inet 10.1.0.2/24\n" },
	"an address of a port of a veb, which is not told of it": {
		before: { pair7: "up\n", em1: "inet 10.1.0.1/24\ninet alias 10.1.0.5/32\n", veb0: onPort },
		file: "em1",
		after: "inet 10.1.0.2/24\n",
	},
	"an address of a port that left its veb for it": {
		before: { pair7: "up\n", em1: "inet 10.1.0.1/24\n", veb0: onPort },
		file: "veb0",
		after: "add em1\nrule block in on em1\n",
		beside: { em1: "!ifconfig veb0 del em1\ninet 10.1.0.2/24\n" },
	},
	"the description of a port that has an address": {
		before: { pair7: "up\n", em1: "inet 10.1.0.1/24\ndescription old\n", veb0: onPort },
		file: "em1",
		after: "description new\n",
	},
	"the addresses of a port, all gone": {
		before: { pair7: "up\n", em1: "inet 10.1.0.1/24\ninet6 2001:db8::1 64\n", veb0: onPort },
		file: "em1",
		after: "!ifconfig em1 inet 10.1.0.1 delete\n!ifconfig em1 -inet6\n",
	},
	"an address that was set by hand, of a port of a tpmr": {
		before: { em1: "up\n", tpmr0: "up\n" },
		file: "em1",
		after: "!ifconfig em1 inet 10.1.0.1 delete\n",
		by: "ifconfig em1 10.1.0.1/24 && ifconfig tpmr0 add em1",
	},
	"the MTU of a trunk's ports": {
		before: { em1: "up\n", pair7: "up\n", trunk0: "trunkproto failover trunkport em1 trunkport pair7\ninet 10.3.0.1/24\n" },
		file: "trunk0",
		after: "trunkport em1\ntrunkport pair7\n",
		beside: {
			em1: "!ifconfig trunk0 -trunkport em1\n!ifconfig trunk0 -trunkport pair7\nmtu 1400\nup\n",
			pair7: "mtu 1400\nup\n",
		},
	},
	"another first port of a trunk": {
		before: { em1: "up\n", pair7: "up\n", trunk0: "trunkproto failover trunkport em1 trunkport pair7\ninet 10.3.0.1/24\n" },
		file: "trunk0",
		after: "!ifconfig trunk0 -trunkport em1\ntrunkport em1\n",
	},
	"a flag of a veb": { before: { veb0: "add em1\nup\n" }, file: "veb0", after: "link1\nup\n" },
	"a member of a veb": { before: { veb0: "up\n" }, file: "veb0", after: "add em1\nup\n" },
	"a rule of a veb": {
		before: { veb0: "add em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nup\n" },
		file: "veb0",
		after: "rule pass in on em1\n",
	},
	"VLANs and domains of ports": apart(
		"tagged em1 =20-30\nuntagged vport0 20\ntagged vport0 30\nuntagged tap1 20\nvnetid 7\nprotected em1 1,2\n",
	),
	"no VLANs, and other domains": apart(
		"untagged em1 7\ntagged em1 none\n-protected em1\nprotected vport0 3\n",
		"protected em1 1,2\nprotected vport0 1\n",
	),
	"another locked port": apart(
		"-locked tap1\nlearn tap1\n-learn em1\n-discover em1\nlocked em1\n",
		"-learn tap1\n-discover tap1\nlocked tap1\n",
	),
	"a private VLAN": apart("untagged vport0 1\npvlan 30\npvlan-isolated 30 31\npvlan-community 30 32\nuntagged vport0 31\n"),
	"a rule of a guest's tap": {
		before: { veb0: "add em1\nrule block in on em1 src fe:e1:ba:d0:00:01\nup\n" },
		file: "veb0",
		after: "rule block in on tap0 src fe:e1:ba:d0:00:09\n",
		by: "ifconfig tap0 create && ifconfig veb0 add tap0",
	},
	"a peer of WireGuard": {
		before: { wg0: "wgkey AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= wgport 51820\ninet 10.8.0.1/24\n" },
		file: "wg0",
		after: "wgpeer BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA= wgaip 10.8.0.2/32\n",
	},
	"what is said of a peer": {
		before: {
			wg0: "wgkey AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= wgport 51820\nwgpeer BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA= wgaip 10.8.0.2/32\n",
		},
		file: "wg0",
		after:
			"wgpeer BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA= wgpsk CBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA= wgpka 25 wgaip 10.8.0.3/32\n",
	},
	"a port of a trunk": {
		before: { trunk0: "trunkproto failover\ninet 10.3.0.1/24\nup\n" },
		file: "trunk0",
		after: "trunkport em1\n",
	},
	"a static route of another origin": {
		before: { em1: "inet 10.1.0.1/24\n" },
		file: "em1",
		after: "inet 10.1.0.2/24\n",
		by: "route add -inet 10.9.0.0/16 10.1.0.254",
	},
};

describe.skipIf(!canIsolate()).concurrent("a way back", () => {
	let hosts: ProgramHosts;
	beforeAll(async () => {
		// Whoever asks takes it back: no watchdog needs to look.
		hosts = await openProgramHosts(600);
	});
	afterAll(() => hosts.end());

	test.each(shareOf(Object.keys(changes), 4))("from %s", async (name) => {
		const { before, file, after, beside = {}, by = "true", release = "7.6" } = changes[name] ?? { before: {}, file: "", after: "" };
		const own = Object.fromEntries(Object.entries(before).map(([of, text]) => [`/etc/hostname.${of}`, text]));
		const host = await hosts.make({ ...oldFiles, "/etc/hostname.em1": "up\n", ...own }, release);
		await host.run(`export OPENBSD_HOST_UID=0; ${by}`);
		const shown = async () => {
			const { stdout } = await host.run("ifconfig -A; route -n show; route -T 1 -n show");
			return stdout
				.replace(/\t(lladdr|index|Addresses).*\n/g, "")
				.replace(/\tport \d+/g, "\tport")
				.replace(/flags=[0-9a-f]+|,?PROMISC/g, "");
		};
		const sorted = (text: string) => text.split("\n").sort();
		const old = await shown();
		const started = { ...beside, [file]: after };
		const { lines, texts } = planOf(
			Object.entries(started).map(([of, text]) => ({
				path: `/etc/hostname.${of}`,
				...(before[of] === undefined ? {} : { before: before[of] }),
				after: text,
			})),
			[`run 0 interface ${Object.keys(started).join(" ")}`],
		);
		await ask(host, `lock ${id} 600`);
		await ask(host, `stage ${id}`, { input: inputOf(lines, texts) });
		for (const step of ["backup", "write"]) expect(await ask(host, `${step} ${id}`)).toMatchObject({ status: 0 });
		await ask(host, `activate ${id} 0`);
		expect(await shown()).not.toBe(old);
		expect(await ask(host, `undo ${id}`)).toMatchObject({ status: 0, stdout: "restored\n" });
		expect(sorted(await shown())).toEqual(sorted(old));
	});
});

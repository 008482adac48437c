/** The upgrade check on the host of examples/upgrade, on which every kind of change occurs. */
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { UpgradeView } from "../protocol.ts";
import type { Release } from "../text/vocabulary.ts";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { upgradeOf } from "./upgrade.ts";

const folder = new URL("../../../examples/upgrade/etc/", import.meta.url);
const example: Readonly<Record<string, string>> = Object.fromEntries(
	readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) => {
		if (!entry.isFile()) return [];
		const path = `${entry.parentPath}/${entry.name}`;
		return [[`file:///host/etc/${path.slice(path.indexOf("examples/upgrade/etc/") + 21).replace(/^\/+/, "")}`, readFileSync(path, "utf8")]];
	}),
);
const host = { name: "hv1", root: "file:///host", mount: "/" } as const;

async function upgrade(workspace: Workspace, from: Release | undefined, to: Release): Promise<UpgradeView> {
	const view = await upgradeOf(workspace, host, { from, to });
	if (view === null) throw new Error("no files of a host");
	return view;
}

const shown = ({ findings }: UpgradeView): readonly string[] =>
	findings.map(
		({ effect, code, path, range, fixes }) =>
			`${effect} ${path}:${range.start.line + 1} ${code}${fixes.map(({ title }) => ` (${title})`).join("")}`,
	);

const files = (texts: Readonly<Record<string, string>>): Workspace =>
	memoryWorkspace(Object.fromEntries(Object.entries(texts).map(([path, text]) => [`file:///host${path}`, text])));

describe("the example host", () => {
	test("from 7.6 to 8.0: each kind of change, with its fix", async () => {
		const view = await upgrade(memoryWorkspace(example), "7.6", "8.0");
		expect(shown(view)).toEqual(
			expect.arrayContaining([
				"refused /etc/hostname.trunk0:1 hostname/trunk-lacp (Write it as aggr0, in a file of its own)",
				"refused /etc/rc.local:2 host/no-vmctl-send",
				"refused /etc/ssh/sshd_config:5 host/no-subsystem-in-match (Move it above the first `Match`)",
				"refused /etc/sysctl.conf:3 host/sysctl-name (Remove this line)",
				"meaning /etc/hostname.veb0:1 hostname/veb-drops-tags (Write `tagged` for each port)",
				"meaning /etc/hostname.veb0:5 hostname/vports-reach-each-other (Keep them apart by `protected`)",
				"meaning /etc/pf.conf:1 pf/limits-at-their-line",
				"meaning /etc/pf.conf:7 pf/divert-minds-the-rdomain",
				"meaning /etc/pf.conf:9 pf/no-forwarding-from-zero",
				"meaning /etc/rc.conf.local:1 host/dhcpd-serves-its-rdomain",
				"meaning /etc/ssh/sshd_config:1 host/certificates-need-principals",
				"meaning /etc/ssh/sshd_config:2 host/forwarding-covers-tunnels",
				"meaning /etc/sysctl.conf:2 host/sysctl-line (Delete the blanks in front)",
				"printed /etc/pf.conf:10 pf/prints-both-translations",
				"needless /etc/hostname.em0:1 hostname/pppoe-needs-no-parent-mtu (Remove this line)",
			]),
		);
		const page = readFileSync(new URL("../../../docs/upgrade.md", import.meta.url), "utf8");
		for (const { path, range, message, code } of view.findings)
			expect(page).toContain(`${path}:${range.start.line + 1}: ${message} [${code}]`);
		// sysctl.conf is read otherwise since 7.7: the host no longer forwards.
		expect(view.connections.map(({ kind }) => kind)).toContain("closes");
	});

	test("a release brings only what is its own", async () => {
		const view = await upgrade(memoryWorkspace(example), "7.7", "7.8");
		expect(new Set(view.findings.flatMap(({ release }) => release ?? []))).toEqual(new Set(["7.8"]));
		expect(shown(view).some((line) => line.includes("hostname/trunk-lacp"))).toBe(false);
		expect((await upgrade(memoryWorkspace(example), "7.8", "7.8")).findings).toEqual([]);
	});

	test("openbsd-vnet.json tells from where, or else the release before", async () => {
		const listed = await upgradeOf(memoryWorkspace(example), { ...host, release: "7.7" }, { from: undefined, to: "7.9" });
		expect(listed?.from).toBe("7.7");
		expect((await upgrade(memoryWorkspace(example), undefined, "7.9")).from).toBe("7.8");
	});
});

describe("single changes", () => {
	test.each<readonly [name: string, texts: Readonly<Record<string, string>>, from: Release, to: Release, found: readonly string[]]>([
		["pvlan before its ports", { "/etc/hostname.veb0": "pvlan 30\npvlan-isolated 30 31\nadd em1\nup\n" }, "7.9", "8.0", []],
		[
			"words that the older one lacks",
			{ "/etc/hostname.veb0": "add em1\nuntagged em1 10\nup\n" },
			"7.9",
			"7.8",
			["refused /etc/hostname.veb0:2 hostname/newer-word"],
		],
		[
			"-tagged",
			{ "/etc/hostname.veb0": "add em1\n-tagged em1\nup\n" },
			"7.9",
			"8.0",
			["meaning /etc/hostname.veb0:2 hostname/untagging-is-read (Write `tagged em1 none`)"],
		],
		[
			"communities in a row",
			{ "/etc/hostname.veb0": "add em1\npvlan 30\npvlan-community 30 31\npvlan-community 30 32\nup\n" },
			"7.9",
			"8.0",
			["printed /etc/hostname.veb0:3 hostname/prints-ranges-of-communities"],
		],
		[
			"Subsystem at the top",
			{ "/etc/hostname.em0": "up\n", "/etc/ssh/sshd_config": "Subsystem sftp internal-sftp\nMatch User a\n\tX11Forwarding no\n" },
			"7.8",
			"7.9",
			[],
		],
		[
			"vports of one veb",
			{ "/etc/hostname.veb0": "add vport0\nadd vport1\nup\n" },
			"7.7",
			"7.9",
			["meaning /etc/hostname.veb0:2 hostname/vports-reach-each-other (Keep them apart by `protected`)"],
		],
		[
			"vports in VLANs of their own",
			{ "/etc/hostname.veb0": "add vport0\nuntagged vport0 10\nadd vport1\nuntagged vport1 20\nadd em1\ntagged em1 10,20\nup\n" },
			"7.7",
			"7.9",
			[],
		],
		[
			"vports that are kept apart",
			{ "/etc/hostname.veb0": "add vport0\nadd vport1\nprotected vport0 1\nprotected vport1 1\nup\n" },
			"7.7",
			"7.9",
			[],
		],
		["a comment about receive", { "/etc/hostname.em0": "up\n", "/etc/rc.local": "# vmctl receive web\n" }, "7.7", "7.8", []],
	])("%s", async (_, texts, from, to, found) => {
		expect(shown(await upgrade(files(texts), from, to))).toEqual(found);
	});

	test("a release that nobody here knows", async () => {
		const view = await upgrade(files({ "/etc/hostname.em0": "up\n" }), "8.0", "8.9");
		expect(view.note).toContain("OpenBSD 8.9 is unknown to us");
	});
});

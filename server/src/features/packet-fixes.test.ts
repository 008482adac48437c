/** Fixes of what shows of packets: applied to whole hosts, they take their fault away and bring no new one. */
import { expect, test } from "vitest";
import { readHost } from "../../../test/unit/hosts.ts";
import { packetChecks } from "../policy/checks.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import { reportedDiagnostics } from "./diagnostics.ts";
import { open } from "./testing.ts";

type Texts = ReadonlyMap<string, string>;
type Told = readonly [file: string, diagnostic: Diagnostic];

const hostText = (texts: Texts): string => [...texts].map(([path, text]) => `//- ${path}\n${text}`).join("");

async function told(texts: Texts): Promise<readonly Told[]> {
	const { session, documents } = await open(hostText(texts));
	return [...texts.keys()].flatMap((path) => {
		const file = documents.file(`file:///host${path}`);
		return file === undefined ? [] : reportedDiagnostics(session, file).map((one) => [path, one] as const);
	});
}

function mended(texts: Texts, path: string, { fixes = [] }: Diagnostic): Texts | undefined {
	const [fix] = fixes;
	if (fix === undefined) return undefined;
	const after = new Map(texts);
	for (const edit of [...fix.edits].sort((x, y) => y.span.start - x.span.start)) {
		const name = edit.file ?? path;
		const text = after.get(name) ?? "";
		after.set(name, text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end));
	}
	return after;
}

const kindOf = ([file, { code, severity, message }]: Told): string => `${severity} ${code} ${file} ${message.args[0] ?? ""}`;
const isSerious = ([, { severity }]: Told): boolean => severity === "error" || severity === "warning";

/** Told once rules are about the guests' ports: the frames passed before as well. */
const SHOWN_LATER = "host/tags-past-pf";

/** The handbook's routed guests and a bridged one, with every fault that has a fix. */
const FAULTY: Texts = new Map([
	[
		"/etc/vm.conf",
		'switch "lan" {\n\tinterface bridge0\n}\nswitch "isolated" {\n\tinterface veb1\n}\nvm "web" {\n\tdisk "/web"\n\tinterface { switch "lan" }\n}\nvm "db" {\n\tdisk "/db"\n\tinterface tap4 { switch "isolated" }\n}\n',
	],
	["/etc/hostname.bridge0", "add em1\nup\n"],
	["/etc/hostname.em1", "up\n"],
	["/etc/hostname.em0", "inet autoconf\ninet6 autoconf\n"],
	["/etc/hostname.veb1", "link1\nadd vport0\nadd tap4\nup\n"],
	["/etc/hostname.tap4", "# db\n"],
	["/etc/hostname.vport0", "inet 10.50.0.1/24\nup\n"],
	["/etc/sysctl.conf", "net.inet.ip.forwarding=1\n"],
	["/etc/rc.conf.local", "dhcpd_flags=vport0\nvmd_flags=\n"],
	["/etc/dhcpd.conf", "subnet 10.50.0.0 netmask 255.255.255.0 {\n\trange 10.50.0.100 10.50.0.200;\n}\n"],
	[
		"/etc/pf.conf",
		"set skip on lo\nset state-policy if-bound\nmatch out on em0 inet from 10.50.0.0/24 nat-to (em0)\nblock all\npass out on em0 inet\npass in on vport0 inet proto tcp from 10.50.0.0/24 to ! (self)\npass in on tap4 inet proto tcp\npass on { em1 tap } proto tcp\n",
	],
]);

test.each<[host: string, texts: Texts, mended: readonly string[]]>([
	[
		"examples/handbook",
		readHost("handbook"),
		["host/bridged-dhcp-blocked", "host/guest-cut-off", "host/guests-reach-host", "host/ssh-locked-out"],
	],
	["examples/handbook-microsegmentation", readHost("handbook-microsegmentation"), ["host/bridged-dhcp-blocked", "host/guest-cut-off"]],
	[
		"one with every fault",
		FAULTY,
		["host/bridged-dhcp-blocked", "host/dhcp-blocked", "host/ssh-locked-out", "pf/neighbour-discovery-blocked"],
	],
])("on %s, one after another", async (_, given, expected) => {
	let texts = given;
	const done = new Map<string, string>();
	for (let step = 0; step < 10; step++) {
		const before = await told(texts);
		const found = before.find(
			(one) => Object.hasOwn(packetChecks, one[1].code) && (one[1].fixes?.length ?? 0) > 0 && !done.has(kindOf(one)),
		);
		if (found === undefined) break;
		const after = mended(texts, ...found);
		if (after === undefined) break;
		const now = await told(after);
		expect(now.map(kindOf)).not.toContain(kindOf(found));
		const known = new Set(before.map(kindOf));
		const news = now
			.filter(isSerious)
			.filter(([, { code }]) => code !== SHOWN_LATER)
			.map(kindOf);
		expect(news.filter((kind) => !known.has(kind))).toEqual([]);
		done.set(kindOf(found), found[1].code);
		texts = after;
	}
	expect([...done.values()].sort()).toEqual(expected);
});

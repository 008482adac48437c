import { describe, expect, test } from "vitest";
import { signatureHelp } from "./signature-help.ts";
import { open } from "./testing.ts";

const pf = (text: string): string => `//- /etc/pf.conf\n${text}`;
const vm = (text: string): string => `//- /etc/vm.conf\n${text}`;
const hostname = (name: string, text: string): string => `//- /etc/hostname.${name}\n${text}`;

/** The argument at the cursor in brackets of its own: `max-src-conn-rate number/«seconds»`. */
const cases: readonly (readonly [text: string, shown: string | undefined])[] = [
	[pf("pass keep state (max-src-conn-rate |"), "max-src-conn-rate «number»/seconds"],
	[pf("pass keep state (max-src-conn-rate 10/|"), "max-src-conn-rate number/«seconds»"],
	[pf("pass keep state (max-src-conn-rate 10/5, overload <|"), "overload <«table»>"],
	[pf("pass keep state (max 10, tcp.established |"), "tcp.established «seconds»"],
	[pf("pass keep state (|"), undefined],
	[pf("match out nat-to |"), "nat-to «address» [port] [method] [sticky-address] [static-port]"],
	[pf("match out nat-to { 10.0.0.1, |"), "nat-to «address» [port] [method] [sticky-address] [static-port]"],
	[pf("match out nat-to { 10.0.0.1, 10.0.0.2 } |"), "nat-to address «[port]» [method] [sticky-address] [static-port]"],
	[pf("match out nat-to 10.0.0.0/24 round-robin |"), "nat-to address [port] [method] «[sticky-address]» [static-port]"],
	[pf("pass in rdr-to 10.0.0.1 port |"), "port «port»"],
	[pf("pass in divert-to 127.0.0.1 port |"), "divert-to address port «port»"],
	[pf("pass in inet6 af-to inet from |"), "af-to family from «address»"],
	[pf("pass set prio (4, |"), "prio priority «[for ACKs]»"],
	[pf("pass proto tcp from 10.0.0.0/8 to |"), "to «destination»"],
	[pf('w = "em0"\npass on $w from |'), "from «source»"],
	[pf("set timeout { tcp.first 10, udp.first |"), "udp.first «seconds»"],
	[pf("set limit |"), "limit «pool» number"],
	[pf('pass label "|"'), 'label "«label»"'],
	[pf("pass |"), undefined],
	[pf("pass # max-src-conn-rate |"), undefined],
	[vm('vm "a" {\n\tdisk "/a" format |'), "format «format»"],
	[vm('vm "a" {\n\tmemory |'), "memory «size»"],
	[vm('vm "a" {\n\t|'), undefined],
	[hostname("em0", "inet |"), "inet «address» [netmask] [broadcast]"],
	[hostname("em0", "inet 10.0.0.1 |"), "inet address «[netmask]» [broadcast]"],
	[hostname("em0", "inet alias 10.0.0.1 255.0.0.0 |"), "inet address [netmask] «[broadcast]»"],
	[hostname("em0", "inet6 fd00::1 |"), "inet6 address «[prefixlen]»"],
	[hostname("em0", "inet autoconf |"), undefined],
	[hostname("wg0", "wgpeer key wgendpoint 192.0.2.1 |"), "wgendpoint address «port»"],
];

describe("signature help", () => {
	for (const [text, shown] of cases) {
		test(text.slice(text.lastIndexOf("\n") + 1), async () => {
			const { session, file, offset } = await open(text);
			const help = signatureHelp(session, file, offset);
			const [signature] = help?.signatures ?? [];
			const at = signature?.parameters?.[help?.activeParameter ?? 0]?.label;
			if (signature === undefined || !Array.isArray(at)) return expect(signature).toBe(shown);
			const { label } = signature;
			expect(`${label.slice(0, at[0])}«${label.slice(...at)}»${label.slice(at[1])}`).toBe(shown);
		});
	}
});

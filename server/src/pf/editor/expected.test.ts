import { expect, test } from "vitest";
import type { Expectation } from "../../text/language.ts";
import { PfFile } from "./file.ts";

function shown(one: Expectation): string {
	switch (one.kind) {
		case "keyword":
			return one.entry.name;
		case "symbol":
			return `<${one.of}>`;
		case "value":
			return `${one.type}${one.choices ? `:${one.choices.slice(0, 3).join(",")}` : ""}`;
		case "punctuation":
			return one.text;
	}
}

/** At the cursor `|`: what could stand there (`...` where there is more), and which argument of which option it is. */
test.each<readonly [text: string, expected: string, argument: string]>([
	["block return-icmp (|", "icmp-code:net-unr,host-unr,proto-unr <macro>", "return-icmp 0"],
	["block return-icmp (1, |", "icmp-code:admin-unr,noroute-unr,beyond-unr <macro>", "return-icmp 1"],
	["block return-icmp6 (|", "icmp-code:admin-unr,noroute-unr,beyond-unr <macro>", "return-icmp6 0"],
	["pass inet proto icmp icmp-type unreach code |", "icmp-code:net-unr,host-unr,proto-unr <macro>", "code 0"],
	["pass inet6 proto icmp6 icmp6-type timex code |", "icmp-code:transit,reassemb <macro>", "code 0"],
	["pass proto tcp flags |", "any / tcp-flags:S/SA,S/SAFR <macro>", "flags 0"],
	["pass proto tcp flags S/|", "tcp-flags <macro>", ""],
	["pass from any os |", "{ os:unknown,Windows,Linux <macro>", "os 0"],
	["pass from em0:|", "network broadcast peer 0 / - !", ""],
	["pass from (em0:|", "network broadcast peer 0 )", ""],
	["table <t> { |", "} { ! ( < address self <macro> <interface> <interface-group>", ""],
	["pass keep state (|", "max no-sync max-src-states max-src-conn max-src-conn-rate overload...", ""],
	["pass keep state (max-src-conn-rate 5/|", "number <macro>", "max-src-conn-rate 1"],
	["pass keep state (overload |", "<", "overload 0"],
	["pass keep state (source-track |", "global rule ) , max no-sync...", "source-track 0"],
	["set limit |", "{ word <macro> states src-nodes frags tables table-entries pktdelay-pkts anchors", "limit 0"],
	["set limit states |", "number <macro>", "states 0"],
	["set limit { states 5, |", "word <macro> states src-nodes frags tables table-entries pktdelay-pkts anchors", ""],
	["set timeout { tcp.first 60, |", "word <macro> tcp.first tcp.opening tcp.established tcp.closing...", ""],
	["set reassemble |", "no word <macro> yes", "reassemble 0"],
	["match scrub (reassemble |", "word <macro> tcp", ""],
	["match scrub (max-mss |", "number <macro>", "max-mss 0"],
	["pass tos |", "word <macro> critical inetcontrol netcontrol lowdelay...", "tos 0"],
	['pass label "web-$|', "label:$if,$srcaddr,$dstaddr", "label 0"],
	['pass label "|', "label:$if,$srcaddr,$dstaddr", "label 0"],
	["pass tag |", "<tag> <macro>", "tag 0"],
	["pass in rdr-to 10.0.0.1 port |", "port <service> <macro>", "port 0"],
	["pass in rdr-to { 10.0.0.1, |", "( < route address self <macro> <interface> <interface-group> <table>", "rdr-to 0"],
	["pass in rdr-to 10.0.0.1 |", "/ - weight port bitmask random...", "rdr-to 1"],
	["pass in divert-to 127.0.0.1 port |", "port <service> <macro>", "divert-to 1"],
	["pass in af-to |", "inet inet6 from", "af-to 0"],
	["pass in af-to inet from |", "{ ( < route address self <macro> <interface> <interface-group> <table>", "af-to 1"],
	["pass set (prio 1, |", "prio queue tos delay", ""],
	["pass set prio (1, |", "number <macro>", "prio 1"],
	["queue q on |", "{ ! any rdomain <interface> <interface-group> <macro>", "on 0"],
	["queue q on em0 bandwidth |", "bandwidth <macro>", "bandwidth 0"],
	["queue q on em0 bandwidth 5M burst 9M for |", "number <macro>", "for 0"],
	["queue q parent |", "<queue> <macro>", "parent 0"],
	["set syncookies adaptive (|", "word <macro> start end", ""],
	["set syncookies adaptive (start |", "number <macro>", "start 0"],
	["antispoof for |", "{ ( any rdomain <interface> <interface-group> <macro>", "for 0"],
	["load anchor a from |", "<file> <macro>", "from 0"],
	["load anchor |", "<anchor> <macro> from", "anchor 0"],
	["anchor |", "<anchor> <macro> in out quick on...", "anchor 0"],
	["pass proto tcp to port 80 |", "<> >< scrub flags icmp-type icmp6-type...", ""],
	["pass proto tcp user |", "{ = != <= < >= > <user> <macro>", "user 0"],
	["pass on rdomain |", "number <macro>", "rdomain 0"],
	["lan = |", "word <macro> <interface> <interface-group> <table> address <service>", ""],
	['lan = "|', "<interface> <interface-group> <table> address <service>", ""],
	['x = "em0"\npass on $|', "{ ! any rdomain <interface> <interface-group> <macro>", "on 0"],
	['nets = "{ 10.0.0.0/8 }"\npass from |', "port any { ! no-route urpf-failed...", "from 0"],
	["pass from <|", "<table> <macro>", "from 0"],
	["pass log (to |", "<interface> <macro>", "to 0"],
	["block return-rst (|", "ttl", "return-rst 0"],
	["pass probability |", "number <macro>", "probability 0"],
	["pass ! |", "tagged received-on", ""],
	["state limiter |", "state-limiter", "state 0"],
	["pass state limiter dns (|", "no-match block", ""],
	["pass keep state (max 5, |", "max no-sync max-src-states max-src-conn max-src-conn-rate overload...", ""],
	["set timeout { tcp.first 5 |", ", } word <macro> tcp.first tcp.opening...", ""],
	// Behind a mistake in the line, and behind a list that an earlier line left open.
	["pass in form 10.0.0.1 proto |", "{ protocol <macro>", "proto 0"],
	["pass log (al, to |", "<interface> <macro>", "to 0"],
	["pass set (prio 9x, queue |", "( <queue> <macro>", "queue 0"],
	["pass keep state (maxx 5, max-src-conn |", "number <macro>", "max-src-conn 0"],
	["table <t> { 10.0.0.1\nset limit |", "{ word <macro> states src-nodes...", "limit 0"],
])("%j", (marked, expected, told) => {
	const at = marked.indexOf("|");
	const { expectations, argument } = PfFile.parse(marked.replace("|", ""), { path: "/etc/pf.conf" }).expected(at);
	const found = expectations.map(shown);
	if (expected.endsWith("...")) expect(found).toEqual(expect.arrayContaining(expected.slice(0, -3).split(" ")));
	else expect(found.join(" ")).toBe(expected);
	expect(argument === undefined ? "" : `${argument.entry.name} ${argument.index}`).toBe(told);
});

import { expect, test } from "vitest";
import type { Release } from "../../text/vocabulary.ts";
import { systemOf } from "../ruleset/dryrun.ts";
import { Environment } from "./environment.ts";
import { grammarOf } from "./grammar.ts";
import { Parser } from "./parser.ts";

const OPTIONS =
	"scrub flags icmp-type icmp6-type keep modulate binat-to allow-opts route-to dup-to reply-to no label fragment user group tos set synproxy probability queue rtable prio once max-pkt-rate tagged tag divert-to divert-reply divert-packet nat-to af-to rdr-to received-on ! state source";
/** What came with limiters: cut out of what older releases take. */
const LIMITERS = " state source";
const POOL = "bitmask random source-hash round-robin least-states static-port sticky-address";
const STATE =
	"floating if-bound max max-src-conn max-src-conn-rate max-src-nodes max-src-states no-sync overload pflow sloppy source-track STRING";
const SCRUB = "max-mss min-ttl no-df random-id reassemble";
const FIELDS = "delay prio queue tos";
const QUEUE = "bandwidth default flows parent qlimit quantum";
const HOST = "route STRING NUMBER ( <";
const XHOST = `${HOST} ! no-route urpf-failed`;
const COMPARED = "STRING NUMBER < > = != <= >=";
const NAME_OR_NUMBER = "STRING NUMBER";
const STATES = "state limiter a id 1 limit 5\n";
const SOURCES = "source limiter a id 1 entries 5 limit 5\n";
/** What may stand in a rule, less and less of it the further the rule has come. */
const OPTIONS_OR_END = `${OPTIONS} NEWLINE`;
const ENDS = `${OPTIONS_OR_END} all from os to`;
const AF = `${ENDS} inet inet6 proto`;
const INTERFACE = `${AF} on`;

type Row = readonly [before: readonly string[], tokens: string];

/** For each rule of parse.y's grammar: behind these words, exactly these tokens are no syntax error. */
const grammar: Readonly<Record<string, readonly Row[]>> = {
	ruleset: [[["\n", "pass\n"], "anchor antispoof block include load match pass queue set table STRING NEWLINE state source"]],
	statelim: [
		[["state ", "source ", "pass state ", "pass source "], "limiter"],
		[["state limiter ", "source limiter "], "STRING"],
		[["state limiter a ", "state limiter a id 1 ", "state limiter a limit 5 ", "state limiter a rate 1/10 "], "id limit rate NEWLINE"],
		[["state limiter a id ", "state limiter a limit ", "state limiter a rate ", "state limiter a rate 1/"], "NUMBER"],
		[["state limiter a rate 1 "], "/"],
	],
	sourcelim: [
		[
			["source limiter a ", "source limiter a id 1 ", "source limiter a entries 5 ", "source limiter a inet mask 24 "],
			"entries id inet inet6 limit rate table NEWLINE",
		],
		[["source limiter a inet ", "source limiter a inet6 "], "mask"],
		[["source limiter a entries ", "source limiter a inet mask ", "source limiter a table <t> above "], "NUMBER"],
		[["source limiter a table "], "<"],
		[["source limiter a table <t> "], "above"],
		[["source limiter a table <t> above 9 "], "below entries id inet inet6 limit rate table NEWLINE"],
	],
	"limiter of a rule": [
		[["pass state limiter ", "pass source limiter "], "id STRING"],
		[["pass state limiter id "], "NUMBER"],
		[[`${STATES}pass state limiter a `, `${SOURCES}pass source limiter id 1 `], `${OPTIONS_OR_END} (`],
		[["pass state limiter a ("], "block no-match"],
		[["pass state limiter a (block "], ")"],
		[[`${STATES}pass state limiter a (no-match) `], OPTIONS_OR_END],
	],
	include: [
		[["include "], "STRING"],
		[["include a "], "NEWLINE"],
	],
	varset: [
		[["a "], "="],
		[["a = "], NAME_OR_NUMBER],
		[["a = b ", "a = 9 "], "STRING NUMBER NEWLINE"],
	],
	option: [
		[
			["set "],
			"block-policy debug fingerprints hostid limit loginterface optimization reassemble ruleset-optimization skip state-defaults state-policy syncookies timeout",
		],
		[["set reassemble "], "no STRING"],
		[["set reassemble yes ", "set reassemble no "], "no-df NEWLINE"],
		[["set block-policy "], "drop return"],
		[["set state-policy "], "floating if-bound"],
		[["set debug "], "debug STRING"],
		[["set loginterface "], "all STRING"],
		[["set hostid "], NAME_OR_NUMBER],
		[["set skip "], "on NEWLINE"],
		[["set optimization ", "set ruleset-optimization ", "set fingerprints ", "set syncookies "], "STRING"],
		[["set ruleset-optimization none "], "STRING NEWLINE"],
		[
			[
				"set reassemble yes no-df ",
				"set block-policy drop ",
				"set state-policy floating ",
				"set debug debug ",
				"set loginterface em0 ",
				"set loginterface all ",
				"set hostid 1 ",
				"set skip on lo ",
				"set skip on { lo } ",
				"set optimization normal ",
				"set fingerprints x ",
				"set timeout tcp.first 9 ",
				"set timeout { tcp.first 9 } ",
				"set limit states 9 ",
				"set syncookies adaptive (start 9%) ",
			],
			"NEWLINE",
		],
		[["set state-defaults "], STATE],
		[["set state-defaults max 9 "], `${STATE} NEWLINE ,`],
	],
	"syncookie options": [
		[["set syncookies always "], "NEWLINE ("],
		[["set syncookies adaptive (", "set syncookies adaptive (start ", "set syncookies adaptive (start 9%, "], "STRING"],
		[["set syncookies adaptive (start 9% "], "STRING ) ,"],
	],
	"timeouts and sizes": [
		[["set timeout ", "set limit "], "STRING {"],
		[["set timeout { ", "set limit { "], "STRING NEWLINE"],
		[["set timeout { tcp.first 9, ", "set limit { states 9, "], "STRING"],
		[["set timeout { tcp.first 9 ", "set limit { states 9 "], "STRING NEWLINE } ,"],
		[["set timeout tcp.first ", "set limit states ", "set limit { states 9 frags "], "NUMBER"],
	],
	tabledef: [
		[["table "], "<"],
		[["table < "], "STRING"],
		[["table < t "], ">"],
		[["table <t> ", "table <t> persist ", "table <t> { } ", 'table <t> file "/a" '], "file STRING NEWLINE {"],
		[["table <t> file "], "STRING"],
		[["table <t> { "], `${XHOST} NEWLINE { }`],
		[["table <t> { { "], `${XHOST} NEWLINE {`],
		[["table <t> { 10.0.0.1, "], `${XHOST} {`],
		[["table <t> { 10.0.0.1 "], `${XHOST} NEWLINE { } , / - weight`],
		[["table <t> { 10.0.0.1 weight 9 ", "table <t> { <u> weight 9 "], `${HOST} no-route urpf-failed NEWLINE } , { !`],
	],
	queuespec: [
		[["queue "], "STRING"],
		[["queue q "], `${QUEUE} on`],
		[["queue q on em0 "], QUEUE],
		[
			["queue q on em0 bandwidth 9M default ", "queue q parent m ", "queue q qlimit 9 ", "queue q flows 9 ", "queue q quantum 9 "],
			`${QUEUE} NEWLINE`,
		],
		[["queue q parent "], "STRING"],
		[["queue q qlimit ", "queue q flows ", "queue q quantum "], "NUMBER"],
	],
	scspec: [
		[["queue q bandwidth ", "queue q bandwidth 9M burst ", "queue q bandwidth 9M min ", "queue q bandwidth 9M max "], NAME_OR_NUMBER],
		[["queue q bandwidth 9M "], `${QUEUE} burst min max NEWLINE ,`],
		[["queue q bandwidth 9M burst 9M "], "for"],
		[["queue q bandwidth 9M burst 9M for "], "STRING"],
		[["queue q bandwidth 9M, "], "max min"],
		[["queue q bandwidth 9M min 1M "], `${QUEUE} burst max NEWLINE ,`],
		[["queue q bandwidth 9M max 1M "], `${QUEUE} burst min NEWLINE ,`],
		[["queue q bandwidth 9M min 1M, "], "max"],
		[["queue q bandwidth 9M max 1M, "], "min"],
		[["queue q bandwidth 9M min 1M max 9M ", "queue q bandwidth 9M max 9M, min 1M "], `${QUEUE} burst NEWLINE`],
		[["queue q bandwidth 9M burst 9M for 9ms "], `${QUEUE} min max NEWLINE ,`],
	],
	antispoof: [
		[["antispoof "], "for log quick"],
		[["antispoof quick "], "for log"],
		[["antispoof log quick ", "antispoof log (all) quick "], "for"],
		[["antispoof log "], "for quick ("],
		[["antispoof quick log "], "for ("],
		[["antispoof for "], "any rdomain STRING { ("],
		[["antispoof for ( "], "any rdomain STRING"],
		[["antispoof for (em0 "], ")"],
		[["antispoof for { "], "any rdomain STRING NEWLINE ("],
		[["antispoof for { em0, "], "any rdomain STRING ("],
		[["antispoof for { em0 ", "antispoof for { (em0) "], "any rdomain STRING NEWLINE } ( ,"],
		[["antispoof for em0 "], "inet inet6 label rtable NEWLINE"],
		[["antispoof for em0 inet ", "antispoof for em0 label a ", "antispoof for em0 rtable 9 "], "label rtable NEWLINE"],
		[["antispoof for em0 label "], "STRING"],
		[["antispoof for em0 rtable "], "NUMBER"],
	],
	loadrule: [
		[["load "], "anchor"],
		[["load anchor "], "from STRING"],
		[["load anchor a "], "from"],
		[["load anchor a from "], "STRING"],
		[["load anchor a from x "], "STRING NEWLINE"],
	],
	anchorrule: [
		[["anchor "], `${INTERFACE} in out quick { STRING`],
		[["anchor a "], `${INTERFACE} in out quick {`],
		[["anchor a in "], `${INTERFACE} quick {`],
		[["anchor a quick "], `${INTERFACE} {`],
		[["anchor a on em0 "], `${AF} {`],
		[["anchor a inet "], `${ENDS} proto {`],
		[["anchor a proto tcp "], `${ENDS} {`],
		[["anchor a all ", "anchor a flags S/SA "], `${OPTIONS_OR_END} {`],
	],
	pfa_anchor: [
		[["anchor a { "], "NEWLINE"],
		[["anchor a {\n", "anchor a {\npass\n", "anchor a {\ntable <t>\n\n"], "anchor block include match pass table NEWLINE }"],
		[["anchor a {\npass\n} "], "NEWLINE"],
	],
	action: [
		[["pass ", "match ", "block drop ", "block return ", "block return-rst (ttl 9) "], `${INTERFACE} in out log quick`],
		[["block "], `${INTERFACE} in out log quick drop return return-rst return-icmp return-icmp6`],
	],
	blockspec: [
		[["block return-rst ", "block return-icmp ", "block return-icmp6 "], `${INTERFACE} in out log quick (`],
		[["block return-rst ( "], "ttl"],
		[["block return-rst (ttl "], "NUMBER"],
		[["block return-rst (ttl 9 ", "block return-icmp (1, 1 ", "block return-icmp6 (1 "], ")"],
		[["block return-icmp ( ", "block return-icmp (1, ", "block return-icmp6 ( "], NAME_OR_NUMBER],
		[["block return-icmp (1 "], "STRING NUMBER ) ,"],
	],
	dir: [[["pass in ", "block out "], `${INTERFACE} log quick`]],
	logquick: [
		[["pass quick "], `${INTERFACE} log`],
		[["pass log "], `${INTERFACE} quick (`],
		[["pass log (all) "], `${INTERFACE} quick`],
		[["pass quick log "], `${INTERFACE} (`],
		[["pass log quick ", "pass quick log (user) "], INTERFACE],
	],
	logopts: [
		[["pass log ( ", "pass log (all, "], "all matches to user"],
		[["pass log (all ", "pass log (matches ", "pass log (user "], "all matches to user ) ,"],
		[["pass log (to "], "STRING"],
		[["pass log (to pflog1 "], "all matches to user STRING ) ,"],
	],
	interface: [
		[["pass on ", "set skip on ", "queue q on "], "any rdomain STRING { !"],
		[["pass on { ", "set skip on { "], "any rdomain STRING NEWLINE !"],
		[["pass on { em0, "], "any rdomain STRING !"],
		[["pass on { em0 ", "pass on { ! em0 "], "any rdomain STRING NEWLINE } , !"],
		[["pass on ! ", "pass received-on ", "pass ! received-on "], "any rdomain STRING"],
		[["pass on rdomain "], "NUMBER"],
		[["pass on em0 ", "pass on any ", "pass on { em0 em1 } ", "pass on rdomain 1 "], AF],
	],
	af: [[["pass inet ", "pass inet6 "], `${ENDS} proto`]],
	proto: [
		[["pass proto "], "STRING NUMBER {"],
		[["pass proto { "], "STRING NUMBER NEWLINE"],
		[["pass proto { tcp, "], NAME_OR_NUMBER],
		[["pass proto { tcp ", "pass proto { tcp\n"], "STRING NUMBER NEWLINE } ,"],
		[["pass proto tcp ", "pass proto 6 ", "pass proto { tcp 17 } "], ENDS],
	],
	fromto: [
		[["pass all "], OPTIONS_OR_END],
		[["pass from ", "pass to "], `${XHOST} any port {`],
		[["pass from any ", "pass from <t> "], `${OPTIONS_OR_END} os port to`],
		[["pass from 10.0.0.1 "], `${OPTIONS_OR_END} os port to / -`],
		[["pass from any port 80 ", "pass from any port 80:90 "], `${OPTIONS_OR_END} os to <> ><`],
		[["pass from any port > 80 ", "pass from any port 80 <> 90 ", "pass from any port { 80 } "], `${OPTIONS_OR_END} os to`],
		[["pass to any ", "pass to <t> ", "pass from any to { any } "], `${OPTIONS_OR_END} port`],
		[["pass to 10.0.0.1 "], `${OPTIONS_OR_END} port / -`],
		[["pass to any port 80 "], `${OPTIONS_OR_END} <> ><`],
	],
	os: [
		[["pass from any os "], "STRING {"],
		[["pass from any os { "], "STRING NEWLINE"],
		[["pass from any os { OpenBSD "], "STRING NEWLINE } ,"],
		[["pass from any os OpenBSD ", "pass os { OpenBSD } "], `${OPTIONS_OR_END} to`],
	],
	xhost: [
		[["pass from ! "], `${HOST} no-route urpf-failed`],
		[["pass from { "], `${XHOST} any NEWLINE {`],
		[["pass from { 10.0.0.1, "], `${XHOST} any {`],
		[["pass from { 10.0.0.1 "], `${XHOST} any NEWLINE { } , / -`],
		[["pass from { 10.0.0.0/8 ", "pass from { any ", "pass from { (em0)/8 "], `${XHOST} any NEWLINE { } ,`],
		[["pass from 10.0.0.1 - "], "STRING"],
		[["pass from 10/", "pass from (em0)/"], "NUMBER"],
	],
	host: [
		[["pass from < "], "STRING"],
		[["pass from < t "], ">"],
		[["pass from route "], "STRING"],
		[["pass from ( "], "STRING"],
		[["pass from (em0 "], ")"],
		[["pass from (em0) "], `${OPTIONS_OR_END} os port to /`],
		[["pass from 10 "], "/"],
	],
	portspec: [
		[["pass from any port ", "pass to port "], `${COMPARED} {`],
		[["pass from any port { "], `${COMPARED} NEWLINE`],
		[["pass from any port { 80, "], COMPARED],
		[["pass from any port { 80 "], `${COMPARED} NEWLINE } , <> ><`],
		[["pass from any port > ", "pass from any port 80 <> "], NAME_OR_NUMBER],
	],
	"uids and gids": [
		[["pass user ", "pass group "], `${COMPARED} {`],
		[["pass user { ", "pass group { "], `${COMPARED} NEWLINE`],
		[["pass user { root ", "pass group { wheel "], `${COMPARED} NEWLINE } , <> ><`],
		[["pass user > ", "pass user root >< ", "pass group != "], NAME_OR_NUMBER],
		[["pass user root ", "pass group wheel "], `${OPTIONS_OR_END} <> ><`],
		[["pass user > 9 ", "pass group 9 >< 99 ", "pass user { root } "], OPTIONS_OR_END],
	],
	filter_opts: [
		[
			[
				"pass flags S/SA ",
				"pass flags any ",
				"pass flags /S ",
				"pass icmp6-type 1 code 1 ",
				"pass icmp-type { 8 } ",
				"pass prio 1 ",
				"pass tos 9 ",
				"pass no state ",
				"pass keep state (max 9) ",
				"pass modulate state (max 9) ",
				"pass fragment ",
				"pass allow-opts ",
				"pass once ",
				"pass label a ",
				"pass received-on em0 ",
				"pass probability 9% ",
				"pass rtable 9 ",
				"pass divert-reply ",
				"pass divert-packet port 9 ",
				"pass divert-to 127.0.0.1 port 9 ",
				"pass max-pkt-rate 9/9 ",
				"match scrub (no-df) ",
				"pass set prio 1 ",
				"pass set prio (1, 2) ",
				"pass set (prio 1) ",
				"pass set tos 9 ",
				"pass set delay 9 ",
			],
			OPTIONS_OR_END,
		],
		[["pass prio ", "pass rtable ", "pass max-pkt-rate ", "pass max-pkt-rate 9/"], "NUMBER"],
		[["pass max-pkt-rate 9 ", "pass flags S "], "/"],
		[["pass tos ", "pass probability "], NAME_OR_NUMBER],
		[["pass label ", "pass tag ", "pass tagged ", "pass ! tagged "], "STRING"],
		[["pass tag a ", "pass ! tagged a "], `${OPTIONS_OR_END} STRING`],
		[["pass ! "], "received-on tagged"],
		[["pass keep ", "pass no ", "pass modulate ", "pass synproxy "], "state"],
		[["pass keep state ", "pass modulate state ", "pass synproxy state "], `${OPTIONS_OR_END} (`],
	],
	flags: [
		[["pass flags "], "any STRING /"],
		[["pass flags S/", "pass flags /"], "STRING"],
	],
	icmpspec: [
		[["pass icmp-type ", "pass icmp6-type "], "STRING NUMBER {"],
		[["pass icmp-type { ", "pass icmp6-type { "], "STRING NUMBER NEWLINE"],
		[["pass icmp-type { 8 ", "pass icmp6-type { 1 "], "code STRING NUMBER NEWLINE } ,"],
		[["pass icmp-type 8 ", "pass icmp6-type 1 "], `${OPTIONS_OR_END} code`],
		[["pass icmp-type 8 code ", "pass icmp6-type { 1 code "], NAME_OR_NUMBER],
	],
	state_opt_list: [
		[["pass keep state ( ", "pass keep state (no-sync, "], STATE],
		[["pass keep state (max ", "pass keep state (tcp.first ", "pass keep state (max-src-conn-rate 9/"], "NUMBER"],
		[["pass keep state (max-src-conn-rate 9 "], "/"],
		[
			[
				"pass keep state (max 9 ",
				"pass keep state (max-src-states 9 ",
				"pass keep state (max-src-conn-rate 9/9 ",
				"pass keep state (source-track rule ",
				"pass keep state (overload <t> flush global ",
				"pass keep state (tcp.first 9 ",
				"pass keep state (if-bound ",
				"pass keep state (sloppy ",
			],
			`${STATE} ) ,`,
		],
		[["pass keep state (source-track "], `${STATE} global rule ) ,`],
		[["pass keep state (overload "], "<"],
		[["pass keep state (overload < "], "STRING"],
		[["pass keep state (overload < t "], ">"],
		[["pass keep state (overload <t> "], `${STATE} flush ) ,`],
		[["pass keep state (overload <t> flush "], `${STATE} global ) ,`],
	],
	qname: [
		[["pass queue ", "pass set queue "], "STRING ("],
		[["pass queue ( "], "STRING"],
		[["pass queue (a "], "STRING ) ,"],
	],
	filter_set: [
		[["pass set "], `${FIELDS} (`],
		[["pass set ( ", "pass set (prio 1, "], FIELDS],
		[["pass set (prio 1 ", "pass set (tos 9 ", "pass set (delay 9 "], `${FIELDS} ) ,`],
		[["pass set prio "], "NUMBER ("],
		[["pass set prio ( ", "pass set delay "], "NUMBER"],
		[["pass set prio (1 "], "NUMBER ,"],
		[["pass set prio (1, 2 "], ")"],
		[["pass set tos "], NAME_OR_NUMBER],
	],
	scrub_opts: [
		[["match scrub "], "("],
		[["match scrub ( ", "match scrub (no-df, "], SCRUB],
		[["match scrub (no-df ", "match scrub (min-ttl 9 ", "match scrub (max-mss 9 ", "match scrub (reassemble tcp "], `${SCRUB} ) ,`],
		[["match scrub (min-ttl ", "match scrub (max-mss "], "NUMBER"],
		[["match scrub (reassemble "], "STRING"],
	],
	divert: [
		[["pass divert-to "], "STRING"],
		[["pass divert-to 127.0.0.1 ", "pass divert-packet "], "port"],
		[["pass divert-packet port ", "pass divert-to 127.0.0.1 port "], NAME_OR_NUMBER],
	],
	redirspec: [
		[["pass nat-to ", "pass rdr-to ", "pass binat-to ", "pass route-to ", "pass in af-to inet from "], `${HOST} {`],
		[["pass rdr-to { "], `${HOST} NEWLINE`],
		[["pass rdr-to { 10.0.0.1, "], HOST],
		[["pass rdr-to { 10.0.0.1 ", "pass in reply-to { 10.0.0.1 "], `${HOST} weight NEWLINE } , / -`],
		[["pass rdr-to { 10.0.0.1 weight 1 "], `${HOST} NEWLINE } ,`],
		[["pass rdr-to 10.0.0.1 weight "], "NUMBER"],
	],
	redirpool: [
		[["pass nat-to 10.0.0.1 "], `${OPTIONS_OR_END} ${POOL} port weight / -`],
		[["pass nat-to 10.0.0.1 port "], NAME_OR_NUMBER],
		[["pass in route-to 10.0.0.1 "], `${OPTIONS_OR_END} ${POOL} weight / -`],
	],
	pool_opts: [
		[
			[
				"pass nat-to 10.0.0.1 port 80 ",
				"pass nat-to 10.0.0.1 bitmask ",
				"pass nat-to 10.0.0.1 random ",
				"pass nat-to 10.0.0.1 round-robin ",
				"pass nat-to 10.0.0.1 least-states ",
				"pass nat-to 10.0.0.1 static-port ",
				"pass nat-to 10.0.0.1 sticky-address ",
			],
			`${OPTIONS_OR_END} ${POOL}`,
		],
		[["pass nat-to 10.0.0.1 source-hash ", "pass nat-to 10.0.0.1 source-hash k "], `${OPTIONS_OR_END} ${POOL} STRING`],
	],
	"af-to": [
		[["pass in af-to "], "from inet inet6"],
		[["pass in af-to inet "], "from"],
		[["pass in af-to inet from 10.0.0.1 "], `${OPTIONS_OR_END} ${POOL} port to weight / -`],
		[["pass in af-to inet from 10.0.0.1 port 80 "], `${OPTIONS_OR_END} ${POOL} to`],
		[["pass in af-to inet6 from ::1 to "], `${HOST} {`],
	],
};

/** The tokens of a release, each as a word that is one. */
const tokensOf = (release: Release): readonly (readonly [token: string, text: string])[] => [
	...[...grammarOf(release).keywords.words].map((word) => [word, word] as const),
	["STRING", "x"],
	["NUMBER", "9"],
	["NEWLINE", "\n"],
	..."{ } ( ) , ! < > = / - != <= >= <> ><".split(" ").map((sign) => [sign, sign] as const),
];

const newer = systemOf({ release: "7.9" });
const older = systemOf({ release: "7.8" });

/** Whether the token behind some words is where pfctl finds a syntax error. */
function refused(release: Release, before: string, text: string): boolean {
	const parser = new Parser({
		fileName: "",
		text: `${before}${text} `,
		system: release === "7.9" ? newer : older,
		environment: new Environment(),
		anchor: "",
		resume: true,
	});
	while (parser.read() !== undefined);
	return parser.output.complaints.some(({ message, span }) => message.template === "syntax error" && span.start === before.length);
}

const rows = Object.entries(grammar).flatMap(([rule, each]) =>
	each.flatMap(([before, tokens]) => before.map((words) => [rule, words, tokens] as const)),
);

const taken = (release: Release, before: string): readonly string[] =>
	tokensOf(release).flatMap(([token, text]) => (refused(release, before, text) ? [] : [token]));
const sorted = (tokens: string): readonly string[] => [...new Set(tokens.split(" "))].sort();

test.each(rows)("%s: what may follow %j", (_, before, tokens) => {
	expect([...taken("7.9", before)].sort()).toEqual(sorted(tokens));
});

const common = rows.filter(([rule]) => !rule.includes("lim"));

test.each(common)("%s: what may follow %j before there were limiters", (_, before, tokens) => {
	expect([...taken("7.8", before)].sort()).toEqual(sorted(tokens.replace(LIMITERS, "")));
});

/** What pfctl says, by examples: messages.test.ts holds our reading against them, and test/openbsd a real pfctl. */
import type { DryRunOptions } from "../ruleset/dryrun.ts";
import type { PfMessage } from "./messages.ts";

/**
 * A ruleset, all that pfctl says of it (a line that starts with a number is of that line of the file), and a ruleset as near to
 * it as can be that is loaded without a word.
 */
export type Example = readonly [refused: string, says: string | readonly string[], accepted: string, options?: DryRunOptions];

const long = (length: number, letter = "n"): string => letter.repeat(length);
const nested = (depth: number): string => `${"anchor {\n".repeat(depth)}pass\n${"}\n".repeat(depth)}`;
/** What is said of the only combination of a rule. */
const noRule = (...says: readonly string[]): readonly string[] => [
	...says,
	"1: skipping rule due to errors",
	"1: rule expands to no valid combination",
];

export const examples: Readonly<Record<PfMessage, Example>> = {
	"state limiter name is too short": [
		'state limiter "" id 1 limit 5\n',
		"1: state limiter name is too short",
		"state limiter a id 1 limit 5\n",
	],
	"state limiter name is too long": [
		"state limiter sixteen-letters- id 1 limit 5\n",
		"1: state limiter name is too long",
		"state limiter fifteen-letters id 1 limit 5\n",
	],
	"state limiter id {0}: invalid identifier": [
		"state limiter a id 256 limit 5\n",
		"1: state limiter id 256: invalid identifier",
		"state limiter a id 255 limit 5\n",
	],
	"invalid state limiter limit": [
		"state limiter a id 1 limit 16777217\n",
		"1: invalid state limiter limit",
		"state limiter a id 1 limit 16777216\n",
	],
	"state limiter {0} id {1} already exists": [
		"state limiter a id 1 limit 5\nstate limiter b id 1 limit 5\n",
		"2: state limiter b id 1 already exists",
		"state limiter a id 1 limit 5\nstate limiter b id 2 limit 5\n",
	],
	"state limiter not found": [
		"state limiter a id 1 limit 5\npass in state limiter b\n",
		"2: state limiter not found",
		"state limiter a id 1 limit 5\npass in state limiter a\n",
	],
	"state limiter already specified": [
		"state limiter a id 1 limit 5\npass in state limiter a state limiter a\n",
		"2: state limiter already specified",
		"state limiter a id 1 limit 5\npass in state limiter a\n",
	],
	"state limiter only applies to pass rules": [
		"state limiter a id 1 limit 5\nblock in state limiter a\n",
		"2: state limiter only applies to pass rules",
		"state limiter a id 1 limit 5\npass in state limiter a\n",
	],
	"source limiter name is too short": [
		'source limiter "" id 1 entries 5 limit 5\n',
		"1: source limiter name is too short",
		"source limiter a id 1 entries 5 limit 5\n",
	],
	"source limiter name is too long": [
		"source limiter sixteen-letters- id 1 entries 5 limit 5\n",
		"1: source limiter name is too long",
		"source limiter fifteen-letters id 1 entries 5 limit 5\n",
	],
	"source limiter id {0}: invalid identifier": [
		"source limiter a id 256 entries 5 limit 5\n",
		"1: source limiter id 256: invalid identifier",
		"source limiter a id 255 entries 5 limit 5\n",
	],
	"invalid source limiter limit": [
		"source limiter a id 1 entries 5 limit 4294967296\n",
		"1: invalid source limiter limit",
		"source limiter a id 1 entries 5 limit 4294967295\n",
	],
	"source limiter {0} id {1} already exists": [
		"source limiter a id 1 entries 5 limit 5\nsource limiter b id 1 entries 5 limit 5\n",
		"2: source limiter b id 1 already exists",
		"source limiter a id 1 entries 5 limit 5\nsource limiter b id 2 entries 5 limit 5\n",
	],
	"source limiter not found": [
		"source limiter a id 1 entries 5 limit 5\npass in source limiter b\n",
		"2: source limiter not found",
		"source limiter a id 1 entries 5 limit 5\npass in source limiter a\n",
	],
	"source limiter already specified": [
		"source limiter a id 1 entries 5 limit 5\npass in source limiter a source limiter a\n",
		"2: source limiter already specified",
		"source limiter a id 1 entries 5 limit 5\npass in source limiter a\n",
	],
	"source limiter only applies to pass rules": [
		"source limiter a id 1 entries 5 limit 5\nblock in source limiter a\n",
		"2: source limiter only applies to pass rules",
		"source limiter a id 1 entries 5 limit 5\npass in source limiter a\n",
	],
	"id not specified": ["state limiter a limit 5\n", "1: id not specified", "state limiter s id 1 limit 5\n"],
	"limit not specified": ["state limiter a id 1\n", "1: limit not specified", "state limiter s id 1 limit 5\n"],
	"entries not specified": ["source limiter a id 1 limit 5\n", "1: entries not specified", "source limiter s id 1 entries 5 limit 5\n"],
	"state limit not specified": [
		"source limiter a id 1 entries 5\n",
		"1: state limit not specified",
		"source limiter s id 1 entries 5 limit 5\n",
	],
	"id cannot be respecified": ["state limiter s id 1 limit 5 id 2\n", "1: id cannot be respecified", "state limiter s id 1 limit 5\n"],
	"limit cannot be respecified": [
		"state limiter s id 1 limit 5 limit 6\n",
		"1: limit cannot be respecified",
		"state limiter s id 1 limit 5\n",
	],
	"rate cannot be respecified": [
		"state limiter s id 1 limit 5 rate 1/10 rate 2/10\n",
		"1: rate cannot be respecified",
		"state limiter s id 1 limit 5 rate 1/10\n",
	],
	"entries cannot be respecified": [
		"source limiter s id 1 entries 5 limit 5 entries 6\n",
		"1: entries cannot be respecified",
		"source limiter s id 1 entries 5 limit 5\n",
	],
	"inet mask cannot be respecified": [
		"source limiter s id 1 entries 5 limit 5 inet mask 24 inet mask 24\n",
		"1: inet mask cannot be respecified",
		"source limiter s id 1 entries 5 limit 5 inet mask 24\n",
	],
	"inet mask length out of range": [
		"source limiter s id 1 entries 5 limit 5 inet mask 33\n",
		"1: inet mask length out of range",
		"source limiter s id 1 entries 5 limit 5 inet mask 32\n",
	],
	"inet6 mask cannot be respecified": [
		"source limiter s id 1 entries 5 limit 5 inet6 mask 64 inet6 mask 64\n",
		"1: inet6 mask cannot be respecified",
		"source limiter s id 1 entries 5 limit 5 inet6 mask 64\n",
	],
	"inet6 mask length out of range": [
		"source limiter s id 1 entries 5 limit 5 inet6 mask 129\n",
		"1: inet6 mask length out of range",
		"source limiter s id 1 entries 5 limit 5 inet6 mask 128\n",
	],
	"table cannot be respecified": [
		"table <t>\nsource limiter s id 1 entries 5 limit 5 table <t> above 9 table <t> above 9\n",
		"2: table cannot be respecified",
		"table <t>\nsource limiter s id 1 entries 5 limit 5 table <t> above 9\n",
	],
	"invalid source limiter entries": [
		"source limiter s id 1 entries 0 limit 5\n",
		"1: invalid source limiter entries",
		"source limiter s id 1 entries 5 limit 5\n",
	],
	"invalid rate limit {0}": [
		"state limiter s id 1 limit 5 rate 0/10\n",
		"1: invalid rate limit 0",
		"state limiter s id 1 limit 5 rate 1/10\n",
	],
	"invalid rate seconds {0}": [
		"state limiter s id 1 limit 5 rate 1/0\n",
		"1: invalid rate seconds 0",
		"state limiter s id 1 limit 5 rate 1/1\n",
	],
	"below limit higher than above limit": [
		"table <t>\nsource limiter s id 1 entries 5 limit 5 table <t> above 9 below 10\n",
		"2: below limit higher than above limit",
		"table <t>\nsource limiter s id 1 entries 5 limit 5 table <t> above 9 below 9\n",
	],
	"syntax error": ["block\npass in form any\n", "2: syntax error", "block\npass in from any\n"],
	"reached end of file while parsing quoted string": [
		'block\npass label "web\n',
		["2: reached end of file while parsing quoted string", "2: syntax error"],
		'block\npass label "web"\n',
	],
	"macro '{0}' not defined": ["lan = em1\npass on $wan\n", ["2: macro 'wan' not defined", "2: syntax error"], "lan = em1\npass on $lan\n"],
	"macro name cannot contain whitespace": ['"my lan" = em1\n', "1: macro name cannot contain whitespace", '"my_lan" = em1\n'],
	"string too long": [`a = "${long(8095)}"\n`, ["1: string too long", "1: syntax error"], `a = "${long(8094)}"\n`],
	'"{0}" invalid number: {1}': [
		"set hostid 9223372036854775808\n",
		['1: "9223372036854775808" invalid number: too large', "1: syntax error"],
		"set hostid 4294967295\n",
	],
	"{0} is not a number": ["set hostid 0x1g\n", "1: 0x1g is not a number", "set hostid 0x1f\n"],
	"only positive values permitted": ["set timeout interval -1\n", "1: only positive values permitted", "set timeout interval 0\n"],
	"failed to include file {0}": [
		'block\ninclude "/etc/absent.conf"\n',
		["pfctl: pushfile: /etc/absent.conf: No such file or directory", "2: failed to include file /etc/absent.conf"],
		'block\ninclude "/etc/pass.conf"\n',
	],
	"pfctl: pushfile: {0}: No such file or directory": [
		'include "/etc/absent.conf"\n',
		["pfctl: pushfile: /etc/absent.conf: No such file or directory", "1: failed to include file /etc/absent.conf"],
		'include "/etc/pass.conf"\n',
	],
	"pfctl: pushfile: {0}: Too many open files": [
		'include "/etc/circle.conf"\n',
		["pfctl: pushfile: /etc/circle.conf: Too many open files", "/etc/circle.conf:1: failed to include file /etc/circle.conf"],
		'include "/etc/pass.conf"\ninclude "/etc/pass.conf"\n',
	],
	"pfctl: cannot open the main config file!: No such file or directory": [
		'anchor a\nload anchor a from "/etc/absent.conf"\n',
		[
			"Loading anchor a from /etc/absent.conf",
			"pfctl: pushfile: /etc/absent.conf: No such file or directory",
			"pfctl: cannot open the main config file!: No such file or directory",
			"pfctl: load anchors",
		],
		'anchor a\nload anchor a from "/etc/empty.conf"\n',
	],
	"Loading anchor {0} from {1}": [
		'anchor a\nload anchor a from "/etc/typo.conf"\n',
		["Loading anchor a from /etc/typo.conf", "/etc/typo.conf:2: syntax error", "pfctl: load anchors"],
		"anchor a\n",
	],
	"pfctl: load anchors": [
		'anchor a\nload anchor a from "/etc/typo.conf"\n',
		["Loading anchor a from /etc/typo.conf", "/etc/typo.conf:2: syntax error", "pfctl: load anchors"],
		'anchor a\nload anchor a from "/etc/empty.conf"\n',
	],
	"anchor name is missing": ['load anchor from "/etc/pass.conf"\n', "1: anchor name is missing", 'load anchor a from "/etc/pass.conf"\n'],
	"anchor name must not be empty": [
		'anchor "" {\n\tpass\n}\n',
		["1: anchor name must not be empty", "3: syntax error"],
		"anchor {\n\tpass\n}\n",
	],
	"anchor name is longer than 1023": [
		`anchor "${`${long(60)}/`.repeat(16)}${long(47)}"\n`,
		"1: anchor name is longer than 1023",
		`anchor "${`${long(60)}/`.repeat(16)}${long(46)}"\n`,
	],
	"pfctl: anchorrule: strlcpy": [`anchor "vm/${long(63)}"\n`, "pfctl: anchorrule: strlcpy", `anchor "vm/${long(62)}"\n`],
	"anchor names beginning with '_' are reserved for internal use": [
		'anchor "a/_b"\n',
		"1: anchor names beginning with '_' are reserved for internal use",
		'anchor "a/b_"\n',
	],
	"anchor paths containing '/' cannot be used for inline anchors.": [
		'anchor "a/b" {\n\tpass\n}\n',
		"3: anchor paths containing '/' cannot be used for inline anchors.",
		'anchor "a" {\n\tpass\n}\n',
	],
	"inline anchor '{0}' already exists": [
		"anchor a {\n\tpass\n}\nanchor a {\n\tblock\n}\n",
		"6: inline anchor 'a' already exists",
		"anchor a {\n\tpass\n}\nanchor b {\n\tblock\n}\n",
	],
	"anchors without explicit rules must specify a name": [
		"anchor in on em0\n",
		"1: anchors without explicit rules must specify a name",
		"anchor a in on em0\n",
	],
	"anchorrule: bad anchor name {0}": ['anchor "a/"\n', "1: anchorrule: bad anchor name a/", 'anchor "a/*"\n'],
	"pfctl: pfa_anchor: anchors too deep": [nested(64), "pfctl: pfa_anchor: anchors too deep", nested(63)],
	"cannot specify state handling on anchors": [
		"anchor a keep state\n",
		"1: cannot specify state handling on anchors",
		"anchor a no state\n",
	],
	"cannot specify route handling on anchors": [
		"anchor a in route-to 192.0.2.1\n",
		"1: cannot specify route handling on anchors",
		"anchor a in rtable 0\n",
	],
	"pfctl: invalid state timeouts optimization": [
		"set optimization fast\n",
		["pfctl: invalid state timeouts optimization", "1: unknown optimization fast"],
		"set optimization aggressive\n",
	],
	"unknown optimization {0}": [
		"set optimization none\n",
		["pfctl: invalid state timeouts optimization", "1: unknown optimization none"],
		"set optimization Normal\n",
	],
	"unknown ruleset-optimization {0}": [
		"set ruleset-optimization normal\n",
		"1: unknown ruleset-optimization normal",
		"set ruleset-optimization none\n",
	],
	"hostid must be non-zero": ["set hostid 0\n", "1: hostid must be non-zero", "set hostid 1\n"],
	"pfctl: {0}: No such file or directory": [
		'set fingerprints "/etc/absent.os"\n',
		["pfctl: /etc/absent.os: No such file or directory", "1: error loading fingerprints /etc/absent.os"],
		'set fingerprints "/etc/pf.os"\n',
	],
	"error loading fingerprints {0}": [
		'set fingerprints "/etc/absent.os"\n',
		["pfctl: /etc/absent.os: No such file or directory", "1: error loading fingerprints /etc/absent.os"],
		'set fingerprints "/etc/empty.conf"\n',
	],
	'pfctl: unknown debug level "{0}"': [
		"set debug verbose\n",
		['pfctl: unknown debug level "verbose"', "1: error setting debuglevel verbose"],
		"set debug Notice\n",
	],
	"error setting debuglevel {0}": [
		'set debug "8"\n',
		['pfctl: unknown debug level "8"', "1: error setting debuglevel 8"],
		'set debug "7"\n',
	],
	"cannot redefine state-defaults": [
		"set state-defaults no-sync\nset state-defaults pflow\n",
		"2: cannot redefine state-defaults",
		"set state-defaults no-sync, pflow\n",
	],
	"invalid value '{0}', expected 'yes' or 'no'": [
		"set reassemble true\n",
		"1: invalid value 'true', expected 'yes' or 'no'",
		"set reassemble yes\n",
	],
	"pfctl: Bad timeout name.": [
		"set timeout tcp.open 30\n",
		["pfctl: Bad timeout name.", "1: unknown timeout tcp.open"],
		"set timeout tcp.opening 30\n",
	],
	"unknown timeout {0}": [
		"set timeout { tcp.first 60, first 60 }\n",
		["pfctl: Bad timeout name.", "1: unknown timeout first"],
		"set timeout { tcp.first 60, Frag 60 }\n",
	],
	"pfctl: Bad pool name.": [
		"set limit connections 5000\n",
		["pfctl: Bad pool name.", "1: unable to set limit connections 5000"],
		"set limit states 5000\n",
	],
	"unable to set limit {0} {1}": [
		"set limit { states 5000, sources 100 }\n",
		["pfctl: Bad pool name.", "1: unable to set limit sources 100"],
		"set limit { states 5000, src-nodes 100 }\n",
	],
	"skip on ! <interface> is not supported": [
		"set skip on { lo0 ! em0 }\n",
		["1: skip on ! <interface> is not supported", "1: error setting skip interface(s)"],
		"set skip on { lo0 em1 }\n",
	],
	"skip on rdomain <num> is not supported": [
		"set skip on rdomain 1\n",
		["1: skip on rdomain <num> is not supported", "1: error setting skip interface(s)"],
		"set skip on none\n",
	],
	"error setting skip interface(s)": [
		"set skip on ! em0\n",
		["1: skip on ! <interface> is not supported", "1: error setting skip interface(s)"],
		"set skip on em0\n",
	],
	"illegal value for syncookies": ["set syncookies sometimes\n", "1: illegal value for syncookies", "set syncookies always\n"],
	"illegal percentage value": [
		"set syncookies adaptive (start 101%, end 50%)\n",
		"1: illegal percentage value",
		"set syncookies adaptive (start 100%, end 50%)\n",
	],
	"illegal syncookie option": [
		"set syncookies adaptive (begin 25%)\n",
		"1: illegal syncookie option",
		"set syncookies adaptive (start 25%)\n",
	],
	"pfctl: syncookies start/end only apply to adaptive": [
		"set syncookies always (start 25%)\n",
		["pfctl: syncookies start/end only apply to adaptive", "1: error setting syncookies"],
		"set syncookies adaptive (start 25%)\n",
	],
	"pfctl: start must be higher than end": [
		"set syncookies adaptive (start 12%, end 12%)\n",
		["pfctl: start must be higher than end", "1: error setting syncookies"],
		"set syncookies adaptive (start 13%, end 12%)\n",
	],
	"error setting syncookies": [
		"set syncookies adaptive (end 25%)\n",
		["pfctl: start must be higher than end", "1: error setting syncookies"],
		"set syncookies adaptive (end 24%)\n",
	],
	"invalid table option '{0}'": ["table <t> forever\n", "1: invalid table option 'forever'", "table <t> persist\n"],
	"table name too long, max 31 chars": [
		`table <${long(32)}> persist\n`,
		"1: table name too long, max 31 chars",
		`table <${long(31)}> persist\n`,
	],
	"table name '{0}' too long": [`pass from <${long(32)}>\n`, `1: table name '${long(32)}' too long`, `pass from <${long(31)}>\n`],
	"address ranges are not permitted inside tables": [
		"table <t> { 10.0.0.1 - 10.0.0.9 }\n",
		"1: address ranges are not permitted inside tables",
		"table <t> { 10.0.0.1 10.0.0.9 }\n",
	],
	"dynamic addresses are not permitted inside tables": [
		"table <t> { (em0) }\n",
		"1: dynamic addresses are not permitted inside tables",
		"table <t> { em0 }\n",
	],
	"tables cannot contain tables": [
		"table <t> { 10.0.0.1 <u> }\n",
		"1: tables cannot contain tables",
		"table <t> { 10.0.0.1 { 10.0.0.2 } }\n",
	],
	'"no-route" is not permitted inside tables': [
		"table <t> { no-route }\n",
		'1: "no-route" is not permitted inside tables',
		"table <t> { ! 10.0.0.1 }\n",
	],
	'"urpf-failed" is not permitted inside tables': [
		"table <t> { ! urpf-failed }\n",
		'1: "urpf-failed" is not permitted inside tables',
		"table <t> { self }\n",
	],
	"unknown address type 4": ["table <t> { route lan }\n", "1: unknown address type 4", "table <t> { localhost }\n"],
	'cannot load "{0}": No such file or directory': [
		'table <t> file "/etc/absent"\n',
		'1: cannot load "/etc/absent": No such file or directory',
		'table <t> file "/etc/addresses"\n',
	],
	'file "{0}" contains bad data': [
		'table <t> file "/etc/names"\n',
		["no IP address found for nosuchhost", '1: file "/etc/names" contains bad data'],
		'table <t> file "/dev/null"\n',
	],
	"failed to convert weight {0}": [
		'table <t> file "/etc/heavy"\n',
		["failed to convert weight 65536", '1: file "/etc/heavy" contains bad data'],
		'table <t> file "/etc/weighed"\n',
	],
	"cannot create address buffer: Invalid argument": [
		"table <t> { 192.0.2.0/33 }\n",
		"1: cannot create address buffer: Invalid argument",
		"table <t> { 192.0.2.0/32 }\n",
	],
	"pfctl: failed to add host: Invalid argument": [
		"pass in inet rdr-to { 10.0.0.1, (em0) }\n",
		noRule("pfctl: failed to add host: Invalid argument", "1: interface (em0) is not supported by pool type"),
		"pass in inet rdr-to { 10.0.0.1, em0 }\n",
	],
	"root queue without interface": [
		"queue m bandwidth 9M default\n",
		"1: root queue without interface",
		"queue m on em0 bandwidth 9M default\n",
	],
	"not an interface": ["queue m on egress bandwidth 9M default\n", "1: not an interface", "queue m on em0 bandwidth 9M default\n"],
	"no bandwidth or flow specification": [
		"queue m on em0 default\n",
		"1: no bandwidth or flow specification",
		"queue m on em0 flows 1024 default\n",
	],
	"queuename too long": [
		`queue ${long(64)} on em0 bandwidth 9M default\n`,
		"1: queuename too long",
		`queue ${long(63)} on em0 bandwidth 9M default\n`,
	],
	"parent too long": [
		`queue w parent ${long(64)} bandwidth 9M default\n`,
		"1: parent too long",
		`queue ${long(63)} on em0 bandwidth 9M\nqueue w parent ${long(63)} bandwidth 9M default\n`,
	],
	"must not have queue definitions in an anchor": [
		"queue m on em0 bandwidth 9M default\n",
		"1: cannot add queue",
		"pass\n",
		{ anchor: "a" },
	],
	"A root queue is already defined on {0}": [
		"queue m on em0 bandwidth 9M default\nqueue n on em0 bandwidth 9M\n",
		"2: cannot add queue",
		"queue m on em0 bandwidth 9M default\nqueue n on em1 bandwidth 9M default\n",
	],
	"cannot add queue": [
		"queue m on em0 bandwidth 9M default\nqueue m on em0 bandwidth 9M default\n",
		"2: cannot add queue",
		"queue m on em0 bandwidth 9M default\nqueue m on em1 bandwidth 9M default\n",
	],
	"bandwidth cannot be respecified": [
		"queue m on em0 bandwidth 9M default bandwidth 9M\n",
		"1: bandwidth cannot be respecified",
		"queue m on em0 bandwidth 9M max 9M default\n",
	],
	"parent cannot be respecified": [
		"queue m on em0 bandwidth 9M\nqueue w parent m parent m bandwidth 1M default\n",
		"2: parent cannot be respecified",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 1M default\n",
	],
	"default cannot be respecified": [
		"queue m on em0 bandwidth 9M default default\n",
		"1: default cannot be respecified",
		"queue m on em0 bandwidth 9M default\n",
	],
	"qlimit cannot be respecified": [
		"queue m on em0 bandwidth 9M qlimit 9 qlimit 9 default\n",
		"1: qlimit cannot be respecified",
		"queue m on em0 bandwidth 9M qlimit 9 default\n",
	],
	"number of flows cannot be respecified": [
		"queue m on em0 flows 9 flows 9 default\n",
		"1: number of flows cannot be respecified",
		"queue m on em0 flows 9 default\n",
	],
	"quantum cannot be respecified": [
		"queue m on em0 flows 9 quantum 9 quantum 9 default\n",
		"1: quantum cannot be respecified",
		"queue m on em0 flows 9 quantum 9 default\n",
	],
	"qlimit out of range: max 65535": [
		"queue m on em0 bandwidth 9M qlimit 65536 default\n",
		"1: qlimit out of range: max 65535",
		"queue m on em0 bandwidth 9M qlimit 65535 default\n",
	],
	"number of flows out of range: max 32767": [
		"queue m on em0 flows 32768 default\n",
		"1: number of flows out of range: max 32767",
		"queue m on em0 flows 32767 default\n",
	],
	"quantum out of range: max 65535": [
		"queue m on em0 flows 9 quantum 65536 default\n",
		"1: quantum out of range: max 65535",
		"queue m on em0 flows 9 quantum 65535 default\n",
	],
	"no bandwidth in % yet": [
		"queue m on em0 bandwidth 50% default\n",
		"1: no bandwidth in % yet",
		"queue m on em0 bandwidth 0% flows 9 default\n",
	],
	"time in scspec must be in ms": [
		"queue m on em0 bandwidth 5M burst 9M for 100s default\n",
		"1: time in scspec must be in ms",
		"queue m on em0 bandwidth 5M burst 9M for 100ms default\n",
	],
	"bandwidth number too big": [
		"queue m on em0 bandwidth -1 default\n",
		"1: bandwidth number too big",
		"queue m on em0 bandwidth 1 default\n",
	],
	"bandwidth spec out of range": [
		"queue m on em0 bandwidth 101% flows 9 default\n",
		"1: bandwidth spec out of range",
		"queue m on em0 bandwidth 0% flows 9 default\n",
	],
	'unknown unit "{0}"': ["queue m on em0 bandwidth 9T default\n", '1: unknown unit "T"', "queue m on em0 bandwidth 9Gb default\n"],
	"pfctl: no default queue specified": [
		"queue m on em0 bandwidth 9M\n",
		"pfctl: no default queue specified",
		"queue m on em0 bandwidth 9M default\n",
	],
	"pfctl: pfctl_find_childqs: excessive matches, loop?": [
		"queue m on em0 bandwidth 9M\nqueue a parent m bandwidth 5M\nqueue a parent a bandwidth 5M default\n",
		"pfctl: pfctl_find_childqs: excessive matches, loop?",
		"queue m on em0 bandwidth 9M\nqueue a parent m bandwidth 5M\nqueue b parent a bandwidth 5M default\n",
	],
	"pfctl: queue {0} on {1} respecified": [
		"queue m on em0 bandwidth 9M\nqueue w on em0 parent m bandwidth 5M default\nqueue w on em0 parent m bandwidth 4M\n",
		"pfctl: queue w on em0 respecified",
		"queue m on em0 bandwidth 9M\nqueue w on em0 parent m bandwidth 5M default\nqueue v on em0 parent m bandwidth 4M\n",
	],
	"pfctl: queue {0} respecified": [
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\nqueue w parent m bandwidth 4M\n",
		"pfctl: queue w respecified",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\nqueue v parent m bandwidth 4M\n",
	],
	"pfctl: default queue {0} is not a leaf queue": [
		"queue m on em0 bandwidth 9M default\nqueue w parent m bandwidth 5M\n",
		"pfctl: default queue m is not a leaf queue",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\n",
	],
	"pfctl: flow queue {0} is not a leaf queue": [
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M flows 9\nqueue v parent w bandwidth 1M default\n",
		"pfctl: flow queue w is not a leaf queue",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M\nqueue v parent w bandwidth 1M flows 9 default\n",
	],
	"pfctl: queue {0}: parent {1} not found": [
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\nqueue v parent n bandwidth 1M\n",
		"pfctl: queue v: parent n not found",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\nqueue v parent m bandwidth 1M\n",
	],
	"pfctl: queue {0}: no bandwidth was specified": [
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 0 default\n",
		"pfctl: queue w: no bandwidth was specified",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 1 default\n",
	],
	"queue {0}: packets must be assigned to leaf queues only": [
		"queue m on em0 bandwidth 9M\nqueue w on em0 parent m bandwidth 5M default\nqueue n on em1 bandwidth 9M\nqueue m on em1 parent n bandwidth 5M default\npass set queue m\n",
		[],
		"queue m on em0 bandwidth 9M\nqueue w on em0 parent m bandwidth 5M default\nqueue n on em1 bandwidth 9M\nqueue m on em1 parent n bandwidth 5M default\npass set queue w\n",
	],
	"rdomain {0} outside range": ["block on rdomain 256\n", "1: rdomain 256 outside range", "block on rdomain 255\n"],
	"interface name too long": [`pass on ${long(16)}\n`, "1: interface name too long", `pass on ${long(15)}\n`],
	"protocol outside range": ["pass proto 256\n", "1: protocol outside range", "pass proto 255\n"],
	"unknown protocol {0}": ["pass proto tpc\n", "1: unknown protocol tpc", "pass proto tcp\n"],
	"proto 0 cannot be used": ["pass proto ip\n", "1: proto 0 cannot be used", "pass proto ipencap\n"],
	"netmask is {0}: {1}": [
		"pass from 10.0.0.0/129\n",
		["netmask is too large: /129", "1: could not parse host specification"],
		"pass from 10.0.0.0/8\n",
	],
	"no IP address found for {0}": [
		"pass from nosuchhost\n",
		["no IP address found for nosuchhost", "1: could not parse host specification"],
		"pass from localhost\n",
	],
	"illegal combination of interface modifiers": [
		"pass from em0:network:broadcast\n",
		[
			"illegal combination of interface modifiers",
			"no IP address found for em0:network:broadcast",
			"1: could not parse host specification",
		],
		"pass from em0:network:0\n",
	],
	"network or broadcast lookup, but extra netmask given": [
		"pass from em0:network/24\n",
		[
			"network or broadcast lookup, but extra netmask given",
			"no IP address found for em0:network/24",
			"1: could not parse host specification",
		],
		"pass from em0/24\n",
	],
	"could not parse host specification": [
		"block\npass from { 10.0.0.1 10.0.0 }\n",
		["no IP address found for 10.0.0", "2: could not parse host specification"],
		"block\npass from { 10.0.0.1 10.0/16 }\n",
	],
	"invalid address range": ["pass from 10.0.0.1 - 2001:db8::1\n", "1: invalid address range", "pass from 10.0.0.1 - 10.0.0.9\n"],
	"invalid interface name '{0}'": ["pass from (:0)\n", "1: invalid interface name ':0'", "pass from (em0:0)\n"],
	"interface {0} has bad modifier": ["pass from (em0:net)\n", "1: interface em0:net has bad modifier", "pass from (em0:network)\n"],
	"netmask {0} invalid for IPv4 address": [
		"pass from 10.0.0.0/33\n",
		noRule("netmask 33 invalid for IPv4 address"),
		"pass from 10.0.0.0/32\n",
	],
	"bit number too big": ["pass from (em0)/129\n", "1: bit number too big", "pass from (em0)/128\n"],
	"weight out of range": ["table <t> { 10.0.0.1 weight 0 }\n", "1: weight out of range", "table <t> { 10.0.0.1 weight 1 }\n"],
	"route label too long, max 31 chars": [
		`pass from route "${long(32)}"\n`,
		"1: route label too long, max 31 chars",
		`pass from route "${long(31)}"\n`,
	],
	'"urpf-failed" is not permitted in a destination address': [
		"block to urpf-failed\n",
		'1: "urpf-failed" is not permitted in a destination address',
		"block from urpf-failed\n",
	],
	"':' cannot be used with an other port operator": [
		"pass proto tcp to port != 80:90\n",
		"1: ':' cannot be used with an other port operator",
		"pass proto tcp to port 80:90\n",
	],
	"invalid port range": ["pass proto tcp to port 90:80\n", "1: invalid port range", "pass proto tcp to port 80:80\n"],
	"port is invalid: {0}": [
		"pass in proto tcp divert-packet port 700:701\n",
		"1: port is invalid: 700:701",
		"pass in proto tcp divert-packet port 700\n",
	],
	"illegal port value {0}": ["pass proto tcp to port 65536\n", "1: illegal port value 65536", "pass proto tcp to port 65535\n"],
	"unknown port {0}": ["pass proto tcp to port 80x\n", "1: unknown port 80x", "pass proto tcp to port http\n"],
	"user unknown requires operator = or !=": [
		"pass proto tcp user > unknown\n",
		"1: user unknown requires operator = or !=",
		"pass proto tcp user != unknown\n",
	],
	"group unknown requires operator = or !=": [
		"pass proto tcp group unknown >< 10\n",
		"1: group unknown requires operator = or !=",
		"pass proto tcp group = unknown\n",
	],
	"illegal uid value {0}": ["pass proto tcp user 4294967295\n", "1: illegal uid value 4294967295", "pass proto tcp user 4294967294\n"],
	"illegal gid value {0}": ["pass proto tcp group -1\n", "1: illegal gid value -1", "pass proto tcp group 0\n"],
	"unknown user {0}": ["pass proto tcp user nosuch\n", "1: unknown user nosuch", "pass proto tcp user root\n"],
	"unknown group {0}": ["pass proto tcp group root\n", "1: unknown group root", "pass proto tcp group wheel\n"],
	"illegal ttl value {0}": ["block return-rst (ttl 256) proto tcp\n", "1: illegal ttl value 256", "block return-rst (ttl 255) proto tcp\n"],
	"invalid icmp code {0}": ["block return-icmp (256)\n", "1: invalid icmp code 256", "block return-icmp (255)\n"],
	"unknown icmp code {0}": ["block return-icmp (port-unreach)\n", "1: unknown icmp code port-unreach", "block return-icmp (port-unr)\n"],
	"{0}: should be a pflog interface": ["block log (to em0)\n", "1: em0: should be a pflog interface", "block log (to pflog0)\n"],
	"{0}: invalid": ["block log (to pflogx)\n", "1: pflogx: invalid", "block log (to pflog1)\n"],
	"{0}: too small": ["block log (to pflog-1)\n", "1: pflog-1: too small", "block log (to pflog0)\n"],
	"{0}: too large": ["block log (to pflog256)\n", "1: pflog256: too large", "block log (to pflog255)\n"],
	"flags cannot be redefined": ["pass proto tcp flags S/SA flags S/SA\n", "1: flags cannot be redefined", "pass proto tcp flags S/SA\n"],
	"icmp-type cannot be redefined": [
		"pass inet proto icmp icmp-type echoreq icmp-type echorep\n",
		"1: icmp-type cannot be redefined",
		"pass inet proto icmp icmp-type { echoreq echorep }\n",
	],
	"prio cannot be redefined": ["pass prio 1 prio 2\n", "1: prio cannot be redefined", "pass prio 1 set prio 2\n"],
	"tos cannot be redefined": ["pass tos 16 tos 8\n", "1: tos cannot be redefined", "pass tos 16 set tos 8\n"],
	"modulate or keep cannot be redefined": ["pass keep state keep state\n", "1: modulate or keep cannot be redefined", "pass keep state\n"],
	"label cannot be redefined": ['pass label "a" label "b"\n', "1: label cannot be redefined", 'pass label "a"\n'],
	"queue cannot be redefined": [
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\npass set queue w set queue w\n",
		"3: queue cannot be redefined",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\npass set queue w\n",
	],
	"cannot respecify received-on": [
		"pass out received-on em0 ! received-on em1\n",
		"1: cannot respecify received-on",
		"pass out ! received-on em1\n",
	],
	"cannot respecify nat-to/binat-to": [
		"pass out inet nat-to 192.0.2.9 nat-to 192.0.2.9\n",
		"1: cannot respecify nat-to/binat-to",
		"pass out inet nat-to 192.0.2.9\n",
	],
	"cannot respecify rdr-to": [
		"pass in inet rdr-to 10.0.0.9 rdr-to 10.0.0.9\n",
		"1: cannot respecify rdr-to",
		"pass in inet rdr-to 10.0.0.9\n",
	],
	"cannot respecify af-to": [
		"pass in inet6 af-to inet from 192.0.2.9 af-to inet from 192.0.2.9\n",
		"1: cannot respecify af-to",
		"pass in inet6 af-to inet from 192.0.2.9\n",
	],
	"cannot respecify route-to/reply-to/dup-to": [
		"pass in inet route-to 192.0.2.1 dup-to 10.0.0.9\n",
		"1: cannot respecify route-to/reply-to/dup-to",
		"pass in inet route-to 192.0.2.1\n",
	],
	"cannot respecify max-pkt-rate": [
		"pass max-pkt-rate 9/1 max-pkt-rate 9/1\n",
		"1: cannot respecify max-pkt-rate",
		"pass max-pkt-rate 9/1\n",
	],
	"tos cannot be respecified": ["pass set (tos 16, tos 8)\n", "1: tos cannot be respecified", "pass set (tos 16, prio 1)\n"],
	"delay cannot be respecified": ["pass set (delay 1, delay 2)\n", "1: delay cannot be respecified", "pass set (delay 1)\n"],
	"no-df cannot be respecified": ["match scrub (no-df, no-df)\n", "1: no-df cannot be respecified", "match scrub (no-df)\n"],
	"min-ttl cannot be respecified": [
		"match scrub (min-ttl 1, min-ttl 2)\n",
		"1: min-ttl cannot be respecified",
		"match scrub (min-ttl 1)\n",
	],
	"max-mss cannot be respecified": [
		"match scrub (max-mss 1440, max-mss 1300)\n",
		"1: max-mss cannot be respecified",
		"match scrub (max-mss 1440)\n",
	],
	"reassemble tcp cannot be respecified": [
		"match scrub (reassemble tcp, reassemble tcp)\n",
		"1: reassemble tcp cannot be respecified",
		"match scrub (reassemble tcp)\n",
	],
	"random-id cannot be respecified": [
		"match scrub (random-id random-id)\n",
		"1: random-id cannot be respecified",
		"match scrub (random-id)\n",
	],
	"more than one divert option": [
		"pass divert-packet port 700 divert-packet port 700\n",
		"1: more than one divert option",
		"pass divert-packet port 700\n",
	],
	"prio must be 0 - 7": ["pass set prio (3, 8)\n", "1: prio must be 0 - 7", "pass set prio (3, 7)\n"],
	"illegal delay value {0} (0-65535)": ["pass set delay 65536\n", "1: illegal delay value 65536 (0-65535)", "pass set delay 65535\n"],
	"queue {0} is not defined": [
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\npass set queue v\n",
		"3: queue v is not defined",
		"queue m on em0 bandwidth 9M\nqueue w parent m bandwidth 5M default\npass set queue w\n",
	],
	"bad flags {0}": ["pass proto tcp flags SX/SA\n", "1: bad flags SX", "pass proto tcp flags S/SA\n"],
	"illegal icmp-type {0}": ["pass inet proto icmp icmp-type 256\n", "1: illegal icmp-type 256", "pass inet proto icmp icmp-type 255\n"],
	"illegal icmp6-type {0}": [
		"pass inet6 proto icmp6 icmp6-type 256\n",
		"1: illegal icmp6-type 256",
		"pass inet6 proto icmp6 icmp6-type 255\n",
	],
	"unknown icmp-type {0}": [
		"pass inet proto icmp icmp-type neighbrsol\n",
		"1: unknown icmp-type neighbrsol",
		"pass inet proto icmp icmp-type echoreq\n",
	],
	"unknown icmp6-type {0}": [
		"pass inet6 proto icmp6 icmp6-type squench\n",
		"1: unknown icmp6-type squench",
		"pass inet6 proto icmp6 icmp6-type neighbrsol\n",
	],
	"illegal icmp-code {0}": [
		"pass inet proto icmp icmp-type unreach code 256\n",
		"1: illegal icmp-code 256",
		"pass inet proto icmp icmp-type unreach code 255\n",
	],
	"unknown icmp-code {0}": [
		"pass inet proto icmp icmp-type echoreq code needfrag\n",
		"1: unknown icmp-code needfrag",
		"pass inet proto icmp icmp-type unreach code needfrag\n",
	],
	"unknown icmp6-code {0}": [
		"pass inet6 proto icmp6 icmp6-type unreach code needfrag\n",
		"1: unknown icmp6-code needfrag",
		"pass inet6 proto icmp6 icmp6-type unreach code noroute-unr\n",
	],
	"illegal tos value {0}": ["pass tos 256\n", "1: illegal tos value 256", "pass tos 255\n"],
	"invalid probability: {0}": ["block probability 20%%\n", "1: invalid probability: 20%%", "block probability 20%\n"],
	"invalid probability: {0}%": ["block probability 101%\n", "1: invalid probability: 101%", "block probability 100%\n"],
	"invalid divert port: 0": [
		"pass in inet divert-to 127.0.0.1 port 0\n",
		"1: invalid divert port: 0",
		"pass in inet divert-to 127.0.0.1 port 1\n",
	],
	"could not parse divert address: {0}": [
		"pass in inet divert-to nosuchhost port 700\n",
		["no IP address found for nosuchhost", "1: could not parse divert address: nosuchhost"],
		"pass in inet divert-to localhost port 700\n",
	],
	"illegal min-ttl value {0}": ["match scrub (min-ttl 256)\n", "1: illegal min-ttl value 256", "match scrub (min-ttl 255)\n"],
	"illegal max-mss value {0}": ["match scrub (max-mss 65536)\n", "1: illegal max-mss value 65536", "match scrub (max-mss 65535)\n"],
	"scrub reassemble supports only tcp, not '{0}'": [
		"match scrub (reassemble udp)\n",
		"1: scrub reassemble supports only tcp, not 'udp'",
		"match scrub (reassemble TCP)\n",
	],
	"invalid rtable id": ["pass rtable 256\n", "1: invalid rtable id", "pass rtable 255\n"],
	"tag too long, max 63 chars": [`pass tagged ${long(64)}\n`, "1: tag too long, max 63 chars", `pass tagged ${long(63)}\n`],
	"rule label too long (max 63 chars)": [`pass label ${long(64)}\n`, "1: rule label too long (max 63 chars)", `pass label ${long(63)}\n`],
	"pfctl: expand_label: label too long": [
		`pass inet from 192.0.2.2 label "${long(55)}$srcaddr"\n`,
		"pfctl: expand_label: label too long",
		`pass inet from 10.0.0.1 label "${long(55)}$srcaddr"\n`,
	],
	"no target address family specified": [
		"pass in inet6 af-to from 192.0.2.9\n",
		"1: no target address family specified",
		"pass in inet6 af-to inet from 192.0.2.9\n",
	],
	"no address family specified": [
		"pass in inet af-to from 2001:db8::9 to 2001:db8::8\n",
		"1: no address family specified",
		"pass in inet af-to inet6 from 2001:db8::9 to 2001:db8::8\n",
	],
	"af-to addresses must be in the target address family": [
		"pass in inet af-to inet6 from 2001:db8::9 to 10.0.0.8\n",
		"1: af-to addresses must be in the target address family",
		"pass in inet af-to inet6 from 2001:db8::9 to 2001:db8::8\n",
	],
	"only addresses can be listed for redirection pools ": [
		"pass in inet rdr-to { <t> }\n",
		"1: only addresses can be listed for redirection pools ",
		"pass in inet rdr-to { 10.0.0.9 }\n",
	],
	"pool type cannot be redefined": [
		"pass out inet nat-to 192.0.2.8/30 random bitmask\n",
		"1: pool type cannot be redefined",
		"pass out inet nat-to 192.0.2.8/30 random\n",
	],
	"static-port cannot be redefined": [
		"pass out inet nat-to 192.0.2.9 static-port static-port\n",
		"1: static-port cannot be redefined",
		"pass out inet nat-to 192.0.2.9 static-port\n",
	],
	"sticky-address cannot be redefined": [
		"pass out inet nat-to 192.0.2.9 sticky-address sticky-address\n",
		"1: sticky-address cannot be redefined",
		"pass out inet nat-to 192.0.2.9 sticky-address\n",
	],
	"hex key must be 128 bits (32 hex digits) long": [
		`pass out inet nat-to 192.0.2.8/30 source-hash 0x${long(31, "a")}\n`,
		"1: hex key must be 128 bits (32 hex digits) long",
		`pass out inet nat-to 192.0.2.8/30 source-hash 0x${long(32, "a")}\n`,
	],
	"invalid hex key": [
		`pass out inet nat-to 192.0.2.8/30 source-hash 0x${long(32, "g")}\n`,
		"1: invalid hex key",
		`pass out inet nat-to 192.0.2.8/30 source-hash ${long(34, "g")}\n`,
	],
	"route spec requires :peer with dynamic interface addresses": [
		"pass in inet route-to (tun0)\n",
		noRule("1: route spec requires :peer with dynamic interface addresses", "1: interface (tun0) is not supported by pool type"),
		"pass in inet route-to (tun0:peer)\n",
	],
	"translation spec contains addresses with different address families": [
		"pass out nat-to { 192.0.2.9 2001:db8::9 }\n",
		noRule("1: translation spec contains addresses with different address families"),
		"pass out inet nat-to { 192.0.2.9 2001:db8::9 }\n",
	],
	"routing spec contains addresses with different address families": [
		"pass in route-to { 192.0.2.9 2001:db8::9 }\n",
		noRule("1: routing spec contains addresses with different address families"),
		"pass in inet6 route-to { 192.0.2.9 2001:db8::9 }\n",
	],
	"translation spec contains addresses that don't match target address family": [
		"pass in inet6 af-to inet from 2001:db8::9\n",
		noRule("1: translation spec contains addresses that don't match target address family"),
		"pass in inet6 af-to inet from 192.0.2.9\n",
	],
	"pool type is not valid for multiple translation or routing addresses": [
		"pass in inet rdr-to { 10.0.0.8 10.0.0.9 } bitmask\n",
		noRule("1: pool type is not valid for multiple translation or routing addresses"),
		"pass in inet rdr-to { 10.0.0.8 10.0.0.9 } random\n",
	],
	"af mismatch in translation spec": [
		"pass out inet6 nat-to 192.0.2.9\n",
		noRule("1: af mismatch in translation spec"),
		"pass out inet nat-to 192.0.2.9\n",
	],
	"af mismatch in routing spec": [
		"pass in inet route-to 2001:db8::9\n",
		noRule("1: af mismatch in routing spec"),
		"pass in inet6 route-to 2001:db8::9\n",
	],
	"invalid rdr-to port range": [
		"pass in inet proto tcp rdr-to 10.0.0.9 port 90:80\n",
		noRule("1: invalid rdr-to port range"),
		"pass in inet proto tcp rdr-to 10.0.0.9 port 80:90\n",
	],
	"tables are not supported by pool type": [
		"pass in inet rdr-to <t> bitmask\n",
		noRule("1: tables are not supported by pool type"),
		"pass in inet rdr-to <t> random\n",
	],
	"interface ({0}) is not supported by pool type": [
		"pass out inet nat-to (em0) bitmask\n",
		noRule("1: interface (em0) is not supported by pool type"),
		"pass out inet nat-to (em0:0) bitmask\n",
	],
	"the 'static-port' option is only valid with nat rules": [
		"pass in inet rdr-to 10.0.0.9 static-port\n",
		noRule("1: the 'static-port' option is only valid with nat rules"),
		"pass out inet nat-to 10.0.0.9 static-port\n",
	],
	"the 'static-port' option can't be used when specifying a port range": [
		"pass out inet proto udp nat-to 192.0.2.9 port 1024:2048 static-port\n",
		noRule("1: the 'static-port' option can't be used when specifying a port range"),
		"pass out inet proto udp nat-to 192.0.2.9 static-port\n",
	],
	"invalid use of table <{0}> as the source address of a binat-to rule": [
		"pass inet from <t> binat-to 192.0.2.9\n",
		noRule(
			"1: invalid use of table <t> as the source address of a binat-to rule",
			"1: source and redir addresess must have a matching network mask in binat-rule",
		),
		"pass inet from 10.0.0.9 binat-to 192.0.2.9\n",
	],
	"invalid use of interface ({0}) as the source address of a binat-to rule": [
		"pass inet from (em1) binat-to 192.0.2.9\n",
		noRule(
			"1: invalid use of interface (em1) as the source address of a binat-to rule",
			"1: dynamic interfaces must be used with :0 in a binat-to rule",
		),
		"pass inet from (em1:0) binat-to 192.0.2.9\n",
	],
	"binat-to requires a specified source and redirect address": [
		"pass inet from route lan binat-to 192.0.2.9\n",
		noRule(
			"1: binat-to requires a specified source and redirect address",
			"1: source and redir addresess must have a matching network mask in binat-rule",
		),
		"pass inet from 10.0.0.9 binat-to 192.0.2.9\n",
	],
	"dynamic interfaces must be used with :0 in a binat-to rule": [
		"pass inet from 10.0.0.9 binat-to (em0)\n",
		noRule("1: dynamic interfaces must be used with :0 in a binat-to rule"),
		"pass inet from 10.0.0.9 binat-to (em0:0)\n",
	],
	"source and redir addresess must have a matching network mask in binat-rule": [
		"pass inet from any binat-to 192.0.2.9\n",
		noRule("1: source and redir addresess must have a matching network mask in binat-rule"),
		"pass inet from 10.0.0.9 binat-to 192.0.2.9\n",
	],
	"tables cannot be used as the redirect address of a binat-to rule": [
		"pass inet from 10.0.0.9 binat-to <t>\n",
		noRule(
			"1: binat-to requires a specified source and redirect address",
			"1: source and redir addresess must have a matching network mask in binat-rule",
			"1: tables cannot be used as the redirect address of a binat-to rule",
		),
		"pass inet from 10.0.0.9 binat-to 192.0.2.9\n",
	],
	"binat-to cannot be specified with a direction": [
		"pass in inet from 10.0.0.9 binat-to 192.0.2.9\n",
		noRule("1: binat-to cannot be specified with a direction"),
		"pass inet from 10.0.0.9 binat-to 192.0.2.9\n",
	],
	"illegal timeout name {0}": ["pass keep state (tcp.open 30)\n", "1: illegal timeout name tcp.open", "pass keep state (tcp.opening 30)\n"],
	"illegal state timeout {0}": ["pass keep state (frag 30)\n", "1: illegal state timeout frag", "pass keep state (udp.first 30)\n"],
	"state option 'max' multiple definitions": [
		"pass keep state (max 1, max 2)\n",
		"1: state option 'max' multiple definitions",
		"pass keep state (max 1)\n",
	],
	"state option 'sync' multiple definitions": [
		"pass keep state (no-sync, no-sync)\n",
		"1: state option 'sync' multiple definitions",
		"pass keep state (no-sync)\n",
	],
	"state option 'source-track' multiple definitions": [
		"pass keep state (source-track, source-track rule)\n",
		"1: state option 'source-track' multiple definitions",
		"pass keep state (source-track rule)\n",
	],
	"state option 'max-src-states' multiple definitions": [
		"pass keep state (max-src-states 1, max-src-states 2)\n",
		"1: state option 'max-src-states' multiple definitions",
		"pass keep state (max-src-states 1)\n",
	],
	"state option 'max-src-conn' multiple definitions": [
		"pass keep state (max-src-conn 1, max-src-conn 2)\n",
		"1: state option 'max-src-conn' multiple definitions",
		"pass keep state (max-src-conn 1)\n",
	],
	"state option 'max-src-conn-rate' multiple definitions": [
		"pass keep state (max-src-conn-rate 1/2, max-src-conn-rate 2/3)\n",
		"1: state option 'max-src-conn-rate' multiple definitions",
		"pass keep state (max-src-conn-rate 1/2)\n",
	],
	"state option 'max-src-nodes' multiple definitions": [
		"pass keep state (max-src-nodes 1, max-src-nodes 2)\n",
		"1: state option 'max-src-nodes' multiple definitions",
		"pass keep state (max-src-nodes 1)\n",
	],
	"multiple 'overload' table definitions": [
		"pass keep state (max-src-conn 1, overload <a>, overload <b>)\n",
		"1: multiple 'overload' table definitions",
		"pass keep state (max-src-conn 1, overload <a>)\n",
	],
	"state locking option: multiple definitions": [
		"pass keep state (if-bound, floating)\n",
		"1: state locking option: multiple definitions",
		"pass keep state (if-bound)\n",
	],
	"state sloppy option: multiple definitions": [
		"pass keep state (sloppy, sloppy)\n",
		"1: state sloppy option: multiple definitions",
		"pass keep state (sloppy)\n",
	],
	"state pflow option: multiple definitions": [
		"pass keep state (pflow, pflow)\n",
		"1: state pflow option: multiple definitions",
		"pass keep state (pflow)\n",
	],
	"state timeout {0} multiple definitions": [
		"pass keep state (udp.first 1, udp.first 2)\n",
		"1: state timeout tcp.tsdiff multiple definitions",
		"pass keep state (udp.first 1, udp.single 2)\n",
	],
	"'max-src-states' must be > 0": [
		"pass keep state (max-src-states 0)\n",
		"1: 'max-src-states' must be > 0",
		"pass keep state (max-src-states 1)\n",
	],
	"'max-src-conn' must be > 0": [
		"pass keep state (max-src-conn 0)\n",
		"1: 'max-src-conn' must be > 0",
		"pass keep state (max-src-conn 1)\n",
	],
	"'max-src-conn-rate' values must be > 0": [
		"pass keep state (max-src-conn-rate 1/0)\n",
		"1: 'max-src-conn-rate' values must be > 0",
		"pass keep state (max-src-conn-rate 1/1)\n",
	],
	"'max-src-conn-rate' maximum rate must be < {0}": [
		"pass keep state (max-src-conn-rate 4294968/1)\n",
		"1: 'max-src-conn-rate' maximum rate must be < 4294967",
		"pass keep state (max-src-conn-rate 4294967/1)\n",
	],
	"'max-src-nodes' must be > 0": [
		"pass keep state (max-src-nodes 0)\n",
		"1: 'max-src-nodes' must be > 0",
		"pass keep state (max-src-nodes 1)\n",
	],
	"'{0}' is incompatible with 'source-track global'": [
		"pass keep state (source-track global, max-src-conn 9)\n",
		"1: 'max-src-conn' is incompatible with 'source-track global'",
		"pass keep state (source-track rule, max-src-conn 9)\n",
	],
	"'once' only applies to pass/block rules": ["match once\n", "1: 'once' only applies to pass/block rules", "pass once\n"],
	"af-to can only be used with direction in": [
		"pass out inet6 af-to inet from 192.0.2.9\n",
		"1: af-to can only be used with direction in",
		"pass in inet6 af-to inet from 192.0.2.9\n",
	],
	"af-to cannot be used together with route-to, reply-to, dup-to": [
		"pass in inet6 af-to inet from 192.0.2.9 route-to 2001:db8::1\n",
		"1: af-to cannot be used together with route-to, reply-to, dup-to",
		"pass in inet6 af-to inet from 192.0.2.9\n",
	],
	"flags always false": ["pass proto tcp flags SA/S\n", "1: flags always false", "pass proto tcp flags S/SA\n"],
	"flags only apply to tcp": ["pass proto udp flags S/SA\n", "1: flags only apply to tcp", "pass proto { udp tcp } flags S/SA\n"],
	"OS fingerprinting only apply to tcp": [
		"pass proto udp from any os OpenBSD\n",
		"1: OS fingerprinting only apply to tcp",
		"pass proto tcp from any os OpenBSD\n",
	],
	"OS fingerprinting only applies to tcp": [
		"anchor a proto udp from any os OpenBSD\n",
		"1: OS fingerprinting only applies to tcp",
		"anchor a proto tcp from any os OpenBSD\n",
	],
	"direction must be explicit with rules that specify routing": [
		"pass inet route-to 192.0.2.1\n",
		"1: direction must be explicit with rules that specify routing",
		"pass inet dup-to 192.0.2.1\n",
	],
	"divert-to used with outgoing rule": [
		"pass out inet divert-to 127.0.0.1 port 700\n",
		"1: divert-to used with outgoing rule",
		"pass in inet divert-to 127.0.0.1 port 700\n",
	],
	"divert-to address family mismatch": [
		"pass in inet6 divert-to 127.0.0.1 port 700\n",
		"1: divert-to address family mismatch",
		"pass in inet6 divert-to ::1 port 700\n",
	],
	"divert-reply used with incoming rule": ["pass in divert-reply\n", "1: divert-reply used with incoming rule", "pass out divert-reply\n"],
	"icmp-type mismatch": [
		"pass inet proto icmp icmp6-type echoreq\n",
		noRule("1: icmp-type mismatch"),
		"pass inet6 proto icmp6 icmp6-type echoreq\n",
	],
	"skipping rule due to errors": [
		"pass proto { tcp icmp } to port 80\n",
		["1: port only applies to tcp/udp", "1: skipping rule due to errors"],
		"pass proto { tcp udp } to port 80\n",
	],
	"rule expands to no valid combination": [
		"pass inet from ::1\n",
		"1: rule expands to no valid combination",
		"pass inet from { ::1 127.0.0.1 }\n",
	],
	"os only applies to tcp": [
		"pass proto { tcp udp } from any os OpenBSD\n",
		["1: os only applies to tcp", "1: skipping rule due to errors"],
		"pass proto tcp from any os OpenBSD\n",
	],
	"port only applies to tcp/udp": [
		"pass proto icmp from any port 80\n",
		noRule("1: port only applies to tcp/udp"),
		"pass proto udp from any port 80\n",
	],
	"user only applies to tcp/udp": ["pass user root\n", noRule("1: user only applies to tcp/udp"), "pass proto { tcp udp } user root\n"],
	"group only applies to tcp/udp": [
		"pass proto icmp group wheel\n",
		noRule("1: group only applies to tcp/udp"),
		"pass proto udp group wheel\n",
	],
	"icmp-type/code only applies to icmp": [
		"pass inet icmp-type echoreq\n",
		noRule("1: icmp-type mismatch", "1: icmp-type/code only applies to icmp"),
		"pass inet proto icmp icmp-type echoreq\n",
	],
	"must indicate address family with icmp-type/code": [
		"pass proto icmp icmp-type echoreq\n",
		noRule("1: must indicate address family with icmp-type/code"),
		"pass inet proto icmp icmp-type echoreq\n",
	],
	"must indicate different address family with af-to": [
		"pass in inet af-to inet from 192.0.2.9\n",
		noRule("1: must indicate different address family with af-to"),
		"pass in inet af-to inet6 from 2001:db8::9\n",
	],
	"'overload' requires 'max-src-conn' or 'max-src-conn-rate'": [
		"pass keep state (overload <bad>)\n",
		noRule("1: 'overload' requires 'max-src-conn' or 'max-src-conn-rate'"),
		"pass keep state (max-src-conn-rate 5/9, overload <bad>)\n",
	],
	"proto {0} doesn't match address family {1}": [
		"pass inet6 proto icmp\n",
		noRule("1: proto icmp doesn't match address family inet6"),
		"pass inet proto icmp\n",
	],
	"allow-opts can only be specified for pass rules": [
		"block allow-opts\n",
		noRule("1: allow-opts can only be specified for pass rules"),
		"pass allow-opts\n",
	],
	"fragments can be filtered only on IP header fields": [
		"block proto udp to port 53 fragment\n",
		noRule("1: fragments can be filtered only on IP header fields"),
		"block proto udp fragment\n",
	],
	"return-rst can only be applied to TCP rules": [
		"block return-rst\n",
		noRule("1: return-rst can only be applied to TCP rules"),
		"block return-rst proto tcp\n",
	],
	"keep state is great, but only for pass rules": [
		"block keep state\n",
		noRule("1: keep state is great, but only for pass rules"),
		"block no state\n",
	],
	"route-to, reply-to and dup-to require keep state": [
		"pass in inet route-to 192.0.2.1 no state\n",
		noRule("1: route-to, reply-to and dup-to require keep state"),
		"pass in inet route-to 192.0.2.1\n",
	],
	"sloppy state matching cannot be used with synproxy state or modulate state": [
		"pass proto tcp modulate state (sloppy)\n",
		noRule("1: sloppy state matching cannot be used with synproxy state or modulate state"),
		"pass proto tcp keep state (sloppy)\n",
	],
	"warning: synproxy used for inbound rules only, ignored for outbound": [
		"pass proto tcp synproxy state\n",
		"1: warning: synproxy used for inbound rules only, ignored for outbound",
		"pass in proto tcp synproxy state\n",
	],
	"nat-to and rdr-to require keep state": [
		"pass out inet nat-to 192.0.2.9 no state\n",
		noRule("1: nat-to and rdr-to require keep state"),
		"match out inet nat-to 192.0.2.9\n",
	],
	"nat-to and rdr-to require a direction": [
		"pass inet rdr-to 10.0.0.9\n",
		noRule("1: nat-to and rdr-to require a direction"),
		"pass in inet rdr-to 10.0.0.9\n",
	],
	"address family inet6 does not support scrub options no-df, random-id": [
		"match inet6 scrub (no-df)\n",
		noRule("1: address family inet6 does not support scrub options no-df, random-id"),
		"match inet6 scrub (max-mss 1440)\n",
	],
	"divert is not supported on match rules": [
		"match in divert-packet port 700\n",
		noRule("1: divert is not supported on match rules"),
		"pass in divert-packet port 700\n",
	],
	"route-to, reply-to and dup-to are not supported on match rules": [
		"match in inet dup-to 192.0.2.1\n",
		noRule("1: route-to, reply-to and dup-to require keep state", "1: route-to, reply-to and dup-to are not supported on match rules"),
		"pass in inet dup-to 192.0.2.1\n",
	],
	"route-to, reply-to and dup-to are not supported on block rules": [
		"block in inet dup-to 192.0.2.1\n",
		noRule("1: route-to, reply-to and dup-to require keep state", "1: route-to, reply-to and dup-to are not supported on block rules"),
		"pass in inet dup-to 192.0.2.1\n",
	],
	"af-to is not supported on match rules": [
		"match in inet6 af-to inet from 192.0.2.9\n",
		noRule("1: af-to is not supported on match rules"),
		"pass in inet6 af-to inet from 192.0.2.9\n",
	],
};

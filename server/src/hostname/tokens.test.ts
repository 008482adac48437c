import { expect, test } from "vitest";
import { shownToken } from "../text/testing.ts";
import { HostnameFile } from "./file.ts";

test.each([
	[
		"em0: inet 10.0.0.1 255.0.0.0 NONE description lan # c\n",
		[
			'keyword [inet] "inet"',
			'address address "10.0.0.1"',
			'address netmask "255.0.0.0"',
			'option [description] "description"',
			'string string "lan"',
			'comment "# c"',
		],
	],
	[
		"em0: inet6 alias fd00::1 64\n",
		['keyword [inet6] "inet6"', 'option [alias] "alias"', 'address address "fd00::1"', 'number prefix-length "64"'],
	],
	["em0: inet autoconf\n", ['keyword [inet] "inet"', 'option [autoconf] "autoconf"']],
	["em0: dhcp NONE\n", ['keyword [dhcp] "dhcp"']],
	["em0: up\ndest 10.0.0.2\n", ['option [up] "up"', 'keyword [dest] "dest"', 'address address "10.0.0.2"']],
	["em0: !\n", ['keyword [!] "!"']],
	["em0: \t!echo $if # x\n", ['keyword [!] "!"', 'string command "echo $if # x"']],
	["em0: # a\n  #b c\n", ['comment "# a"', 'comment "#b c"']],
	[
		"em0: group lan -group lan\n",
		[
			'option [group] "group"',
			'name interface-group (set interface-group lan) "lan"',
			'option [-group] "-group"',
			'name interface-group (refer interface-group lan) "lan"',
		],
	],
	[
		"trunk0: trunkproto failover trunkport em1\n",
		[
			'option [trunkproto] "trunkproto"',
			'constant word "failover"',
			'option [trunkport] "trunkport"',
			'name interface (refer interface em1) "em1"',
		],
	],
	[
		"vlan1: vnetid 1 parent em1 lladdr random\n",
		[
			'option [vnetid] "vnetid"',
			'number number "1"',
			'option [parent] "parent"',
			'name interface (refer interface em1) "em1"',
			'option [lladdr] "lladdr"',
			'constant lladdr "random"',
		],
	],
	[
		"bridge0: static em1 0:1:2:3:4:5 timeout 9\n",
		[
			'option [static] "static"',
			'name interface (refer interface em1) "em1"',
			'address lladdr "0:1:2:3:4:5"',
			'option [timeout] "timeout"',
			'number number "9"',
		],
	],
	[
		"bridge0: rule pass in/out on em1 src 0:1:2:3:4:5 tag t arp request spa 10.0.0.1\n",
		[
			'option [rule] "rule"',
			'keyword "pass"',
			'direction "in/out"',
			'option "on"',
			'name interface (refer interface em1) "em1"',
			'option "src"',
			'address lladdr "0:1:2:3:4:5"',
			'option "tag"',
			'name tag (set tag t) "t"',
			'constant "arp"',
			'constant "request"',
			'option "spa"',
			'address address "10.0.0.1"',
		],
	],
	["em0: xyzzy\n", ['address address "xyzzy"']],
	['em0: "up"\n', ['option [up] "\\"up\\""']],
	["em0: up; down\n", ['option [up] "up"']],
	["em0: description $name\n", ['option [description] "description"', 'string string "$name"']],
	["em0: up", ['option [up] "up"']],
	["em0.old: up\n", ['option [up] "up"']],
	["pflow0: flowdst 10.0.0.1:99\n", ['option [flowdst] "flowdst"', 'address address "10.0.0.1:99"']],
	["em0: rulefile /etc/x\n", ['option [rulefile] "rulefile"', 'string file "/etc/x"']],
	[
		"wg0: wgport 5 wgpeer a wgendpoint h 5\n",
		['option [wgport] "wgport"', 'number number "5"', 'option [wgpeer] "wgpeer"', 'string string "a"'],
	],
	["em0: mtu\n", ['option [mtu] "mtu"']],
])("hostname.%j", (input, expected) => {
	const [, name = "", text = ""] = /^([^ ]*): ([\s\S]*)$/.exec(input) ?? [];
	const tokens = HostnameFile.parse(text, { path: `/etc/hostname.${name}` }).tokens();
	expect(tokens.map((token) => shownToken(text, token))).toEqual(expected);
});

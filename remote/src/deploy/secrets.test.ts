import { expect, test } from "vitest";
import { hideSecrets } from "./secrets.ts";

test.each([
	["a private key of WireGuard", "wgkey AbC= wgport 51820\nup\n", "wgkey <secret 1> wgport 51820\nup\n"],
	["a key shared with a peer", "wgpeer PUBLIC wgpsk shared= wgaip 10.8.0.2/32\n", "wgpeer PUBLIC wgpsk <secret 1> wgaip 10.8.0.2/32\n"],
	["a pass phrase in quotes", 'join "my net" wpakey "two words"\n', 'join "my net" wpakey <secret 1>\n'],
	["the password of carp", "vhid 1 carpdev em0 pass one advskew 0\n", "vhid 1 carpdev em0 pass <secret 1> advskew 0\n"],
	[
		"the keys of pppoe",
		"authproto pap authname me authkey mine peerkey theirs\n",
		"authproto pap authname me authkey <secret 1> peerkey <secret 2>\n",
	],
	["a PIN, and both of a change", "pin 1234\nchgpin 1234 5678\n", "pin <secret 1>\nchgpin <secret 1> <secret 2>\n"],
	["a key of dhcpd.conf", "key k {\n\tsecret abc;\n}\n", "key k {\n\tsecret <secret 1>;\n}\n"],
	["one of iked.conf", 'ikev2 esp from any psk "x y"\n', "ikev2 esp from any psk <secret 1>\n"],
	["what ifconfig says of a bad one", "ifconfig: wgkey AbC=: bad value\n", "ifconfig: wgkey <secret 1> bad value\n"],
	["rules of pf stay as they are", "pass in on em0\npass quick\n\tpass out log\npass all\n", undefined],
	["words that only contain such a one stay", "description compass north\ninet 10.0.0.1/24\n", undefined],
])("%s", (_, text, hidden) => {
	expect(hideSecrets([text])).toEqual([hidden ?? text]);
});

test("the same secret has the same number in both texts of a change, another one another", () => {
	expect(hideSecrets(["wgkey A\n", "wgkey A\n"])).toEqual(["wgkey <secret 1>\n", "wgkey <secret 1>\n"]);
	expect(hideSecrets(["wgkey A\n", "wgkey B\n"])).toEqual(["wgkey <secret 1>\n", "wgkey <secret 2>\n"]);
});

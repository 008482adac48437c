// Files of any length that the benches read.

/** A pf.conf of so many lines: five forms of rules in turn, behind a few definitions. */
export function rulesOf(count) {
	const lines = ['ext_if = "em0"', 'web = "{ 80 443 }"', "table <bad> persist { 192.0.2.0/24 }", "block all"];
	for (let i = lines.length; i < count; i++) {
		const address = `10.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`;
		lines.push(
			[
				`pass in on $ext_if inet proto tcp to ${address} port { 22 80 443 }`,
				`block in quick on $ext_if from <bad> to ${address}`,
				`match out on $ext_if inet from ${address} nat-to 203.0.113.1`,
				`pass in inet6 proto tcp from any to 2001:db8::${(i & 0xffff).toString(16)} port 22 label "six-${i}"`,
				`pass out proto { tcp udp } from ${address} to any port 53`,
			][i % 5],
		);
	}
	return `${lines.join("\n")}\n`;
}

/** A vm.conf of about so many lines. */
export function guestsOf(count) {
	const lines = ['switch "lan" {', "\tinterface veb0", "}"];
	for (let i = 0; lines.length < count; i++)
		lines.push(`vm "guest${i}" {`, "\tmemory 1G", `\tdisk "/var/vm/${i}.img"`, '\tinterface { switch "lan" }', "}");
	return `${lines.join("\n")}\n`;
}

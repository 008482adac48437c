/** Names of ports: OpenBSD's own list, and services(5) texts of a host. */

export interface Services {
	/** The port of a name or alias, of tcp before udp, as pfctl looks it up (getservice() in parse.y). */
	port(name: string): number | undefined;
	/** The name of a port; the first one listed. */
	name(port: number, protocol: "tcp" | "udp"): string | undefined;
	/** All names and aliases with their ports, for completion; in the order of the list. */
	readonly names: ReadonlyMap<string, number>;
}

interface Entry {
	readonly names: readonly string[];
	readonly port: number;
	readonly tcp: boolean;
	readonly udp: boolean;
}

/** Reads a services(5) text as getservent(3) does: lines that it cannot read are skipped, the first of equal names counts. */
export function parseServices(text: string): Services {
	const entries: Entry[] = [];
	for (const line of text.split("\n")) {
		const [, name, port, protocol, aliases] = /^([^ \t#]*)[ \t]+\s*([+-]?\d+)[,/]([^ \t#]*)([^#]*)/.exec(line) ?? [];
		if (name === undefined || protocol === undefined) continue;
		const number = Number(port);
		if (number < 0 || number > 65535 || (protocol !== "tcp" && protocol !== "udp")) continue;
		const names = [name, ...(aliases ?? "").split(/[ \t]+/).filter((alias) => alias !== "")];
		entries.push({ names, port: number, tcp: protocol === "tcp", udp: protocol === "udp" });
	}
	return fromEntries(entries);
}

function fromEntries(entries: readonly Entry[]): Services {
	const names = new Map<string, number>();
	const byPort = { tcp: new Map<number, string>(), udp: new Map<number, string>() };
	for (const protocol of ["tcp", "udp"] as const)
		for (const entry of entries) {
			if (!entry[protocol]) continue;
			for (const name of entry.names) if (!names.has(name)) names.set(name, entry.port);
			const [first] = entry.names;
			if (first !== undefined && !byPort[protocol].has(entry.port)) byPort[protocol].set(entry.port, first);
		}
	return { names, port: (name) => names.get(name), name: (port, protocol) => byPort[protocol].get(port) };
}

/** OpenBSD 7.7's list: name, port (`t` for tcp alone, `u` for udp alone), aliases. */
const LIST = `
	tcpmux 1t; echo 7; discard 9 sink null; systat 11t users; daytime 13; netstat 15t; qotd 17t quote; msp 18;
	chargen 19 ttytst source; ftp-data 20t; ftp 21t; ssh 22; telnet 23t; smtp 25t mail; time 37 timserver;
	rlp 39u resource; nameserver 42t name; whois 43t nicname; tacacs 49 tacas+; domain 53; mtp 57t; bootps 67; bootpc 68;
	tftp 69u; gopher 70; rje 77t netrjs; finger 79t; www 80t http; www 80u; link 87t ttylink; kerberos 88 kerberos-sec;
	supdup 95t; hostnames 101t hostname; iso-tsap 102t tsap; x400 103t; x400-snd 104t; csnet-ns 105 cso-ns; rtelnet 107;
	pop3 110t; sunrpc 111 portmap rpcbind; auth 113t authentication tap ident; sftp 115t; uucp-path 117t;
	nntp 119t readnews untp; ntp 123; pwdgen 129; epmap 135; netbios-ns 137; netbios-dgm 138; netbios-ssn 139;
	imap 143t imap2; bftp 152t; snmp 161u; snmp-trap 162u snmptrap; cmip-man 163; cmip-agent 164; xdmcp 177;
	nextstep 178 NeXTStep NextStep; bgp 179t; prospero 191; irc 194t; smux 199; at-rtmp 201; at-nbp 202; at-echo 204;
	at-zis 206; z3950 210 wais; ipx 213; rpki-rtr 323t; ulistserv 372; ldap 389; svrloc 427; nnsp 433t usenet; https 443;
	snpp 444t; microsoft-ds 445; kpasswd 464; submissions 465t smtps; photuris 468; isakmp 500u; exec 512t;
	biff 512u comsat; login 513t; who 513u whod; shell 514t cmd; syslog 514u; printer 515t spooler; talk 517u; ntalk 518u;
	route 520u router routed; efs 521t; timed 525u timeserver; tempo 526t newdate; courier 530t rpc; conference 531t chat;
	netnews 532t readnews; netwall 533u; uucp 540t uucpd; klogin 543t; kshell 544t krcmd; ekshell 545t; dhcpv6-client 546u;
	dhcpv6-server 547u; remotefs 556t rfs_server rfs; afpovertcp 548t; rtsp 554; submission 587t msa; asf-rmcp 623u;
	ipp 631; ldaps 636; ldp 646; agentx 705t; silc 706t; kerberos-adm 749; domain-s 853; rsync 873t; imaps 993t;
	pop3s 995t spop3; socks 1080t; kpop 1109t; openvpn 1194; ms-sql-s 1433 Microsoft-SQL-Server;
	ms-sql-m 1434 Microsoft-SQL-Monitor; ingreslock 1524; prospero-np 1525; sa-msg-port 1646u; l2tp 1701u; pptp 1723;
	radius 1812u; radacct 1813u radius-acct; ssdp 1900; nfsd 2049 nfs; eklogin 2105t; rkinit 2108t; kf 2110t; kx 2111t;
	kip 2112t; kauth 2120t; iprop 2121t; cvspserver 2401; zebrasrv 2600t; zebra 2601t; ripd 2602t; ripng 2603t;
	ospfd 2604t; bgpd 2605t; ospf6d 2606t; ospfapi 2607t; isisd 2608t; netplan 2983t; eppc 3031; iscsi 3260t; mysql 3306t;
	rdp 3389t; iapp 3517 802-11-iapp; daap 3689; svn 3690t; bfd-control 3784u; bfd-echo 3785u; sieve 4190t; krb524 4444;
	ipsec-nat-t 4500 ipsec-msft; hylafax 4559t; gre-in-udp 4754u; gre-udp-dtls 4755u; vxlan 4789u; rfe 5002; sip 5060;
	xmpp-client 5222t; xmpp-server 5269t; xmpp-bosh 5280t; presence 5298; mdns 5353; mdnsresponder 5354; postgresql 5432;
	matter 5540; rfb 5900t vnc; syslog-tls 6514t; afs3-fileserver 7000; afs3-callback 7001; afs3-prserver 7002;
	afs3-vlserver 7003; afs3-kaserver 7004; afs3-volser 7005; afs3-errors 7006; afs3-bos 7007; afs3-update 7008;
	afs3-rmtsys 7009; puppet 8140t; matrix-fed 8448t; ub-dns-control 8953t; git 9418; zabbix-agent 10050;
	zabbix-trapper 10051; amt-soap-http 16992; amt-soap-https 16993; amt-redir-tcp 16994; amt-redir-tls 16995;
	openwebnet 20005 xcept; pop3pw 106t poppassd; kerberos-iv 750 kdc; kerberos_master 751; krb_prop 754t hprop;
	krbupdate 760t kreg; datametrics 1645u; ekshell2 2106t; webster 2627t; conserver 3109t; canna 5680t; sane-port 6566t;
	icb 7326t; spamd 8025t; spamd-sync 8025u; spamd-cfg 8026t; dhcpd-sync 8067u; hunt 26740u;
`;

let own: Services | undefined;

/** The services that OpenBSD installs, for hosts that did not tell theirs. */
export function openbsdServices(): Services {
	own ??= fromEntries(
		LIST.split(";").flatMap((item) => {
			const [name, where, ...aliases] = item.trim().split(/\s+/);
			if (name === undefined || where === undefined) return [];
			return [{ names: [name, ...aliases], port: Number.parseInt(where, 10), tcp: !where.endsWith("u"), udp: !where.endsWith("t") }];
		}),
	);
	return own;
}

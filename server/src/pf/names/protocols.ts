/** Names of IP protocols: OpenBSD's own list, and protocols(5) texts of a host. */

export interface Protocols {
	/** The number of a name or alias. */
	number(name: string): number | undefined;
	/** The name of a number; the first one listed. */
	name(number: number): string | undefined;
	/** All names and aliases with their numbers, for completion; in the order of the list. */
	readonly names: ReadonlyMap<string, number>;
}

/** The protocols that pf inspects. */
export const IPPROTO = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const;

/** Reads a protocols(5) text as getprotoent(3) does: lines that it cannot read are skipped, the first of equal names counts. */
export function parseProtocols(text: string): Protocols {
	const entries: (readonly [number, readonly string[]])[] = [];
	for (const line of text.split("\n")) {
		const [, name, number, aliases] = /^([^ \t#]*)[ \t]+([+-]?\d+)(?![^ \t#])([^#]*)/.exec(line) ?? [];
		if (name === undefined || Number(number) < 0) continue;
		entries.push([Number(number), [name, ...(aliases ?? "").split(/[ \t]+/).filter((alias) => alias !== "")]]);
	}
	return fromEntries(entries);
}

function fromEntries(entries: readonly (readonly [number, readonly string[]])[]): Protocols {
	const names = new Map<string, number>();
	const byNumber = new Map<number, string>();
	for (const [number, list] of entries) {
		for (const name of list) if (!names.has(name)) names.set(name, number);
		const [first] = list;
		if (first !== undefined && !byNumber.has(number)) byNumber.set(number, first);
	}
	return { names, number: (name) => names.get(name), name: (number) => byNumber.get(number) };
}

/** OpenBSD 7.7's list: number, name, aliases. */
const LIST = `
	0 ip IP HOPOPT; 1 icmp ICMP; 2 igmp IGMP; 3 ggp GGP; 4 ipencap IP-ENCAP; 5 st2 ST ST2; 6 tcp TCP; 7 cbt UCL CBT;
	8 egp EGP; 9 igp IGP; 10 bbn-rcc BBN-RCC-MON; 11 nvp NVP-II; 12 pup PUP; 13 argus ARGUS; 14 emcon EMCON; 15 xnet XNET;
	16 chaos CHAOS; 17 udp UDP; 18 mux MUX; 19 dcn DCN-MEAS; 20 hmp HMP; 21 prm PRM; 22 xns-idp XNS-IDP;
	23 trunk-1 TRUNK-1; 24 trunk-2 TRUNK-2; 25 leaf-1 LEAF-1; 26 leaf-2 LEAF-2; 27 rdp RDP; 28 irtp IRTP;
	29 iso-tp4 ISO-TP4; 30 netblt NETBLT; 31 mfe-nsp MFE-NSP; 32 merit-inp MERIT-INP; 33 dccp SEP DCCP; 34 3pc 3PC;
	35 idpr IDPR; 36 xtp XTP; 37 ddp DDP; 38 idpr-cmtp IDPR-CMTP; 39 tp++ TP++; 40 il IL; 41 ipv6 IPv6; 42 sdrp SDRP;
	43 ipv6-route IPV6-ROUTE; 44 ipv6-frag IPV6-FRAG; 45 idrp IDRP; 46 rsvp RSVP; 47 gre GRE; 48 dsr DSR; 49 bna BNA;
	50 esp IPSEC-ESP ESP; 51 ah IPSEC-AH AH; 52 i-nlsp I-NLSP; 53 swipe SWIPE; 54 narp NHRP NARP;
	55 mobile MOBILEIP MOBILE; 57 skip SKIP; 58 ipv6-icmp IPV6-ICMP icmp6; 59 ipv6-nonxt IPV6-NONXT;
	60 ipv6-opts IPV6-OPTS; 61 any; 62 cftp CFTP; 63 any; 64 sat-expak SAT-EXPAK; 65 kryptolan KRYPTOLAN; 66 rvd RVD;
	67 ippc IPPC; 68 any; 69 sat-mon SAT-MON; 70 visa VISA; 71 ipcv IPCV; 72 cpnx CPNX; 73 cphb CPHB; 74 wsn WSN;
	75 pvp PVP; 76 br-sat-mon BR-SAT-MON; 77 sun-nd SUN-ND; 78 wb-mon WB-MON; 79 wb-expak WB-EXPAK; 80 iso-ip ISO-IP;
	81 vmtp VMTP; 82 secure-vmtp SECURE-VMTP; 83 vines VINES; 84 ttp TTP; 85 nsfnet-igp NSFNET-IGP; 86 dgp DGP; 87 tcf TCF;
	88 igrp IGRP EIGRP; 89 ospf OSPFIGP; 90 sprite-rpc Sprite-RPC; 91 larp LARP; 92 mtp MTP; 93 ax.25 AX.25; 94 ipip IPIP;
	95 micp MICP; 96 scc-sp SCC-SP; 97 etherip ETHERIP; 98 encap ENCAP; 99 any; 100 gmtp GMTP; 101 ifmp IFMP;
	102 pnni PNNI; 103 pim PIM; 104 aris ARIS; 105 scps SCPS; 106 qnx QNX; 107 a/n A/N; 108 ipcomp IPComp; 109 snp SNP;
	110 compaq-peer Compaq-Peer; 111 ipx-in-ip IPX-in-IP; 112 carp CARP vrrp; 113 pgm PGM; 115 l2tp L2TP; 116 ddx DDX;
	117 iatp IATP; 118 stp STP; 119 srp SRP; 120 uti UTI; 121 smp SMP; 122 sm SM; 123 ptp PTP; 124 isis ISIS;
	125 fire FIRE; 126 crtp CRTP; 127 crudp CRUDP; 128 sscopmce SSCOPMCE; 129 iplt IPLT; 130 sps SPS; 131 pipe PIPE;
	132 sctp SCTP; 133 fc FC; 134 rsvp-e2e-ignore RSVP-E2E-IGNORE; 135 mobility-header Mobility-Header;
	136 udplite UDPLite; 137 mpls-in-ip MPLS-IN-IP; 138 manet MANET; 139 hip HIP; 140 shim6 SHIM6; 141 wesp WESP;
	142 rohc ROHC; 240 pfsync PFSYNC; 255 reserved Reserved; 258 divert DIVERT;
`;

let own: Protocols | undefined;

/** The protocols that OpenBSD installs, for hosts that did not tell theirs. */
export function openbsdProtocols(): Protocols {
	own ??= fromEntries(
		LIST.split(";").flatMap((item) => {
			const [number, ...names] = item.trim().split(/\s+/);
			return names.length === 0 ? [] : [[Number(number), names] as const];
		}),
	);
	return own;
}

/** The number of a protocol as OpenBSD's programs print it: by its name, or as a number where it has none. */
export function protocolNumber(word: string): number | undefined {
	const number = openbsdProtocols().number(word) ?? (/^\d{1,3}$/.test(word) ? Number(word) : undefined);
	return number !== undefined && number <= 255 ? number : undefined;
}

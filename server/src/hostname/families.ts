/** The families of interfaces: a driver's name, which is the interface's name without its number. */
import type { Release } from "../text/vocabulary.ts";
import { driverOf } from "./names.ts";

export interface DriverFamily {
	/** The name under which the vocabulary lists what it accepts: `em` for all Ethernet cards, `iwm` for all wireless ones. */
	readonly key: string;
	/** Whether `ifconfig create` makes such interfaces (sys/net/if.c, if_clone_create). */
	readonly cloned: boolean;
	/** False where the driver is in neither table: then nothing is known for certain. */
	readonly known: boolean;
	/** The release that first had the driver, where that is told. */
	readonly since?: Release;
}

/** Drivers of pseudo-devices, each a family of its own. */
const pseudoDevices = [
	"aggr",
	"bpe",
	"bridge",
	"carp",
	"egre",
	"enc",
	"eoip",
	"erspan",
	"etherip",
	"gif",
	"gre",
	"lo",
	"mgre",
	"mpe",
	"mpip",
	"mpw",
	"nvgre",
	"pair",
	"pflog",
	"pflow",
	"pfsync",
	"ppp",
	"pppoe",
	"rport",
	"sec",
	"svlan",
	"tap",
	"tpmr",
	"trunk",
	"tun",
	"veb",
	"vether",
	"vlan",
	"vport",
	"vxlan",
	"wg",
] as const;

/** The releases in which drivers first appeared (their manual pages). */
export const familyReleases: Readonly<Record<string, Release>> = {
	etherip: "5.9",
	pair: "5.9",
	bpe: "6.5",
	mpip: "6.5",
	aggr: "6.6",
	tpmr: "6.6",
	wg: "6.8",
	veb: "6.9",
	vport: "6.9",
	sec: "7.4",
	rport: "7.6",
	erspan: "7.8",
};

/** The families by which the vocabulary tells what an interface accepts. */
export const familyKeys: readonly string[] = ["em", "iwm", "umb", ...pseudoDevices];

const wireless = new Set(
	"acx an ath athn atu atw bwfm bwi ipw iwi iwm iwn iwx malo mwx otus pgt qwx qwz ral ray rsu rtw rtwn rum run uath upgt ural urtw urtwn wi wpi zyd".split(
		" ",
	),
);

const ethernet = new Set(
	(
		"age alc ale aq aue awi axe axen axi bce be bge bm bmtphy bnx bnxt cad cas cdce cdcef cpsw cue dc de dwge dwqe dwxe em ep epic et fec " +
		"fxp gem gmac hme hvn iavf igc ixgbe ixl ixv jme kse kue le lge lii lmc mcx msk mue mvgbe mvneta mvpp myx ne nep nfe nge ngbe nvme " +
		"oce ogx pcn qe ral re rdsrom rge rl se sf sis sk smsc smte ste stge sxie sy tht ti tl tlp txp uaq udav ugl upl ure url urndis vge " +
		"vic vio vmx vnet vr vte wb xe xge xl xnf"
	).split(" "),
);

/** The family of an interface. Of a driver that is not known it is Ethernet, and `known` is false. */
export function familyOf(name: string): DriverFamily {
	const driver = driverOf(name);
	const pseudo = pseudoDevices.find((device) => device === driver);
	if (pseudo !== undefined) {
		const since = familyReleases[pseudo];
		return { key: pseudo, cloned: true, known: true, ...(since && { since }) };
	}
	if (driver === "umb") return { key: "umb", cloned: false, known: true };
	if (wireless.has(driver)) return { key: "iwm", cloned: false, known: true };
	return { key: "em", cloned: false, known: ethernet.has(driver) };
}

/** Families whose interfaces carry Ethernet frames, so that bridges and VLANs can use them. */
const frames = new Set(
	"em iwm umb aggr bpe carp egre eoip erspan etherip mpw nvgre pair svlan tap trunk vether vlan vport vxlan".split(" "),
);

export function carriesEthernet(family: DriverFamily): boolean {
	return frames.has(family.key);
}

/** The MTU that a driver gives, by family, where it is always the same. */
const usualMtus: Readonly<Record<string, number>> = { em: 1500, iwm: 1500, vether: 1500, vport: 1500, tap: 1500, wg: 1420, gif: 1280 };

/** The MTU of an interface that nobody gave one; undefined where that hangs on other interfaces or the machine. */
export function usualMtu({ key }: DriverFamily): number | undefined {
	return usualMtus[key];
}

/** Families whose interfaces get addresses from programs: links to a peer, and guests' taps. */
const givenByPrograms = new Set("pppoe ppp tun tap umb wg sec".split(" "));

export function isAddressedByPrograms({ key }: DriverFamily): boolean {
	return givenByPrograms.has(key);
}

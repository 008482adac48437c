/** What hosts that stand in for each other have to have in common (carp_hmac_prepare_ctx, carp_proto_input_c in sys/netinet/ip_carp.c). */
import { parseIp4 } from "../pf/names/address.ts";
import { related } from "../text/check.ts";
import { msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { type HostCheck, information, warning } from "./check.ts";
import { start } from "./checks-interfaces.ts";
import type { InterfaceConfig } from "./interfaces.ts";
import type { Host } from "./model.ts";
import { hasAddressOf, type Partner, partnersIn } from "./pairs.ts";

/** Carp interfaces of a host with those of a partner that have an address in common, and one group each. */
function* sharedOf(host: Host) {
	for (const partner of partnersIn(host)) {
		for (const { own, theirs, address } of partner.shared) {
			// Groups by carpnodes(4) have a skew each, and a balance.
			if (own.carp.carpnodes === undefined && theirs.carp.carpnodes === undefined) yield { partner, own, theirs, address };
		}
	}
}

/** Those of the two that are in one group: only they hear each other. */
function* groupsOf(host: Host) {
	for (const shared of sharedOf(host)) if (shared.own.carp.vhid?.value === shared.theirs.carp.vhid?.value) yield shared;
}

/** The addresses that go into what an advertisement is signed with: those that the kernel makes itself are left out. */
const signedIn = ({ addresses }: InterfaceConfig): InterfaceConfig["addresses"] =>
	addresses.filter(({ ip, family }) => ip === undefined || family === "inet" || ip.a >>> 22 !== 0x3fa);

export const pairChecks = {
	"host/pair-vhid": warning(
		[
			"One address in two groups of carp",
			"Hosts share an address by the number of their group. With different ones none hears of the other: each takes the address, and packets get lost between them.",
			"Give both the same `vhid`.",
		],
		(host, report) => {
			for (const { partner, own, theirs, address } of sharedOf(host)) {
				const { vhid } = own.carp;
				const other = theirs.carp.vhid;
				if (vhid === undefined || other === undefined || vhid.value === other.value) continue;
				report(vhid, msg("Both hosts take {0}: {1} of {2} has vhid {3}", address, theirs.name, partner.name, other.value), {
					advice: msg("Give both the same vhid."),
				});
			}
		},
	),

	"host/pair-pass": warning(
		[
			"Two passwords for one group of carp",
			"Advertisements are signed with the password. A host refuses those of the other: each takes the address, and packets get lost between them.",
			"Give both the same `pass`.",
		],
		(host, report) => {
			for (const { partner, own, theirs, address } of groupsOf(host)) {
				const { pass, vhid } = own.carp;
				const other = theirs.carp.pass;
				if (pass?.value.slice(0, KEY) === other?.value.slice(0, KEY)) continue;
				const message =
					other === undefined
						? msg("Both hosts take {0}: {1} of {2} has no password", address, theirs.name, partner.name)
						: pass === undefined
							? msg("Both hosts take {0}: {1} of {2} has a password", address, theirs.name, partner.name)
							: msg("Both hosts take {0}: {1} of {2} has another password", address, theirs.name, partner.name);
				report(pass ?? vhid ?? start(own), message, { advice: msg("Give both the same password.") });
			}
		},
	),

	"host/pair-addresses": warning(
		[
			"A group of carp whose addresses differ between two hosts",
			"Advertisements are signed with all addresses of the interface. A host refuses those of the other: each takes the addresses, and packets get lost between them.",
			"Give both the same addresses.",
		],
		(host, report) => {
			for (const { partner, own, theirs, address } of groupsOf(host)) {
				const mine = signedIn(own);
				const others = signedIn(theirs);
				// A name is looked up on the host.
				if ([...mine, ...others].some(({ ip }) => ip === undefined)) continue;
				const here = mine.find((one) => !hasAddressOf(theirs, one));
				const there = others.find((one) => !hasAddressOf(own, one));
				if (here !== undefined)
					report(here, msg("Both hosts take {0}: {1} of {2} lacks {3}", address, theirs.name, partner.name, here.text));
				else if (there !== undefined)
					report(
						own.carp.vhid ?? start(own),
						msg("Both hosts take {0}: {1} of {2} has {3} too", address, theirs.name, partner.name, there.text),
					);
			}
		},
	),

	"host/pair-peer": warning(
		[
			"A peer address that the other host doesn't have",
			"What is sent to one host alone is heard by that host alone, and who listens for it hears nothing that is sent to all.",
			"Name the other host's address on the interface below, on both hosts.",
		],
		(host, report) => {
			for (const { partner, own, theirs } of sharedOf(host)) {
				if (own.peer !== undefined && theirs.peer === undefined && own.addresses.some(({ family }) => family === "inet"))
					report(
						own.peer,
						msg("Both hosts take {0}: {1} of {2} has no `carppeer`", own.addresses[0]?.text ?? "", theirs.name, partner.name),
					);
				if (partner.alone) tellPeer(own, theirs, partner, report);
			}
			for (const partner of partnersIn(host)) {
				if (!partner.alone) continue;
				const own = host.configs.find(isSync);
				const theirs = partner.configs.find(isSync);
				if (own !== undefined && theirs !== undefined) tellPeer(own, theirs, partner, report);
			}
		},
	),

	"host/pair-skew": information(
		[
			"Hosts of which neither is given the lead",
			"The host that advertises most often leads. Where both do so alike, the one leads that came first.",
			"Give the host that is to stand in a higher `advskew`.",
		],
		(host, report) => {
			for (const { partner, own, theirs, address } of groupsOf(host)) {
				if ((own.carp.advbase?.value ?? 1) !== (theirs.carp.advbase?.value ?? 1)) continue;
				const skew = own.carp.advskew?.value ?? 0;
				if (skew !== (theirs.carp.advskew?.value ?? 0)) continue;
				report(
					own.carp.advskew ?? own.carp.vhid ?? start(own),
					msg("Nothing decides which host leads for {0}: {1} of {2} has advskew {3} too", address, theirs.name, partner.name, skew),
					{ advice: msg("Give the host that is to stand in a higher advskew.") },
				);
			}
		},
	),

	"host/pair-missing": information(
		[
			"An address that nobody takes over",
			"When this host is away, what is sent to the address is lost.",
			"Set the interface up on the other host too.",
		],
		(host, report) => {
			for (const partner of partnersIn(host)) {
				if (!partner.alone) continue;
				for (const config of host.configs) {
					if (config.family !== "carp" || config.down !== undefined) continue;
					const [first] = config.addresses;
					const others = partner.configs.filter(({ family }) => family === "carp");
					if (first?.ip === undefined || others.some((other) => config.addresses.some((address) => hasAddressOf(other, address)))) continue;
					// An address that is a name, or what only the shell knows, may be that one.
					if (others.some(({ addresses, commands }) => commands.length > 0 || addresses.some(({ ip }) => ip === undefined))) continue;
					report(first, msg("{0} doesn't take over {1}: none of its carp interfaces has that address", partner.name, first.text));
				}
			}
		},
	),

	"host/pair-sync-missing": information(
		[
			"States that the other host never hears of",
			"Connections go on at the other host only where it has heard of their states, by pfsync(4) on both.",
			"Set pfsync up on the other host too.",
		],
		(host, report) => {
			for (const partner of partnersIn(host)) {
				const own = host.configs.find(isSync);
				if (own?.parent === undefined || !partner.alone || partner.configs.some(({ family }) => family === "pfsync")) continue;
				report(own.parent, msg("{0} hears of no states: it has no pfsync interface", partner.name), {
					related: partner.shared.map(({ own: shared }) =>
						related(shared.carp.vhid ?? start(shared), msg("An address that it takes over")),
					),
				});
			}
		},
	),
} satisfies Readonly<Record<string, HostCheck>>;

/** So many characters of a password are used: CARP_KEY_LEN in ip_carp.h, with an end (setcarp_passwd in ifconfig.c). */
const KEY = 19;

function isSync({ family, down }: InterfaceConfig): boolean {
	return family === "pfsync" && down === undefined;
}

/** Tells of a peer that isn't an address of the other host on the interface below. */
function tellPeer(
	own: InterfaceConfig,
	theirs: InterfaceConfig,
	partner: Partner,
	report: (at: Place, message: ReturnType<typeof msg>) => void,
): void {
	const device = partner.configs.find(({ name }) => name === theirs.parent?.value);
	const addresses = device?.addresses.filter(({ family }) => family === "inet") ?? [];
	if (own.peer === undefined || device === undefined || addresses.length === 0) return;
	if (device.commands.length > 0 || addresses.some(({ ip }) => ip === undefined)) return;
	const ip = parseIp4(own.peer.value);
	if (ip === undefined || hasAddressOf(device, { ip, family: "inet" })) return;
	report(
		own.peer,
		msg(
			"{0} isn't an address of {1}: its {2} has {3}",
			own.peer.value,
			partner.name,
			device.name,
			addresses.map(({ text }) => text).join(", "),
		),
	);
}

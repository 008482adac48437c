/** How ifconfig(8) reads values: strtonum(3), inet_aton(3), ether_aton(3), and the words for media. */
import { byteLength } from "../text/bytes.ts";
import { etherAton } from "../text/ether.ts";
import type { ValueRule } from "./vocabulary.ts";

/** What strtonum(3) finds wrong with a text; undefined where it is a number in range. */
export function numberFault(text: string, min: number, max: number): "invalid" | "too small" | "too large" | undefined {
	if (!/^[ \t\n\v\f\r]*[-+]?[0-9]+$/.test(text)) return "invalid";
	const value = Number(text);
	return value < min ? "too small" : value > max ? "too large" : undefined;
}

/** What err(3) adds where strtonum(3) has set the error. */
export function errnoOf(fault: ReturnType<typeof numberFault>): "Invalid argument" | "Result too large" {
	return fault === "invalid" ? "Invalid argument" : "Result too large";
}

/** The value of an IPv4 address in any form that inet_aton(3) takes: one to four parts, decimal, octal or hexadecimal. */
export function inetAton(text: string): number | undefined {
	const parts = text.split(".");
	if (parts.length > 4) return undefined;
	const values = parts.map((part) => {
		if (/^0[xX][0-9a-fA-F]*$/.test(part)) return Number.parseInt(`0${part.slice(2)}`, 16);
		// Octal it is, of whatever digits (libc/net/inet_addr.c).
		if (/^0[0-9]*$/.test(part)) return [...part].reduce((sum, digit) => sum * 8 + Number(digit), 0);
		return /^[1-9][0-9]*$/.test(part) ? Number(part) : Number.NaN;
	});
	const last = values.pop() ?? Number.NaN;
	if (values.some((value) => !(value <= 255)) || !(last < 256 ** (4 - values.length))) return undefined;
	return values.reduce((sum, value, i) => sum + value * 256 ** (3 - i), last);
}

/** Whether a text is an IPv6 address, with a scope or without. */
export function isInet6(text: string): boolean {
	const [address = "", scope, ...more] = text.split("%");
	if (more.length > 0 || scope === "" || (scope !== undefined && !/^[A-Za-z0-9]+$/.test(scope))) return false;
	const halves = address.split("::");
	if (halves.length > 2 || !address.includes(":")) return false;
	const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
	const dotted = groups.at(-1)?.includes(".") === true && /^(\d{1,3})(\.\d{1,3}){3}$/.test(groups.at(-1) ?? "");
	const plain = dotted ? groups.slice(0, -1) : groups;
	if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
	const count = plain.length + (dotted ? 2 : 0);
	return halves.length === 2 ? count < 8 : count === 8;
}

/** Whether the lower half of an IPv6 address has something that `eui64` would fill. */
export function hasInterfaceIndex(text: string): boolean {
	const [address = ""] = text.split(/[%/]/, 1);
	if (!isInet6(address)) return false;
	const [head = "", tail] = address.split("::");
	const lower = tail === undefined ? head.split(":").slice(4) : tail.split(":");
	const upper = tail === undefined ? [] : head.split(":").slice(4);
	return [...upper, ...lower.slice(-4)].some((group) => /[1-9a-fA-F]/.test(group));
}

/** Whether the bits of a mask stand together. */
export function isContiguous(mask: number): boolean {
	return (mask & (~mask >>> 1)) >>> 0 === 0;
}

/** Why a text is no WireGuard key, which is 32 bytes in base64: b64_pton(3) says how many it has read, or -1. */
function keyFault(text: string): string | undefined {
	if (text.length !== 44) return "invalid length";
	if (/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/.test(text)) return undefined;
	return `invalid base64 ${/^[A-Za-z0-9+/]{41}[AQgw]==$/.test(text) ? 31 : -1}/32`;
}

/** What ifconfig says of a WEP key (ifconfig.c, setifnwkey()); of a set of four keys, nothing. */
export function wepFault(text: string): "Invalid WEP key length" | "bad hexadecimal digits" | undefined {
	if (/^persist(?::|$)/i.test(text) || /^[0-9]:/.test(text)) return undefined;
	const length = byteLength(text);
	if (![5, 10, 12, 13, 26, 28].includes(length)) return "Invalid WEP key length";
	const digits = length === 10 || length === 26 ? text : /^0x/i.test(text) ? text.slice(2) : "";
	return /^(?:[0-9a-fA-F]{2})*$/.test(digits) ? undefined : "bad hexadecimal digits";
}

const SHARED_MEDIA = ["autoselect", "auto", "manual", "none"];

/** The media of Ethernet (sys/net/if_media.h, IFM_SUBTYPE_DESCRIPTIONS) as patterns over lower case. */
const ETHERNET_MEDIA =
	/^(10base(t|t\/utp|2|2\/bnc|5|5\/aui|stp|fl)|utp|10utp|bnc|10bnc|aui|10aui|stp|10stp|fl|10fl|100base(tx|fx|t4|vg|t2)|100(tx|fx|t4|vg|t2)|1000base(sx|lx|cx|t|tx)|1000(sx|lx|cx|t|tx)|homepna1|hpna1|1000base-?(kx|sgmii|cx-sgmii)|2500(base-?(sx|kx|t)|sx)|5000base-?t|10gbase-?(lr|sr|cx4|t|lrm|kx4|kr|cr1|sfi|er)|10g(lr|sr|cx4|t|cu|sfp\+cu|-aoc)|20gbase-?kr2|(25|40|50|56|100)g(base-?[a-z]+[0-9]?|-aoc))$/;
/** Those of today's hardware, as ifconfig(8) lists them. */
const COMMON_MEDIA = "10baseT 100baseTX 1000baseT 1000baseSX 1000baseLX 2500baseT 5000baseT 10GbaseT 10GbaseSR 10GbaseLR 25GbaseSR".split(
	" ",
);
const WIRELESS_MEDIA = /^(fh[12]|ds(1|2|5|11|22)|ofdm(6|9|12|18|24|36|48|54|72)|ht-mcs([0-9]|[1-6][0-9]|7[0-6])|vht-mcs[0-9])$/;

export function isMedium(text: string, wireless: boolean): boolean {
	const lower = text.toLowerCase();
	return SHARED_MEDIA.includes(lower) || (wireless ? WIRELESS_MEDIA : ETHERNET_MEDIA).test(lower);
}

const MEDIA_OPTIONS = ["fdx", "full-duplex", "hdx", "half-duplex", "flag0", "flag1", "flag2", "loopback", "loop", "hw-loopback", "hw-loop"];
const WIRELESS_OPTIONS = ["adhoc", "hostap", "ibss", "ibss-master", "monitor", "turbo"];

export function isMediaOption(text: string, wireless: boolean): boolean {
	const more = wireless ? WIRELESS_OPTIONS : ["master", "rxpause", "txpause"];
	return [...MEDIA_OPTIONS, ...more].includes(text.toLowerCase());
}

/** Words for the medium and for its options, for completion. */
export function mediaWords(option: boolean, wireless: boolean): readonly string[] {
	if (option) return ["full-duplex", "half-duplex", ...(wireless ? WIRELESS_OPTIONS : ["rxpause", "txpause"])];
	return ["autoselect", ...(wireless ? [] : COMMON_MEDIA)];
}

/** Whether a name stands for an address; undefined where that is not known. */
export type Resolve = (name: string) => boolean | undefined;

/** The address family of a value, or undefined where it is no address. A name that may resolve is both. */
export function addressFamily(text: string, resolve: Resolve): "inet" | "inet6" | "either" | undefined {
	if (inetAton(text) !== undefined) return "inet";
	if (isInet6(text)) return "inet6";
	return resolve(text) === false ? undefined : "either";
}

const NO_ADDRESS = "no address associated with name";

/** An address with a port or without, where one of IPv6 stands in brackets (ifconfig.c, pflow_addr()). */
function exporterFault(text: string): readonly string[] | undefined {
	const [, host = "", port] = /^\[([^\]]*)\](?::(.*))?$/s.exec(text) ?? /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
	if (port !== undefined && !/^\w[\w-]*$/.test(port)) return [text, "service not supported for ai_socktype"];
	return inetAton(host) !== undefined || isInet6(host) ? undefined : [text, "name or service is not known"];
}

/** What a value that the vocabulary's rule refuses puts into the rule's `form`; undefined where the rule is kept. */
export function ruleFault(rule: Exclude<ValueRule, { kind: "vlan" }>, text: string, resolve: Resolve): readonly string[] | undefined {
	switch (rule.kind) {
		case "number": {
			const fault = rule.also?.includes(text) === true ? undefined : numberFault(text, rule.min, rule.max);
			return fault === undefined ? undefined : [text, fault, errnoOf(fault)];
		}
		case "choice": {
			const parts = rule.list === true ? text.split(",").filter((part) => part !== "") : [text];
			const wrong = parts.find((part) => !rule.choices.includes(part));
			return wrong === undefined ? undefined : [wrong];
		}
		case "lladdr":
			if (rule.vlan !== undefined && text.includes("@")) return undefined;
			return rule.also?.includes(text) === true || etherAton(text) !== undefined ? undefined : [text];
		case "address": {
			if (rule.brackets === true) return exporterFault(text);
			const colon = text.indexOf(":");
			const host = rule.port === true && colon >= 0 && colon === text.lastIndexOf(":") ? text.slice(0, colon) : text;
			const family = addressFamily(host, resolve);
			return family === undefined || (rule.family === "inet" && family === "inet6") ? [text, NO_ADDRESS] : undefined;
		}
		case "key": {
			const fault = keyFault(text);
			return fault === undefined ? undefined : [text, fault];
		}
		case "prefix": {
			const [network = "", length, ...more] = text.split("/");
			const inet6 = isInet6(network);
			const good =
				more.length === 0 &&
				(inet6 || /^\d{1,3}(\.\d{1,3}){0,3}$/.test(network)) &&
				(length === undefined || numberFault(length, 0, inet6 ? 128 : 32) === undefined);
			return good ? undefined : [text];
		}
	}
}

/** The rules that are missing where packets are blocked on their way: with interface, direction, family and destination. */

import { filterOf } from "../host/filter.ts";
import { lineAlikeBelow } from "../host/fixes.ts";
import type { Host, Plug } from "../host/model.ts";
import { missingUplink, uplinkFile } from "../host/uplink.ts";
import { driverOf, hostnamePath } from "../hostname/names.ts";
import { formatIp, sameIp } from "../pf/names/address.ts";
import { quickFix } from "../text/check.ts";
import type { Diagnostic, Fix } from "../text/diagnostic.ts";
import { msg } from "../text/message.ts";
import type { End, Ends } from "./endpoints.ts";
import { tapName } from "./interfaces.ts";
import { ICMP, type Packet, TCP, UDP } from "./packet.ts";
import { besideBlock, nameAmong } from "./packet-check.ts";
import { OTHER_PROTOCOL, protocolName, type ServiceAtom } from "./services.ts";
import { decidingStep, type Trace } from "./trace.ts";

/** Advice, and the changes that follow it. */
export type Remedy = Pick<Diagnostic, "advice" | "fixes">;

/** What lets a connection through that is expected to pass, at the place where it is stopped; nothing where that is not one rule. */
export function lettingThrough(host: Host, ends: Ends, trace: Trace, service: ServiceAtom): Remedy {
	if (trace.ways.length === 0) return makingWay(host, trace);
	const step = trace.answer === "no" ? decidingStep(trace) : undefined;
	const filter = filterOf(host);
	if (step?.outcome?.verdict !== "block" || filter === undefined) return {};
	const source = sourceText(ends, trace.flow.from, step.packet);
	const name = ruleName(host, step.interface, source !== "any");
	if (name === undefined) return {};
	const { rule: block } = step.outcome;
	const line = [
		`pass ${step.direction}${block?.quick === true ? " quick" : ""} on ${name}`,
		step.packet.family,
		...protocolText(service, step.packet),
		`from ${source} to ${destinationText(ends, trace.flow.to, step.packet)}`,
		...portText(service),
	].join(" ");
	return { advice: msg("Add `{0}`.", line), ...quickFix(msg("Add `{0}`", line), besideBlock({ host, filter }, block, [line])) };
}

/** What would make a way where the files show none. */
export function makingWay(host: Host, { flow }: Trace): Remedy {
	const missing = missingUplink(host);
	if (missing !== undefined && (flow.from.kind === "outside" || flow.to.kind === "outside"))
		return {
			advice: msg("No hostname file leads outside: {0} is missing.", hostnamePath(missing.name)),
			fixes: [uplinkFile(missing.name)],
		};
	const [from, to] = [guestOf(host, flow.from), guestOf(host, flow.to)];
	const fix = from && to && pluggedTogether(host, from, to);
	if (fix !== undefined) return { advice: msg("They share no switch, and no file tells of a router between them."), fixes: [fix] };
	return missingGateway(host, to) ?? missingGateway(host, from) ?? {};
}

function guestOf({ vm }: Host, end: End): Plug["guest"] | undefined {
	return end.kind === "guest" ? vm.guests.find(({ name }) => name.value === end.name) : undefined;
}

/** What stands in the way of a guest whose switches lead nowhere. */
function missingGateway(host: Host, guest: Plug["guest"] | undefined): Remedy | undefined {
	const segments = (guest?.interfaces ?? []).flatMap((nic) => host.segmentOfNic.get(nic) ?? []);
	const [segment] = segments;
	if (segment === undefined || segments.some(({ gateways, uplinks }) => gateways.length + uplinks.length > 0)) return undefined;
	const own = segment.ports.find(({ value }) => ["vether", "vport"].includes(driverOf(value)))?.value;
	const advice =
		own === undefined
			? msg(
					"{0} has no port but those of guests: add a {1} with an address.",
					segment.link.name,
					segment.kind === "veb" ? "vport" : "vether",
				)
			: msg("{0} has no address: {1} needs an `inet` line.", own, hostnamePath(own));
	return { advice };
}

/** Another interface of one guest, in the switch that the other is plugged into. */
function pluggedTogether(host: Host, guest: Plug["guest"], other: Plug["guest"]): Fix | undefined {
	const [target, ...others] = other.interfaces.flatMap((nic) => nic.switch ?? []);
	const last = guest.interfaces.at(-1);
	if (target === undefined || others.length > 0 || last === undefined || guest.parent !== undefined) return undefined;
	if (guest.interfaces.some((nic) => nic.switch?.value === target.value) || host.segmentOfSwitch.get(target.value) === undefined)
		return undefined;
	const edit = lineAlikeBelow(host, last, `interface { switch "${target.value}" }`);
	return edit && { title: msg('Plug "{0}" into switch "{1}" as well', guest.name.value, target.value), edits: [edit], preferred: true };
}

/** What rules may call an interface of a way; a tap that nobody pinned by the group of all taps where that says enough. */
function ruleName(host: Host, name: string, isSpecific: boolean): string | undefined {
	for (const guest of host.vm.guests) {
		for (const nic of guest.interfaces) {
			const plug: Plug = { guest, nic };
			if (tapName(plug) === name) return nameAmong(host, plug, [plug]) ?? (isSpecific ? "tap" : undefined);
		}
	}
	return name;
}

/** Nothing for a protocol that stands for all those that rules do not name. */
function protocolText({ protocol }: ServiceAtom, { family }: Packet): readonly string[] {
	if (protocol === OTHER_PROTOCOL) return [];
	if (protocol === ICMP) return [family === "inet6" ? "proto icmp6" : "proto icmp"];
	const name = protocolName(protocol);
	return [name.startsWith("proto ") ? name : `proto ${name}`];
}

function portText({ protocol, low, high }: ServiceAtom): readonly string[] {
	if ((protocol !== TCP && protocol !== UDP) || (low <= 1 && high >= 65_535)) return [];
	return [`port ${low === high ? low : `${low}:${high}`}`];
}

/** The address of an end in a packet, where it is one that the files tell. */
function addressOf(ends: Ends, end: End, address: Packet["source"], family: Packet["family"]): string | undefined {
	const known = ends.of(end).some((one) => !one.supposed && one.family === family && sameIp(one.address, address));
	return known && (end.kind === "guest" || end.kind === "address") ? formatIp(address, family) : undefined;
}

function sourceText(ends: Ends, end: End, { source, family }: Packet): string {
	return addressOf(ends, end, source, family) ?? "any";
}

function destinationText(ends: Ends, end: End, { destination, family }: Packet): string {
	if (end.kind === "host") return "(self)";
	return addressOf(ends, end, destination, family) ?? "! (self)";
}

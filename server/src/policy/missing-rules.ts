/** The rules that are missing where packets are blocked on their way: with interface, direction, family and destination. */

import { filterOf } from "../host/filter.ts";
import { lineBelow } from "../host/fixes.ts";
import type { Host, Plug } from "../host/model.ts";
import { missingUplink, uplinkFile } from "../host/uplink.ts";
import { driverOf, hostnamePath } from "../hostname/names.ts";
import { formatIp, sameIp } from "../pf/names/address.ts";
import { quickFix } from "../text/check.ts";
import type { Diagnostic, Fix } from "../text/diagnostic.ts";
import { type Message, msg } from "../text/message.ts";
import type { End, Ends } from "./endpoints.ts";
import { tapName } from "./interfaces.ts";
import { ICMP, ICMP6, type Packet, TCP, UDP } from "./packet.ts";
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
	const fix = flow.from.kind === "guest" && flow.to.kind === "guest" ? pluggedTogether(host, flow.from.name, flow.to.name) : undefined;
	if (fix !== undefined) return { advice: msg("They share no switch, and no file tells of a router between them."), fixes: [fix] };
	const [advice] = [flow.to, flow.from].flatMap((end) => (end.kind === "guest" ? (missingGateway(host, end.name) ?? []) : []));
	return advice === undefined ? {} : { advice };
}

/** What stands in the way of a guest whose switches lead nowhere. */
function missingGateway(host: Host, name: string): Message | undefined {
	const nics = host.vm.guests.find((guest) => guest.name.value === name)?.interfaces ?? [];
	const segments = nics.flatMap((nic) => host.segmentOfNic.get(nic) ?? []);
	const [segment] = segments;
	if (segment === undefined || segments.some(({ gateways, uplinks }) => gateways.length + uplinks.length > 0)) return undefined;
	const own = segment.ports.find(({ value }) => ["vether", "vport"].includes(driverOf(value)))?.value;
	return own === undefined
		? msg("{0} has no port but those of guests: add a {1} with an address.", segment.link.name, segment.kind === "veb" ? "vport" : "vether")
		: msg("{0} has no address: {1} needs an `inet` line.", own, hostnamePath(own));
}

/** Another interface of one guest, in the switch that the other is plugged into. */
function pluggedTogether(host: Host, from: string, to: string): Fix | undefined {
	const guest = host.vm.guests.find(({ name }) => name.value === from);
	const [target, ...others] = (host.vm.guests.find(({ name }) => name.value === to)?.interfaces ?? []).flatMap((nic) => nic.switch ?? []);
	const last = guest?.interfaces.at(-1);
	if (target === undefined || others.length > 0 || last === undefined || guest?.parent !== undefined) return undefined;
	if (guest?.interfaces.some((nic) => nic.switch?.value === target.value) === true || host.segmentOfSwitch.get(target.value) === undefined)
		return undefined;
	const text = host.source.files.get(last.file)?.text ?? "";
	const indent = /[ \t]*$/.exec(text.slice(0, last.span.start))?.[0] ?? "\t";
	const edit = lineBelow(host, last, `${indent}interface { switch "${target.value}" }`);
	return edit && { title: msg('Plug "{0}" into switch "{1}" as well', from, target.value), edits: [edit], preferred: true };
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
	if (protocol === ICMP || protocol === ICMP6) return [family === "inet6" ? "proto icmp6" : "proto icmp"];
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

/** `openbsd-vnet rates`: what goes through a host's interfaces now, and what its guests take. */
import { askRates, type LiveRates, MOST_RATE_SECONDS, type Rate, type RunOnHost } from "@openbsd-vnet/remote";
import { UsageError } from "./arguments.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { columns, plain } from "./terminal.ts";
import { tell } from "./translations.ts";

/** @throws UsageError */
export function rateSeconds(given = "5"): number {
	const seconds = Number(given);
	if (!/^\d$/.test(given) || seconds < 1 || seconds > MOST_RATE_SECONDS)
		throw new UsageError(tell("--seconds is a number of seconds, 1 to {0}", MOST_RATE_SECONDS));
	return seconds;
}

/** Asks a host for its rates. Answers what is to be printed, as tables for people or as JSON for programs. */
export async function rates(run: RunOnHost, host: string, seconds: number, json: boolean): Promise<string> {
	const found = await askRates(run, seconds);
	return json ? jsonOf("rates", asData(host, found)) : asText(host, found);
}

/** The answer for programs: names that stay the same from version to version. */
function asData(host: string, { seconds, interfaces, guests }: LiveRates): Outputs["rates"] {
	const rateOf = ({ packets, bits }: Rate) => ({ packetsPerSecond: packets, bitsPerSecond: bits });
	return {
		host,
		seconds,
		interfaces: interfaces.map(({ name, guest, in: into, out }) => ({
			name,
			...(guest === undefined ? {} : { guest }),
			in: rateOf(into),
			out: rateOf(out),
		})),
		guests: guests.map(({ name, cpu, memory }) => ({
			name,
			...(cpu === undefined ? {} : { cpuPercent: cpu }),
			...(memory === undefined ? {} : { memory }),
		})),
	};
}

function asText(host: string, { seconds, interfaces, guests, live }: LiveRates): string {
	const rows = interfaces.map(({ name, guest, in: into, out }) => [
		name,
		guest ?? "-",
		short(into.bits),
		short(into.packets),
		short(out.bits),
		short(out.packets),
	]);
	const head = [tell("INTERFACE"), tell("GUEST"), tell("IN BIT/S"), tell("IN PACKETS/S"), tell("OUT BIT/S"), tell("OUT PACKETS/S")];
	const loads = guests.map(({ name, cpu, memory }) => [name, cpu === undefined ? "-" : `${Math.round(cpu)}%`, memory ?? "-"]);
	const notes = [
		tell("{0}: within {1} s; what comes in at a tap is what its guest sends", host, seconds),
		...(live.system?.simulated === true ? [tell("simulated host")] : []),
		...(interfaces.length < live.interfaces.length
			? [tell("interfaces whose rates are not known: {0}", live.interfaces.length - interfaces.length)]
			: []),
	];
	return (
		(rows.length === 0 ? "" : `${columns([head, ...rows])}\n`) +
		(loads.length === 0 ? "" : `${columns([[tell("GUEST"), tell("CPU"), tell("MEMORY")], ...loads])}\n`) +
		notes.map((note) => `# ${plain(note)}\n`).join("")
	);
}

/** A number with three digits that count, and a thousand, a million or more as a letter. */
function short(value: number): string {
	const units = ["", "k", "M", "G", "T"];
	let [rest, unit] = [value, 0];
	while (rest >= 999.5 && unit < units.length - 1) {
		rest /= 1000;
		unit++;
	}
	return `${Number(rest.toPrecision(3))}${units[unit]}`;
}

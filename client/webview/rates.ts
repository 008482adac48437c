/** What goes through the interfaces of a running host, at their nodes of the picture: words, and a line of the last readings. */
import type { Placed } from "@openbsd-vnet/server/picture";
import type { PageTexts, RatesOfPicture } from "../src/topology/messages.ts";
import { type Drawing, element } from "./draw.ts";

/** So many readings make the line at most, and it has room for so many from the beginning. */
const READINGS = 60;
const FEWEST = 10;
const LINE = { width: 30, height: 10 };
/** About as wide is a letter. */
const LETTER = 5;

interface Told {
	/** In the picture. */
	readonly short: string;
	/** Beside it. */
	readonly whole: readonly string[];
	/** What the line is drawn from. */
	readonly value: number;
}

export class Rates {
	readonly #texts: PageTexts;
	#now: ReadonlyMap<string, Told> = new Map();
	/** By the nodes' ids. */
	readonly #before = new Map<string, readonly number[]>();

	constructor(texts: PageTexts) {
		this.#texts = texts;
	}

	/** Takes a reading; without one nothing is shown any more. */
	take(rates: RatesOfPicture | undefined): void {
		this.#now = rates === undefined ? new Map() : this.#told(rates);
		for (const id of [...this.#before.keys()]) if (!this.#now.has(id)) this.#before.delete(id);
		for (const [id, { value }] of this.#now) this.#before.set(id, [...(this.#before.get(id) ?? []), value].slice(-READINGS));
	}

	/** What is told of a node, a fact a line. */
	of(id: string): readonly string[] {
		return this.#now.get(id)?.whole ?? [];
	}

	/** Writes it below the nodes, in the place of what was there; who listens to the page has it beside the picture. */
	draw({ world }: Drawing, { nodes }: Placed): void {
		for (const old of world.querySelectorAll(".rates")) old.remove();
		for (const { item, x, y, width, height } of nodes) {
			const told = this.#now.get(item.id);
			if (told === undefined) continue;
			const group = element("g", { class: "rates", "aria-hidden": "true", "data-of": item.id, transform: `translate(${x} ${y})` });
			const text = element("text", { x: 4, y: height + 11, class: "detail" });
			text.textContent = told.short;
			group.append(text);
			const readings = this.#before.get(item.id) ?? [];
			// A narrow node has room for the words alone.
			const hasRoom = width - LINE.width > told.short.length * LETTER;
			if (readings.length > 1 && hasRoom)
				group.append(element("path", { class: "readings", d: lineOf(readings, width - LINE.width, height + 2) }));
			world.append(group);
		}
	}

	#told({ links, guests }: RatesOfPicture): ReadonlyMap<string, Told> {
		const { rateIn, rateOut, processor, memory } = this.#texts;
		const told = new Map<string, Told>();
		for (const { name, in: into, out } of links) {
			const whole = [
				[rateIn, into],
				[rateOut, out],
			] as const;
			told.set(`link:${name}`, {
				short: `↓${short(into.bits)} ↑${short(out.bits)}`,
				whole: whole.map(([text, { bits, packets }]) => filled(text, `${short(bits, " ")}bit/s`, short(packets))),
				value: into.bits + out.bits,
			});
		}
		for (const { name, cpu, memory: taken } of guests) {
			const whole = [
				...(cpu === undefined ? [] : [filled(processor, `${Math.round(cpu)} %`)]),
				...(taken === undefined ? [] : [filled(memory, taken)]),
			];
			if (whole.length > 0)
				told.set(`guest:${name}`, {
					short: [cpu === undefined ? "" : `${Math.round(cpu)} %`, taken ?? ""].filter(Boolean).join(" · "),
					whole,
					value: cpu ?? 0,
				});
		}
		return told;
	}
}

function filled(text: string, ...args: readonly string[]): string {
	return text.replace(/\{(\d)\}/g, (place, number: string) => args[Number(number)] ?? place);
}

/** The highest reading touches the top; nothing at all lies at the bottom. */
function lineOf(readings: readonly number[], x: number, y: number): string {
	const most = Math.max(...readings, 1);
	const room = Math.max(readings.length, FEWEST);
	const step = LINE.width / (room - 1);
	const begin = x + (room - readings.length) * step;
	return readings
		.map((value, i) => `${i === 0 ? "M" : "L"}${(begin + i * step).toFixed(1)} ${(y + LINE.height * (1 - value / most)).toFixed(1)}`)
		.join("");
}

/** A number with three digits that count, and a thousand, a million or more as a letter. @param between both */
function short(value: number, between = ""): string {
	const units = ["", "k", "M", "G", "T"];
	let [rest, unit] = [value, 0];
	while (rest >= 999.5 && unit < units.length - 1) {
		rest /= 1000;
		unit++;
	}
	return `${Number(rest.toPrecision(3))}${between}${units[unit]}`;
}

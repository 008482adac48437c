import { describe, expect, test } from "vitest";
import { optionWords } from "../hostname/vocabulary.ts";
import { readInterface } from "./interface-config.ts";

const secretsOf = (text: string) =>
	readInterface("/etc/hostname.em0", text).secrets.map(({ value, span }) => `${value}: ${text.slice(span.start, span.end)}`);

describe("secrets", () => {
	test("of each word are the arguments that the vocabulary calls so", () => {
		for (const { name, args } of optionWords) {
			const words = args.map((_, index) => `word${index}`);
			const secret = words.filter((_, index) => args[index]?.secret === true);
			expect(secretsOf([name, ...words, "up"].join(" ")), name).toEqual(secret.length === 0 ? [] : [`${name}: ${secret.join(" ")}`]);
		}
	});

	test.each([
		["nwid home wpakey 'long pass phrase'\n", ["wpakey: 'long pass phrase'"]],
		["join home wpakey one12345\njoin work wpakey two12345\n", ["wpakey: one12345", "wpakey: two12345"]],
		["inet 10.0.0.1 255.0.0.0 NONE vhid 1 pass hunter2\n", ["pass: hunter2"]],
		["puk 12345678\n", ["puk: 12345678"]],
		["# pin 1234\nup # pin 1234\n", []],
		["pin\n", []],
	])("of %j", (text, found) => {
		expect(secretsOf(text)).toEqual(found);
	});
});

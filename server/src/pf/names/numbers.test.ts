import { describe, expect, test } from "vitest";
import { atoul, general, plainNumber, strtod } from "./numbers.ts";

test.each([
	["0", 0],
	["7", 7],
	["999999999999999", 999999999999999],
	["1000000000000000", -1],
	["", -1],
	["007", -1],
	["-1", -1],
	["1a", -1],
	["/", -1],
	[":", -1],
])("plain number %j is %d", (word, value) => expect(plainNumber(word)).toBe(value));

test.each([
	["10", 10n],
	["010", 8n],
	["0x1F", 31n],
	["0X1f", 31n],
	["0", 0n],
	["00", 0n],
	[" +5", 5n],
	["-1", 0xffffffffffffffffn],
	["18446744073709551615", 0xffffffffffffffffn],
	["18446744073709551616", undefined],
	["08", undefined],
	["0x", undefined],
	["5 ", undefined],
	["five", undefined],
	["", undefined],
])("strtoul(3) reads %j as %s", (word, value) => expect(atoul(word)).toBe(value));

test.each([
	["25%", 25, "%"],
	["1.5M", 1.5, "M"],
	[".5", 0.5, ""],
	["5.", 5, ""],
	["1e3K", 1000, "K"],
	["1eK", 1, "eK"],
	["0x10b", 267, ""],
	["+3", 3, ""],
	[" -3x", -3, "x"],
	["Infinity", Infinity, ""],
	["-inf", -Infinity, ""],
	["nanny", Number.NaN, "ny"],
	["x", 0, "x"],
	["", 0, ""],
])("strtod(3) reads %j as %d and leaves %j", (word, value, rest) => expect(strtod(word)).toEqual({ value, rest }));

describe("printf(3)'s %g", () => {
	test.each([
		[0, "0"],
		[20, "20"],
		[0.1, "0.1"],
		[33.333333, "33.3333"],
		[123456, "123456"],
		[1234567, "1.23457e+06"],
		[1e6, "1e+06"],
		[1e12, "1e+12"],
		[0.0001, "0.0001"],
		[0.00001, "1e-05"],
		[-0.000012, "-1.2e-05"],
		[-2.5, "-2.5"],
		[Infinity, "inf"],
		[-Infinity, "-inf"],
		[Number.NaN, "nan"],
	])("%d is written %s", (value, text) => expect(general(value)).toBe(text));
});

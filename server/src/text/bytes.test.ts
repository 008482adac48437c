import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { md5Words } from "../pf/names/md5.ts";
import { byteLength, utf8 } from "./bytes.ts";

test.each([
	["", 0],
	["web", 3],
	["é", 2],
	["€", 3],
	["🐡", 4],
	["a\ud800", 4],
])("%j has %i bytes", (text, count) => expect(byteLength(text)).toBe(count));

test("the bytes are those of UTF-8", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
			expect(utf8(text)).toEqual([...Buffer.from(text, "utf8")]);
		}),
	);
});

test("the key of source-hash is the MD5 of its text, whatever its length", () => {
	for (let length = 0; length < 130; length++) {
		const text = "key".repeat(44).slice(0, length);
		const digest = createHash("md5").update(text).digest();
		expect(md5Words(text)).toEqual([0, 4, 8, 12].map((at) => digest.readUInt32BE(at)));
	}
});

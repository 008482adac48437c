import { expect, test } from "vitest";
import { chosenAlgorithms } from "./algorithms.ts";

const usual = chosenAlgorithms("macs", undefined);

test.each<[setting: string, chosen: readonly string[]]>([
	["hmac-sha2-512,hmac-sha2-256", ["hmac-sha2-512", "hmac-sha2-256"]],
	["hmac-sha2-512,hmac-sha2-512,umac-64@openssh.com", ["hmac-sha2-512"]],
	["*-etm@openssh.com", usual.filter((name) => name.endsWith("-etm@openssh.com"))],
	["-*sha1*", usual.filter((name) => !name.includes("sha1"))],
	["^hmac-sha2-512", ["hmac-sha2-512", ...usual.filter((name) => name !== "hmac-sha2-512")]],
	["+hmac-sha2-512", usual],
	["umac-64@openssh.com", []],
	["", []],
	["-*", []],
])("MACs %s", (setting, chosen) => expect(chosenAlgorithms("macs", setting)).toEqual(chosen));

test("what is not usual is used where it is named", () => {
	const usually = chosenAlgorithms("ciphers", undefined);
	expect(chosenAlgorithms("ciphers", "+aes128-cbc")).toEqual([...usually, "aes128-cbc"]);
	expect(chosenAlgorithms("ciphers", "^*-cbc").slice(0, 3)).toEqual(["aes256-cbc", "aes192-cbc", "aes128-cbc"]);
	expect(chosenAlgorithms("hostkeyalgorithms", "+ssh-rsa")).not.toContain("ssh-rsa");
});

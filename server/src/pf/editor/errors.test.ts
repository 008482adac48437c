import { expect, test } from "vitest";
import { render } from "../../text/message.ts";
import { PfFile } from "./file.ts";

const found = (text: string, files: Readonly<Record<string, string>> = {}) =>
	PfFile.parse(text, { path: "/etc/pf.conf", readFile: (path) => files[path] })
		.diagnostics()
		.filter(({ severity }) => severity !== "hint")
		.map(
			({ code, severity, message, advice }) =>
				`${severity} ${code} ${render(message)}${advice === undefined ? "" : ` | ${render(advice)}`}`,
		);

const errors = (text: string) => found(text).filter((one) => one.startsWith("error"));

/** What the host's own files decide is unknown where those are not there. */
test.each([
	["submision", "error pf/unknown-name unknown port submision | Check the spelling"],
	["htpp", "error pf/unknown-name unknown port htpp"],
	["80x", "error pf/unknown-name unknown port 80x"],
	["ssh2", "information pf/unlisted-port unknown port ssh2"],
	["our-service", "information pf/unlisted-port unknown port our-service | OpenBSD's own services(5)"],
	["web", "error pf/unknown-name unknown port web | It is the name of a macro: write $web."],
	["ssh", undefined],
])("port %s", (port, expected) => {
	const [first, ...more] = found(`web = "{ 80 443 }"\nblock\npass in proto tcp to port { ssh ${port} }\nset skip on lo\n`);
	expect(more).toEqual([]);
	expect(first ?? "").toContain(expected ?? "");
	expect(first === undefined).toBe(expected === undefined);
});

test("a port that the host's own list has is known", () => {
	const text = "set skip on lo\nblock\npass in proto tcp to port our-service\n";
	expect(found(text, { "/etc/services": "our-service 9999/tcp\n" })).toEqual([]);
	expect(found(text, { "/etc/services": "another 9999/tcp\n" })).toHaveLength(1);
});

const FAMILIES = "addresses with different address families";

test.each([
	["pass in on em1 proto tcp to port 80 rdr-to lo0 port 8080", true],
	["pass in on em1 proto tcp to port 80 rdr-to lo port 8080", true],
	["pass in on em1 proto tcp to port 80 rdr-to self", true],
	["pass out on em1 nat-to lo0:network", true],
	["pass out on em1 nat-to lo0:0", true],
	["pass in on em1 inet proto tcp to port 80 rdr-to lo0 port 8080", false],
	["pass in on em1 proto tcp to 192.0.2.1 port 80 rdr-to lo0 port 8080", false],
	["pass in on em1 proto tcp to port 80 rdr-to lo1", false],
	["pass in on em1 proto tcp to port 80 rdr-to (lo0) round-robin", false],
	["pass in on em1 proto tcp to port 80 rdr-to 127.0.0.1", false],
])("%s: a name with addresses of both families %s", (text, refused) => {
	expect(errors(`${text}\n`).some((one) => one.includes(FAMILIES))).toBe(refused);
});

test.each([
	["set debug loud", "`emerg`, `alert`"],
	["set optimization fast", "`normal`, `high-latency`"],
	["set ruleset-optimization fast", "`none`, `basic`"],
	["set limit stats 5", "`states`, `src-nodes`"],
	["set timeout tcp.est 5", "`tcp.first`"],
	["set syncookies maybe", "`never`"],
	["set reassemble maybe", "'yes' or 'no'"],
	["pass keep state (tcp.est 5)", "`tcp.first`"],
])("%s: one error, which names the values", (text, names) => {
	const [first, ...more] = errors(`${text}\n`);
	expect(first).toContain(names);
	expect(more).toEqual([]);
});

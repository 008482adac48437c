import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { hostnameLanguage, type Language, type LanguageId, vmLanguage } from "../../server/src/index.ts";
import { pfTestLanguage } from "../../server/src/pftest/file.ts";
import { type Host, type hostNames, languageOf, readHost } from "./hosts.ts";
import { complaints } from "./programs.ts";
import { root } from "./textmate.ts";

const languages: Partial<Record<LanguageId, Language>> = {
	"openbsd-vm": vmLanguage,
	"openbsd-hostname": hostnameLanguage,
	"openbsd-pftest": pfTestLanguage,
};

/** What the language finds in one file of a host: each diagnostic's code and the words that it marks. */
function found(host: Host, path: string): readonly string[] {
	const text = host.get(path) ?? "";
	const readFile = (other: string) => host.get(other);
	const file = languages[languageOf(path) ?? "openbsd-pf"]?.parse(text, { path, readFile });
	return file?.diagnostics().map(({ code, span }) => `${code}: ${text.slice(span.start, span.end)}`) ?? [];
}

/** The files of a host whose language is read by the library. */
function readable(name: (typeof hostNames)[number]): readonly { name: string; host: Host; path: string; text: string }[] {
	const host = readHost(name);
	return [...host]
		.filter(([path]) => languages[languageOf(path) ?? "openbsd-pf"] !== undefined && languageOf(path) !== undefined)
		.map(([path, text]) => ({ name: `${name}${path}`, host, path, text }));
}

/** The files that OpenBSD's programs are asked about. */
function checked(
	name: (typeof hostNames)[number],
): readonly { name: string; host: Host; path: string; text: string; language: LanguageId }[] {
	const host = readHost(name);
	return [...host].flatMap(([path, text]) => {
		const language = languageOf(path);
		return language === undefined || complaints[language] === undefined ? [] : [{ name: `${name}${path}`, host, path, text, language }];
	});
}

describe.each(["corrected", "corrected-bridge"] as const)("%s", (name) => {
	test.each(readable(name))("$name: nothing is found", ({ host, path }) => {
		expect(found(host, path)).toEqual([]);
	});

	test.each(checked(name))("$name: OpenBSD's program takes it", ({ host, path, text, language }) => {
		expect(complaints[language]?.(path, text, (other) => host.get(other))).toEqual([]);
	});
});

describe("what OpenBSD's programs say to the handbook's files", () => {
	// There is no globbing in `load anchor`.
	const refused = "handbook-microsegmentation/etc/pf.conf";
	test.each([...checked("handbook"), ...checked("handbook-microsegmentation")])("$name", ({ name, host, path, text, language }) => {
		const said = complaints[language]?.(path, text, (other) => host.get(other)) ?? [];
		if (name === refused) expect(said.join("\n")).toContain("/etc/pf.vm/*.conf: No such file or directory");
		else expect(said).toEqual([]);
	});
});

describe("the handbook's files show their faults", () => {
	const oldSpellings = ["hostname/deprecated: vlandev", "hostname/deprecated: vlan"];
	const faults: Readonly<Record<string, readonly string[]>> = {
		"handbook/etc/hostname.vlan10": oldSpellings,
		"handbook-microsegmentation/etc/hostname.vlan10": oldSpellings,
	};
	test.each([...readable("handbook"), ...readable("handbook-microsegmentation")])("$name", ({ name, host, path }) => {
		expect(found(host, path)).toEqual(faults[name] ?? []);
	});
});

const page = new URL("../shared/handbook/virtualization-networking.md", root);

test.skipIf(!existsSync(page))("the handbook's files are those that the page prints (needs ../shared)", () => {
	const printed = readFileSync(page, "utf8");
	for (const name of ["handbook", "handbook-microsegmentation"] as const) {
		for (const [path, text] of readHost(name)) {
			// vm.conf is printed in two parts.
			for (const part of text.split(/\n(?=## )/)) expect(printed, `${name}${path}`).toContain(part);
		}
	}
});

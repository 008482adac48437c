import { expect, test } from "vitest";
import { reportedDiagnostics } from "../features/diagnostics.ts";
import { open } from "../features/testing.ts";

const HOST = `//- /etc/vm.conf
|switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a.img"
	interface tap0 { switch "lan" }
}
//- /etc/hostname.veb0
add vport0
up
//- /etc/hostname.vport0
inet 10.0.0.1/24
//- /etc/hostname.em0
inet 192.0.2.1/24
`;

/** A file in none of the languages, and where what is wrong with it is told. */
const cases: readonly (readonly [code: string, file: string, text: string, at: string, words: string])[] = [
	["host/forwarding-off", "sysctl.conf", "kern.maxproc=1", "hostname.vport0", "10.0.0.1"],
	["host/sysctl-name", "sysctl.conf", "net.inet.ip.forwading=1", "vm.conf", 'switch "lan" {'],
	["host/vmd-off", "rc.conf.local", "vmd_flags=NO", "vm.conf", 'switch "lan" {'],
];

test.each(cases)("%s is told in a file that editors ask about", async (code, file, text, at, words) => {
	const { session, documents } = await open(`${HOST}//- /etc/${file}\n${text}\n`);
	const told = documents.file(`file:///host/etc/${at}`);
	const found = told === undefined ? undefined : reportedDiagnostics(session, told).find((one) => one.code === code);
	expect(found && told?.text.slice(found.span.start, found.span.end)).toBe(words);
	expect(found?.related?.[0]?.file).toBe(`/etc/${file}`);
	expect(found?.fixes?.flatMap(({ edits }) => edits.map((edit) => edit.file))).toEqual([`/etc/${file}`]);
});

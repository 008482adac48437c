/** OpenBSD's regress suite for pfctl, where it is: `npm run fetch:regress` brings it. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { HostInterface } from "../../text/language.ts";
import type { DryRunOptions } from "./dryrun.ts";

const root = resolve(import.meta.dirname, "../../../..");

/** The folder of its files; undefined where nothing has brought them. */
export const REGRESS: string | undefined = [resolve(root, ".cache/pf-regress"), resolve(root, "../shared/conformance/pf-regress")].find(
	existsSync,
);

export const regressFile = (name: string): string => readFileSync(resolve(REGRESS ?? "", name), "utf8");

const interfaceOf = (name: string, index: number, flags: number, group: string): HostInterface => ({
	name,
	index,
	flags,
	groups: [group],
	addresses: [],
});

/** The machine that the suite runs on: the interfaces that its Makefile creates, and names of OpenBSD's own lists. */
export const REGRESS_MACHINE = {
	fileName: "stdin",
	interfaces: [
		{
			...interfaceOf("lo0", 1, 0x49, "lo"),
			addresses: [
				{ family: "inet6", address: "::1", prefixLength: 128, scopeId: 0 },
				{ family: "inet6", address: "fe80::1", prefixLength: 64, scopeId: 1 },
				{ family: "inet", address: "127.0.0.1", netmask: "255.0.0.0", broadcast: null, peer: null },
			],
		},
		interfaceOf("lo1000000", 2, 0x49, "lo"),
		interfaceOf("tun1000000", 3, 0x51, "tun"),
		interfaceOf("tun1000001", 4, 0x51, "tun"),
	],
	users: { root: 0, daemon: 1, operator: 2, bin: 3, sshd: 27, nobody: 32767 },
	groups: { wheel: 0, daemon: 1, operator: 5, bin: 7, sshd: 27, nobody: 32767 },
	readFile: (path: string): string | undefined => {
		if (path === "/etc/pf.os") return "";
		return /^(\.\/)?[\w.-]+$/.test(path) && existsSync(resolve(REGRESS ?? "", path)) ? regressFile(path) : undefined;
	},
} satisfies DryRunOptions;

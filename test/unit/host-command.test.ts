/** `openbsd-vnet host`: the program of a simulated host behind sshd, and what it keeps. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { installedProgram, installProgram, pruneDeployments, refreshProgram, uninstallProgram, withConnection } from "@openbsd-vnet/remote";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { placesMissing } from "../openbsd-host/places.ts";
import { apply, backups, type Deployments, newFiles, oldFiles, openDeployments, settled, wanted } from "./deployments.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describe.skipIf(placesMissing !== undefined)(`the host's program${placesMissing === undefined ? "" : ` (${placesMissing})`}`, () => {
	let deployments: Deployments;
	beforeAll(async () => {
		deployments = await openDeployments("host-command");
	});
	afterAll(() => deployments.end());

	const kept = (root: string) => readdirSync(join(root, backups)).filter((name) => name !== "lock");

	test("it is the one from here, or older; only whom root lets bring a new one does", async () => {
		const { host, reach } = await deployments.place("op");
		const path = join(host.bin, "openbsd-vnet-host");
		const ours = readFileSync(path, "utf8");
		await withConnection(reach, async (connection) => {
			expect(await installedProgram(connection)).toEqual({ kind: "current", version: "0.1.0" });
			writeFileSync(path, ours.replace(/^version=.*/m, "version=0.0.9"));
			expect(await installedProgram(connection)).toEqual({ kind: "older", version: "0.0.9" });
			await expect(installProgram(connection)).rejects.toThrow("lists that path in /etc/openbsd-vnet.allow");
			expect(await refreshProgram(connection)).toEqual({ kind: "older", version: "0.0.9" });
			host.write("/etc/openbsd-vnet.allow", `${path}\n`);
			expect(await refreshProgram(connection)).toEqual({ kind: "current", version: "0.1.0" });
			expect(readFileSync(path, "utf8")).toBe(ours);
			writeFileSync(path, ours.replace(/^version=.*/m, "version=0.2.0"));
			expect(await refreshProgram(connection)).toEqual({ kind: "newer", version: "0.2.0" });
			// As those of before had no word for it.
			writeFileSync(
				path,
				"#!/bin/sh\necho 'openbsd-vnet-host: this one has interface 1, and version was asked for: install' >&2\nexit 64\n",
			);
			expect(await installedProgram(connection)).toEqual({ kind: "older", version: "1" });
		});
	});

	test("what deployments keep goes but for the last, and with the program all of it", async () => {
		const place = await deployments.place("root");
		for (const files of [newFiles, oldFiles, newFiles]) {
			expect(await apply(place, wanted(files))).toMatchObject({ kind: "deployed" });
			await settled(place);
		}
		const all = kept(place.host.root).sort();
		expect(all).toHaveLength(3);
		await withConnection(place.reach, async (connection) => {
			await pruneDeployments(connection, 1);
			expect(kept(place.host.root)).toEqual(all.slice(-1));
			await uninstallProgram(connection);
		});
		expect(existsSync(join(place.host.root, backups))).toBe(false);
		expect(existsSync(join(place.host.root, "var/db/openbsd-vnet"))).toBe(false);
	});
});

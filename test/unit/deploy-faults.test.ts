/** A deployment to a simulated host, with each kind of fault at each of its steps. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Connection, type RootRunner, runHostProgram } from "@openbsd-vnet/remote";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { placesMissing } from "../openbsd-host/places.ts";
import { shareOf } from "../share.ts";
import {
	apply,
	type Deployments,
	filesOf,
	newFiles,
	oldFiles,
	openDeployments,
	passTime,
	reboot,
	rulesOf,
	settled,
	steps,
	wanted,
} from "./deployments.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** What is done to each step, beside the client that is killed (deploy-command.test.ts). */
const kinds = ["midway", "cut", "fail", "full", "reboot"] as const;
const ids = steps.map(({ id }) => id);

describe.skipIf(placesMissing !== undefined)(
	`${kinds.length} faults at each of ${ids.length} steps${placesMissing === undefined ? "" : ` (${placesMissing})`}`,
	() => {
		let deployments: Deployments;
		beforeAll(async () => {
			deployments = await openDeployments("faults");
		});
		afterAll(async () => {
			for (const each of mounted) execFileSync("umount", ["-l", each]);
			await deployments.end();
		});

		/** Runs a deployment with a fault at a step; then the time passes. */
		async function withFault(id: string, kind: (typeof kinds)[number]): Promise<void> {
			const at = await deployments.place(
				kind === "cut" || kind === "fail" ? "op" : "root",
				oldFiles,
				kind === "full" ? mountDisks : undefined,
			);
			const before = rulesOf(at);
			let current = "";
			const open: Connection[] = [];
			const cut = () => {
				for (const connection of open) connection.close();
			};
			const root: RootRunner = async (connection, request, options) => {
				if (current !== id) return await runHostProgram(connection, request, options);
				// What comes after is the undoing.
				current = "";
				if (kind === "fail") return { status: 1, signal: undefined, stdout: "", stderr: "disk full", cut: false };
				const result = runHostProgram(connection, request, options);
				if (kind === "midway") setTimeout(cut, 30);
				return await result;
			};
			const result = await apply(at, wanted(newFiles), {
				root,
				connect: async () => {
					if (current === "gone") throw new Error("no network");
					const connection = await at.reach();
					open.push(connection);
					return connection;
				},
				onStep: async (step) => {
					current = step.id;
					if (step.id !== id) return;
					if (kind === "full") fill(at.host.root);
					if (kind === "cut" || kind === "reboot") cut();
					if (kind === "reboot") await reboot(at);
					if (kind === "cut" || (id === "reconnect" && kind !== "full")) current = "gone";
				},
				confirm: async () => {
					if (current === "confirm" && kind === "midway") cut();
					return !(id === "confirm") || kind === "full";
				},
			});
			const onFullDisk = filesOf(at);
			if (kind === "full") for (const disk of disks) rmSync(join(at.host.root, disk, "fill"));
			// A step that goes on without us may set the watchdog's time once more.
			await settled(at, { meanwhile: () => passTime(at) });
			const files = filesOf(at);
			if (kind === "full") expect(files).toEqual(onFullDisk);
			if (result.kind === "deployed") expect(files).toEqual(newFiles);
			else if (id === "keep" && kind === "midway") expect([newFiles, oldFiles]).toContainEqual(files);
			else expect(files).toEqual(oldFiles);
			if (JSON.stringify(files) === JSON.stringify(oldFiles)) expect(rulesOf(at)).toEqual(before);
			if (kind === "full") expect(result.kind, JSON.stringify(result)).toBe(ids.indexOf(id) <= ids.indexOf("arm") ? "failed" : "deployed");
			else if (kind !== "midway") expect(result, JSON.stringify(result)).toMatchObject({ kind: "failed", step: { id } });
		}

		/** The host's disks are small ones of its own, to be filled. */
		const disks = ["etc", "var"];
		function mountDisks(root: string): void {
			for (const disk of disks) {
				mkdirSync(join(root, disk), { recursive: true });
				execFileSync("mount", ["-t", "tmpfs", "-o", "size=4m,mode=755", "tmpfs", join(root, disk)]);
				mounted.push(join(root, disk));
			}
		}
		const mounted: string[] = [];
		function fill(root: string): void {
			for (const disk of disks) spawnSync("dd", ["if=/dev/zero", `of=${join(root, disk, "fill")}`, "bs=4k"], { stdio: "ignore" });
		}
		const points = kinds.flatMap((kind) => ids.map((id) => [kind, id] as const));
		test.concurrent.each(shareOf(points, 10))("%s: %s", (kind, id) => withFault(id, kind));
	},
);

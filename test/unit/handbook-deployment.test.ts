/** The course of docs/handbook.md brought to a simulated host, section by section: what is deployed is verified, and all of it is green. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Place, placesMissing } from "../openbsd-host/places.ts";
import { nightly } from "../share.ts";
import { buildCommand, endCommands, runCommand } from "./command.ts";
import { chinese, english, hostAt, sectionOf, type Texts } from "./course.ts";
import { type Deployments, openDeployments, settled } from "./deployments.ts";

vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 });

/** What a new host has: the files of its installer, and no vmd that runs. */
const installed = { "/etc/hostname.em0": "inet autoconf\n", "/etc/pf.conf": "set skip on lo\nblock return\npass\n" };

describe
	.skipIf(placesMissing !== undefined)
	.concurrent(`the course, on a simulated host behind sshd${placesMissing === undefined ? "" : ` (${placesMissing})`}`, () => {
		let deployments: Deployments;
		let launcher: string;
		beforeAll(async () => {
			deployments = await openDeployments("course");
			launcher = await buildCommand();
		});
		afterAll(async () => {
			await endCommands(launcher);
			await deployments.end();
		});

		async function newHost(): Promise<Place> {
			const place = await deployments.place("root", installed);
			place.host.change((state) => {
				state.vmd = "absent";
				state.services = state.services.filter((name) => name !== "vmd");
			});
			return place;
		}

		/** Runs the commands of the document's last section, each of which ends with a status; deploying is confirmed by itself. */
		async function brought(place: Place, name: string, texts: Texts, commands: readonly string[]): Promise<void> {
			const folder = join(deployments.folder, name);
			for (const [path, text] of texts) {
				const file = join(folder, "hosts", "hv1", path);
				mkdirSync(dirname(file), { recursive: true });
				writeFileSync(file, text);
			}
			writeFileSync(join(folder, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "hosts/hv1", ssh: "hv1" }] }));
			for (const command of commands) {
				const words = command.split(" ").slice(1);
				const isDeployment = words[0] === "deploy";
				const ran = await runCommand(launcher, isDeployment ? [...words, "--auto-confirm"] : words, folder, place.home);
				expect(ran, `${command}: ${ran.stdout}${ran.stderr}`).toMatchObject({ status: words[0] === "plan" ? 1 : 0 });
				if (words[0] === "plan") expect(ran.stdout).toContain("A new SSH connection is let in by");
				if (words[0] === "verify") expect(ran.stdout).toMatch(/^hv1 \(simulated host\): \d+ as the files say, 0 not, 0 unknown$/m);
			}
			await settled(place);
		}

		const commands = sectionOf(english, "5").match(/^openbsd-vnet .*$/gm) ?? [];
		/** For a section that takes no file away, and no guest from its switch. */
		const plain = commands.map((command) => command.replace(/ --(remove \S+|restart-guests)/g, ""));

		test("the end of the course", async () => {
			expect(commands.map((command) => command.split(" ")[1])).toEqual(["test", "plan", "deploy", "verify"]);
			await brought(await newHost(), "end", await hostAt("4"), plain);
		});

		describe.runIf(nightly)("at night, each section in its turn", () => {
			test("sections 1, 3 and 4 on one host", async () => {
				const place = await newHost();
				await brought(place, "first", await hostAt("1"), plain);
				await brought(place, "third", await hostAt("3"), plain);
				await brought(place, "fourth", await hostAt("4"), commands);
			});

			test("section 2, in the trunk's place", async () => {
				await brought(await newHost(), "second", await hostAt("2"), plain);
			});
		});

		test("the Chinese document runs the same commands", () => {
			expect(sectionOf(chinese, "5").match(/^openbsd-vnet .*$/gm)).toEqual(commands);
		});
	});

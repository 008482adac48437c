import { describe, expect, test } from "vitest";
import { memoryWorkspace, type Workspace } from "../workspace.ts";
import { Documents } from "./documents.ts";

const ROOT = "file:///work";
const carp = (vhid: number): string => `inet 192.0.2.1 255.255.255.0 192.0.2.255 carpdev em0 vhid ${vhid} pass secret\n`;
const OWN = `${ROOT}/hv1/etc/hostname.carp0`;
const THEIRS = `${ROOT}/hv2/etc/hostname.carp0`;

/** Two hosts on a disk that can change, and whose files the editor is told of. */
function pair() {
	const files: Record<string, string> = {
		[OWN]: carp(1),
		[`${ROOT}/hv1/etc/hostname.em0`]: "inet 192.0.2.2/24\n",
		[THEIRS]: carp(2),
		[`${ROOT}/hv2/etc/hostname.em0`]: "inet 192.0.2.3/24\n",
	};
	let fails = false;
	const workspace: Workspace = {
		...memoryWorkspace(files, [ROOT]),
		read: async (uri) => {
			if (fails) throw new Error("the disk is away");
			return files[uri];
		},
	};
	const told: string[] = [];
	const documents = new Documents(workspace, (changed) => told.push(...changed.map(({ uri }) => uri)));
	documents.open(OWN, "openbsd-hostname", 1, carp(1));
	const vhids = async (): Promise<number> => {
		await documents.whenSettled(OWN);
		const file = documents.file(OWN);
		return (file === undefined ? [] : documents.hostDiagnostics(file)).filter(({ code }) => code === "host/pair-vhid").length;
	};
	return {
		documents,
		files,
		vhids,
		told: () => told.splice(0),
		fail: (now: boolean) => {
			fails = now;
		},
	};
}

describe("a host whose address another one shares", () => {
	test("is held against what the other's file is on disk", async () => {
		const { documents, files, vhids, told } = pair();
		expect(await vhids()).toBe(1);
		told();
		files[THEIRS] = carp(1);
		await documents.changedOnDisk([THEIRS]);
		expect(told()).toEqual([OWN]);
		expect(await vhids()).toBe(0);
	});

	test("and against what it is in the editor", async () => {
		const { documents, vhids, told } = pair();
		documents.open(THEIRS, "openbsd-hostname", 1, carp(2));
		expect(await vhids()).toBe(1);
		told();
		documents.change(THEIRS, 2, [{ text: carp(1) }]);
		expect(told()).toContain(OWN);
		expect(await vhids()).toBe(0);
		await documents.close(THEIRS);
		expect(await vhids()).toBe(1);
	});

	test("a change of its own is held against the other too", async () => {
		const { documents, vhids } = pair();
		expect(await vhids()).toBe(1);
		documents.change(OWN, 2, [{ text: carp(2) }]);
		expect(await vhids()).toBe(0);
	});

	test("another file of the other makes it ask nobody", async () => {
		const { documents, vhids, told } = pair();
		expect(await vhids()).toBe(1);
		told();
		documents.open(`${ROOT}/hv2/etc/pf.conf`, "openbsd-pf", 1, "block\n");
		expect(told()).not.toContain(OWN);
	});

	test("what cannot be read says nothing, and is read by the next who asks", async () => {
		const { documents, vhids, fail } = pair();
		await documents.whenLoaded(`${ROOT}/hv1/etc/pf.conf`);
		documents.change(OWN, 2, [{ text: carp(1) }]);
		fail(true);
		expect(await vhids()).toBe(0);
		fail(false);
		expect(await vhids()).toBe(1);
	});
});

/** What a host has of earlier deployments. */
import { render } from "@openbsd-vnet/server";
import { describe, expect, test } from "vitest";
import { fetchFiles } from "./fetch.ts";
import { digest } from "./files.ts";
import { changedFiles, changesOf, deployments, filesBefore, logOf } from "./rollback.ts";
import { expectSuccess } from "./root.ts";
import { hostInMemory } from "./testing.ts";

const id = "20260102T030405-0123abcd";

test("deployments are told the latest first, and what is none is left out", async () => {
	const host = hostInMemory();
	host.answers.set("history", { stdout: `20250101T000000-00000000 alice\n${id} bob\nlock\n\n20250102T000000-00000000\n` });
	expect(await deployments(host.connect(), host.root)).toEqual([
		{ id: "20250102T000000-00000000", user: "" },
		{ id, user: "bob" },
		{ id: "20250101T000000-00000000", user: "alice" },
	]);
	host.answers.set("history", { status: 1, stderr: "no" });
	await expect(deployments(host.connect(), host.root)).rejects.toMatchObject({ fault: "failed", message: "hv1: no" });
});

describe("what a deployment changed", () => {
	const place = (which: "old" | "new", number: number) => `/var/backups/openbsd-vnet/${id}/${which}/${number}`;
	const host = hostInMemory();
	host.answers.set("manifest", {
		stdout: "0 file /etc/pf.conf\n1 absent /etc/vm.conf\n2 file /etc/sysctl.conf\nx file /etc/x\n3 other /etc/y\n4 file relative\n",
	});
	host.files.set(place("old", 0), { text: "block\n" });
	host.files.set(place("new", 0), { text: "pass\n" });
	host.files.set(place("new", 1), { text: "vm\n" });
	host.files.set(place("old", 2), { text: "a.b=1\n" });

	test("is told with the texts of before and after, where there were any", async () => {
		expect(await changesOf(host.connect(), id, host.root)).toEqual([
			{ path: "/etc/pf.conf", before: "block\n", after: "pass\n" },
			{ path: "/etc/vm.conf", before: undefined, after: "vm\n" },
			{ path: "/etc/sysctl.conf", before: "a.b=1\n", after: undefined },
		]);
		expect(host.asked[0]).toEqual({ verb: "manifest", args: [id] });
	});

	test("is told by its files alone", async () => {
		const files = await changedFiles(host.connect(), id, host.root);
		expect(files.map(({ path }) => path)).toEqual(["/etc/pf.conf", "/etc/vm.conf", "/etc/sysctl.conf"]);
	});

	test("is what rolling back takes back: any file that was deployed", async () => {
		expect(await filesBefore(host.connect(), id, host.root)).toEqual([
			{ path: "/etc/pf.conf", text: "block\n", listed: true },
			{ path: "/etc/vm.conf", text: undefined, listed: true },
			{ path: "/etc/sysctl.conf", text: "a.b=1\n", listed: true },
		]);
	});

	test("its log is the host's", async () => {
		host.answers.set("log", { stdout: "0 pfctl\n" });
		expect(await logOf(host.connect(), id, host.root)).toBe("0 pfctl\n");
		expect(host.asked.at(-1)).toEqual({ verb: "log", args: [id] });
	});

	test.each(["", "../../etc", `${id}/..`])("%j is not a deployment, and the host is not asked", async (name) => {
		const other = hostInMemory();
		for (const ask of [changesOf, logOf, filesBefore])
			await expect(ask(other.connect(), name, other.root)).rejects.toMatchObject({
				fault: "unsupported",
				message: `'${name}' is not a deployment`,
			});
		expect(other.asked).toEqual([]);
	});
});

describe("files of the host", () => {
	test("are read with their permissions and owners, whatever is in them", async () => {
		const host = hostInMemory();
		host.files.set("/a", { text: "one\ntwo", permissions: "-rwsr-x--T", owner: 3, group: 4 });
		host.files.set("/b", { text: "", permissions: "-r--r-Sr-t" });
		host.files.set("/c", "link");
		host.files.set("/d", "loose");
		host.files.set("/e", "drwxr-xr-x 2 0 0");
		host.files.set("/etc/pf.os", { text: "" });
		const { files, others } = await fetchFiles(host.connect(), host.root, ["/a", "/b", "/c", "/d", "/e", "/f"]);
		expect([...files]).toEqual([
			["/a", { kind: "file", text: "one\ntwo", mode: 0o750, owner: 3, group: 4 }],
			["/b", { kind: "file", text: "", mode: 0o445, owner: 0, group: 0 }],
			["/c", { kind: "other", what: "link" }],
			["/d", { kind: "other", what: "loose" }],
			["/e", { kind: "other", what: "special" }],
			["/f", { kind: "absent" }],
		]);
		expect(others).toEqual(["/etc/pf.os"]);
	});

	test("are not sent where they have the text that is known here, to the last byte", async () => {
		const host = hostInMemory();
		for (const path of ["/a", "/b", "/c", "/empty"]) host.files.set(path, { text: path === "/empty" ? "" : "one\n", owner: 3 });
		let sent = "";
		const root: typeof host.root = async (connection, request) => {
			const result = await host.root(connection, request);
			sent = result.stdout;
			return result;
		};
		const known = new Map([
			["/a", "one\n"],
			["/b", "one"],
			["/c", undefined],
			["/empty", ""],
			["/gone", "one\n"],
		]);
		const { files } = await fetchFiles(host.connect(), root, [...known.keys()], known);
		expect([...files.values()].map((file) => (file.kind === "file" ? [file.text, file.owner] : file.kind))).toEqual([
			["one\n", 3],
			["one\n", 3],
			["one\n", 3],
			["", 3],
			"absent",
		]);
		expect(sent.match(/^one$/gm)).toHaveLength(2);
	});

	test("the record of what was deployed is read by its lines", async () => {
		const host = hostInMemory();
		host.record = `${digest("x")} /etc/pf.conf\nshort /etc/vm.conf\n${digest("y")} etc\n${digest("y")} /etc/a b\n`;
		const { deployed } = await fetchFiles(host.connect(), host.root, []);
		expect([...deployed]).toEqual([
			["/etc/pf.conf", digest("x")],
			["/etc/a b", digest("y")],
		]);
	});

	test("nothing was deployed where there is no record", async () => {
		const host = hostInMemory();
		host.record = null;
		expect((await fetchFiles(host.connect(), host.root, [])).deployed.size).toBe(0);
	});

	test.each([
		[{ cut: true }, undefined],
		[{}, "\n"],
	])("that do not come to their end are not read (%j)", async (more, tail) => {
		const host = hostInMemory();
		const root: typeof host.root = async (connection, request) => {
			const answer = await host.root(connection, request);
			return { ...answer, ...more, stdout: tail === undefined ? answer.stdout : answer.stdout.slice(0, -2) };
		};
		await expect(fetchFiles(host.connect(), root, ["/a"])).rejects.toMatchObject({
			fault: "failed",
			message: "hv1: the files of the host could not be read to their end",
		});
	});
});

test.each([
	[{ status: 0, stdout: "out", stderr: "err" }, "out"],
	[{ status: 1, stdout: "out", stderr: " err \n" }, "hv1: err"],
	[{ status: 1, stdout: " out\n", stderr: "\n" }, "hv1: out"],
	[{ status: 9, stdout: "", stderr: "" }, "hv1: exit status 9"],
	[{ status: null, stdout: "", stderr: "" }, "hv1: exit status unknown"],
])("an answer %j says %j", (answer, said) => {
	let got: string;
	try {
		got = expectSuccess({ signal: undefined, cut: false, ...answer }, "hv1");
	} catch (error) {
		got = error instanceof Error && "text" in error ? render(error.text as Parameters<typeof render>[0]) : String(error);
	}
	expect(got).toBe(said);
});

/** The command line over hosts whose files hold anything: it ends, with a status that is documented, and says nothing of its own code. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { main } from "../../cli/src/main.ts";
import { effort, hostileEdit, hostileHost } from "./hostile.ts";

const MINUTE = 60_000;
/** The processor's time and the memory that a host of a few hundred lines may take at most. */
const MOST_SECONDS = 20;
const MOST_MEGABYTES = 1500;

/** What stands at a path instead of a file: a link, or what is none. */
const place = fc.constantFrom("/etc/pf.conf", "/etc/pf.a", "/etc/vm.conf", "/etc/hostname.em0", "/etc/policy.pftest", "/openbsd-vnet.json");
const special = fc.constantFrom("/dev/zero", "/dev/null", "/", ".", "pf.conf", "pf.a", "nowhere", "folder", "pipe");
const specials = fc.array(fc.tuple(place, special), { maxLength: 2 });

const commands: readonly (readonly string[])[] = [
	...["text", "json", "sarif", "github"].map((format) => ["check", "--format", format]),
	...["text", "tap", "junit", "json"].map((format) => ["test", "--format", format]),
	["check", "--fail-on", "none"],
];
const call = fc.oneof(
	fc.constantFrom(...commands).map((words) => (folder: string) => [...words, folder]),
	fc.tuple(fc.constantFrom("expand", "check"), place).map(([command, path]) => (folder: string) => [command, join(folder, path)]),
);

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-"));
	// The command's own colours would hide what a file brings.
	vi.stubEnv("FORCE_COLOR", "0");
});
afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

/** A path of the host, with nothing there. */
function free(path: string): string {
	const at = join(folder, path);
	mkdirSync(dirname(at), { recursive: true });
	rmSync(at, { recursive: true, force: true });
	return at;
}

function putSpecial(path: string, what: string): void {
	const at = free(path);
	if (what === "folder") mkdirSync(at);
	else if (what === "pipe") execFileSync("mkfifo", [at]);
	else symlinkSync(what, at);
}

async function run(args: readonly string[]): Promise<{ readonly status: number; readonly all: string }> {
	const pieces: string[] = [];
	const stream = { write: (text: string) => pieces.push(text), isTTY: true };
	const status = await main(args, { stdout: stream, stderr: stream });
	return { status, all: pieces.join("") };
}

test(
	"any host, any command, before and after edits",
	async () => {
		await fc.assert(
			fc.asyncProperty(hostileHost, specials, call, fc.array(hostileEdit, { maxLength: 8 }), async (files, others, asked, edits) => {
				for (const path of ["/etc", "/openbsd-vnet.json"]) rmSync(join(folder, path), { recursive: true, force: true });
				const texts = [...files].filter(([path]) => !others.some(([other]) => other === path));
				for (const [path, text] of texts) writeFileSync(free(path), text);
				for (const [path, what] of others) putSpecial(path, what);
				for (let round = 0; round < 2; round++) {
					const before = process.cpuUsage();
					const { status, all } = await run(asked(folder));
					const { user, system } = process.cpuUsage(before);
					expect([0, 1, 2], all).toContain(status);
					expect(all).not.toMatch(/^ {4}at .*:\d+:\d+\)?$/m);
					expect(all).not.toMatch(/[^\P{Cc}\t\n]|\p{Cf}/u);
					expect((user + system) / 1e6).toBeLessThan(MOST_SECONDS);
					expect(process.memoryUsage().rss / 1e6).toBeLessThan(MOST_MEGABYTES);
					for (const { file, start, length, text } of edits) {
						const edited = texts[file % Math.max(1, texts.length)];
						if (edited === undefined) continue;
						const at = start % (edited[1].length + 1);
						edited[1] = edited[1].slice(0, at) + text + edited[1].slice(at + length);
						writeFileSync(join(folder, edited[0]), edited[1]);
					}
				}
			}),
			effort(60, 10),
		);
	},
	12 * MINUTE,
);

/** Where the memory of counters lies: a file for each host in a folder of ours, which only the user can read. */
import { createHash, randomBytes } from "node:crypto";
import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type CounterMemory, type CounterReading, memoryText, type RuleWithPast, readMemory, rememberCounters } from "./counter-memory.ts";

/** A larger file is none of ours. */
const LARGEST_FILE = 64 * 1024 * 1024;

/**
 * Adds a reading to what is remembered of a host. Of two readings at one time the later stays, and neither is damaged.
 * @param folder made where it is not there
 * @param host what the host is told from others by: its address
 * @throws what the file system says
 */
export async function rememberReading(folder: string, host: string, reading: CounterReading): Promise<readonly RuleWithPast[]> {
	const file = join(folder, `${createHash("sha256").update(host).digest("hex").slice(0, 32)}.json`);
	const { rules, memory } = rememberCounters(await readFrom(file), reading);
	await mkdir(folder, { recursive: true, mode: 0o700 });
	const written = `${file}.${randomBytes(6).toString("hex")}`;
	try {
		await writeFile(written, memoryText(memory), { mode: 0o600, flag: "wx" });
		await rename(written, file);
	} catch (error) {
		await rm(written, { force: true });
		throw error;
	}
	return rules;
}

async function readFrom(file: string): Promise<CounterMemory | undefined> {
	try {
		return (await stat(file)).size > LARGEST_FILE ? undefined : readMemory(await readFile(file, "utf8"));
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw error;
	}
}

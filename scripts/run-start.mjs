// `npm start` as somebody new uses it, where there is no desktop: it says what it does and prints an address, which lets nobody in
// without its token; Ctrl-C ends it, and leaves neither a process nor a file behind.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lib/repository.mjs";

const temporary = mkdtempSync(join(tmpdir(), "openbsd-vnet-start-"));
const { DISPLAY: _, ...env } = process.env;
const child = spawn("npm", ["start"], {
	cwd: root,
	env: { ...env, TMPDIR: temporary },
	detached: true,
	stdio: ["ignore", "pipe", "inherit"],
});
let output = "";
const ended = new Promise((resolve) => child.on("close", resolve));
const isUp = new Promise((resolve) => {
	child.stdout.on("data", (data) => {
		process.stdout.write(data);
		output += data;
		if (output.includes("Ctrl-C ends it.")) resolve(true);
	});
});

const faults = [];
const isFault = (/** @type {boolean} */ is, /** @type {string} */ what) => is && faults.push(what);
if (await Promise.race([isUp, ended.then(() => false)])) {
	const address = /http:\/\/127\.0\.0\.1:\S+/.exec(output)?.[0] ?? "";
	const url = new URL(address);
	isFault(!url.searchParams.get("tkn"), "the address has no token");
	isFault((await fetch(url.origin)).status !== 403, "who has no token comes in");
	// The token becomes a cookie, with which the page is asked for again.
	const { status, headers } = await fetch(address, { redirect: "manual" });
	const page = await fetch(new URL(headers.get("location") ?? "", address), { headers: { cookie: headers.get("set-cookie") ?? "" } });
	isFault(status !== 302 || !page.ok, "who has the token does not come in");
	isFault(!/Building the extension\.\.\..*Packing the extension\.\.\./s.test(output), "it does not say what it does");
	// As a terminal does: to all that it has started.
	process.kill(-child.pid, "SIGINT");
	await ended;
	isFault(
		await fetch(url.origin).then(
			() => true,
			() => false,
		),
		"something still listens",
	);
	isFault(running().length > 0, `left behind: ${running().join(", ")}`);
	isFault(
		existsSync(temporary) && readdirSync(temporary).some((name) => name.startsWith("openbsd-vnet")),
		`left in ${temporary}: ${readdirSync(temporary)}`,
	);
} else faults.push("it ended before it had an address");
rmSync(temporary, { recursive: true, force: true });
for (const fault of faults) console.error(`✘ ${fault}`);
console.log(faults.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
process.exitCode = faults.length === 0 ? 0 : 1;

/** The processes that have its folder for temporary files in their environment. */
function running() {
	if (process.platform !== "linux") return [];
	return readdirSync("/proc").filter((id) => {
		if (!/^\d+$/.test(id)) return false;
		try {
			return readFileSync(join("/proc", id, "environ"), "latin1").includes(`TMPDIR=${temporary}`);
		} catch {
			// It has ended, or is another user's.
			return false;
		}
	});
}

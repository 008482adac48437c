// `npm run test:openbsd -- HOST --yes`: the whole life of a host, on a real OpenBSD that is there for nothing else.
//
//	--yes		it may be changed, rebooted, and its network interrupted
//	-F FILE		the ssh_config that names HOST, as root
//	--interfaces IF1,IF2	two that nobody needs; found where not given
//	--only TEXT,...	what has one of these in its name
//	--no-reboot	do not hold each change against a start of the machine with its files
//
// Each change is deployed and taken back, then deployed and kept. After each way back the running state is compared with that of before,
// after each deployment with that of a start with the same files.
// What is said about the host is what its own ifconfig, route, pfctl, sysctl and rcctl print. At the end its files are as they were.
import { parseArgs } from "node:util";
import { changes } from "./openbsd/changes.mjs";
import { Life } from "./openbsd/life.mjs";
import { scenarios } from "./openbsd/scenarios.mjs";
import { differences, ScratchHost } from "./openbsd/scratch-host.mjs";

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		yes: { type: "boolean" },
		config: { type: "string", short: "F" },
		interfaces: { type: "string" },
		only: { type: "string" },
		"no-reboot": { type: "boolean" },
	},
});
const [name] = positionals;
if (name === undefined) {
	console.error("usage: npm run test:openbsd -- HOST --yes [-F SSH_CONFIG] [--interfaces IF1,IF2] [--only TEXT] [--no-reboot]");
	process.exit(2);
}
const host = new ScratchHost(name, values.config, (text) => console.log(`    ${text}`));
const system = await host.must("uname -srm");
if (!system.startsWith("OpenBSD ")) throw new Error(`${name} runs ${system.trim()}, not OpenBSD`);
console.log(`${name}: ${system.trim()}`);
if (values.yes !== true) {
	console.error(`This changes the files of ${name}, reboots it and interrupts its network, again and again. Where nobody needs it: --yes`);
	process.exit(2);
}
const [first, second] = values.interfaces?.split(",") ?? (await spareInterfaces());
if (first === undefined || second === undefined) throw new Error("it takes two interfaces that nobody needs: --interfaces IF1,IF2");
console.log(`spare interfaces: ${first}, ${second}`);

const saved = "/var/backups/openbsd-vnet-life.tgz";
await host.must(`tar czpf ${saved} -C / etc`);
const life = new Life(host, [first, second], values.config);
await life.begin();

const only = values.only?.split(",") ?? [""];
const isMeant = ({ name: what }) => only.some((each) => what.includes(each));
let [passed, failed] = [0, 0];
try {
	for (const { name: what, run } of scenarios.slice(0, 2).filter(isMeant)) await held(what, () => run(life));
	for (const change of changes.filter(isMeant)) await held(change.name, () => trial(change));
	for (const { name: what, run } of scenarios.slice(2).filter(isMeant)) await held(what, () => run(life));
} finally {
	await host.run(`rm -f /etc/hostname.* && tar xzpf ${saved} -C / && rm -f ${saved}`);
	if (values["no-reboot"] !== true) await host.reboot();
	await life.end();
}
console.log(`${passed} passed, ${failed} failed, on ${system.trim()}`);
process.exitCode = failed === 0 ? 0 : 1;

/** Does one thing, and says what is wrong with what became of it. */
async function held(what, does) {
	const begin = Date.now();
	const faults = await does().catch((error) => [String(error)]);
	if (typeof faults === "string") {
		console.log(`left out  ${what}: ${faults}`);
		return;
	}
	if (faults.length === 0) passed++;
	else failed++;
	console.log(`${faults.length === 0 ? "ok" : "NOT OK"}  ${what} (${Math.round((Date.now() - begin) / 1000)} s)`);
	for (const fault of faults) console.log(`    ${fault.trimEnd().replaceAll("\n", "\n    ")}`);
}

/** What is wrong with what becomes of a change: taken back first, then kept, then held against a start of the machine. */
async function trial({ before, after, becomes = "deployed", interrupts = false, needs = "true" }) {
	if ((await host.run(needs)).status !== 0) return `the machine has not what it needs (${needs})`;
	const faults = [];
	// Also the way to the files of before is a deployment, with those taken away that the last change has left.
	const old = life.with(before);
	const prepared = await life.become(old, ["--interrupt"]);
	if (prepared.status !== 0 && prepared.status !== 6) return [`the files of before were not deployed: ${prepared.told}`];
	let was = await host.state();
	if (prepared.status === 0) faults.push(...life.asBooted(old, was).map((line) => `before: ${line}`));
	else if (values["no-reboot"] !== true) was = await life.booted(old);

	const files = life.with(before, after);
	if (becomes === "deployed" || becomes === "differs") {
		const back = await life.andBack(files, undefined, { interrupt: interrupts });
		if (back.kind !== "failed" || back.end !== "restored") faults.push(`taken back, it ended as ${back.kind} ${back.end ?? ""}`);
		faults.push(...differences(was, await host.state()).map((line) => `taken back: ${line}`));
	}
	const { status, told } = await life.become(files, interrupts ? ["--interrupt"] : []);
	const is = await host.state();
	const expected = { deployed: 0, refused: 1, differs: 6 }[becomes];
	if (status !== expected) faults.push(`status ${status}, not ${expected}: ${told}`);
	if (status === 1 || status === 3) {
		faults.push(...differences(was, is).map((line) => `not as before: ${line}`));
	} else if (values["no-reboot"] !== true) {
		const differ = differences(await life.booted(files), is);
		if (status === 0) faults.push(...differ.map((line) => `not as after a start: ${line}`));
		else if (differ.length === 0) faults.push("it is as after a start, though something else was said");
	}
	return faults;
}

/** Interfaces of the machine that have no address and no file. @returns {Promise<string[]>} */
async function spareInterfaces() {
	const text = await host.must("ifconfig -a; echo ==; cd /etc && ls -d hostname.* || true");
	const [shown = "", files = ""] = text.split("==\n");
	const found = shown.split(/\n(?=\S)/).filter((one) => /^[a-z]+\d+: .*\n\s+lladdr /.test(one) && !/\n\s+inet6? (?!fe80)/.test(one));
	const cloned = /^(?:vether|vport|veb|bridge|tap|carp|trunk|aggr|vlan|vxlan|wg|gif|gre|pair|lo|pflog|enc)\d/;
	return found.map((one) => one.slice(0, one.indexOf(":"))).filter((one) => !cloned.test(one) && !files.includes(`hostname.${one}\n`));
}

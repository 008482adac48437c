// How long an edit of one file of a host takes until its model and its diagnostics are there again, by the file that is edited.
// Usage, after `npx tsc -b`: node scripts/bench/refresh.mjs
import { reportedDiagnostics } from "../../server/dist/features/diagnostics.js";
import { checkHost } from "../../server/dist/host/checks.js";
import { hostBuilder } from "../../server/dist/host/model.js";
import { pfFactsReader } from "../../server/dist/host/pf-facts.js";
import { Documents } from "../../server/dist/project/documents.js";
import { memoryWorkspace } from "../../server/dist/workspace.js";

const GUESTS = 200;
const SWITCHES = 10;
const ROUNDS = 30;

/** Routed guests, each with a pinned tap and an anchor of its own. */
function filesOfHost() {
	const files = {};
	let vm = "";
	let pf = `set skip on lo
set state-policy if-bound
match out on em0 inet from 10.0.0.0/8 nat-to (em0)
block log all
pass out on em0
pass in on em0 inet proto tcp to (em0) port 22
`;
	for (let s = 0; s < SWITCHES; s++) {
		vm += `switch "s${s}" {\n\tinterface veb${s}\n}\n`;
		files[`hostname.veb${s}`] = `link1\nadd vport${s}\nup\n`;
		files[`hostname.vport${s}`] = `inet 10.${s}.0.1 255.255.255.0\nup\n`;
		pf += `pass in on vport${s} inet from 10.${s}.0.0/24\npass out on vport${s} inet to 10.${s}.0.0/24\n`;
	}
	pf += 'anchor "vm/*"\n';
	for (let g = 0; g < GUESTS; g++) {
		const s = g % SWITCHES;
		const lladdr = `fe:e1:bb:d1:00:${g.toString(16).padStart(2, "0")}`;
		vm += `vm "g${g}" {\n\tmemory 1G\n\tdisk "/var/vm/g${g}.img"\n\tinterface tap${g} {\n\t\tswitch "s${s}"\n\t\tlladdr ${lladdr}\n\t}\n}\n`;
		pf += `load anchor "vm/g${g}" from "/etc/pf.vm/g${g}.conf"\n`;
		files[`pf.vm/g${g}.conf`] =
			`nic = "tap${g}"\nip = "10.${s}.0.${20 + Math.floor(g / SWITCHES)}"\npass out on $nic inet proto tcp to $ip port { 80 443 }\npass in on $nic inet from $ip to ! 10.${s}.0.0/24\n`;
	}
	return {
		...files,
		"vm.conf": vm,
		"pf.conf": pf,
		"hostname.em0": "inet 192.0.2.2 255.255.255.0\n",
		"sysctl.conf": "net.inet.ip.forwarding=1\n",
	};
}

/** Processor time in milliseconds: what else the machine does is not counted. */
function cpu() {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

const files = filesOfHost();
const root = "file:///w/hv/etc";
const languages = { "vm.conf": "openbsd-vm", "hostname.veb5": "openbsd-hostname" };
const rows = [];
for (const name of ["vm.conf", "pf.conf", "pf.vm/g100.conf", "hostname.veb5"]) {
	const workspace = memoryWorkspace(Object.fromEntries(Object.entries(files).map(([path, text]) => [`${root}/${path}`, text])), [
		"file:///w",
	]);
	const documents = new Documents(workspace);
	const uri = `${root}/${name}`;
	documents.open(uri, languages[name] ?? "openbsd-pf", 1, files[name]);
	await documents.whenSettled(uri);
	const session = { files: documents, settings: {}, client: {} };
	const build = hostBuilder();
	const readRules = pfFactsReader();
	const model = [];
	const shown = [];
	for (let round = 0; round < ROUNDS; round++) {
		documents.change(uri, round + 2, [
			{ range: { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } }, text: "# a comment\n" },
		]);
		const file = documents.file(uri);
		const sources = new Map(documents.hostOf(file).map(({ path, text, parsed }) => [path, { text, parsed }]));
		const start = cpu();
		checkHost(build({ name: "hv", files: sources, pf: readRules(sources) }));
		const checked = cpu();
		reportedDiagnostics(session, file);
		model.push(checked - start);
		shown.push(cpu() - checked);
	}
	const median = (times) => times.sort((a, b) => a - b)[times.length >> 1]?.toFixed(1);
	rows.push({ edited: name, "model and checks (ms)": median(model), "all that the editor shows (ms)": median(shown) });
}
console.log(`${GUESTS} guests on ${SWITCHES} switches, an anchor each; median processor time of ${ROUNDS} edits`);
console.table(rows);

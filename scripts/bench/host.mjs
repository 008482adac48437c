// How long the model of a host and its checks take after an edit of vm.conf, for hosts of several sizes.
// Usage, after `npx tsc -b`: node scripts/bench/host.mjs
import { checkHost } from "../../server/dist/host/checks.js";
import { hostBuilder } from "../../server/dist/host/model.js";
import { topology } from "../../server/dist/host/topology.js";
import { VmFile } from "../../server/dist/vm/file.js";

const ROUNDS = 40;
const PER_SWITCH = 20;

/** A host of guests on veb interfaces with a gateway each. */
function filesOf(count) {
	const files = new Map();
	let vm = "";
	for (let s = 0; s * PER_SWITCH < count; s++) {
		vm += `switch "s${s}" {\n\tinterface veb${s}\n}\n`;
		const taps = Array.from({ length: PER_SWITCH }, (_, i) => `add tap${s * PER_SWITCH + i}\n`).join("");
		files.set(`/etc/hostname.veb${s}`, { text: `link1\nadd vport${s}\n${taps}up\n` });
		files.set(`/etc/hostname.vport${s}`, { text: `inet 10.${s}.0.1 255.255.255.0\nup\n` });
	}
	for (let g = 0; g < count; g++) {
		const lladdr = `02:00:00:00:${(g >> 8).toString(16)}:${(g & 255).toString(16)}`;
		vm += `vm "g${g}" {\n\tmemory 1G\n\tdisk "/var/vm/g${g}.img"\n\tinterface tap${g} { switch "s${Math.floor(g / PER_SWITCH)}" lladdr ${lladdr} }\n}\n`;
		files.set(`/etc/hostname.tap${g}`, { text: "# a guest's tap\n" });
	}
	files.set("/etc/hostname.em0", { text: "inet 192.0.2.2 255.255.255.0\n" });
	files.set("/etc/sysctl.conf", { text: "net.inet.ip.forwarding=1\n" });
	return { files, vm };
}

const median = (times) => times.sort((a, b) => a - b)[times.length >> 1].toFixed(2);

const rows = [];
for (const count of [20, 200, 2000]) {
	const { files, vm } = filesOf(count);
	const build = hostBuilder();
	let file = VmFile.parse(vm, { path: "/etc/vm.conf" });
	const times = { edit: [], model: [], checks: [], own: [], picture: [] };
	for (let round = 0; round < ROUNDS; round++) {
		const at = file.text.indexOf(`g${count >> 1}.img`);
		const marks = [performance.now()];
		file = file.edit([{ span: { start: at, end: at }, text: "x" }]);
		marks.push(performance.now());
		const host = build({ name: "hv1", files: new Map(files).set("/etc/vm.conf", { text: file.text, parsed: file }) });
		marks.push(performance.now());
		checkHost(host);
		marks.push(performance.now());
		file.diagnostics();
		marks.push(performance.now());
		topology(host);
		marks.push(performance.now());
		for (const [i, name] of Object.keys(times).entries()) times[name].push(marks[i + 1] - marks[i]);
	}
	rows.push({
		guests: count,
		"edit (ms)": median(times.edit),
		"model (ms)": median(times.model),
		"checks (ms)": median(times.checks),
		"vm.conf's own (ms)": median(times.own),
		"picture (ms)": median(times.picture),
	});
}
console.table(rows);

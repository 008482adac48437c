// How long the evaluation of packets, the search for dead rules, the difference of two versions and the matrix take, over rulesets and hosts of several sizes.
// Usage, after `npx tsc -b`: node scripts/bench/policy.mjs
import { hostBuilder } from "../../server/dist/host/model.js";
import { pfFacts } from "../../server/dist/host/pf-facts.js";
import { findDeadRules, searchDeadRules } from "../../server/dist/policy/dead.js";
import { treatmentDifference } from "../../server/dist/policy/difference.js";
import { createEvaluator } from "../../server/dist/policy/evaluate.js";
import { block, end, INTERFACES, matching, pass, pool, ruleset, table } from "../../server/dist/policy/fixture.js";
import { parsePacket } from "../../server/dist/policy/packet.js";
import { reachability } from "../../server/dist/policy/reachability.js";

const WARM_UP = 3;
const ROUNDS = 7;
/** Keystrokes. */
const EDITS = 60;

/** Five forms of rules in turn, each with an address of its own. */
function rulesOf(count) {
	const rules = [block()];
	for (let i = 0; rules.length < count; i++) {
		const address = `10.${(i >> 8) & 255}.${i & 255}.1`;
		rules.push(
			pass({ direction: "in", interface: "em0", family: "inet", protocol: 6, destination: end(address, "80") }),
			block({ direction: "in", interface: "em1", family: "inet", source: end("<net>"), destination: end(address) }),
			matching({ direction: "out", interface: "em0", family: "inet", source: end(address), nat: pool("203.0.113.10") }),
			pass({ direction: "in", family: "inet6", protocol: 6, source: end(`2001:db8:${i.toString(16)}::/64`), label: "six" }),
			pass({ direction: "in", interface: "tap3", family: "inet", protocol: 17, source: end(address), destination: end("any", "53") }),
		);
	}
	return ruleset(rules.slice(0, count), { tables: [table("net", ["10.0.0.0/8", "!10.1.0.0/16"])] });
}

const packets = [
	"in em0 tcp 198.51.100.7 1000 10.0.5.1 80 S - -",
	"out em0 tcp 10.0.4.1 1000 198.51.100.7 80 S - em1",
	"in em0 tcp 2001:db8:77::1 1 2001:db8::1 80 S - -",
	"in tap3 udp 10.0.1.1 1 198.51.100.7 53 - - -",
	"in em1 tcp 10.2.0.1 1 10.0.9.1 80 S - -",
].map(parsePacket);

/** The median time of `work` in milliseconds. */
function median(work, rounds = ROUNDS) {
	const times = [];
	for (let round = 0; round < WARM_UP + rounds; round++) {
		const start = performance.now();
		work();
		if (round >= WARM_UP) times.push(performance.now() - start);
	}
	return times.sort((x, y) => x - y)[Math.floor(rounds / 2)];
}

/** Comes to the end of a search; its longest portion in milliseconds. */
function searched(set, earlier) {
	const search = searchDeadRules(set, INTERFACES, earlier);
	let longest = 0;
	for (;;) {
		const start = performance.now();
		const { done, value } = search.next();
		longest = Math.max(longest, performance.now() - start);
		if (done) return { result: value, longest };
	}
}

/** The rules with the port of one in the middle changed. */
function edited(set, port) {
	const rules = [...set.main.rules];
	const at = (rules.length >> 1) - ((rules.length >> 1) % 5) + 1;
	rules[at] = pass({ direction: "in", interface: "em0", family: "inet", protocol: 6, destination: end("10.7.7.7", `${port}`) });
	return { ...set, main: { ...set.main, rules } };
}

const versionOf = (ruleset) => ({ ruleset, interfaces: INTERFACES });
const difference = (set, other) => treatmentDifference(versionOf(set), versionOf(other));

/** The rules with another default: what no rule below decides is treated otherwise. */
function opened(set) {
	return { ...set, main: { ...set.main, rules: [pass(), ...set.main.rules.slice(1)] } };
}

const rows = [];
for (const count of [100, 1000, 10_000]) {
	const set = rulesOf(count);
	const evaluator = createEvaluator(set, INTERFACES);
	let before = searched(set, undefined).result;
	let port = 1000;
	const repeat = 100;
	const all = median(() => {
		for (let i = 0; i < repeat; i++) for (const packet of packets) evaluator.evaluate(packet);
	});
	rows.push({
		rules: count,
		"prepare (ms)": median(() => createEvaluator(set, INTERFACES)).toFixed(2),
		"one packet (ms)": (all / repeat / packets.length).toFixed(4),
		"dead rules (ms)": median(() => findDeadRules(set, INTERFACES)).toFixed(1),
		"after an edit (ms)": median(() => {
			port++;
			before = searched(edited(set, port), before).result;
		}, EDITS).toFixed(1),
		"longest portion (ms)": searched(set, undefined).longest.toFixed(1),
		"difference: one rule (ms)": median(() => difference(set, edited(set, 4242))).toFixed(1),
		"the default": `${median(() => difference(set, opened(set)), 1).toFixed(0)}${difference(set, opened(set)).isWhole ? "" : ", cut off"}`,
	});
}
console.table(rows);

/** A veb with so many guests, each with an anchor of three rules. */
function hostOf(guests) {
	const files = new Map();
	const put = (path, text) => files.set(path, { text });
	const vm = ['switch "s" {\n\tinterface veb0\n}\n'];
	const pf = [
		"set state-policy if-bound\nmatch out on em0 inet from 10.0.0.0/16 to any nat-to (em0)\nblock\npass out on em0\n",
		'pass in on em0 proto tcp to port 22\npass on vport0\nanchor "vm/*"\n',
	];
	for (let i = 0; i < guests; i++) {
		const address = `10.0.${i >> 6}.${(i & 63) + 20}`;
		vm.push(`vm "g${i}" {\n\tdisk "/d"\n\tinterface tap${i} { switch "s" }\n}\n`);
		pf.push(`load anchor "vm/g${i}" from "/etc/pf.vm/g${i}.conf"\n`);
		put(
			`/etc/pf.vm/g${i}.conf`,
			`pass out on tap${i} inet proto tcp to ${address} port { 80 443 ${1000 + (i % 20)} }\npass in on tap${i} inet from ${address} to ! 10.0.0.0/16\n`,
		);
	}
	put("/etc/vm.conf", vm.join(""));
	put("/etc/pf.conf", pf.join(""));
	put("/etc/hostname.em0", "inet 203.0.113.5/24\n");
	put("/etc/hostname.veb0", "link1\nadd vport0\nup\n");
	put("/etc/hostname.vport0", "inet 10.0.0.1/16\n");
	put("/etc/sysctl.conf", "net.inet.ip.forwarding=1\n");
	return hostBuilder()({ name: "bench", files, pf: pfFacts(files) });
}

console.table(
	[50, 200].map((guests) => {
		const host = hostOf(guests);
		let matrix = reachability(host);
		const time = median(() => {
			matrix = reachability(host);
		});
		return { guests, services: matrix.services.length, "matrix (ms)": time.toFixed(0) };
	}),
);

// What can happen to a deployment on a real machine: each gives the faults that it has found.
import { setTimeout } from "node:timers/promises";
import { hasVmm } from "./changes.mjs";
import { differences } from "./scratch-host.mjs";

const forwarding = { "sysctl.conf": "net.inet.ip.forwarding=1\n" };
const segment = { "hostname.bridge0": "add vether0\nup\n", "hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n" };
const veb = {
	"hostname.IF1": "up\n",
	"hostname.veb0": "add vport0\nadd IF1\nrule pass in on IF1 src fe:e1:ba:d0:00:01\nup\n",
	"hostname.vport0": "inet 10.62.0.1 255.255.255.0\nup\n",
};
/** One change of each kind that a way back has to undo. */
const many = { ...veb, ...forwarding, "pf.conf": "set skip on lo\nblock return\npass\nmatch in on egress\n" };

/** @typedef {{ name: string, run: (life: import("./life.mjs").Life) => Promise<string[] | string> }} Scenario a text says why it is left out */

/** @type {readonly Scenario[]} */
export const scenarios = [
	{
		name: "validate: faults of every program, and nothing is touched",
		async run(life) {
			const was = await life.host.state();
			await life.write(
				life.with({
					"pf.conf": "pass in onn egress\n",
					"vm.conf": 'vm "a" {\n\tmemory 32Q\n}\n',
					"hostname.IF1": "inet 10.65.0.999 255.255.255.0\n",
					"hostname.bridge0": "add no0\nup\n",
					"sysctl.conf": "net.inet.ip.forwardin=1\n",
					"dhcpd.conf": "subnet 10.61.0.0 netmask 255.255.255.0 {\n\trange 10.61.0.100 10.62.0.199;\n}\n",
					"rc.conf.local+": "nosuch_flags=\n",
				}),
			);
			const { status, told } = await life.run(["validate", "scratch"]);
			const wanted = [
				/pf\.conf:1.*syntax error \(pfctl/,
				/vm\.conf:2.*\(vmd/,
				/hostname\.\w+1:1.*\(openbsd-vnet\)/,
				/hostname\.bridge0:1.*no0/,
				/sysctl\.conf:1/,
				/dhcpd\.conf: .*\(dhcpd/,
				/rc\.conf\.local.*nosuch/,
			];
			const faults = wanted.filter((each) => !each.test(told)).map((each) => `it does not say ${each}`);
			if (status !== 1) faults.push(`status ${status}`);
			if (faults.length > 0) faults.push(told);
			return [...faults, ...differences(was, await life.host.state())];
		},
	},
	{
		name: "the first deployment begins with a rehearsal, which the host remembers",
		async run(life) {
			await life.host.must("rm -rf /var/db/openbsd-vnet /var/backups/openbsd-vnet");
			const was = await life.host.state();
			const first = await life.become(life.with(forwarding));
			const second = await life.become(life.with(forwarding, { "hostname.lo7": "inet 10.70.0.1 255.255.255.255\n" }));
			const { told } = await life.run(["history", "scratch"]);
			const faults = [];
			if (first.status !== 0 || !/rehearsed first/.test(first.told)) faults.push(`status ${first.status}: ${first.told}`);
			if (second.status !== 0 || /rehearsed first/.test(second.told)) faults.push(`status ${second.status}: ${second.told}`);
			if (!/the way back works, as of/.test(told)) faults.push(told);
			const rules = (state) => state.filter((line) => /^(block|pass|match|anchor)/.test(line));
			return [...faults, ...differences(rules(was), rules(await life.host.state()))];
		},
	},
	{
		name: "a lock-out rolls back",
		run: (life) =>
			comesBack(life, async () => {
				const { status, told } = await life.become(life.with({ "pf.conf": "set skip on lo\nblock\n" }), ["--timeout", "60"]);
				return [...(status === 3 ? [] : [`status ${status}: ${told}`])];
			}),
	},
	{
		name: "a deployment that is declined rolls back, of all kinds at once",
		run: (life) => comesBack(life, async () => ending(await life.andBack(life.with(many)), "restored")),
	},
	{
		name: "a reboot in the middle",
		run: (life) =>
			comesBack(life, async () => {
				await life.andBack(life.with(many), () => life.host.reboot());
				return await nothingLeft(life);
			}),
	},
	{
		name: "the client is killed in the middle",
		run: (life) =>
			comesBack(life, async () => {
				await life.write(life.with(many));
				const child = life.start(["deploy", "scratch", "--auto-confirm", "--over-drift", "--timeout", "45"], (text) => {
					if (/make a new connection/.test(text)) child.kill("SIGKILL");
				});
				await new Promise((resolve) => child.once("close", resolve));
				return child.signalCode === "SIGKILL" ? [] : ["it was not killed in time"];
			}),
	},
	{
		name: "the watchdog is killed: the job of at(1) rolls back",
		run: (life) =>
			comesBack(life, async () => {
				const kill = "cd /var/backups/openbsd-vnet && kill -9 $(cat $(readlink lock | sed s/.*://)/pid)";
				return ending(
					await life.andBack(
						life.with(many),
						async () => {
							await life.host.must(kill);
							await life.settled(300);
						},
						{ seconds: 45 },
					),
					"restored",
				);
			}),
	},
	{
		name: "the network is cut in the middle",
		run: (life) =>
			comesBack(life, async () => {
				const own = (await life.host.must("route -n get default | sed -n 's/.*interface: //p'")).trim();
				const cut = `nohup sh -c 'sleep 1; ifconfig ${own} down; sleep 75; ifconfig ${own} up; sh /etc/netstart ${own}' </dev/null >/dev/null 2>&1 &`;
				const result = await life.andBack(
					life.with(many),
					async () => {
						await life.host.must(cut);
						await setTimeout(90_000);
					},
					{ seconds: 45 },
				);
				return result.kind === "failed" ? [] : [`it ended as ${result.kind}`];
			}),
	},
	{
		name: "guests run on what changes",
		async run(life) {
			const config = (await life.host.run("for f in /var/vmm/vm.conf /etc/vm.conf.all /etc/vm.conf; do [ -f $f ] && cat $f && break; done"))
				.stdout;
			if (!/^vm /m.test(config) || (await life.host.run(hasVmm)).status !== 0)
				return "the machine has no vm.conf with guests, or no vmm(4)";
			const guests = { ...veb, "vm.conf": config, "rc.conf.local+": "vmd_flags=\n" };
			const faults = [];
			const prepared = await life.become(life.with(guests), ["--interrupt"]);
			if (prepared.status !== 0) return [`guests do not start: status ${prepared.status}: ${prepared.told}`];
			const taps = (await life.host.must("ifconfig tap")).match(/^tap\d+/gm) ?? [];
			const listed = await life.run(["taps", "scratch"]);
			if (taps.length === 0 || taps.some((tap) => !listed.told.includes(tap))) faults.push(`taps: ${listed.told}`);
			const [tap = "tap0"] = taps;
			const was = await life.host.state();
			const more = life.with(guests, {
				"hostname.veb0": `link1\nadd vport0\nadd IF2\nrule block in on ${tap} src fe:e1:ba:d0:00:09\nup\n`,
				"hostname.IF2": "up\n",
				"pf.vm/web.conf": `block in on ${tap} proto tcp to port 25\n`,
				"pf.conf": 'set skip on lo\nblock return\npass\nanchor "vm/*"\nload anchor "vm/web" from "/etc/pf.vm/web.conf"\n',
			});
			faults.push(...ending(await life.andBack(more), "restored"), ...differences(was, await life.host.state()));
			const changed = await life.become(more);
			const now = await life.host.state();
			if (changed.status !== 0) faults.push(`status ${changed.status}: ${changed.told}`);
			if (!now.some((line) => line.includes(`\t${tap} flags`))) faults.push(`${tap} is not a member of veb0 any more`);
			const running = (state) => state.filter((line) => / running /.test(line)).length;
			if (running(now) !== running(was)) faults.push("guests that ran do not run");
			const restarted = await life.become(life.with(guests, { "vm.conf": config.replace(/memory 32M/, "memory 34M") }), [
				"--interrupt",
				"--restart-guests",
				"--timeout",
				"300",
			]);
			if (restarted.status !== 0) faults.push(`a restart of the guests: status ${restarted.status}: ${restarted.told}`);
			// A daemon that nothing enables any more goes on running.
			await life.host.must("rcctl stop vmd");
			return faults;
		},
	},
	{
		name: "changes of others: drift, pull",
		async run(life) {
			const rules = (...more) => `set skip on lo\nblock return\n${more.join("")}pass\n\n# end\n`;
			const faults = [];
			const before = await life.become(life.with({ "pf.conf": rules() }), ["--interrupt"]);
			if (before.status > 0 && before.status !== 6) faults.push(before.told);
			await life.host.must("echo '# by hand' >>/etc/pf.conf");
			await life.write(life.with({ "pf.conf": rules("match in\n") }));
			const refused = await life.run(["deploy", "scratch", "--auto-confirm"]);
			if (refused.status !== 1 || !refused.told.includes("/etc/pf.conf")) faults.push(`status ${refused.status}: ${refused.told}`);
			const merged = await life.run(["pull", "scratch"]);
			const text = await life.local("pf.conf");
			if (merged.status !== 0 || !text.includes("# by hand") || !text.includes("match in\n")) faults.push(merged.told, text);
			const deployed = await life.run(["deploy", "scratch", "--auto-confirm"]);
			if (deployed.status !== 0) faults.push(`status ${deployed.status}: ${deployed.told}`);
			if ((await life.host.must("cat /etc/pf.conf")) !== text) faults.push("the host has another file");
			return faults;
		},
	},
	{
		name: "three deployments in a row, a rollback of each, and prune",
		async run(life) {
			const faults = [];
			const steps = [
				life.with(),
				life.with(segment),
				life.with(segment, { "hostname.bridge0": "add vether0\nadd IF1\nup\n", "hostname.IF1": "up\n" }),
				life.with(segment, { "hostname.bridge0": "add vether0\nadd IF2\nup\n", "hostname.IF2": "up\n", "hostname.IF1": "down\n" }),
			];
			const states = [];
			for (const files of steps) {
				const { status, told } = await life.become(files, ["--interrupt"]);
				if (status !== 0) faults.push(`status ${status}: ${told}`);
				states.push(await life.host.state());
			}
			faults.push(...differences(await life.booted(steps[3]), states[3]));
			const undone = await life.run(["rollback", "scratch", "--auto-confirm", "--interrupt"]);
			if (undone.status !== 0) faults.push(`back to 2: status ${undone.status}: ${undone.told}`);
			faults.push(...differences(states[2], await life.host.state()).map((line) => `back to 2: ${line}`));
			// The next one rolls back behind this rollback: what it undid is named.
			const list = JSON.parse((await life.run(["history", "scratch", "--json"])).told).deployments;
			const named = await life.run(["rollback", "scratch", "--to", list[2].id, "--auto-confirm", "--interrupt"]);
			if (named.status !== 0) faults.push(`back to 1: status ${named.status}: ${named.told}`);
			faults.push(...differences(states[1], await life.host.state()).map((line) => `back to 1: ${line}`));
			const { status, told } = await life.run(["host", "prune", "scratch", "--keep", "1"]);
			const kept = (await life.host.must("ls /var/backups/openbsd-vnet")).trim().split("\n");
			if (status !== 0 || kept.length !== 1) faults.push(`prune: status ${status}: ${told}: ${kept.join(" ")}`);
			return faults;
		},
	},
	{
		name: "secrets are in no plan, history or log",
		async run(life) {
			const key = "OJDGKh3wUsHrmYpNSJfXb7bP3f2KpZ0vYw1cS0r5S3U=";
			const files = life.with({
				"hostname.wg0": `wgkey ${key} wgport 51820\ninet 10.69.0.1/24\nup\n`,
				"hostname.IF1": "inet 10.68.0.2 255.255.255.0\nup\n",
				"hostname.carp1": "inet 10.68.0.1 255.255.255.0 10.68.0.255 vhid 1 carpdev IF1 pass notforeyes\n",
			});
			await life.write(files);
			const told = [await life.run(["plan", "scratch"]), await life.become(files), await life.run(["history", "scratch", "--json"])];
			const [latest] = JSON.parse(told[2].told).deployments;
			told.push(await life.run(["history", "scratch", latest.id]), await life.run(["history", "scratch", latest.id, "--json"]));
			return told.flatMap(({ told: text }, i) => (text.includes(key) || text.includes("notforeyes") ? [`${i}: ${text}`] : []));
		},
	},
	{
		name: "the program is taken away, and all that it had",
		async run(life) {
			await life.become(life.with(), ["--interrupt"]);
			const installed = await life.run(["host", "install", "scratch"]);
			const { status, told } = await life.run(["host", "uninstall", "scratch"]);
			const left = await life.host.must(
				"ls -d /var/backups/openbsd-vnet /var/db/openbsd-vnet /usr/local/sbin/openbsd-vnet-host 2>/dev/null || true",
			);
			return installed.status === 0 && status === 0 && left === "" ? [] : [`status ${installed.status}, ${status}: ${told}`, left];
		},
	},
];

/** Whether all is as before something happened. */
async function comesBack(life, happens) {
	const prepared = await life.become(life.with(segment, { "hostname.IF2": "up\n" }), ["--interrupt"]);
	if (prepared.status !== 0 && prepared.status !== 6) return [`the files of before were not deployed: ${prepared.told}`];
	const was = await life.host.state();
	const files = await life.host.must("cd /etc && cat hostname.* pf.conf sysctl.conf 2>/dev/null || true");
	const faults = await happens();
	await life.settled(300);
	if ((await life.host.must("cd /etc && cat hostname.* pf.conf sysctl.conf 2>/dev/null || true")) !== files) faults.push("other files");
	return [...faults, ...differences(was, await life.host.state()), ...(await nothingLeft(life))];
}

async function nothingLeft(life) {
	const left = await life.host.must(
		"ls -d /var/backups/openbsd-vnet/lock /etc/*.2???????T* /var/tmp/openbsd-vnet.* 2>/dev/null; grep -s openbsd-vnet /etc/rc.securelevel; atq; true",
	);
	return left
		.split("\n")
		.filter((line) => line !== "" && !/Execution Date/.test(line))
		.map((line) => `left: ${line}`);
}

function ending(result, end) {
	return result.kind === "failed" && result.end === end
		? []
		: [
				`it ended as ${result.kind} ${result.end ?? ""}${result.step === undefined ? "" : `, at ${result.step.id}: ${JSON.stringify(result.message)}`}`,
				...(result.differs ?? []).map((each) => (typeof each === "string" ? each : each.subject)),
			];
}

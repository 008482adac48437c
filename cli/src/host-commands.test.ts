/** Calls of the commands for a host that make no sense: each is told before anything is asked of the host. */
import { expect, test } from "vitest";
import { main } from "./main.ts";

test.each([
	["validate", "validate takes one host of openbsd-vnet.json"],
	["verify", "verify takes one host of openbsd-vnet.json"],
	["plan a b", "plan takes one host of openbsd-vnet.json"],
	["history a b c", "history takes one host of openbsd-vnet.json"],
	["rollback a b", "rollback takes one host of openbsd-vnet.json"],
	["pull --remove /etc/x a", "unknown option '--remove'"],
	["pull", "pull takes one host, and a folder for its files"],
	["pull a b c", "pull takes one host, and a folder for its files"],
	["validate --timeout 20 a", "unknown option '--timeout'"],
	["rollback --no-tests a", "unknown option '--no-tests'"],
	["plan --to x a", "unknown option '--to'"],
	["deploy --timeout 9 a", "--timeout is a number of seconds, 10 to 86400"],
	["deploy --timeout 86401 a", "--timeout is a number of seconds, 10 to 86400"],
	["deploy --timeout 10.5 a", "--timeout is a number of seconds, 10 to 86400"],
	["deploy --rehearse --timeout soon a", "--timeout is a number of seconds, 10 to 86400"],
	["rollback --timeout 0 a", "--timeout is a number of seconds, 10 to 86400"],
	["deploy --rehearse --no-tests --remove /etc/x a", "--rehearse confirms and changes nothing: leave out --no-tests, --remove"],
	["taps", "taps takes one host"],
	["states", "states takes one host"],
	["states a b", "states takes one host"],
	["states --address here a", "here: not an address"],
	["states --sort rate a", "--sort rate is for --rates"],
	["states --end a", "--end is for --against"],
	["states --against . --yes a", "--yes is for --end"],
	["states --against . --end --json a", "--end asks before it ends them"],
	["tables", "tables takes one host"],
	["tables --add 192.0.2.1 a", "--add is for --table"],
	["tables --keep --yes a", "--keep is for --table"],
	["tables --yes a", "--yes is for --add, --delete, --keep"],
	["tables --table t --add 192.0.2.1 --keep a", "give one of --add, --delete, --keep"],
	["tables --table t --add www.example.org a", "www.example.org: not an address or network"],
	["tables --table t --delete 10.0.0.1/33 a", "10.0.0.1/33: not an address or network"],
	["tables --table t --add 192.0.2.1 --json a", "it asks before it changes something"],
	["rates", "rates takes one host"],
	["rates --seconds 9 a", "--seconds is a number of seconds, 1 to 8"],
	["rates --seconds 0.5 a", "--seconds is a number of seconds, 1 to 8"],
	["log", "log takes one host"],
	["log --count 0 a", "--count is a number of packets"],
	["log --address here a", "here: not an address"],
	["log --action drop a", "--action is any, pass, block or match, not 'drop'"],
	["counters", "counters takes one host"],
	["counters --never 0 a", "--never is a number of days, 1 to 9999"],
	["counters --never soon a", "--never is a number of days, 1 to 9999"],
	["export puppet", "export writes for ansible, into one folder"],
	["export ansible here there", "export writes for ansible, into one folder"],
])("%s", async (call, message) => {
	const [command = ""] = call.split(" ");
	let told = "";
	const output = { stdout: { write: () => true }, stderr: { write: (text: string) => (told += text) } };
	expect(await main(call.split(" "), output)).toBe(2);
	expect(told).toContain(`openbsd-vnet: ${message}`);
	expect(told).toContain(`usage: openbsd-vnet ${command} `);
});

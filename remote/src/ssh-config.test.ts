import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { configuredHosts, folderNameOf, type LocalSide, readDestination, resolveTarget } from "./ssh-config.ts";

const home = "/home/me";

function local(files: Readonly<Record<string, string>>): LocalSide {
	return {
		home,
		user: "me",
		environment: { SSH_AUTH_SOCK: "/run/agent", KEYS: "/keys" },
		read: (path) => files[path],
		glob: (pattern) =>
			Object.keys(files)
				.filter((path) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]*")}$`).test(path))
				.sort(),
		addLine: () => undefined,
	};
}

function resolve(text: string, name = "hv1", more: Readonly<Record<string, string>> = {}) {
	const destination = readDestination(name);
	if (destination === undefined) throw new Error(`${name} is no destination`);
	return resolveTarget(destination, local({ "/home/me/.ssh/config": text, ...more }));
}

describe("destinations", () => {
	test.each<[text: string, destination: unknown]>([
		["hv1", { name: "hv1" }],
		["root@hv1:2222", { name: "hv1", user: "root", port: 2222 }],
		["[2001:db8::1]:22", { name: "2001:db8::1", port: 22 }],
		["2001:db8::1", { name: "2001:db8::1" }],
		["ssh://op@hv1:22/", { name: "hv1", user: "op", port: 22 }],
		["-oProxyCommand=reboot", undefined],
		["-x@hv1", undefined],
		["hv1:99999", undefined],
		["a b", undefined],
		["", undefined],
	])("%s", (text, destination) => expect(readDestination(text)).toEqual(destination));

	test.each([
		["hv1", "hv1"],
		["root@hv1.example.org:22", "hv1.example.org"],
		["admin@[2001:db8::1]:22", "2001-db8--1"],
		["..", "host"],
	])("%s has the folder %s", (address, folder) => expect(folderNameOf(address)).toBe(folder));
});

test("without configuration: the name, our user, port 22, the usual keys, the agent", () => {
	expect(resolve("")).toMatchObject({
		host: "hv1",
		port: 22,
		user: "me",
		identityFiles: ["/home/me/.ssh/id_rsa", "/home/me/.ssh/id_ecdsa", "/home/me/.ssh/id_ed25519"],
		identitiesOnly: false,
		agent: "/run/agent",
		jumps: [],
		knownHostsFiles: ["/home/me/.ssh/known_hosts", "/home/me/.ssh/known_hosts2", "/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"],
	});
});

describe("the lines that count", () => {
	test.each<[what: string, text: string, expected: Record<string, unknown>]>([
		["the first value holds", "Host hv*\n User a\nHost *\n User b\n Port 2222\n", { user: "a", port: 2222 }],
		["keywords in any case, with =", "host hv1\n hostname=10.0.0.1\n PORT = 22\n", { host: "10.0.0.1", port: 22 }],
		["a host that is excluded", "Host * !hv1\n User a\n", { user: "me" }],
		["tokens of a name", "Host hv1\n HostName %h.example.org\n", { host: "hv1.example.org" }],
		[
			"tokens of a key",
			"Host hv1\n HostName h\n User u\n IdentityFile %d/%u/%r-%h-%p-%n%%\n",
			{ identityFiles: ["/home/me/me/u-h-22-hv1%"] },
		],
		// biome-ignore lint/suspicious/noTemplateCurlyInString: as ssh_config writes a variable
		["keys add up", "IdentityFile ~/a\nHost hv1\n IdentityFile ${KEYS}/b\n", { identityFiles: ["/home/me/a", "/keys/b"] }],
		["no keys", "Host hv1\n IdentityFile none\n IdentitiesOnly yes\n", { identityFiles: [], identitiesOnly: true }],
		["no agent", "Host hv1\n IdentityAgent none\n", { agent: undefined }],
		["an agent", "Host hv1\n IdentityAgent ~/agent\n", { agent: "/home/me/agent" }],
		["jumps", "Host hv1\n ProxyJump a@b:2222,c\n", { jumps: ["a@b:2222", "c"] }],
		["no jump", "Host hv1\n ProxyJump none\nHost *\n ProxyJump b\n", { jumps: [] }],
		["ways in that are off", "PasswordAuthentication no\nChallengeResponseAuthentication no\n", { authentications: ["publickey"] }],
		["no keys at all", "PubkeyAuthentication no\n", { authentications: ["keyboard-interactive", "password"] }],
		["the order of ways in", "PreferredAuthentications hostbased,password,publickey\n", { authentications: ["password", "publickey"] }],
		["nothing is asked", "BatchMode yes\n", { authentications: ["publickey"], unknownHostKey: "refuse", batch: true }],
		["unknown hosts are refused", "StrictHostKeyChecking yes\n", { unknownHostKey: "refuse" }],
		["unknown hosts are taken where nothing is asked", "BatchMode yes\nStrictHostKeyChecking accept-new\n", { unknownHostKey: "accept" }],
		["unknown hosts are taken", "StrictHostKeyChecking accept-new\n", { unknownHostKey: "accept" }],
		["hosts that ssh would take, whatever they show", "StrictHostKeyChecking no\n", { unknownHostKey: "ask" }],
		["revoked keys", "RevokedHostKeys ~/revoked\n", { revokedHostKeys: "/home/me/revoked" }],
		["no revoked keys", "RevokedHostKeys none\n", { revokedHostKeys: undefined }],
		["ends", "AddressFamily inet6\nBindAddress 192.0.2.1\n", { addressFamily: "inet6", bindAddress: "192.0.2.1" }],
		[
			"algorithms",
			"Ciphers aes256-ctr\nMACs -*sha1*\nPubkeyAcceptedKeyTypes ssh-ed25519\n",
			{ algorithms: { ciphers: "aes256-ctr", macs: "-*sha1*", pubkeyacceptedalgorithms: "ssh-ed25519" } },
		],
		["a quoted value", 'Host hv1\n IdentityFile "~/my key"\n', { identityFiles: ["/home/me/my key"] }],
		[
			"known hosts",
			"Host hv1\n UserKnownHostsFile ~/kh ~/kh2\n GlobalKnownHostsFile none\n HashKnownHosts yes\n HostKeyAlias x\n",
			{ knownHostsFiles: ["/home/me/kh", "/home/me/kh2"], hashKnownHosts: true, hostKeyAlias: "x" },
		],
		["Match", "Match originalhost hv1 user me\n Port 2222\nMatch all\n User z\n", { port: 2222, user: "z" }],
		["Match exec is never run", "Match exec reboot\n User a\n", { user: "me", unsupported: [] }],
		[
			"what makes a connection safer is not passed over with it",
			"Match host hv1 exec vpn\n StrictHostKeyChecking yes\nMatch tagged x user you\n Ciphers a\n",
			{ unsupported: ["StrictHostKeyChecking in a Match exec"] },
		],
		["unless it is said before", "Host hv1\n Ciphers aes256-ctr\nMatch exec vpn\n Ciphers a\n", { unsupported: [] }],
		["Match with a criterion that is not to be", "Match !host hv2,hv3\n Port 1\nMatch !user me\n Port 2\n", { port: 1 }],
		["Match final fills what the others left", "Match final all\n Port 1\n User f\nHost *\n Port 2\n", { port: 2, user: "f" }],
		["a word as another spells it", "IdentitiesOnly true\nHashKnownHosts true\n", { identitiesOnly: true, hashKnownHosts: true }],
		["a length of RSA keys", "RequiredRSASize 3072\n", { requiredRsaSize: 3072 }],
		["other names", "CanonicalizeHostname yes\nCanonicalDomains example.org\n", { unsupported: ["CanonicalizeHostname"] }],
		["no other names behind a jump", "CanonicalizeHostname yes\nCanonicalDomains a.org\nProxyJump b\n", { unsupported: [] }],
		["an address has none", "HostName 192.0.2.1\nCanonicalizeHostname always\nCanonicalDomains a.org\n", { unsupported: [] }],
		["a name with its domains has none", "HostName %h.a.org\nCanonicalizeHostname always\nCanonicalDomains a.org\n", { unsupported: [] }],
		["an interface to go out by", "BindInterface em0\n", { unsupported: ["BindInterface"] }],
		["ProxyCommand is not done here", "Host hv1\n ProxyCommand nc %h %p\n", { unsupported: ["ProxyCommand"] }],
		["a line that cannot be read", 'Host hv1\n IdentityFile "~/half\n User a\n', { user: "a" }],
		["a port that is none", "Host hv1\n Port x\n", { port: 22 }],
	])("%s", (_, text, expected) => expect(resolve(text)).toMatchObject(expected));
});

test("files that are included, in a Host for that host only", () => {
	const more = {
		"/home/me/.ssh/conf.d/a": "Host hv1\n User a\n",
		"/home/me/.ssh/conf.d/b": "Host *\n Port 2222\n",
		"/home/me/.ssh/only": "User o\n",
	};
	expect(resolve("Include conf.d/*\n", "hv1", more)).toMatchObject({ user: "a", port: 2222 });
	expect(resolve("Host hv2\n Include ~/.ssh/only\n", "hv1", more)).toMatchObject({ user: "me" });
	expect(resolve("Host hv2\n Include ~/.ssh/only\n", "hv2", more)).toMatchObject({ user: "o" });
	expect(resolve("Include config\nUser x\n", "hv1")).toMatchObject({ user: "x" });
});

test("the hosts that have a line of their own, with those of files that are included, each once and in their order", () => {
	const files = {
		"/home/me/.ssh/config":
			"Include conf.d/*\nHost hv1 *.lan !bad hv?\n User a\nHost hv2\n Include ~/.ssh/config\nMatch host hv9\n User x\n",
		"/home/me/.ssh/conf.d/a": "Host hv3 hv1\n",
		"/etc/ssh/ssh_config": "Host *\n SendEnv LANG\nHost -x far\n",
	};
	expect(configuredHosts(local(files))).toEqual(["hv3", "hv1", "hv2", "far"]);
	expect(configuredHosts(local({}))).toEqual([]);
});

test("what the user wrote before the host wins", () => {
	expect(resolve("Host hv1\n User a\n Port 2222\n", "b@hv1:22")).toMatchObject({ user: "b", port: 22 });
});

test("no text makes it fail", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary" }), (noise) => {
			resolve(`Host hv1\n ${noise}\nMatch ${noise}\n Include ${noise}\n`);
		}),
	);
});

describe.skipIf(spawnSync("ssh", ["-V"]).error !== undefined)("ssh -G says the same (needs OpenSSH's client)", () => {
	const folder = mkdtempSync(join(tmpdir(), "openbsd-vnet-conf-"));
	afterAll(() => rmSync(folder, { recursive: true }));
	mkdirSync(join(folder, "more"));
	writeFileSync(join(folder, "more/one"), "Host *.inc\n Port 4444\n");

	const text = `Include ${folder}/more/*
Host hv1 hv2
 HostName %h.example.org
 IdentityFile /keys/%n
Host hv? !hv2
 User op
 ProxyJump gate@jump:2200
Host db*
 User dba
Match originalhost db*,!db9 user dba
 Port 99
Match host *.example.org
 IdentitiesOnly yes
Match final !host *.example.org
 Port 77
Match !originalhost hv?,db? !user dba
 IdentitiesOnly yes
Host *
 User root
 IdentityFile "/keys/all of them"
`;
	writeFileSync(join(folder, "config"), text);
	test.each(["hv1", "hv2", "hv3", "db1", "db9", "x.inc", "u@hv1:7"])("%s", (name) => {
		const destination = readDestination(name);
		if (destination === undefined) throw new Error("a destination");
		const asked = destination.port === undefined ? [name] : ["-p", String(destination.port), name.replace(/:\d+$/, "")];
		const { stdout } = spawnSync("ssh", ["-G", "-F", join(folder, "config"), ...asked], { encoding: "utf8" });
		const said = (word: string) => stdout.split("\n").flatMap((line) => (line.startsWith(`${word} `) ? line.slice(word.length + 1) : []));
		const files: Record<string, string> = { [join(folder, "config")]: text, [join(folder, "more/one")]: "Host *.inc\n Port 4444\n" };
		const ours = resolveTarget(destination, local(files), [join(folder, "config")]);
		expect({
			hostname: [ours.host],
			port: [String(ours.port)],
			user: [ours.user],
			identityfile: ours.identityFiles.map((file) => file.replace(`/${destination.name}`, "/%n")),
			identitiesonly: [ours.identitiesOnly ? "yes" : "no"],
			proxyjump: ours.jumps.length === 0 ? [] : [ours.jumps.join(",")],
		}).toEqual({
			hostname: said("hostname"),
			port: said("port"),
			user: said("user"),
			identityfile: said("identityfile"),
			identitiesonly: said("identitiesonly"),
			proxyjump: said("proxyjump"),
		});
	});
});

/** The package of the npm registry, installed where nothing else is: the command, the language server and the library are all in it. */
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shareOf } from "../share.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
/** Half of it is the layout of pictures. */
const LARGEST_PACKAGE = 1.75 * 1024 * 1024;

/** The release of Node that the package is run by: this one, or one of those that `npm run test:nodes` brings. */
const node = process.env.OPENBSD_VNET_NODE ?? process.execPath;

let folder = "";
/** Where it is made: another run may make one at the same time. */
let packing = "";
let packed = "";

beforeAll(() => {
	packing = mkdtempSync(join(tmpdir(), "openbsd-vnet-pack-"));
	packed = execFileSync(process.execPath, [join(root, "scripts/package-npm.mjs"), packing], { cwd: root, encoding: "utf8" }).trim();
	folder = realpathSync(mkdtempSync(join(tmpdir(), "openbsd-vnet-npm-")));
	writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
	execFileSync("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund", packed], { cwd: folder });
	// A copy: nothing of the repository is reached from here.
	cpSync(join(root, "examples/corrected"), join(folder, "corrected"), { recursive: true });
}, 300_000);

afterAll(() => {
	for (const each of [folder, packing]) rmSync(each, { recursive: true, force: true });
});

function run(args: readonly string[], input = ""): { readonly status: number | null; readonly stdout: string; readonly stderr: string } {
	const program = join(folder, "node_modules/.bin/openbsd-vnet");
	const environment = { PATH: process.env.PATH, HOME: folder, LC_ALL: "C", NODE_COMPILE_CACHE: join(folder, "compiled") };
	return spawnSync(node, [program, ...args], { cwd: folder, input, encoding: "utf8", env: environment });
}

test("holds what it needs and nothing else, and needs no other package", () => {
	expect(statSync(packed).size).toBeLessThan(LARGEST_PACKAGE);
	expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["openbsd-vnet"]);
	const home = join(folder, "node_modules/openbsd-vnet");
	const files = [
		"LICENSE",
		"README.md",
		"ThirdPartyNotices.txt",
		"ansible",
		"assets",
		"bin",
		"dist",
		"editors",
		"l10n",
		"man",
		"package.json",
		"schemas",
		"types",
	];
	expect(readdirSync(home).sort()).toEqual(files);
	const { version, dependencies, license } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
	const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	expect({ version, dependencies, license }).toEqual({ version: own.version, dependencies: undefined, license: own.license });
});

describe("the command", () => {
	const calls: [call: string, status: number, says: RegExp, input?: string][] = [
		["--version", 0, /^\d+\.\d+\.\d+\n$/],
		["help", 0, /^usage: openbsd-vnet COMMAND/],
		["check", 0, /^\d+ files checked, no problems\n$/],
		["check --as pf -", 1, /^standard input:1:9: error: .* \[pf\/syntax\]\n {4}pass in onn em0\n {12}\^~~\n/, "pass in onn em0\n"],
		["check --as hostname:em0 -", 0, /^1 file checked, no problems\n$/, "inet 192.0.2.1/24\n"],
		["check --format sarif corrected", 0, /"version": "2\.1\.0"/],
		["test corrected", 0, /^\d+ passed, 0 failed\n$/],
		["expand corrected/etc/pf.conf", 0, /^block /m],
		["netstart corrected/etc/hostname.em0", 0, /^ifconfig em0 /m],
		["topology corrected", 0, /^web01 guest/m],
		["topology --svg corrected", 0, /^<svg .*<title>corrected<\/title>.*web01.*<\/svg>\n$/s],
		["trace outside web01 tcp 443 --folder corrected", 0, /^outside reaches web01 by tcp 443\n/],
		["reach corrected", 0, /^outside → web01 .*tcp 443/m],
		["exposure corrected", 0, /^ {4}gets to web01 by tcp 443 at least$/m],
		["report --format html corrected", 0, /<figure aria-label="Network of corrected">\s*<svg/],
		["explain pf/syntax", 0, /^pf\/syntax \(error\)/],
		["fmt --check corrected", 0, /^$/],
		["check --fix --dry-run corrected", 0, /^$/],
		["pattern", 0, /^bridged /],
		["host-program", 0, /^#!\/bin\/sh/],
		["completion bash", 0, /^# openbsd-vnet: completion for bash/],
		["plan nowhere", 2, /^openbsd-vnet: .*openbsd-vnet\.json/],
		["export ansible", 2, /^openbsd-vnet: openbsd-vnet\.json/],
	];
	test.each(shareOf(calls, 3))("%s", (call, status, says, input) => {
		const ran = run(call.split(" "), input);
		expect(ran.stdout + ran.stderr).toMatch(says);
		expect(ran.status).toBe(status);
	});

	test("checks many hosts in threads, and finds what it finds alone", () => {
		const hosts = Array.from({ length: 12 }, (_, index) => `h${index}`);
		const rule = (index: number): string => `pass in on em0 inet proto tcp from 10.0.${index >> 8}.${index & 255} to any port 80\n`;
		const rules = Array.from({ length: 1000 }, (_, index) => rule(index)).join("");
		for (const name of hosts) {
			mkdirSync(join(folder, "fleet", name, "etc"), { recursive: true });
			writeFileSync(join(folder, "fleet", name, "etc/pf.conf"), `set skip on lo\nblock\n${rules}pass in onn ${name}\n`);
		}
		const { status, stdout } = run(["check", "fleet"]);
		rmSync(join(folder, "fleet"), { recursive: true });
		const places = [...stdout.matchAll(/^fleet\/(h\d+)\/etc\/pf\.conf:1003:9: error: /gm)].map(([, name]) => name);
		expect(places).toEqual(hosts.toSorted());
		expect(stdout).toMatch(/^12 files checked: 12 errors in 12 files$/m);
		expect(status).toBe(1);
	});

	test("serves editors, in their language", async () => {
		const child = spawn(node, [join(folder, "node_modules/.bin/openbsd-vnet"), "lsp", "--stdio"], {
			cwd: folder,
			env: { ...process.env, NODE_COMPILE_CACHE: join(folder, "compiled") },
		});
		const send = (message: object): void => {
			const body = JSON.stringify({ jsonrpc: "2.0", ...message });
			child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
		};
		const uri = "file:///nowhere/etc/pf.conf";
		send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {}, locale: "zh-CN" } });
		send({ method: "initialized", params: {} });
		send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "openbsd-pf", version: 1, text: "pass in\n" } } });
		send({ id: 2, method: "textDocument/hover", params: { textDocument: { uri }, position: { line: 0, character: 1 } } });
		let answers = "";
		let asked = false;
		child.stdout.setEncoding("utf8").on("data", (text) => {
			answers += text;
			if (asked || !answers.includes('"id":2')) return;
			asked = true;
			send({ id: 3, method: "shutdown" });
			send({ method: "exit" });
		});
		const status = await new Promise((resolve) => child.on("close", resolve));
		expect(status).toBe(0);
		expect(answers).toMatch(/"id":2,"result":\{"contents":.*\p{Script=Han}/u);
	});
});

describe("the library", () => {
	const examples = [...readFileSync(join(root, "docs/library.md"), "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = ""]) => code);

	test.each(examples.map((code, index) => [index + 1, code] as const))("its example %i runs, and has something to say", (index, code) => {
		writeFileSync(join(folder, `example-${index}.js`), code);
		const { status, stdout, stderr } = spawnSync(node, [`example-${index}.js`], { cwd: folder, encoding: "utf8" });
		expect([status, stderr]).toEqual([0, ""]);
		expect(stdout.length).toBeGreaterThan(20);
		expect(stdout).not.toMatch(/undefined|null/);
	});

	test("has types, of its own alone", () => {
		mkdirSync(join(folder, "typed"));
		for (const [index, code] of examples.entries()) writeFileSync(join(folder, "typed", `${index}.ts`), code);
		const wrong = 'import { pfctl } from "openbsd-vnet";\nexport const wrong: number = pfctl.dryRun("pass\\n").stdout;\n';
		writeFileSync(join(folder, "typed", "wrong.ts"), wrong);
		writeFileSync(join(folder, "typed", "console.d.ts"), "declare const console: { log(...values: unknown[]): void };\n");
		const options = { strict: true, noEmit: true, target: "es2022", lib: ["es2023"], module: "nodenext", types: [], skipLibCheck: false };
		writeFileSync(join(folder, "typed", "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
		const { stdout } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "typed"], {
			cwd: folder,
			encoding: "utf8",
		});
		expect(stdout.trim()).toMatch(/^typed\/wrong\.ts\(2,14\): error TS2322: .*$/);
	});

	test("every export is told of in its documentation", async () => {
		const exported = Object.keys(await import(join(folder, "node_modules/openbsd-vnet/dist/node/library.js")));
		const told = readFileSync(join(root, "docs/library.md"), "utf8");
		expect(
			exported.filter((name) => !told.includes(`\`${name}`) && !new RegExp(`\\b${name}\\(`).test(told) && !told.includes(name)),
		).toEqual([]);
		expect(exported.sort()).toEqual(["Refusal", "createLanguageService", "memoryWorkspace", "netstart", "pfctl", "sysctl", "trace", "vmd"]);
	});
});

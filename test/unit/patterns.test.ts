import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { checkFiles, isConfigurationFile, testFiles } from "../../server/src/features/check.ts";
import { memoryWorkspace } from "../../server/src/workspace.ts";
import { languageOf } from "./hosts.ts";
import { complaints } from "./programs.ts";
import { root } from "./textmate.ts";

function page(path: string): string {
	return readFileSync(new URL(path, root), "utf8");
}

/** The files in docs/patterns.md: blocks of code whose first line names them. */
const files = [...page("docs/patterns.md").matchAll(/^```\w+\n(# (\/etc\/\S+).*\n[\s\S]*?)^```$/gm)].map(
	([, text = "", path = ""], index) => ({ path, text, name: `${path} (${index + 1})` }),
);

test("the patterns are shown as files", () => {
	expect(files.length).toBeGreaterThan(15);
	expect(files.filter(({ path }) => languageOf(path) === undefined)).toEqual([]);
});

describe("OpenBSD takes what docs/patterns.md shows", () => {
	const checked = files.filter(({ path }) => complaints[languageOf(path) ?? "openbsd-pf"] !== undefined);
	test.each(checked)("$name", ({ path, text }) => {
		// Where one file loads another, that one is shown elsewhere.
		expect(complaints[languageOf(path) ?? "openbsd-pf"]?.(path, text, () => "")).toEqual([]);
	});
});

test("the Chinese page shows the same files, in the same places", () => {
	// What is left when the sentences are taken away: code, headings by their level, rows of tables, words of files.
	const skeleton = (text: string) =>
		text
			.split(/^(```\w+\n[\s\S]*?^```)$/m)
			.flatMap((part) => (part.startsWith("```") ? [part] : part.split("\n").map((line) => /^(#+|\||\*|\d\.|)/.exec(line)?.[0])));
	expect(skeleton(page("docs/patterns.zh-cn.md"))).toEqual(skeleton(page("docs/patterns.md")));
});

test.each(["docs/patterns.md", "docs/patterns.zh-cn.md", "docs/handbook.md", "docs/handbook.zh-cn.md", "examples/handbook/README.md"])(
	"%s leads to the handbook's page itself",
	(path) => {
		expect(page(path)).toContain(
			"[虚拟化与主机网络](https://book.bsdcn.org/openbsd/networking-and-daemons/advanced-networking/virtualization-networking)",
		);
	},
);

/** Files of a section of the page, in one of its two flavours: those of bridge(4) stand behind a heading of their own. */
function blocksOf(number: 3 | 4, flavour: "veb" | "bridge"): readonly { readonly path: string; readonly text: string }[] {
	const section = page("docs/patterns.md")
		.split(/^## /m)
		.find((one) => one.startsWith(`${number}. `));
	const [veb = "", bridge = ""] = (section ?? "").split("### bridge");
	return [...(flavour === "veb" ? veb : bridge).matchAll(/^```\w+\n# (\/etc\/\S+).*\n([\s\S]*?)^```$/gm)].map(
		([, path = "", text = ""]) => ({ path, text }),
	);
}

function lease(name: string, lladdr: string, address: string): string {
	return `\thost ${name} {\n\t\thardware ethernet ${lladdr};\n\t\tfixed-address ${address};\n\t}\n`;
}

describe.each(["veb", "bridge"] as const)("the files of section 4, with those of section 3, on a %s", (flavour) => {
	const three = new Map([...blocksOf(3, "veb"), ...(flavour === "veb" ? [] : blocksOf(3, "bridge"))].map(({ path, text }) => [path, text]));
	const four = new Map(blocksOf(4, flavour).map(({ path, text }) => [path, text]));
	const anchors = blocksOf(4, "veb").find(({ path }) => path === "/etc/pf.conf")?.text ?? "";
	const gateway = flavour === "veb" ? "vport0" : "vether0";
	const vm = (three.get("/etc/vm.conf") ?? "").replace("veb1", flavour === "veb" ? "veb1" : "bridge1");
	const guest = vm.slice(vm.indexOf("vm "));
	const rules = (three.get("/etc/pf.conf") ?? "").replace(
		flavour === "veb" ? /^pass .* on isolated inet (from|to) \$isol_net.*\n/gm : /^pass .* on vether0 .*\n/gm,
		"",
	);
	const host = {
		"/etc/hostname.em0": "inet autoconf\n",
		[`/etc/hostname.${gateway}`]: three.get("/etc/hostname.vport0") ?? "",
		...Object.fromEntries(["tap2", "tap3"].map((name) => [`/etc/hostname.${name}`, "# a guest's\n"])),
		...Object.fromEntries(four),
		"/etc/vm.conf": `${vm}\n${guest.replaceAll("db01", "web01").replace("tap2", "tap3").replace("d1:00:02", "d1:00:01")}`,
		"/etc/pf.conf": `${rules}\n${anchors}`,
		"/etc/rc.conf.local": `vmd_flags=\ndhcpd_flags=${gateway}\n`,
		"/etc/sysctl.conf": "net.inet.ip.forwarding=1\n",
		"/etc/dhcpd.conf": `subnet 10.50.0.0 netmask 255.255.255.0 {\n\toption routers 10.50.0.1;\n\trange 10.50.0.100 10.50.0.199;\n${lease("web01", "fe:e1:bb:d1:00:01", "10.50.0.20")}${lease("db01", "fe:e1:bb:d1:00:02", "10.50.0.30")}}\n`,
		"/etc/policy.pftest": [
			"outside web01 tcp 80 443 pass",
			"outside web01 tcp 22 block",
			"outside db01 any block",
			"web01 db01 tcp 3306 pass",
			"web01 db01 tcp 22 block",
			"db01 web01 any block",
			"any guest outside tcp pass",
			"any guest host any block",
			"outside host tcp 22 pass",
			"",
		].join("\n"),
	};
	const workspace = memoryWorkspace(Object.fromEntries(Object.entries(host).map(([path, text]) => [`file:///hv1${path}`, text])), [
		"file:///hv1",
	]);

	test("nothing is wrong with them", async () => {
		const found = await checkFiles(
			workspace,
			Object.keys(host).flatMap((path) => (isConfigurationFile(path) ? [`file:///hv1${path}`] : [])),
		);
		expect([...found].flatMap(([uri, list]) => list.map(({ code, message }) => `${uri} ${code} ${message}`))).toEqual([]);
	});

	test("they hold what the page promises", async () => {
		const [tested] = await testFiles(workspace, ["file:///hv1/etc/policy.pftest"]);
		expect(tested?.tests.flatMap(({ name, result }) => (result === "passed" ? [] : [name]))).toEqual([]);
		expect(tested?.tests.length).toBe(9);
	});
});

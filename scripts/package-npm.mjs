// Makes the package `openbsd-vnet` of the npm registry, which holds all that it needs: the command, the language server and the
// library, with their translations, types and licences.
//
//	node scripts/package-npm.mjs [FOLDER]		prints the path of the packed file, which is in FOLDER, or out/ without one
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import { hostProgramText } from "./lib/host-program.mjs";
import { manifest, out, root } from "./lib/repository.mjs";
import { secretsIn } from "./lib/secrets.mjs";
import { packagesOf, thirdPartyNotices } from "./lib/third-party-notices.mjs";

const place = resolve(process.argv[2] ?? out);
const folder = join(place, "npm");
// The declarations are those of the built library.
execFileSync("npm", ["run", "-s", "types"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const { metafile } = await build({
	absWorkingDir: root,
	bundle: true,
	plugins: [hostProgramText],
	// Workspace packages are bundled from their sources, not from an older build.
	conditions: ["source"],
	platform: "node",
	format: "esm",
	target: "node20",
	// A command loads what it needs and nothing else.
	splitting: true,
	minify: true,
	metafile: true,
	legalComments: "none",
	charset: "utf8",
	logLevel: "warning",
	// ssh2 works without its native parts; they cannot be bundled.
	external: ["cpu-features", "*.node"],
	entryPoints: { command: "cli/src/main.ts", "check-worker": "cli/src/check-worker.ts", library: "server/src/library.ts" },
	// Two folders deep, as in the repository: translations and version are found alike.
	outdir: join(folder, "dist", "node"),
	chunkNames: "[name]-[hash]",
	// Packages in the older form ask for Node's own modules by `require`, and where they are themselves.
	banner: {
		js: [
			'import{createRequire as requireOfUrl}from"node:module";import{fileURLToPath as pathOfUrl}from"node:url";',
			'const require=requireOfUrl(import.meta.url),__filename=pathOfUrl(import.meta.url),__dirname=pathOfUrl(new URL(".",import.meta.url));',
		].join(""),
	},
});

mkdirSync(join(folder, "bin"));
writeFileSync(
	join(folder, "bin", "openbsd-vnet.js"),
	`#!/usr/bin/env node
import * as modules from "node:module";

// Node 22 and later keep what they have compiled.
modules.enableCompileCache?.();
const { main } = await import("../dist/node/command.js");
process.exitCode = await main(process.argv.slice(2), process);
`,
	{ mode: 0o755 },
);

mkdirSync(join(folder, "man"));
writeFileSync(join(folder, "man", "openbsd-vnet.1"), await manual());

cpSync(join(root, "LICENSE"), join(folder, "LICENSE"));
cpSync(join(root, "docs", "npm.md"), join(folder, "README.md"));
cpSync(join(root, "schemas", "output"), join(folder, "schemas"), { recursive: true });
mkdirSync(join(folder, "assets"));
cpSync(join(root, "assets", "picture.css"), join(folder, "assets", "picture.css"));
// What other editors need is found by `npm root`.
cpSync(join(root, "editors"), join(folder, "editors"), { recursive: true });
// What `export ansible` brings along.
cpSync(join(root, "ansible"), join(folder, "ansible"), { recursive: true });
mkdirSync(join(folder, "l10n"));
writeFileSync(join(folder, "l10n", "bundle.l10n.zh-cn.json"), ownTranslations("bundle.l10n.zh-cn.json"));
writeFileSync(join(folder, "ThirdPartyNotices.txt"), thirdPartyNotices(root, packagesOf(Object.keys(metafile.inputs))));
copyTypes(join(root, "server", "dist"), "library.d.ts");

const { version, license, repository, bugs, homepage, keywords } = manifest;
writeFileSync(
	join(folder, "package.json"),
	`${JSON.stringify(
		{
			name: "openbsd-vnet",
			version,
			description: "Checks, explains and deploys the networking of virtual machines on OpenBSD: vm.conf, pf.conf with anchors, hostname.if",
			license,
			repository,
			bugs,
			homepage,
			keywords: keywords.filter((word) => word !== "openbsd-vnet"),
			type: "module",
			engines: { node: manifest.engines.node },
			bin: { "openbsd-vnet": "bin/openbsd-vnet.js" },
			man: "man/openbsd-vnet.1",
			exports: {
				".": { types: "./types/library.d.ts", default: "./dist/node/library.js" },
				"./schemas/*.json": "./schemas/*.json",
				"./package.json": "./package.json",
			},
			sideEffects: false,
		},
		undefined,
		"\t",
	)}\n`,
);
const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const secrets = secretsIn(files.map(({ parentPath, path, name }) => join(parentPath ?? path, name)));
if (secrets.length > 0) throw new Error(secrets.join("; "));
const packed = JSON.parse(
	execFileSync("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", place], { cwd: folder, encoding: "utf8" }),
);
console.log(join(place, packed[0].filename));

/** A bundle of translations without the texts that the extension alone has. */
function ownTranslations(name) {
	const at = join(folder, "dist", "node");
	const code = readdirSync(at)
		.map((file) => readFileSync(join(at, file), "utf8"))
		.join("\n")
		.replaceAll(/\\(["'`$])/g, "$1");
	// esbuild picks the quotes of each text; one with lines may be a template, in which these are not escaped.
	const isThere = (text) => code.includes(text) || code.includes(JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"'));
	const all = JSON.parse(readFileSync(join(root, "l10n", name), "utf8"));
	return `${JSON.stringify(Object.fromEntries(Object.entries(all).filter(([text]) => isThere(text))))}\n`;
}

/** The manual page, made by the command's own code from its table. */
async function manual() {
	const file = join(place, "npm-manual.mjs");
	await build({
		absWorkingDir: root,
		bundle: true,
		platform: "node",
		format: "esm",
		outfile: file,
		logLevel: "warning",
		conditions: ["source"],
		stdin: {
			contents: 'export { commands } from "./commands.ts"; export { manualPage } from "./manual.ts";',
			resolveDir: join(root, "cli", "src"),
			loader: "ts",
		},
		// The table alone: what commands load is left out.
		plugins: [
			{
				name: "table",
				setup: (plugins) =>
					plugins.onResolve({ filter: /./ }, ({ kind, path }) => (kind === "dynamic-import" ? { path, external: true } : undefined)),
			},
		],
	});
	const { commands, manualPage } = await import(pathToFileURL(file).href);
	const { mtime } = statSync(join(root, "CHANGELOG.md"));
	return manualPage(commands, process.env.SOURCE_DATE_EPOCH === undefined ? mtime : new Date(Number(process.env.SOURCE_DATE_EPOCH) * 1000));
}

/** Copies the declarations that one needs, with those of the packages that they name: whoever installs the package has no others. */
function copyTypes(from, entry) {
	const types = join(folder, "types");
	const packages = new Map();
	const waiting = [join(from, entry)];
	const copied = new Set();
	const targetOf = (file) =>
		file.startsWith(`${from}/`)
			? relative(from, file)
			: join("packages", relative(join(root, "node_modules"), file).replaceAll("node_modules/", ""));
	for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
		if (copied.has(file)) continue;
		copied.add(file);
		const target = join(types, targetOf(file));
		const text = readFileSync(file, "utf8")
			.replace(/^\/\/# sourceMappingURL=.*$/m, "")
			.replace(/(\bfrom |\bimport\()(["'])([^"']+)\2/g, (_, before, quote, name) => {
				const found = name.startsWith(".") ? resolve(dirname(file), `${name.replace(/\.[jt]s$/, "")}.d.ts`) : typesOf(name);
				waiting.push(found);
				const path = relative(dirname(target), join(types, targetOf(found))).replace(/\.d\.ts$/, ".js");
				return `${before}${quote}${path.startsWith(".") ? path : `./${path}`}${quote}`;
			});
		mkdirSync(dirname(target), { recursive: true });
		writeFileSync(target, text);
	}

	function typesOf(name) {
		const known = packages.get(name);
		if (known !== undefined) return known;
		const home = join(root, "node_modules", name);
		const { types: own, typings } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
		const found = join(home, `${(own ?? typings).replace(/(?:\.d)?\.ts$/, "")}.d.ts`);
		packages.set(name, found);
		return found;
	}
}

// Bundles what VS Code loads: the extension and its language server, each for Node and for the browser.
//
//	node scripts/bundle.mjs [--production] [--watch] [--tests | --only-tests]
//
// --production  minified, without source maps
// --watch       again at each change of a source, until it is stopped
// --tests       also the integration suite, into out/integration/
// --only-tests  the integration suite alone, beside the bundles that are there
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build, context } from "esbuild";
import { hostProgramText } from "./lib/host-program.mjs";
import { root } from "./lib/repository.mjs";
import { nightly, seed } from "./lib/share.mjs";
import { snippetFiles, snippetPath } from "./lib/snippet-files.mjs";
import { packagesOf, thirdPartyNotices } from "./lib/third-party-notices.mjs";

const production = process.argv.includes("--production");
const watch = process.argv.includes("--watch");
const onlyTests = process.argv.includes("--only-tests");
const tests = onlyTests || process.argv.includes("--tests");

/** @type {import("esbuild").BuildOptions} */
const common = {
	absWorkingDir: root,
	bundle: true,
	// Workspace packages are bundled from their sources, not from an older build.
	conditions: ["source"],
	logLevel: "warning",
	minify: production,
	sourcemap: production ? false : "linked",
	metafile: true,
	legalComments: "none",
	plugins: [hostProgramText],
};

/** The extension host is VS Code's own Node: 20 in the oldest version that we support. @type {import("esbuild").BuildOptions} */
const node = {
	...common,
	platform: "node",
	format: "cjs",
	target: "node20",
	// ssh2 works without its native parts; they cannot be bundled, and an empty stand-in would look like a working one.
	external: ["vscode", "*.node", "cpu-features"],
};

/** @type {import("esbuild").BuildOptions} */
const browser = { ...common, platform: "browser", target: "es2022", mainFields: ["browser", "module", "main"], external: ["vscode"] };

/**
 * mocha is an ES module to Node, so esbuild does not give its browser build (a UMD file) the `module` that it looks
 * for, and it would overwrite our own exports. What that build exports is an instance for a page; we want its class.
 * @type {import("esbuild").Plugin}
 */
const mochaForBrowser = {
	name: "mocha-for-browser",
	setup(plugins) {
		plugins.onLoad({ filter: /[\\/]mocha[\\/]mocha\.js$/ }, async ({ path }) => ({
			loader: "js",
			contents: `const module = { exports: {} }, exports = module.exports;\n${await readFile(path, "utf8")}\nexport default module.exports.constructor;`,
		}));
	},
};

/**
 * The server's code, shipped once. Started by Node or as a Worker the script is the language server; `require` gives the library.
 * A Worker has no modules, and where the editor's own script starts it, no address to load a second one from.
 * @type {import("esbuild").BuildOptions}
 */
const server = {
	...node,
	format: "iife",
	globalName: "openbsdVnet",
	target: ["node20", "es2022"],
	conditions: ["source", "node", "browser"],
	mainFields: ["module", "main"],
	footer: {
		js: 'if(typeof module!=="object")openbsdVnet.serveWorker();else if(module.exports=openbsdVnet,require.main===module)openbsdVnet.serveProcess();',
	},
	entryPoints: ["server/src/main.ts"],
	outfile: "dist/server.js",
};

/** Of the fifty languages of zod's messages only the one that it speaks. @type {import("esbuild").Plugin} */
const englishZod = {
	name: "english-zod",
	setup(plugins) {
		plugins.onResolve({ filter: /\/locales\/index\.js$/ }, ({ path, resolveDir }) => ({ path: join(resolveDir, path, "..", "en.js") }));
	},
};

/** What the extension does on hosts, with SSH. @type {import("esbuild").BuildOptions} */
const remote = { ...node, plugins: [hostProgramText, fromScripts(".")], entryPoints: ["remote/src/index.ts"], outfile: "dist/remote.js" };

/**
 * The server for agents, which the editor starts as a program, with the threads of `check`. The layout of pictures, YAML and the
 * language server stay out: no tool of it needs them. Two folders deep, it finds translations and version as the command does.
 * @type {import("esbuild").BuildOptions}
 */
const agents = {
	...node,
	plugins: [hostProgramText, fromScripts(".."), englishZod],
	external: [...node.external, "elkjs/*", "yaml", "@openbsd-vnet/server/stdio", "@openbsd-vnet/remote/host-program"],
	define: { "import.meta.url": "ownUrl" },
	banner: { js: 'const ownUrl=require("node:url").pathToFileURL(__filename).href;' },
	entryPoints: ["cli/src/agents.ts", "cli/src/check-worker.ts"],
	outdir: "dist/agents",
};

const shipped = [
	server,
	remote,
	agents,
	{ ...node, plugins: [fromScripts(".")], entryPoints: ["client/src/main.node.ts"], outfile: "dist/client.cjs" },
	{ ...browser, format: "cjs", entryPoints: ["client/src/main.browser.ts"], outfile: "dist/web/client.js" },
	{ ...browser, format: "iife", entryPoints: ["client/webview/topology.ts"], outfile: "dist/topology.js" },
	{ ...browser, entryPoints: ["client/webview/topology.css"], outfile: "dist/topology.css" },
	{ ...browser, format: "iife", entryPoints: ["client/webview/reachability.ts"], outfile: "dist/reachability.js" },
	{ ...browser, entryPoints: ["client/webview/reachability.css"], outfile: "dist/reachability.css" },
];
/**
 * Loads a package that has a script of its own from there, and only once something of it is used: the editor's start waits for none.
 * @param {string} folder of the scripts, from the one that is bundled
 * @returns {import("esbuild").Plugin}
 */
function fromScripts(folder) {
	return {
		name: "from-scripts",
		setup(plugins) {
			plugins.onResolve({ filter: /^@openbsd-vnet\/(server(\/features)?|remote)$/ }, ({ path }) => ({
				path,
				namespace: "script",
				sideEffects: false,
			}));
			plugins.onLoad({ filter: /./, namespace: "script" }, async ({ path }) => {
				const [name = "", room] = path.replace("@openbsd-vnet/", "").split("/");
				const { metafile } = await build({
					...common,
					platform: "node",
					packages: "external",
					format: "esm",
					write: false,
					outdir: "out",
					sourcemap: false,
					entryPoints: [join(name, "src", room ?? "", "index.ts")],
				});
				const names = Object.values(metafile.outputs)[0]?.exports ?? [];
				return {
					contents: `let script;
for (const name of ${JSON.stringify(names)}) Object.defineProperty(exports, name, { enumerable: true, get: () => (script ??= require("${folder}/${name}.js"))[name] });`,
					resolveDir: root,
				};
			});
			plugins.onResolve({ filter: /^\.\.?\/\w+\.js$/, namespace: "script" }, ({ path }) => ({ path, external: true }));
		},
	};
}

const targets = onlyTests ? [] : [...shipped];
if (tests) {
	// In a Worker there is no environment to ask which share is run.
	const define = Object.fromEntries(
		Object.entries({ OPENBSD_VNET_NIGHTLY: nightly ? "1" : "", OPENBSD_VNET_SEED: String(seed) }).map(([name, value]) => [
			`process.env.${name}`,
			JSON.stringify(value),
		]),
	);
	targets.push(
		{
			...node,
			define,
			entryPoints: ["test/integration/main.node.ts"],
			outfile: "out/integration/main.cjs",
			external: [...node.external, "mocha"],
		},
		{ ...node, entryPoints: ["test/integration/activation.node.ts"], outfile: "out/integration/activation.cjs" },
		{
			...browser,
			define,
			format: "cjs",
			plugins: [hostProgramText, mochaForBrowser],
			entryPoints: ["test/integration/main.browser.ts"],
			outfile: "out/integration/main.web.js",
		},
	);
}

if (!onlyTests) {
	await rm(join(root, "dist"), { recursive: true, force: true });
	await mkdir(join(root, "dist"));
	// The layout is a program of its own, minified by its makers.
	await copyFile(join(root, "node_modules", "elkjs", "lib", "elk-worker.min.js"), join(root, "dist", "elk-worker.js"));
	await mkdir(join(root, "dist", "snippets"));
	for (const [language, text] of await snippetFiles()) await writeFile(snippetPath(language), text);
}
const results = await Promise.all(targets.map((target) => build(target)));
if (!onlyTests) {
	const inputs = results.flatMap(({ metafile }) =>
		Object.entries(metafile?.outputs ?? {}).flatMap(([file, output]) => (file.startsWith("dist/") ? Object.keys(output.inputs) : [])),
	);
	await writeFile(
		join(root, "dist", "ThirdPartyNotices.txt"),
		thirdPartyNotices(root, packagesOf([...inputs, "node_modules/elkjs/lib/elk-worker.min.js"])),
	);
}
for (const { metafile } of results) {
	for (const [file, output] of Object.entries(metafile?.outputs ?? {})) {
		if (!file.endsWith(".map")) console.log(`${file.padEnd(32)} ${(output.bytes / 1024).toFixed(0).padStart(6)} KB`);
	}
}
// Each says on its own when it begins and ends a round, in words that the editor's task waits for.
if (watch) for (const target of targets) await (await context({ ...target, logLevel: "info" })).watch();

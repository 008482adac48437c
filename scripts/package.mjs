// Makes the VSIX: bundles for production, then vsce without the packages (they are in the bundles). Fails where a file
// that the manifest names is missing, where one is in it that nobody needs, and where it is over 2 MB.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join, normalize } from "node:path";
import vsce from "@vscode/vsce";
import { manifest, root } from "./lib/repository.mjs";
import { secretsIn } from "./lib/secrets.mjs";

/** The largest package that is still small enough to install over a slow line. */
const MAX_BYTES = 2 * 1024 * 1024;

/** Everything that may be in the package beside what the manifest names. */
const allowed = [
	/^(package|package\.nls(\.[a-z-]+)?)\.json$/,
	/^(README\.md|CHANGELOG\.md|LICENSE)$/,
	/^dist\/(server|remote|agents\/(agents|check-worker))\.js$/,
	// The pages of the web views, with the topology's layout.
	/^dist\/((topology|reachability)\.(js|css)|elk-worker\.js)$/,
	/^dist\/ThirdPartyNotices\.txt$/,
	/^l10n\/bundle\.l10n\.[a-z-]+\.json$/,
	/^docs\/(diagnostics|patterns)(\.[a-z-]+)?\.md$/,
	// What "Open an Example Host..." copies.
	/^examples\/[\w-]+\/(README\.md|etc\/.+)$/,
];

execFileSync(process.execPath, ["scripts/bundle.mjs", "--production"], { cwd: root, stdio: "inherit" });
const target = join(root, "out", "openbsd-vnet.vsix");
mkdirSync(join(root, "out"), { recursive: true });
const packed = candidates();
await vsce.createVSIX({ cwd: packed, packagePath: target, dependencies: false });

const faults = [];
const files = (await vsce.listFiles({ cwd: packed, packageManager: vsce.PackageManager.None })).map((file) => file.replaceAll("\\", "/"));
rmSync(packed, { recursive: true });
const named = namedFiles(manifest);
for (const file of named) if (!files.includes(file)) faults.push(`${file} is named in the manifest and not in the package`);
for (const file of files) {
	if (!named.includes(file) && !allowed.some((pattern) => pattern.test(file)))
		faults.push(`${file} is in the package and nothing needs it`);
}
if (!files.includes("dist/ThirdPartyNotices.txt")) faults.push("The licences of the bundled packages are not in the package");
faults.push(...secretsIn(files.map((file) => join(root, file))));
const { size } = statSync(target);
if (size > MAX_BYTES) faults.push("The package is over 2 MB");

console.log(`${target}: ${files.length} files, ${Math.round(size / 1024)} KB`);
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

/**
 * A folder with all that may come into the package: what .vscodeignore takes something of. vsce holds each file of its folder
 * against each pattern, and beside these there are tens of thousands.
 */
function candidates() {
	const ignore = ".vscodeignore";
	const starts = [...readFileSync(join(root, ignore), "utf8").matchAll(/^!([^/*\n]+)/gm)].map(([, start]) => start);
	const folder = join(root, "out", "package");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder);
	for (const name of [ignore, ...readdirSync(root).filter((each) => starts.some((start) => each.startsWith(start)))])
		cpSync(join(root, name), join(folder, name), { recursive: true });
	return folder;
}

/** The files that the manifest names, relative to it. @returns {string[]} */
function namedFiles({ main, browser, icon, contributes }) {
	const { languages, grammars, snippets, walkthroughs, jsonValidation, views, viewsContainers } = contributes;
	return (
		[
			main,
			browser,
			icon,
			// That of the packet log has no files.
			...languages.flatMap(({ configuration, icon: own }) => (own === undefined ? [] : [configuration, own.light, own.dark])),
			...[...grammars, ...snippets].map(({ path }) => path),
			...jsonValidation.map(({ url }) => url),
			...[...Object.values(viewsContainers), ...Object.values(views)].flat().map(({ icon: own }) => own),
			...walkthroughs.flatMap((walkthrough) => [walkthrough.icon, ...walkthrough.steps.map(({ media }) => media.svg)]),
		]
			// $(search) is one of the editor's own icons.
			.filter((file) => file !== undefined && !file.startsWith("$("))
			.map((file) => normalize(file).replaceAll("\\", "/"))
	);
}

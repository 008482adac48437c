// Makes what a release publishes, into out/release/, and looks at it: the VSIX, the npm package, and their SHA-256.
//
//	node scripts/release.mjs [TAG]
//
// TAG (v0.1.0) must be the version of the packages and of the newest section of CHANGELOG.md; without one (`npm run release:dry`)
// that section may be "Unreleased". Publishes nothing: .github/workflows/release.yml does, and docs/releasing.md says with which accounts.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { releaseFaults } from "./lib/release-faults.mjs";
import { manifest, out, root } from "./lib/repository.mjs";

const [tag] = process.argv.slice(2);
const { version } = manifest;
const faults = releaseFaults(tag);

const release = join(out, "release");
rmSync(release, { recursive: true, force: true });
mkdirSync(release, { recursive: true });
const node = (...args) => execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
node("scripts/package.mjs");
const made = [join(out, "openbsd-vnet.vsix"), node("scripts/package-npm.mjs").trim()];
const names = [`openbsd-vnet-${version}.vsix`, basename(made[1])];
for (const [index, from] of made.entries()) copyFileSync(from, join(release, names[index]));

const sums = names.map(
	(name) =>
		`${createHash("sha256")
			.update(readFileSync(join(release, name)))
			.digest("hex")}  ${name}\n`,
);
writeFileSync(join(release, "SHA256SUMS"), sums.join(""));
process.stdout.write(sums.join(""));

// By VS Code's convention, versions with an odd minor part are pre-releases.
const preRelease = Number(version.split(".")[1]) % 2 === 1;
console.log(preRelease ? "pre-release" : "release");
if (process.env.GITHUB_OUTPUT !== undefined)
	writeFileSync(process.env.GITHUB_OUTPUT, `version=${version}\nprerelease=${preRelease}\n`, { flag: "a" });
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

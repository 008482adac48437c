/** Which release a kernel is of, and which come after those that are known. */
import { isRelease, olderThan } from "../text/release.ts";
import type { Release } from "../text/vocabulary.ts";
import { RELEASES } from "./releases.ts";

/** The release that comes after one. */
export function releaseAfter(release: Release): Release {
	const [major = 0, minor = 0] = release.split(".").map(Number);
	return minor === 9 ? `${major + 1}.0` : `${major}.${minor + 1}`;
}

/**
 * The release of a running kernel; what comes after a release counts as the next one.
 * @param release as `uname -r` has it
 * @param version the start of sysctl's kern.version, where `-current` is told: uname(1) has the number alone
 */
export function releaseOfKernel(release: string, version = ""): Release | undefined {
	const number = /^\d+\.\d+/.exec(release)?.[0] ?? "";
	if (!isRelease(number)) return undefined;
	return /^OpenBSD \d+\.\d+-current\b/.test(version) || /-current\b/.test(release) ? releaseAfter(number) : number;
}

/** The newest release of which anything is known here. */
export const newestKnownRelease: Release = RELEASES.at(-1)?.name ?? "7.7";

/** Whether a release is newer than all that is known here: its programs may take what those before refuse. */
export function isBeyondKnown(release: Release): boolean {
	return olderThan(newestKnownRelease, release);
}

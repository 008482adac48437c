// Parts of the system that the tests need: what they are, whether they are there, how to get them.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { capture, ProcessError } from "./processes.mjs";

/**
 * @typedef {object} Part
 * @property {string} program a program that tells whether the part is there
 * @property {string} package Debian's package with it, or its packages
 * @property {string} use what needs it
 */

/** @type {readonly Part[]} */
export const parts = [
	{ program: "chromium", package: "chromium", use: "the browser that VS Code runs in" },
	{ program: "sshd", package: "openssh-server", use: "the SSH server of the test host" },
	{ program: "doas", package: "opendoas", use: "doas on the test host" },
	{ program: "mksh", package: "mksh", use: "a ksh, which is sh on the test host as on OpenBSD, and reads the host program" },
	{ program: "ksh93", package: "ksh93u+m", use: "another ksh that reads the host program" },
	{ program: "shellcheck", package: "shellcheck", use: "the linter of the host program" },
	{
		program: "ansible-playbook",
		package: "ansible",
		use: "the tests of what `export ansible` writes",
	},
	{ program: "nvim", package: "neovim", use: "the test that the language server works in another editor" },
	{ program: "emacs", package: "emacs-nox elpa-eglot", use: "the same for Emacs, with its client, which is part of Emacs 29" },
];

const places = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];

/** @param {string} program */
export function findProgram(program) {
	return places.map((place) => join(place, program)).find((file) => existsSync(file));
}

/** The parts that are not there. */
export function missingParts() {
	return parts.filter(({ program }) => findProgram(program) === undefined);
}

/**
 * Installs Debian packages.
 * @param {readonly string[]} packages
 * @throws {Error} with what to run, where this user cannot
 */
export async function installPackages(packages) {
	const command = `apt-get install --no-install-recommends ${packages.join(" ")}`;
	if (findProgram("apt-get") === undefined) {
		throw new Error(`Please install with this system's own means: ${packages.join(", ")}`);
	}
	if (process.getuid?.() !== 0) throw new Error(`Please run as root: ${command}`);
	const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
	for (const args of [["update"], ["install", "-y", "--no-install-recommends", ...packages.flatMap((name) => name.split(" "))]]) {
		const { status, output } = await capture("apt-get", ["-q", ...args], { env });
		if (status !== 0) throw new ProcessError(`apt-get ${args.join(" ")}`, status, output);
	}
}

/** The machine that we run on, as connections need it. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { withLine } from "./known-hosts.ts";
import type { LocalSide } from "./ssh-config.ts";
import { systemSsh } from "./system-ssh.ts";

export function localSide(): LocalSide {
	return {
		home: homedir(),
		user: userInfo().username,
		environment: process.env,
		read: (path) => {
			try {
				return readFileSync(path, "utf8");
			} catch {
				return undefined;
			}
		},
		glob,
		ssh: systemSsh(process.env),
		addLine: (path, line) => {
			if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
			const isNew = !existsSync(path);
			writeFileSync(path, withLine(isNew ? "" : readFileSync(path, "utf8"), line), { mode: 0o600 });
			if (isNew) chmodSync(path, 0o600);
		},
	};
}

/** The files that a pattern with `*` and `?` names, as glob(3): sorted, and a leading dot is only taken by one. */
function glob(pattern: string): readonly string[] {
	let found = ["/"];
	for (const part of pattern.split("/").filter((each) => each !== "")) {
		const expression = new RegExp(
			`^${[...part].map((letter) => (letter === "*" ? "[^]*" : letter === "?" ? "[^]" : letter.replace(/[\\^$.|+()[\]{}]/, "\\$&"))).join("")}$`,
		);
		found = found.flatMap((folder) => {
			if (!/[*?]/.test(part)) return existsSync(join(folder, part)) ? [join(folder, part)] : [];
			return names(folder)
				.filter((name) => expression.test(name) && (part.startsWith(".") || !name.startsWith(".")))
				.sort()
				.map((name) => join(folder, name));
		});
	}
	return found;
}

function names(folder: string): readonly string[] {
	try {
		return readdirSync(folder);
	} catch {
		return [];
	}
}

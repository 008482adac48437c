// What no package may have in it: keys and tokens, by the forms that their makers give them.
import { readFileSync } from "node:fs";

const FORMS = [
	/-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\n[A-Za-z0-9+/=\n]{64}/,
	/\bnpm_[A-Za-z0-9]{36}\b/,
	/\bgh[pousr]_[A-Za-z0-9]{36}\b/,
	/\bAKIA[A-Z0-9]{16}\b/,
];

/** Says of each file that holds such that it does. @param {readonly string[]} paths @returns {string[]} */
export function secretsIn(paths) {
	return paths
		.filter((path) => {
			const text = readFileSync(path, "latin1");
			return FORMS.some((form) => form.test(text));
		})
		.map((path) => `${path} holds what looks like a secret`);
}

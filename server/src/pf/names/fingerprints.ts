/** Names of operating systems by their fingerprints, as pf.os(5) lists them and pfctl finds them (pfctl_osfp.c). */

export interface Fingerprints {
	/** The fingerprint as pfctl prints it; `nomatch` where the list does not have it. */
	printed(name: string): string;
	/** The names of the classes, for completion. */
	readonly classes: readonly string[];
}

/** Versions of a class with their subtypes, the last one read first. */
type Versions = Map<string, { readonly name: string; readonly subtypes: Map<string, string> }>;

/** Without a list, every name stands as it is written. */
export const ANY_FINGERPRINTS: Fingerprints = { printed: (name) => name, classes: [] };

/** Reads a pf.os(5) text. */
export function parseFingerprints(text: string): Fingerprints {
	const classes = new Map<string, { readonly name: string; readonly versions: Versions }>();
	const add = (className: string, version: string, subtype: string): void => {
		const key = className.toLowerCase();
		const entry = classes.get(key) ?? { name: className, versions: new Map() };
		classes.delete(key);
		classes.set(key, entry);
		if (version === "") return;
		for (const one of expanded(version)) {
			const own = entry.versions.get(one.toLowerCase()) ?? { name: one, subtypes: new Map() };
			entry.versions.delete(one.toLowerCase());
			entry.versions.set(one.toLowerCase(), own);
			if (subtype !== "") for (const each of expanded(subtype)) own.subtypes.set(each.toLowerCase(), each);
		}
	};
	for (const raw of text.split("\n")) {
		const fields = (raw.split("#", 1)[0] ?? "").split(":").map((field) => field.trim());
		const [, , , , , className, version = "", subtype = "", description] = fields;
		if (className === undefined || description === undefined) continue;
		add(className.replace(/^[@*]/, ""), version, subtype);
	}
	return {
		classes: [...classes.values()].map(({ name }) => name),
		printed(name) {
			if (name.toLowerCase() === "unknown") return "unknown";
			const whole = classes.get(name.toLowerCase());
			if (whole !== undefined) return whole.name;
			const blank = name.indexOf(" ");
			const entry = blank < 0 ? undefined : classes.get(name.slice(0, blank).toLowerCase());
			if (entry === undefined) return "nomatch";
			const rest = name.slice(blank + 1).toLowerCase();
			const exact = entry.versions.get(rest);
			if (exact !== undefined) return `${entry.name} ${exact.name}`;
			for (const [key, { name: version, subtypes }] of [...entry.versions].reverse()) {
				if (rest.length < key.length + 2 || !rest.startsWith(key) || !/[. \t-]/.test(rest[key.length] ?? "")) continue;
				const subtype = subtypes.get(rest.slice(key.length + 1));
				if (subtype === undefined) continue;
				const joint = !version.includes(" ") && version.includes(".") && /^\d/.test(subtype) ? "." : " ";
				return `${entry.name} ${version}${joint}${subtype}`;
			}
			return "nomatch";
		},
	};
}

/** `2.0-2.5` stands for each of its versions as well as for itself. */
function expanded(field: string): readonly string[] {
	const match = /^(?:(\d)\.)?(\d{1,2})-(?:(\d)\.)?(\d{1,3})$/.exec(field);
	if (match === null) return [field];
	const [, major, first, major2, last] = match;
	if (major2 !== undefined && major2 !== major) return [field];
	if (major !== undefined && major2 === undefined) return [field];
	const names: string[] = [];
	for (let at = Number(first); at <= Number(last); at++) names.push(major === undefined ? String(at) : `${major}.${at}`);
	return [...names, field];
}

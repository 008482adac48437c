/** Patterns of host names, as ssh_config(5) and sshd(8) (SSH_KNOWN_HOSTS) have them: `*`, `?`, and `!` for "not". */

/** Whether a name is taken by a list of patterns: by one of them, and by none with `!`. Case does not count. */
export function matchesPatterns(patterns: readonly string[], name: string): boolean {
	let taken = false;
	for (const pattern of patterns) {
		const negated = pattern.startsWith("!");
		if (!matchesPattern(negated ? pattern.slice(1) : pattern, name)) continue;
		if (negated) return false;
		taken = true;
	}
	return taken;
}

/** In time that grows with pattern times name, whatever they are: a star goes back no further than to itself. */
function matchesPattern(pattern: string, name: string): boolean {
	const wanted = pattern.toLowerCase();
	const given = name.toLowerCase();
	let at = 0;
	let star: { readonly pattern: number; readonly name: number } | undefined;
	for (let i = 0; i < given.length || at < wanted.length; ) {
		if (wanted[at] === "*") {
			star = { pattern: ++at, name: i };
		} else if (i < given.length && (wanted[at] === "?" || wanted[at] === given[i])) {
			at++;
			i++;
		} else if (star !== undefined && star.name < given.length) {
			star = { pattern: star.pattern, name: star.name + 1 };
			at = star.pattern;
			i = star.name;
		} else return false;
	}
	return true;
}

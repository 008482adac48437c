/**
 * What pf has loaded, told apart by its text: exit statuses say only that a command was content.
 *
 * pfctl prints a rule alike when it loads it and when it shows what is loaded (sbin/pfctl/pfctl_parser.c, print_rule()).
 * Three things differ: calls of anchors, which the kernel words; names of tables that its optimiser makes up; numbers of
 * users, which only the host knows.
 */

/**
 * Rules that pfctl said to load, and that are not there.
 * @param said what `pfctl -v -f` printed
 * @param loaded what `pfctl -a '*' -s rules` prints
 */
export function missingRules(said: string, loaded: string): readonly string[] {
	const there = new Set(rulesIn(loaded));
	return [...new Set(rulesIn(said))].filter((rule) => !there.has(rule));
}

function rulesIn(printed: string): readonly string[] {
	return printed.split("\n").flatMap((line) => {
		const rule = line
			.trim()
			.replace(/__automatic_[0-9a-f]+_[0-9]+/g, "__automatic")
			.replace(/ (user|group) (!?=) \d+/g, " $1 $2");
		return /^(pass|block|match)\b/.test(rule) ? [rule] : [];
	});
}

import type { Span } from "../text/span.ts";
import { significantLines, words } from "./lines.ts";

/** One `name=value` of sysctl.conf(5). */
export interface SysctlSetting {
	readonly name: string;
	/** What stands behind `=`, as text; undefined where there is no `=`. */
	readonly value: string | undefined;
	readonly span: Span;
}

/**
 * Reads sysctl.conf. rc(8) splits the file at blanks and hands every word to sysctl(8), so `name = value` becomes three
 * words, of which none sets anything; they are returned as they are read (etc/rc, sysctl_conf).
 */
export function readSysctl(text: string): readonly SysctlSetting[] {
	return [...significantLines(text)].flatMap(words).map((word) => {
		const at = word.text.indexOf("=");
		return at < 0
			? { name: word.text, value: undefined, span: word.span }
			: { name: word.text.slice(0, at), value: word.text.slice(at + 1), span: word.span };
	});
}

/** The setting that is in force after the file was read: the last one of that name. */
export function sysctlSetting(settings: readonly SysctlSetting[], name: string): SysctlSetting | undefined {
	return settings.findLast((setting) => setting.name === name && setting.value !== undefined);
}

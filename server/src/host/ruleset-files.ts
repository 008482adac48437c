/** Which files of a host pfctl reads with /etc/pf.conf. */
import { PfFile } from "../pf/editor/file.ts";
import { PF_CONF } from "../text/host-paths.ts";

export interface RulesetFiles {
	/** The anchors that each file is loaded into, by the file's path; what is loaded by another comes after it. */
	readonly anchors: ReadonlyMap<string, ReadonlySet<string>>;
	/** The paths of files that are included, or have a table's addresses. */
	readonly others: ReadonlySet<string>;
}

/**
 * The files that rulesets name, from /etc/pf.conf on.
 * @param texts the files of the host by their paths
 */
export function filesOfRulesets(texts: ReadonlyMap<string, string>): RulesetFiles {
	const anchors = new Map<string, Set<string>>();
	const others = new Set<string>();
	const readFile = (path: string): string | undefined => {
		others.add(path);
		return texts.get(path);
	};
	const queue = [{ path: PF_CONF, anchor: "" }];
	for (const { path, anchor } of queue) {
		for (const { name, file } of PfFile.parse(texts.get(path) ?? "", { path, readFile }).loads) {
			const inner = anchor === "" ? name : `${anchor}/${name}`;
			const known = anchors.get(file) ?? new Set();
			if (known.has(inner)) continue;
			anchors.set(file, known.add(inner));
			// pfctl loads what a loaded file loads; one that loads itself it goes on loading.
			if (queue.length < 1000) queue.push({ path: file, anchor: inner });
		}
	}
	return { anchors, others };
}

/**
 * The files that pfctl reads with /etc/pf.conf, whatever they are called.
 * @param texts the files of the host by their paths
 */
export function pathsOfRulesets(texts: ReadonlyMap<string, string>): ReadonlySet<string> {
	const { anchors, others } = filesOfRulesets(texts);
	return new Set([...anchors.keys(), ...others]);
}

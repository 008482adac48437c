/** For tests and docs/diagnostics.md: a host for each check of this room, and what the model is made of. */

import type { Example, ExampleFiles, ExamplesOf } from "../text/example.testing.ts";
import type { HostCode } from "./checks.ts";
import { absenceExamples } from "./checks-absence.testing.ts";
import { anchorExamples } from "./checks-anchors.testing.ts";
import { filterExamples } from "./checks-filter.testing.ts";
import { guestExamples } from "./checks-guests.testing.ts";
import { interfaceExamples } from "./checks-interfaces.testing.ts";
import { loadExamples } from "./checks-load.testing.ts";
import { pairExamples } from "./checks-pairs.testing.ts";
import { policyExamples } from "./checks-policies.testing.ts";
import { reachExamples } from "./checks-reach.testing.ts";
import { serviceExamples } from "./checks-services.testing.ts";
import { switchExamples } from "./checks-switches.testing.ts";
import { vebExamples } from "./checks-veb.testing.ts";
import { vlanExamples } from "./checks-vlans.testing.ts";
import { hostListName } from "./discover.ts";
import { type InterfaceConfig, readInterface } from "./interfaces.ts";
import type { HostSource } from "./model.ts";
import { pfFacts } from "./pf-facts.ts";

export const hostExamples: ExamplesOf<HostCode> = {
	...switchExamples,
	...interfaceExamples,
	...vlanExamples,
	...vebExamples,
	...guestExamples,
	...serviceExamples,
	...filterExamples,
	...policyExamples,
	...reachExamples,
	...anchorExamples,
	...absenceExamples,
	...loadExamples,
	...pairExamples,
};

/** What a host's model is made of, where its files are those of an example. */
export function sourceOf({ release }: Example, files: ExampleFiles): HostSource {
	const texts = new Map([...files].filter(([path, { notRead }]) => path.startsWith("/etc/") && notRead === undefined));
	const pf = pfFacts(texts);
	const others = new Map<string, InterfaceConfig[]>();
	for (const [path, { text }] of files) {
		const [, name, own] = /^\/(\w+)(\/etc\/hostname\..+)$/.exec(path) ?? [];
		if (name !== undefined && own !== undefined) others.set(name, [...(others.get(name) ?? []), readInterface(own, text, release)]);
	}
	const names = new Map<string, string[]>();
	for (const path of texts.keys()) {
		const folder = path.slice(0, path.lastIndexOf("/"));
		names.set(folder, [...(names.get(folder) ?? []), path.slice(folder.length + 1)]);
	}
	const list: { readonly hosts?: readonly { readonly portMacLimit?: number }[] } = JSON.parse(files.get(`/${hostListName}`)?.text ?? "{}");
	const portMacLimit = list.hosts?.[0]?.portMacLimit;
	return {
		name: "hv1",
		files: texts,
		names,
		notRead: new Map([...files].flatMap(([path, { notRead }]) => (notRead === undefined ? [] : [[path, notRead]]))),
		...(pf === undefined ? {} : { pf }),
		...(release === undefined ? {} : { release }),
		...(portMacLimit === undefined ? {} : { portMacLimit }),
		...(others.size === 0 ? {} : { others: [...others].map(([name, configs]) => ({ name, configs })) }),
	};
}

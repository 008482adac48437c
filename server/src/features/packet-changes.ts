/** What pf does otherwise with packets than with earlier files of a host. */
import type { Host } from "../host/model.ts";
import { printRule } from "../pf/ruleset/print.ts";
import { searchDifference, type TreatmentChange, type Version } from "../policy/difference.ts";
import { packetTexts } from "../policy/difference-text.ts";
import { networkOf } from "../policy/interfaces.ts";
import { flowText } from "../policy/services.ts";
import type { Space } from "../policy/space.ts";
import type { SourceFile } from "../project/source-file.ts";
import type { ChangedPackets, PacketChanges } from "../protocol.ts";
import { finished } from "../text/portions.ts";
import { earlierHost, locationOf } from "./policy-view.ts";
import type { Session } from "./session.ts";

/** So many terms are told of one change. */
const MOST_TERMS = 8;

/** Changes from the host with other texts in some files (by path; null where the file was not there) to the host as it is. */
export function packetChanges(session: Session, file: SourceFile, before: ReadonlyMap<string, string | null>): PacketChanges {
	return finished(searchPacketChanges(session, file, before));
}

/**
 * The same in portions, between which others have their turn.
 * @param later texts of some files in the place of those that the host has here
 */
export function* searchPacketChanges(
	session: Session,
	file: SourceFile,
	before: ReadonlyMap<string, string | null>,
	later?: ReadonlyMap<string, string | null>,
): Generator<number, PacketChanges, void> {
	const own = session.files.hostModel(file);
	const after = later === undefined ? own : earlierHost(own, later);
	const earlier = earlierHost(own, before);
	const versions = [earlier, after].map((host): Version | undefined =>
		host.pf === undefined
			? undefined
			: { ruleset: host.pf.ruleset, interfaces: host.interfacesKnown ? networkOf(host).interfaces : undefined },
	);
	const [old, now] = versions;
	const isKnown = [earlier, after].every(({ pf }) => pf?.incomplete !== true);
	if (old === undefined || now === undefined) return { changes: [], isWhole: false, gone: [], come: [] };
	const { changes, isWhole, settings, space } = yield* searchDifference(old, now);
	const viewOf = changeViews(session, file, [earlier, after], space);
	const views = changes.map(viewOf);
	// A rule of other texts has no place here.
	const placed = later === undefined ? views : views.map((view) => ({ ...view, location: null }));
	return { changes: placed, isWhole: isWhole && isKnown, gone: settings.gone, come: settings.come };
}

/**
 * How changes of what pf does to packets are shown.
 *
 * @param hosts both versions; the last one is that of the files
 * @param space in which their regions are
 */
export function changeViews(
	session: Session,
	file: SourceFile,
	hosts: readonly Host[],
	space: Space,
): (change: TreatmentChange) => ChangedPackets {
	// An address that is given when the host runs is told as pf names it, not by the one that stands for it.
	const given = new Map(hosts.flatMap((host) => networkOf(host).placeholders.map((one) => [one.address, `(${one.interface})`] as const)));
	const asNamed = (text: string): string => text.replace(/[\d.a-f:]+/g, (word) => given.get(word) ?? word);
	const { pf } = hosts.at(-1) ?? {};
	return (change) => {
		const { witness, depends } = change;
		const texts = packetTexts(change, space).map(asNamed);
		const [ruleBefore, rule] = [
			change.isMergedBefore ? undefined : change.before.rule,
			change.isMergedAfter ? undefined : change.after.rule,
		];
		return {
			before: change.before.text,
			after: change.after.text,
			packets: texts.slice(0, MOST_TERMS),
			others: Math.max(0, texts.length - MOST_TERMS),
			example: asNamed(`${witness.direction} ${witness.interface} ${flowText(witness)}`),
			ruleBefore: ruleBefore === undefined ? "" : printRule(ruleBefore),
			rule: rule === undefined ? "" : printRule(rule),
			depends: [...new Set(depends.map((one) => printRule(one)))],
			location: locationOf(session, file, rule && pf?.place(rule)),
		};
	};
}

/**
 * The requests that our own client makes beyond the protocol: a line for each, with its parameters and its answer. Its name is that of
 * the method behind `openbsdVnet/`; client and server both take it, and its types, from here.
 */

import type { CancellationToken } from "vscode-languageserver";
import { expandedDocument } from "../features/expanded.ts";
import { searchedExposure } from "../features/exposure.ts";
import { exposurePage } from "../features/exposure-text.ts";
import { patternCheck, patternEdits, patternItems, patternQuestion } from "../features/network-patterns.ts";
import { searchPacketChanges } from "../features/packet-changes.ts";
import { changedConnections, matrixView, packed, policyTests, traceEnds, traceView } from "../features/policy-view.ts";
import { localize, type Session } from "../features/session.ts";
import { topologyPaths, topologyPicture } from "../features/topology.ts";
import { upgradeOf } from "../features/upgrade.ts";
import { upgradeMarkdown } from "../features/upgrade-text.ts";
import { etcOf, folderOf, hostPlace, uriOnHost } from "../host/folder.ts";
import { liveEdits } from "../host/live-drift.ts";
import { partnersIn } from "../host/pairs.ts";
import { rulesetText } from "../host/ruleset-text.ts";
import type { SourceFile } from "../project/source-file.ts";
import {
	type ChangedConnection,
	type ExpandedLink,
	type FileEdits,
	type FileRelease,
	type HostItem,
	ownMethod,
	type PackedMatrix,
	type PacketChanges,
	type PatternEdits,
	type PatternItem,
	type PatternParams,
	type PatternQuestion,
	type PolicyTestItem,
	type Position,
	type TopologyParams,
	type TopologyPaths,
	type TopologyPicture,
	type TraceEnd,
	type TraceParams,
	type TraceView,
	type UpgradeView,
	type Uri,
} from "../protocol.ts";
import { isRelease } from "../text/release.ts";
import { turn } from "./background.ts";
import { bareRequest, type OwnRequest, ownRequest, type Route, refuseCancelled } from "./route.ts";
import type { ServerState } from "./state.ts";

/** Texts of some files of a host; null for one that is not there. */
type Texts = readonly { readonly uri: Uri; readonly text: string | null }[];

/** What a host was, and what it becomes: what its files are here, without other texts. */
interface TextsToCompare {
	readonly uri: Uri;
	readonly before: Texts;
	readonly after?: Texts;
}

const textsByPath = (texts: Texts): ReadonlyMap<string, string | null> =>
	new Map(texts.map(({ uri, text }) => [hostPlace(uri).path, text]));

/** Answers about the host of a file, open or not, once all its files have been read. */
async function onHost<T>(
	state: ServerState,
	uri: string,
	token: CancellationToken,
	make: (file: SourceFile, session: Session) => T,
): Promise<T | null> {
	await state.documents.whenSettled(uri);
	refuseCancelled(token);
	const file = state.documents.file(uri);
	return file === undefined ? null : make(file, state.session());
}

/** Does work in portions, between which other requests are served. */
async function inPortions<T>(work: Generator<number, T, void>, token: CancellationToken): Promise<T> {
	for (;;) {
		const { done, value } = work.next();
		if (done === true) return value;
		await turn();
		refuseCancelled(token);
	}
}

const ownRequests = {
	/** Null where the file is not known. */
	release: ownRequest<{ readonly uri: Uri }, FileRelease | null>(({ documents }, { uri }) => {
		const file = documents.file(uri);
		return file === undefined ? null : documents.release(file);
	}),

	/** The hosts of openbsd-vnet.json and those that the workspace's folders hold. */
	hosts: bareRequest<readonly HostItem[]>(async ({ documents }) => {
		const hosts = await documents.hosts();
		return hosts.map((host) => ({
			name: host.name,
			etc: etcOf(host),
			...(host.ssh === undefined ? {} : { ssh: host.ssh }),
			...(host.deploy === undefined ? {} : { deploy: host.deploy }),
		}));
	}),
	/** Reads all hosts of the workspace, and publishes what is wrong in their files from then on. Answers how many hosts there are. */
	checkHosts: ownRequest<Record<string, never>, number>(async ({ closedFiles, documents }, _, token) => {
		refuseCancelled(token);
		await closedFiles.includeAll();
		return (await documents.hosts()).length;
	}),
	/** The URIs of the files that a host's model is made from. */
	hostFiles: ownRequest<{ readonly uri: Uri }, readonly Uri[]>(async (state, { uri }, token) => {
		const paths = await onHost(state, uri, token, (file) =>
			state.documents.hostPaths(file).flatMap((path) => uriOnHost(folderOf(file.identity.host), path) ?? []),
		);
		return paths ?? [];
	}),

	patterns: bareRequest<readonly PatternItem[]>((state) => patternItems(state.session())),
	/** The first question without an answer; null where none is left. */
	patternQuestion: ownRequest<PatternParams, PatternQuestion | null>(async (state, params) =>
		patternQuestion(state.session(), (await state.documents.hostAt(params.etc)).host, params),
	),
	/** What is wrong with an answer, null for nothing. */
	patternCheck: ownRequest<PatternParams & { readonly id: string; readonly answer: string }, string | null>(
		async (state, { id, answer, ...params }) =>
			patternCheck(state.session(), (await state.documents.hostAt(params.etc)).host, params, id, answer),
	),
	/** The changes of all files; none, and what is wrong, where an answer is wrong or missing. */
	patternEdits: ownRequest<PatternParams, PatternEdits>(async (state, params) => {
		const { id, host } = await state.documents.hostAt(params.etc, { reread: true });
		return patternEdits(state.session(), id, host, params);
	}),

	/** The edits that write the taps of now into the files of the host's anchors, as far as it is certain which are meant. */
	liveEdits: ownRequest<{ readonly etc: Uri }, readonly FileEdits[]>(async ({ documents }, { etc }) => {
		await documents.whenLoaded(`${etc}/pf.conf`);
		const [first] = documents.onHost(etc);
		const live = first === undefined ? undefined : documents.live(first);
		if (first === undefined || live === undefined) return [];
		const model = documents.hostModel(first);
		return documents.onHost(etc).flatMap((file) => {
			const edits = liveEdits(model, live, file).map(({ span, text }) => ({ range: file.lines.range(span), newText: text }));
			return edits.length === 0 ? [] : [{ uri: file.uri, edits }];
		});
	}),
	/** The files of a host read for two releases; `from` is what it runs, the newest before `to` where that is not known. */
	upgrade: ownRequest<
		{ readonly etc: Uri; readonly from: string | null; readonly to: string },
		{ readonly view: UpgradeView; readonly markdown: string } | null
	>(async ({ documents, translations }, { etc, from, to }) => {
		const host = (await documents.hosts()).find((one) => etcOf(one) === etc);
		if (host === undefined || !isRelease(to)) return null;
		const [file] = documents.onHost(etc);
		const running = file === undefined ? undefined : documents.release(file);
		const told = running === undefined || running.by === "newest" ? undefined : running.release;
		const view = await upgradeOf(documents.asOpen(), host, { from: isRelease(from) ? from : told, to }, translations);
		return view === null ? null : { view, markdown: upgradeMarkdown(view, translations) };
	}),
	/** The lines of the document that the server makes of a file, with the places that they come from. */
	madeLinks: ownRequest<{ readonly uri: Uri }, readonly ExpandedLink[] | null>((state, { uri }, token) =>
		onHost(state, uri, token, (file, session) => expandedDocument(session, file)?.links ?? []),
	),
	/** The rules that pf.conf and its anchors make here, as `pfctl -a '*' -s rules` prints those that are loaded. Null without a pf.conf. */
	ruleset: ownRequest<{ readonly etc: Uri }, { readonly text: string } | null>(async ({ documents }, { etc }) => {
		await documents.whenSettled(`${etc}/pf.conf`);
		const [first] = documents.onHost(etc);
		const pf = first === undefined ? undefined : documents.hostModel(first).pf;
		return pf === undefined ? null : { text: rulesetText(pf) };
	}),

	topology: ownRequest<TopologyParams, TopologyPicture>(async (state, { etc }) => {
		await state.documents.whenHostSettled(etc);
		const { id, host } = await state.documents.hostAt(etc);
		return topologyPicture(state.session(), id, host);
	}),
	/** The ways between two nodes: guests (or their taps and anchors), the host, and the outside. Null where a node is no end of a way. */
	topologyPaths: ownRequest<TopologyParams & { readonly from: string; readonly to: string }, TopologyPaths | null>(
		async ({ documents }, { etc, from, to }) => topologyPaths((await documents.hostAt(etc)).host, from, to),
	),

	/** Follows the first packet of a connection through the host. Null where an end or the protocol is not understood. */
	trace: ownRequest<TraceParams, TraceView | null>((state, { uri, ...flow }, token) =>
		onHost(state, uri, token, (file, session) => traceView(session, file, flow)),
	),
	/** The ends that a host's flows can have; with a position, the flow that the rule there is about. */
	traceEnds: ownRequest<
		{ readonly uri: Uri; readonly position?: Position },
		{ readonly ends: readonly TraceEnd[]; readonly suggested: Partial<Omit<TraceParams, "uri">> } | null
	>((state, { uri, position }, token) =>
		onHost(state, uri, token, (file, session) => traceEnds(session, file, position && file.lines.offset(position))),
	),
	/** The expectations of a .pftest file, with `run` what becomes of each. Null where the file is not known. */
	policyTests: ownRequest<{ readonly uri: Uri; readonly run: boolean }, readonly PolicyTestItem[] | null>((state, { uri, run }, token) =>
		onHost(state, uri, token, (file, session) => policyTests(session, file, run)),
	),
	matrix: ownRequest<{ readonly uri: Uri }, PackedMatrix | null>((state, { uri }, token) =>
		onHost(state, uri, token, (file, session) => packed(matrixView(session, file))),
	),
	/** The names of the workspace's hosts that share addresses with a file's host by carp(4). */
	partners: ownRequest<{ readonly uri: Uri }, readonly string[] | null>((state, { uri }, token) =>
		onHost(state, uri, token, (file, session) => partnersIn(session.files.hostModel(file)).map(({ name }) => name)),
	),
	/** What the outside may reach, as a page in Markdown. Null where the host has no rules. */
	exposure: ownRequest<{ readonly uri: Uri }, { readonly host: string; readonly markdown: string } | null>(
		async (state, { uri }, token) => {
			const found = await onHost(state, uri, token, (file, session) => ({
				search: searchedExposure(session, file),
				host: session.files.hostModel(file).source.name,
			}));
			const view = found === null ? undefined : await inPortions(found.search, token);
			if (found === null || view === undefined) return null;
			return { host: found.host, markdown: exposurePage(view, found.host, (message) => localize(state.session(), message)) };
		},
	),
	/** The connections of a host that change from other texts of some files to those here, or to the texts behind them. */
	difference: ownRequest<TextsToCompare, readonly ChangedConnection[] | null>((state, { uri, before, after }, token) =>
		onHost(state, uri, token, (file, session) => changedConnections(session, file, textsByPath(before), after && textsByPath(after))),
	),
	/** What pf does otherwise with packets than with those texts. */
	packetChanges: ownRequest<TextsToCompare, PacketChanges | null>(async (state, { uri, before, after }, token) => {
		const search = await onHost(state, uri, token, (file, session) =>
			searchPacketChanges(session, file, textsByPath(before), after && textsByPath(after)),
		);
		return search && (await inPortions(search, token));
	}),
} satisfies Record<string, OwnRequest<never, unknown>>;

/** The parameters and the answer of each: what our own client asks by. */
export type OwnRequests = {
	readonly [Name in keyof typeof ownRequests]: (typeof ownRequests)[Name] extends OwnRequest<infer Params, infer Result>
		? { readonly params: Params; readonly result: Result }
		: never;
};

export const ownRoutes = Object.fromEntries(
	Object.entries(ownRequests).map(([name, { routeOf }]) => [name, routeOf(ownMethod(name))]),
) as Readonly<Record<keyof OwnRequests, Route>>;

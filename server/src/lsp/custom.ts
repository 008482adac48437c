/** The requests that our own client makes beyond the protocol (`protocol.ts`). */

import type { CancellationToken } from "vscode-languageserver";
import { patternCheck, patternEdits, patternItems, patternQuestion } from "../features/network-patterns.ts";
import { changedConnections, matrixView, packed, policyTests, traceEnds, traceView } from "../features/policy-view.ts";
import type { Session } from "../features/session.ts";
import { topologyPaths, topologyPicture } from "../features/topology.ts";
import { upgradeOf } from "../features/upgrade.ts";
import { upgradeMarkdown } from "../features/upgrade-text.ts";
import { etcOf, folderOf, hostPlace, uriOnHost } from "../host/folder.ts";
import { liveEdits } from "../host/live-drift.ts";
import { rulesetText } from "../host/ruleset-text.ts";
import type { SourceFile } from "../project/source-file.ts";
import {
	CheckHostsRequest,
	DifferenceRequest,
	HostFilesRequest,
	HostsRequest,
	LiveEditsRequest,
	MatrixRequest,
	PatternCheckRequest,
	PatternEditsRequest,
	PatternQuestionRequest,
	PatternsRequest,
	PolicyTestsRequest,
	ReleaseRequest,
	RulesetRequest,
	TopologyPathsRequest,
	TopologyRequest,
	TraceEndsRequest,
	TraceRequest,
	UpgradeRequest,
} from "../protocol.ts";
import { isRelease } from "../text/release.ts";
import { bareRoute, ownRoute, type Route, refuseCancelled } from "./route.ts";
import type { ServerState } from "./state.ts";

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

export const ownRequests = {
	release: ownRoute(ReleaseRequest, ({ documents }, { uri }) => {
		const file = documents.file(uri);
		return file === undefined ? null : documents.release(file);
	}),

	hosts: bareRoute(HostsRequest, async ({ documents }) => {
		const hosts = await documents.hosts();
		return hosts.map((host) => ({
			name: host.name,
			etc: etcOf(host),
			...(host.ssh === undefined ? {} : { ssh: host.ssh }),
			...(host.deploy === undefined ? {} : { deploy: host.deploy }),
		}));
	}),
	checkHosts: ownRoute(CheckHostsRequest, async ({ closedFiles, documents }, _, token) => {
		refuseCancelled(token);
		await closedFiles.includeAll();
		return (await documents.hosts()).length;
	}),
	hostFiles: ownRoute(HostFilesRequest, async (state, { uri }, token) => {
		const paths = await onHost(state, uri, token, (file) =>
			state.documents.hostPaths(file).flatMap((path) => uriOnHost(folderOf(file.identity.host), path) ?? []),
		);
		return paths ?? [];
	}),

	patterns: bareRoute(PatternsRequest, (state) => patternItems(state.session())),
	patternQuestion: ownRoute(PatternQuestionRequest, async (state, params) =>
		patternQuestion(state.session(), (await state.documents.hostAt(params.etc)).host, params),
	),
	patternCheck: ownRoute(PatternCheckRequest, async (state, { id, answer, ...params }) =>
		patternCheck(state.session(), (await state.documents.hostAt(params.etc)).host, params, id, answer),
	),
	patternEdits: ownRoute(PatternEditsRequest, async (state, params) => {
		const { id, host } = await state.documents.hostAt(params.etc, { reread: true });
		return patternEdits(state.session(), id, host, params);
	}),

	liveEdits: ownRoute(LiveEditsRequest, async ({ documents }, { etc }) => {
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
	upgrade: ownRoute(UpgradeRequest, async ({ documents, translations }, { etc, from, to }) => {
		const host = (await documents.hosts()).find((one) => etcOf(one) === etc);
		if (host === undefined || !isRelease(to)) return null;
		const [file] = documents.onHost(etc);
		const running = file === undefined ? undefined : documents.release(file);
		const told = running === undefined || running.by === "newest" ? undefined : running.release;
		const view = await upgradeOf(documents.asOpen(), host, { from: isRelease(from) ? from : told, to }, translations);
		return view === null ? null : { view, markdown: upgradeMarkdown(view) };
	}),
	ruleset: ownRoute(RulesetRequest, async ({ documents }, { etc }) => {
		await documents.whenSettled(`${etc}/pf.conf`);
		const [first] = documents.onHost(etc);
		const pf = first === undefined ? undefined : documents.hostModel(first).pf;
		return pf === undefined ? null : { text: rulesetText(pf) };
	}),

	topology: ownRoute(TopologyRequest, async (state, { etc }) => {
		await state.documents.whenHostSettled(etc);
		const { id, host } = await state.documents.hostAt(etc);
		return topologyPicture(state.session(), id, host);
	}),
	topologyPaths: ownRoute(TopologyPathsRequest, async ({ documents }, { etc, from, to }) =>
		topologyPaths((await documents.hostAt(etc)).host, from, to),
	),

	trace: ownRoute(TraceRequest, (state, { uri, ...flow }, token) =>
		onHost(state, uri, token, (file, session) => traceView(session, file, flow)),
	),
	traceEnds: ownRoute(TraceEndsRequest, (state, { uri, position }, token) =>
		onHost(state, uri, token, (file, session) => traceEnds(session, file, position && file.lines.offset(position))),
	),
	policyTests: ownRoute(PolicyTestsRequest, (state, { uri, run }, token) =>
		onHost(state, uri, token, (file, session) => policyTests(session, file, run)),
	),
	matrix: ownRoute(MatrixRequest, (state, { uri }, token) =>
		onHost(state, uri, token, (file, session) => packed(matrixView(session, file))),
	),
	difference: ownRoute(DifferenceRequest, (state, { uri, before }, token) =>
		onHost(state, uri, token, (file, session) =>
			changedConnections(session, file, new Map(before.map((one) => [hostPlace(one.uri).path, one.text]))),
		),
	),
} satisfies Record<string, Route>;

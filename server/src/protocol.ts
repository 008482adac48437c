/**
 * What client and server say to each other beyond the Language Server Protocol. Both sides import this file, so the
 * shape of a request is written once. It has no imports at run time: client and server carry their own copies of the
 * protocol library.
 */

import type { LiveHost } from "./host/live.ts";
import type { Release } from "./text/vocabulary.ts";
import type { NotRead } from "./workspace.ts";

/** A request by its method, with the types of its parameters and of its answer. */
export interface CustomRequest<Params, Result> {
	readonly method: string;
	/** Never present: it only carries the types. */
	readonly types?: (params: Params) => Result;
}

/** A notification by its method, with the type of its parameters. */
export interface CustomNotification<Params> {
	readonly method: string;
	/** Never present: it only carries the type. */
	readonly types?: (params: Params) => void;
}

export type Uri = string;

/** Lines and characters as the protocol counts them: from 0, in UTF-16 units. */
export interface Position {
	readonly line: number;
	readonly character: number;
}

export interface Range {
	readonly start: Position;
	readonly end: Position;
}

// ── Start ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `initializationOptions` of our own client. Any other client may leave all of it out. */
export interface InitializationOptions {
	/** Texts for the reader's language by their English template; English without. */
	readonly translations?: Readonly<Record<string, string>>;
	/** True where grammars of the editor colour texts by what is in them: semantic tokens leave texts out then. */
	readonly hasGrammars?: boolean;
	/**
	 * True where what is wrong in files that are not open is to be published: VS Code would ask for it every two seconds. Other
	 * clients that pull are offered to ask.
	 */
	readonly publishesClosedFiles?: boolean;
	/** The URI of a folder with diagnostics.md, without a final slash: the codes of diagnostics link into it. */
	readonly documentation?: string;
}

/** Sent by the server once it is ready, and whenever one of these changes. */
export interface ServerStatus {
	/** The server's version. */
	readonly version: string;
	/** The release of OpenBSD that files are read for. */
	readonly release: string;
}

/** Which release a file is read for, and what says so: the running host, openbsd-vnet.json, the setting, or nothing. */
export interface FileRelease {
	readonly release: Release;
	readonly by: "host" | "list" | "setting" | "newest";
	/** False for one that is newer than all that the server knows. */
	readonly known: boolean;
	/** All that the server knows, the oldest first. */
	readonly all: readonly Release[];
}

/** Null where the file is not known. */
export const ReleaseRequest: CustomRequest<{ readonly uri: Uri }, FileRelease | null> = { method: "openbsdVnet/release" };

export const StatusNotification: CustomNotification<ServerStatus> = { method: "openbsdVnet/status" };

// ── Settings: the section `openbsdVnet`, pulled with workspace/configuration ──────────────────────────────────────

export const settingsSection = "openbsdVnet";

export type SeveritySetting = "error" | "warning" | "information" | "hint" | "off";

/** The part of the settings that the server reads. Every one is described in the manifest. */
export interface ServerSettings {
	/** `newest`, or a release such as `7.6`. */
	readonly release?: string;
	readonly lint?: {
		/** Severities by diagnostic code, such as `pf/unused-macro`. */
		readonly severities?: Readonly<Record<string, SeveritySetting>>;
	};
	readonly diagnostics?: {
		/** Whose files are checked beside those that are open: nobody's, those of the hosts of open files (the default), or all hosts'. */
		readonly scope?: "openFiles" | "openHosts" | "allHosts";
	};
	readonly inlayHints?: {
		readonly macroValues?: boolean;
		readonly serviceNames?: boolean;
		readonly ruleCounts?: boolean;
		readonly liveTaps?: boolean;
		readonly counters?: boolean;
	};
	readonly codeLens?: {
		readonly references?: boolean;
		readonly expanded?: boolean;
	};
	readonly format?: {
		/** Puts the `=` of macros that follow each other into one column. */
		readonly alignMacros?: boolean;
	};
}

// ── Commands of the client that code lenses call ─────────────────────────────────────────────────────────────────

export const Commands = {
	/** Arguments: the URI of a file, as a string. */
	showExpanded: "openbsdVnet.showExpanded",
	/** Arguments: the URI of a file, a `Position` in it, and the protocol's `Location`s to list. */
	showReferences: "openbsdVnet.showReferences",
} as const;

// ── Documents that the server makes ──────────────────────────────────────────────────────────────────────────────

/**
 * The scheme of the documents that the server makes of files, for `workspace/textDocumentContent`: `openbsd-vnet:TITLE?FILE`, with
 * the URI of the file percent-encoded. The title is for people. What a line comes from is its definition. In place of a file,
 * `plan:HOST` asks for the plan of a deployment to a host of openbsd-vnet.json, which `openbsd-vnet lsp` can make.
 */
export const madeScheme = "openbsd-vnet";

/** A line of a made document and the place that it came from. */
export interface ExpandedLink {
	/** The line of the made text, from 0. */
	readonly line: number;
	readonly target: { readonly uri: Uri; readonly range: Range };
}

/**
 * What the host makes of a file: the ruleset as pfctl prints it for pf.conf, the commands that netstart runs for hostname.if.
 */
export interface Expanded {
	readonly text: string;
	/** Why it is not all; absent where it is. */
	readonly cutOff?: string;
	readonly links: readonly ExpandedLink[];
}

// ── Hosts and patterns ───────────────────────────────────────────────────────────────────────────────────────────

/** A host of the workspace. */
export interface HostItem {
	readonly name: string;
	/** The folder that stands for its /etc, which need not be there: how the requests below name the host. */
	readonly etc: Uri;
	/** Where it is reached by SSH, as openbsd-vnet.json says. */
	readonly ssh?: string;
	/** Files below /etc that are deployed beside those of the network. */
	readonly deploy?: readonly string[];
}

/** The hosts of openbsd-vnet.json and those that the workspace's folders hold. */
export const HostsRequest: CustomRequest<Record<string, never>, readonly HostItem[]> = { method: "openbsdVnet/hosts" };

/** Reads all hosts of the workspace, and publishes what is wrong in their files from then on. Answers how many hosts there are. */
export const CheckHostsRequest: CustomRequest<Record<string, never>, number> = { method: "openbsdVnet/checkHosts" };

export interface PatternItem {
	readonly name: string;
	readonly title: string;
	readonly detail: string;
}

export const PatternsRequest: CustomRequest<Record<string, never>, readonly PatternItem[]> = { method: "openbsdVnet/patterns" };

/** A pattern with the answers that were given so far, by the questions' ids. */
export interface PatternParams {
	readonly etc: Uri;
	readonly pattern: string;
	readonly answers: Readonly<Record<string, string>>;
}

export interface PatternQuestion {
	readonly id: string;
	readonly title: string;
	/** What to write, or an example of it. */
	readonly placeholder: string;
	readonly choices: readonly { readonly value: string; readonly detail: string }[];
	/** Whether anything but a choice can be answered. */
	readonly open: boolean;
	readonly standard: string;
}

/** The first question without an answer; null where none is left. */
export const PatternQuestionRequest: CustomRequest<PatternParams, PatternQuestion | null> = { method: "openbsdVnet/patternQuestion" };

/** What is wrong with an answer, null for nothing. */
export const PatternCheckRequest: CustomRequest<PatternParams & { readonly id: string; readonly answer: string }, string | null> = {
	method: "openbsdVnet/patternCheck",
};

export interface PatternFile {
	readonly uri: Uri;
	/** True for a file that is not there yet. */
	readonly created: boolean;
	readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

/** The changes of all files; none, and what is wrong, where an answer is wrong or missing. */
export const PatternEditsRequest: CustomRequest<
	PatternParams,
	{
		readonly files: readonly PatternFile[];
		readonly problems: readonly string[];
		/** What the pattern promises and the host's own rules stand against. */
		readonly unmet: readonly string[];
	}
> = { method: "openbsdVnet/patternEdits" };

// ── Running hosts ────────────────────────────────────────────────────────────────────────────────────────────────

/** The rules that a host counts, by the paths of their anchors. */
export interface RuleCounters {
	/** When they were read, as people read it. */
	readonly taken: string;
	/** In the order in which they are loaded; the main ruleset's anchor is empty. */
	readonly rules: readonly CountedRule[];
	/** The limiters that it has loaded; none where its rules name none, or it does not let us read them. */
	readonly limiters: readonly CountedLimiter[];
}

export interface CountedLimiter {
	readonly kind: "state" | "source";
	readonly id: number;
	/** States that it holds now; of a source limiter, sources. */
	readonly inUse: number;
	readonly most: number;
	/** States that it let in. */
	readonly admitted: number;
	/** States that it did not: for its limit, its rate, and of a source limiter for more sources than it has room for. */
	readonly overLimit: number;
	readonly overRate: number;
	readonly overSources: number;
}

export interface CountedRule {
	readonly anchor: string;
	/** As pfctl prints it. */
	readonly text: string;
	readonly evaluations: number;
	readonly packets: number;
	readonly bytes: number;
	readonly states: number;
}

/** What a host that was asked has said. */
export interface LiveFacts {
	/** The folder that stands for its /etc, without a final slash. */
	readonly etc: Uri;
	readonly host: LiveHost;
	/** The release that it runs, as one that files can be read for. */
	readonly release?: Release;
	readonly counters?: RuleCounters;
}

/** Sent by the client with all hosts that it knows of, whenever one of them has answered anew. */
export const LiveNotification: CustomNotification<{ readonly hosts: readonly LiveFacts[] }> = { method: "openbsdVnet/live" };

export interface FileEdits {
	readonly uri: Uri;
	readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

/** The edits that write the taps of now into the files of the host's anchors, as far as it is certain which are meant. */
export const LiveEditsRequest: CustomRequest<{ readonly etc: Uri }, readonly FileEdits[]> = { method: "openbsdVnet/liveEdits" };

/** The rules that pf.conf and its anchors make here, as `pfctl -a '*' -s rules` prints those that are loaded. Null without a pf.conf. */
export const RulesetRequest: CustomRequest<{ readonly etc: Uri }, { readonly text: string } | null> = { method: "openbsdVnet/ruleset" };

// ── The picture of a host ────────────────────────────────────────────────────────────────────────────────────────

export interface TopologyParams {
	readonly etc: Uri;
}

/** A line of a file that speaks of a node. */
export interface TopologyPlace {
	readonly uri: Uri;
	/** The path on the host. */
	readonly path: string;
	readonly range: Range;
	/** The line's text, trimmed. */
	readonly text: string;
}

export type TopologySeverity = "error" | "warning" | "information" | "hint";

/** A diagnostic that stands where the files speak of a node or an edge. */
export interface TopologyProblem {
	readonly severity: TopologySeverity;
	readonly message: string;
	readonly place: TopologyPlace;
}

export interface TopologyNodeItem {
	readonly id: string;
	readonly kind: string;
	readonly label: string;
	readonly details: readonly string[];
	readonly inactive: boolean;
	readonly places: readonly TopologyPlace[];
	readonly problems: readonly TopologyProblem[];
}

export interface TopologyEdgeItem {
	readonly from: string;
	readonly to: string;
	readonly kind: string;
	readonly label: string;
	/** Whether pf looks at packets here; absent where that does not apply. */
	readonly filtered?: boolean;
	/** The VLANs that pass here, of a veb that tells several apart. */
	readonly vlans?: readonly number[];
	readonly severity?: TopologySeverity;
}

export interface TopologyPicture {
	readonly name: string;
	readonly nodes: readonly TopologyNodeItem[];
	readonly edges: readonly TopologyEdgeItem[];
}

export const TopologyRequest: CustomRequest<TopologyParams, TopologyPicture> = { method: "openbsdVnet/topology" };

/** One way of a packet between two nodes. */
export interface TopologyPath {
	readonly kind: "bridged" | "routed";
	readonly forwarded: boolean;
	/** The nodes that it passes, the ends included, in order. */
	readonly nodes: readonly string[];
	/** Where it enters and leaves interfaces, and whether pf looks at it there. */
	readonly steps: readonly { readonly node: string; readonly label: string; readonly direction: "in" | "out"; readonly tested: boolean }[];
}

/** The ways between two ends, which are named as {@link TraceParams} names them. */
export interface TopologyPaths {
	readonly from: string;
	readonly to: string;
	readonly paths: readonly TopologyPath[];
}

/** The ways between two nodes: guests (or their taps and anchors), the host, and the outside. Null where a node is no end of a way. */
export const TopologyPathsRequest: CustomRequest<TopologyParams & { readonly from: string; readonly to: string }, TopologyPaths | null> = {
	method: "openbsdVnet/topologyPaths",
};
// ── What pf does: traces, policy tests, who reaches whom ─────────────────────────────────────────────────────────

/** A place in a file of a host. */
export interface FileLocation {
	readonly uri: Uri;
	readonly range: Range;
}

/** A flow as people write it: `outside`, `host`, a guest's name or an address; `tcp`, `udp`, `icmp` or a number. */
export interface TraceParams {
	/** Any file of the host. */
	readonly uri: Uri;
	readonly from: string;
	readonly to: string;
	readonly protocol: string;
	readonly port?: number;
}

/** What a rule has to do with a packet: it decides, it matched on the way, or it would have but for one thing. */
export type RuleRole = "decides" | "matches" | "misses";

export interface TracedRule {
	readonly role: RuleRole;
	readonly text: string;
	/** What it misses by, such as the destination port. */
	readonly detail: string;
	readonly action: "pass" | "block" | "match";
	readonly location: FileLocation | null;
}

export interface TracedStep {
	/** Such as `out tap3`. */
	readonly label: string;
	/** What is done there, and the packet that comes to it. */
	readonly detail: string;
	readonly verdict: "pass" | "block" | "untested";
	readonly rules: readonly TracedRule[];
}

export interface TracedWay {
	readonly label: string;
	readonly detail: string;
	readonly result: "passes" | "blocked" | "no answer" | "not forwarded";
	readonly steps: readonly TracedStep[];
}

export interface TraceView {
	readonly answer: "yes" | "no" | "one way" | "depends";
	/** The answer in a sentence. */
	readonly text: string;
	readonly ways: readonly TracedWay[];
	/** What was supposed, such as the address of an interface that is given one. */
	readonly notes: readonly string[];
}

/** Follows the first packet of a connection through the host. Null where an end or the protocol is not understood. */
export const TraceRequest: CustomRequest<TraceParams, TraceView | null> = { method: "openbsdVnet/trace" };

/** The ends that a host's flows can have; with a position, the flow that the rule there is about. */
export const TraceEndsRequest: CustomRequest<
	{ readonly uri: Uri; readonly position?: Position },
	{ readonly ends: readonly string[]; readonly suggested: Partial<Omit<TraceParams, "uri">> } | null
> = { method: "openbsdVnet/traceEnds" };

export interface PolicyTestItem {
	readonly name: string;
	readonly range: Range;
	/** Absent where only the list was asked for. */
	readonly result?: "passed" | "failed" | "undecided";
	/** What is wrong, each with the rule that decides. */
	readonly reasons: readonly { readonly text: string; readonly location: FileLocation | null }[];
}

/** The expectations of a .pftest file, with `run` what becomes of each. Null where the file is not known. */
export const PolicyTestsRequest: CustomRequest<{ readonly uri: Uri; readonly run: boolean }, readonly PolicyTestItem[] | null> = {
	method: "openbsdVnet/policyTests",
};

export interface MatrixCell {
	readonly answer: TraceView["answer"];
	/** The rule that decides, as pfctl prints it; empty for none. */
	readonly rule: string;
	readonly location: FileLocation | null;
}

/** Who reaches whom by which service. */
export interface MatrixView {
	readonly host: string;
	readonly ends: readonly string[];
	/** All there are: those that rules name, and the others of each protocol. */
	readonly services: readonly string[];
	/** For each service, a packet of it that can be traced. */
	readonly examples: readonly Pick<TraceParams, "protocol" | "port">[];
	/** By the end that a connection comes from, the end that it goes to, and the service; empty from an end to itself. */
	readonly cells: readonly (readonly (readonly MatrixCell[])[])[];
	/** Why no answer is known; empty where they are. */
	readonly note: string;
}

/** A matrix in which each answer is written once: of 200 guests it has a million, and few that differ. */
export interface PackedMatrix extends Omit<MatrixView, "cells"> {
	readonly answers: readonly MatrixCell[];
	/** As those of {@link MatrixView}, by the answers' numbers. */
	readonly cells: readonly (readonly (readonly number[])[])[];
}

export const MatrixRequest: CustomRequest<{ readonly uri: Uri }, PackedMatrix | null> = { method: "openbsdVnet/matrix" };

/** A connection that two versions of a host treat differently. */
export interface ChangedConnection {
	readonly kind: "opens" | "closes" | "uncertain";
	readonly from: string;
	readonly to: string;
	readonly service: string;
	/** A packet of it, where it is decided; empty where pf decides nowhere. */
	readonly example: string;
	/** The rule that decides after, as pfctl prints it; empty for none. */
	readonly rule: string;
	/** Why nothing is known of any connection. */
	readonly reason?: string;
	readonly location: FileLocation | null;
}

/** The files of a host, and the connections that change where some of them had other texts before; null for a file that was not there. */
export const DifferenceRequest: CustomRequest<
	{ readonly uri: Uri; readonly before: readonly { readonly uri: Uri; readonly text: string | null }[] },
	readonly ChangedConnection[] | null
> = { method: "openbsdVnet/difference" };

/** What becomes of a host's files with another release. */
export type UpgradeEffect = "refused" | "meaning" | "printed" | "needless";

export interface UpgradeFinding {
	readonly effect: UpgradeEffect;
	/** The release that brings it, where that is known. */
	readonly release: string | null;
	/** A diagnostic's code, or the name of the release's change. */
	readonly code: string;
	readonly message: string;
	/** On the host. */
	readonly path: string;
	readonly uri: Uri;
	readonly range: Range;
	readonly fixes: readonly { readonly title: string; readonly edits: readonly FileEdits[] }[];
}

export interface UpgradeView {
	readonly host: string;
	readonly from: string;
	readonly to: string;
	/** Why it may not be all; empty where it is. */
	readonly note: string;
	/** What is refused first; then in the order of the files. */
	readonly findings: readonly UpgradeFinding[];
	/** What pfctl loads for the one and for the other, as `diff -u` shows it; empty where it is the same. */
	readonly ruleset: string;
	readonly connections: readonly ChangedConnection[];
}

/** The files of a host read for two releases; `from` is what it runs, the newest before `to` where that is not known. */
export const UpgradeRequest: CustomRequest<
	{ readonly etc: Uri; readonly from: string | null; readonly to: string },
	{ readonly view: UpgradeView; readonly markdown: string } | null
> = {
	method: "openbsdVnet/upgrade",
};

/** The URIs of the files that a host's model is made from. */
export const HostFilesRequest: CustomRequest<{ readonly uri: Uri }, readonly Uri[]> = { method: "openbsdVnet/hostFiles" };

// ── Files: asked by the server that our own client starts, which reads through the editor ────────────────────────

export interface FileParams {
	readonly uri: Uri;
}

export interface FileEntry {
	readonly name: string;
	readonly type: "file" | "folder";
}

/** The text on disk, or why it is not read; null where there is none. */
export type FileAnswer = string | { readonly notRead: NotRead } | null;

export const ReadFileRequest: CustomRequest<FileParams, FileAnswer> = { method: "openbsdVnet/readFile" };

/** The names in a folder, empty where there is none. */
export const ListFolderRequest: CustomRequest<FileParams, readonly FileEntry[]> = { method: "openbsdVnet/listFolder" };

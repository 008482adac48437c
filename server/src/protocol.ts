/**
 * What client and server say to each other beyond the Language Server Protocol. Both sides import this file, so each shape is
 * written once. It has no imports at run time: client and server carry their own copies of the protocol library.
 */

import type { LiveHost, RuleCounters } from "./host/live.ts";
import type { Release } from "./text/vocabulary.ts";
import type { NotRead } from "./workspace.ts";

/** The method of a request that our own client makes; `lsp/custom.ts` has them all. */
export function ownMethod(name: string): string {
	return `openbsdVnet/${name}`;
}

/** A request of the server to our own client by its method, with the types of its parameters and of its answer. */
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

export type { CountedLimiter, CountedRule, RuleCounters, RulePast } from "./host/live.ts";

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

export interface PatternItem {
	readonly name: string;
	readonly title: string;
	readonly detail: string;
}

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
	/** An answer that can be taken as it is; empty without. */
	readonly example: string;
	/** How many questions there are from this one on, where the others are answered as most do. */
	readonly left: number;
}

export interface PatternFile {
	readonly uri: Uri;
	/** True for a file that is not there yet. */
	readonly created: boolean;
	readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

/** What a pattern changes of a host's files. */
export interface PatternEdits {
	readonly files: readonly PatternFile[];
	/** What is wrong with the answers; nothing is changed then. */
	readonly problems: readonly string[];
	/** What the pattern promises and rules of the host break. */
	readonly unmet: readonly string[];
	/** The commands for root on the host that make the disks of its guests. */
	readonly disks: readonly string[];
}

// ── Running hosts ────────────────────────────────────────────────────────────────────────────────────────────────

/** What a host that was asked has said. */
export interface LiveFacts {
	/** The folder that stands for its /etc, without a final slash. */
	readonly etc: Uri;
	readonly host: LiveHost;
	/** The release that it runs, as one that files can be read for. */
	readonly release?: Release;
	readonly counters?: RuleCounters;
}

/** Sent by the client with all hosts that it knows of, whenever one of them has answered again. */
export const LiveNotification: CustomNotification<{ readonly hosts: readonly LiveFacts[] }> = { method: "openbsdVnet/live" };

/** Sent by the client of a file that is open and in no tab any more: it does not ask what is wrong there until it is in one again. */
export const HiddenNotification: CustomNotification<{ readonly uri: Uri }> = { method: "openbsdVnet/hidden" };

export interface FileEdits {
	readonly uri: Uri;
	readonly edits: readonly { readonly range: Range; readonly newText: string }[];
}

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
	/** The kind in the reader's words. */
	readonly what: string;
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
	/** Whether pf filters packets here; absent where that does not apply. */
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

/** One way of a packet between two nodes. */
export interface TopologyPath {
	readonly kind: "bridged" | "routed";
	readonly forwarded: boolean;
	/** The nodes that it passes, the ends included, in order. */
	readonly nodes: readonly string[];
	/** Where it enters and leaves interfaces, and whether pf filters it there. */
	readonly steps: readonly { readonly node: string; readonly label: string; readonly direction: "in" | "out"; readonly tested: boolean }[];
}

/** The ways between two ends, which are named as {@link TraceParams} names them. */
export interface TopologyPaths {
	readonly from: string;
	readonly to: string;
	readonly paths: readonly TopologyPath[];
}

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
	/** What would let a packet through that is stopped, or make a way where there is none; empty where that is not one thing. */
	readonly advice: string;
	/** The changes that follow the advice. */
	readonly fixes: readonly TraceFix[];
}

export interface TraceFix {
	readonly title: string;
	readonly files: readonly PatternFile[];
}

/** An end that a flow can have. */
export interface TraceEnd {
	readonly name: string;
	/** Its addresses and switches. */
	readonly detail: string;
}

export interface PolicyTestItem {
	readonly name: string;
	readonly range: Range;
	/** Absent where only the list was asked for. */
	readonly result?: "passed" | "failed" | "undecided";
	/** What is wrong, each with the rule that decides. */
	readonly reasons: readonly { readonly text: string; readonly location: FileLocation | null }[];
}

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

/** Packets that two versions of a host's rules treat differently: those of two rules, or all that one rule takes from others. */
export interface ChangedPackets {
	/** What becomes of them, as a rule says it: `block drop`, `pass nat-to 203.0.113.1`; `skip` where pf does nothing. */
	readonly before: string;
	readonly after: string;
	/** In the words of pf.conf; a few, `others` are not told. */
	readonly packets: readonly string[];
	readonly others: number;
	/** One of them. */
	readonly example: string;
	/** The rule that decides, as pfctl prints it; empty where several do, or none. */
	readonly ruleBefore: string;
	readonly rule: string;
	/** Rules of which it is not known whether they match; without any, the change is certain. */
	readonly depends: readonly string[];
	/** That of `rule`. */
	readonly location: FileLocation | null;
}

/** Packets from outside that pf lets past. */
export interface ExposedPackets extends Pick<ChangedPackets, "packets" | "others" | "example" | "rule" | "depends" | "location"> {
	/** What becomes of them, as a rule says it. */
	readonly treatment: string;
	/** The ends that they get to past all other rules, with services that do; null where there is too much to look at. */
	readonly reached: readonly { readonly to: string; readonly answer: TraceView["answer"]; readonly services: readonly string[] }[] | null;
}

/** What the outside may reach. */
export interface ExposureView {
	/** Where pf first meets what comes from outside: `in on em0`. */
	readonly places: readonly string[];
	readonly openings: readonly ExposedPackets[];
	/** Ends that packets from outside come to without pf. */
	readonly unfiltered: readonly string[];
	/** Nothing else is let past; false where files are missing or refused, or there is too much to look at. */
	readonly isWhole: boolean;
}

export interface PacketChanges {
	readonly changes: readonly ChangedPackets[];
	/** No other packet is treated differently; false where files are missing or refused, pools hold other addresses, or there is too much to look at. */
	readonly isWhole: boolean;
	/** Settings, queues and limiters that only one version has, as pfctl prints them. */
	readonly gone: readonly string[];
	readonly come: readonly string[];
}

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

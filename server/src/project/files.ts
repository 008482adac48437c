/** All files that are known, found by their URI or by their host, and what the files of a host make together. */
import type { LiveHost } from "../host/live.ts";
import type { Host } from "../host/model.ts";
import type { RuleCounters } from "../protocol.ts";
import type { Diagnostic } from "../text/diagnostic.ts";
import type { SourceFile } from "./source-file.ts";

/** All files that are known. */
export interface Files {
	file(uri: string): SourceFile | undefined;
	/** A file of the same host by its path there. */
	onSameHost(file: SourceFile, path: string): SourceFile | undefined;
	/** All files of the file's host in one of the languages, itself included, in the order of their paths. */
	hostOf(file: SourceFile): readonly SourceFile[];
	all(): readonly SourceFile[];
	/** The text of any file of the same host, such as its sysctl.conf; undefined where it is not there or not known. */
	hostText(file: SourceFile, path: string): string | undefined;
	/** The model of the file's host. */
	hostModel(file: SourceFile): Host;
	/** What only shows across the files of the host, where it stands in this one. */
	hostDiagnostics(file: SourceFile): readonly Diagnostic[];
	/** The paths of a host that are known to exist. */
	hostPaths(file: SourceFile): readonly string[];
	/** What the running host has said of its taps; undefined where it was not asked. */
	live(file: SourceFile): LiveHost | undefined;
	/** What the running host counts for its rules; undefined where it was not asked. */
	counters(file: SourceFile): RuleCounters | undefined;
}

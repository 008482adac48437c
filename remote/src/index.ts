/** One OpenBSD host over SSH, for the editor and the command line. */
export { type CarpRoles, carpRoles } from "./carp.ts";
export { connect, targetOf, withConnection } from "./connect.ts";
export type { Connection, ConnectOptions, Transport } from "./connection.ts";
export { ConnectionError, type ConnectionFault } from "./connection-error.ts";
export type { Log, LogEvent } from "./connection-log.ts";
export { rememberReading } from "./counter-file.ts";
export { type CountedWhen, type CounterReading, type CounterStart, daysWithout, type RuleWithPast } from "./counter-memory.ts";
export type { Activation, GuestsBy } from "./deploy/activation.ts";
export {
	type DeployEnd,
	type DeployOptions,
	type DeployResult,
	type DeployStep,
	deploy,
	newDeploymentId,
	stepsOf,
} from "./deploy/apply.ts";
export { validate } from "./deploy/check.ts";
export { type HostComplaint, ourselves } from "./deploy/complaint.ts";
export { textsThere } from "./deploy/fetch.ts";
export { type FileRole, roleOf, type WantedFile } from "./deploy/files.ts";
export {
	type InstalledProgram,
	installedProgram,
	installProgram,
	programPath,
	pruneDeployments,
	refreshProgram,
	uninstallProgram,
} from "./deploy/installed.ts";
export { noteSeen } from "./deploy/merge.ts";
export { type FileChange, fileDiff, filesAfter, makePlan, type Plan, type PlanOptions, type Survival } from "./deploy/plan.ts";
export { askPlanStates, type PlanStates } from "./deploy/plan-states.ts";
export { hostProgram, programName, programVersion } from "./deploy/program/program.ts";
export { type HostFiles, type LeftFile, type Pull, type PulledFile, pullOf } from "./deploy/pull.ts";
export { type Rehearsal, type RehearseOptions, rehearse } from "./deploy/rehearse.ts";
export { changedFiles, changesOf, type DeployedChange, type Deployment, deployments, filesBefore, logOf } from "./deploy/rollback.ts";
export { type RootRequest, type RootRunner, runHostProgram } from "./deploy/root.ts";
export { hideSecrets } from "./deploy/secrets.ts";
export { type Standing, type StandingKind, standingsOf } from "./deploy/standing.ts";
export { wantedFilesOf } from "./deploy/wanted-files.ts";
export { noteWayBack, rehearsedFile, type WayBack, wayBackKey, wayBackOf } from "./deploy/way-back.ts";
export { diskLine, disksOf, type GuestDisk, isDiskSize, type MadeDisk, makeDisks, missingDisks } from "./disks.ts";
export { actOnGuest, consoleLine, type GuestAction } from "./guests.ts";
export {
	type Asked,
	askAnchors,
	askBoot,
	askLiveState,
	askLoadedRules,
	askRuleCounters,
	type LoadedCounters,
	type RunOnHost,
} from "./live.ts";
export type { GuestState, ListedGuest, VmdAnswer } from "./live-guests.ts";
export type { LiveAddress, LiveInterface, LiveMember } from "./live-interfaces.ts";
export { type CommandResult, type NumberedRule, ruleFinder } from "./live-rules.ts";
export { liveAnswerLimit, liveScript } from "./live-script.ts";
export {
	type LiveBridge,
	type LiveGuest,
	type LiveState,
	type LiveSystem,
	readLiveState,
	simulatedVersion,
	type TapState,
	type TapUse,
} from "./live-state.ts";
export { askStates, endStates, type LoadedStates, ratesOf, type StateRate } from "./live-states.ts";
export { askTables, type ChangedTable, changeTable, type LoadedTables } from "./live-tables.ts";
export { localSide } from "./local-side.ts";
export { loggedEndText } from "./log-reader.ts";
export { followLog, type LogBegin, type LogCounts, type LogEvents, type LogQuestion, type LogRow } from "./packet-log.ts";
export { type HostKeyQuestion, noPrompts, type Prompts } from "./prompts.ts";
export { askRates, type GuestLoad, type InterfaceRate, type LiveRates, MOST_RATE_SECONDS, type Rate } from "./rates.ts";
export { doasRule, type RunOptions, type RunResult, run, runAsRoot } from "./run.ts";
export { type HostSession, openSession, type SessionOptions } from "./session.ts";
export { loginLine, quoted, type ShellCommand, sh } from "./shell-words.ts";
export { configuredHosts, folderNameOf, type LocalSide, readDestination, resolveTarget, type SshTarget } from "./ssh-config.ts";
export { type ReadStates, StateReader } from "./state-reader.ts";
export { askStateRows, type StateAnswer, type StateOrder, type StateQuestion, type StateRow } from "./state-rows.ts";
export type { Area, Verified } from "./verification/verified.ts";
export { type Verification, verifyHost } from "./verification/verify.ts";

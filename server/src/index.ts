/** What the other packages take of this one. What is published stands in `library.ts`. */
export { checkHost, hostChecks } from "./host/checks.ts";
export { discoverHosts, filesOfHost, hostListName, readHostList, withDeployedFiles, withHost } from "./host/discover.ts";
export type { PfFacts } from "./host/filter.ts";
export { etcOf, folderWithFiles, type HostFolder, pathOnHost, uriOnHost } from "./host/folder.ts";
export { type InterfaceConfig, readInterface } from "./host/interfaces.ts";
export { guestStateText } from "./host/live.ts";
export {
	compareTables,
	forgottenBy,
	type Insertion,
	type KeptTable,
	keepTable,
	type LiveTable,
	type NotKept,
	type OnReload,
	readTableAddress,
	readTableName,
	type TableName,
	type TableRow,
	tableFlags,
	tableNameText,
	withInsertion,
} from "./host/live-tables.ts";
export { loadedRulesOf } from "./host/loaded-rules.ts";
export { type Host, type HostSource, hostBuilder, isCloned, type Link, type ModelFile, mayExist, type Segment } from "./host/model.ts";
export { type MygateLine, readMygate } from "./host/mygate.ts";
export { type OwnAddresses, ownAddresses, withAddressesOf } from "./host/pairs.ts";
export { type Endpoint, type Path, type PathStep, pathsBetween } from "./host/paths.ts";
export { pfFacts } from "./host/pf-facts.ts";
export * as sysctl from "./host/programs.ts";
export { type RcVariable, rcVariable, readRcConf, servedInterfaces } from "./host/rc-conf.ts";
export { filesOfRulesets, pathsOfRulesets } from "./host/ruleset-files.ts";
export { rulesetText } from "./host/ruleset-text.ts";
export { readSysctl, type SysctlSetting, sysctlSetting } from "./host/sysctl.ts";
export { type Topology, type TopologyEdge, type TopologyNode, topology } from "./host/topology.ts";
export { vlanRanges } from "./host/veb-vlans.ts";
export { tcpdumpArguments, type WatchPlace, watchPlaces } from "./host/watch-places.ts";
export { hostnameDiagnostics } from "./hostname/diagnostics.ts";
export { hostnameLanguage } from "./hostname/language.ts";
export { hostnameOf, hostnamePath, interfaceOfPath, isHostnamePath, isLladdrPath } from "./hostname/names.ts";
export * as netstart from "./hostname/programs.ts";
export { applyPattern, isPattern, type PatternName, patterns, questionsOf } from "./patterns/patterns.ts";
export { PfFile } from "./pf/editor/file.ts";
export { pfLanguage } from "./pf/language.ts";
export { pfLintDiagnostics } from "./pf/lint/lint.ts";
export { formatIp, inNetwork, masked, parseIp, sameIp } from "./pf/names/address.ts";
export { protocolNumber } from "./pf/names/protocols.ts";
export type { Anchor, Family, Ip, Limiter, Rule, Ruleset, Table } from "./pf/rules.ts";
export * as pfctl from "./pf/ruleset/dryrun.ts";
export { printRule, printRuleset, rulesetLines } from "./pf/ruleset/print.ts";
export { readRuleset } from "./pf/ruleset/ruleset.ts";
export { answerPackets, type PacketAnswer } from "./policy/answer.ts";
export { packetChecks } from "./policy/checks.ts";
export { findDeadRules, type RuleFinding } from "./policy/dead.ts";
export type { Finding } from "./policy/decide.ts";
export { type End, endText, type GivenAddresses, readEnd } from "./policy/endpoints.ts";
export { type Condition, createEvaluator, type Encounter, type Evaluator, type Outcome } from "./policy/evaluate.ts";
export * as pf from "./policy/evaluate-text.ts";
export { lintPolicy, policyDiagnostics } from "./policy/lint.ts";
export { type Packet, parsePacket } from "./policy/packet.ts";
export { packetChangesEnd, packetChangesMarkdown } from "./policy/packet-changes-text.ts";
export { type Cell, type ChangeInWords, inWords, type Matrix, reachability, reachabilityDifference } from "./policy/reachability.ts";
export { atomText, type ServiceAtom, type ServiceSet } from "./policy/services.ts";
export { judgeOfStates, type MadeOn, madeOnOf, type StateJudge, type StateVerdict } from "./policy/state-verdicts.ts";
export { endOfState, guestsOfStates, type PfState, type StateEnd, stateWords, waysOfState } from "./policy/states.ts";
export {
	createTracer,
	decidingStep,
	type Flow,
	isCutOff,
	type Service,
	type Trace,
	type Tracer,
	type TraceStep,
	trace,
	type Way,
} from "./policy/trace.ts";
export type {
	ChangedConnection,
	ChangedPackets,
	CountedLimiter,
	CountedRule,
	ExposedPackets,
	ExposureView,
	MatrixView,
	PacketChanges,
	TraceView,
	UpgradeEffect,
	UpgradeFinding,
	UpgradeView,
} from "./protocol.ts";
export { newestRelease, RELEASES } from "./releases/releases.ts";
export { isBeyondKnown, newestKnownRelease, releaseAfter, releaseOfKernel } from "./releases/running.ts";
export { createLanguageService, type LanguageService } from "./service.ts";
export type { Diagnostic, DiagnosticCatalog, DiagnosticRule, Fix, Related, Severity, TextEdit } from "./text/diagnostic.ts";
export * from "./text/host-paths.ts";
export type {
	ExpandedLine,
	Expectation,
	Expected,
	FileContext,
	HostFacts,
	HostInterface,
	InterfaceAddress,
	Language,
	LanguageId,
	OutlineNode,
	ParsedFile,
	SymbolFacts,
	SymbolUse,
	SyntaxToken as Mark,
	TextChange,
	TokenKind as MarkRole,
} from "./text/language.ts";
export { unifiedDiff } from "./text/line-diff.ts";
export { type Message, msg, render, type Translations } from "./text/message.ts";
export type { Place, Placed } from "./text/place.ts";
export { isRelease } from "./text/release.ts";
export type { Span } from "./text/span.ts";
export type { Argument, Release, SymbolKind, ValueType, VocabularyEntry } from "./text/vocabulary.ts";
export { diskCommands, guestDisks, usualDiskSize } from "./vm/disks.ts";
export * as vmd from "./vm/dryrun.ts";
export { VmFile } from "./vm/file.ts";
export { vmLanguage } from "./vm/language.ts";
export { vmDiagnostics } from "./vm/lint.ts";
export type { VmConfig, VmGuest, VmInterface, VmSwitch } from "./vm/model.ts";
export { startCodes } from "./vm/start.ts";
export { maximumFileSize, memoryWorkspace, type NotRead, notReadMessage, type Workspace, whyNotRead } from "./workspace.ts";

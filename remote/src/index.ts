/** One OpenBSD host over SSH, for the editor and the command line. */

export { type Asked, askAnchors, askLiveState, askLoadedRules, askRuleCounters, type RunOnHost, type RunOptions } from "./live.ts";
export type { GuestState, ListedGuest, VmdAnswer } from "./live-guests.ts";
export type { LiveAddress, LiveInterface, LiveMember } from "./live-interfaces.ts";
export type { CommandResult, LoadedRule } from "./live-rules.ts";
export { liveAnswerLimit, liveScript } from "./live-script.ts";
export {
	type LiveBridge,
	type LiveGuest,
	type LiveState,
	type LiveSystem,
	type LiveTap,
	readLiveState,
	simulatedVersion,
	type TapUse,
} from "./live-state.ts";

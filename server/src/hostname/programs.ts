/** What the host's own programs make of a hostname file: netstart(8), and ifconfig(8) under it. */
export { type CheckOptions, type CheckResult, check, vebOf } from "./check.ts";
export { familyOf, usualMtu } from "./families.ts";
export { dryRun, startOrder } from "./netstart.ts";
export { type AddressSetting, allSettings, type RuleSetting, type Setting, type SettingLine, settingsOf } from "./settings.ts";
export type { PrivateVlan, UntaggedVlan, VebPort, VebState } from "./veb.ts";
export { isVlan, isVlanWord } from "./vlans.ts";
export { optionWords, wordOf } from "./vocabulary.ts";

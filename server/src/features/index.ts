/** What the command line uses beside `createLanguageService`: words and texts. */
export { diagnosticCatalog } from "./catalogs.ts";
export {
	type CheckedDiagnostic,
	filesByHost,
	isConfigurationFile,
	isPolicyTestFile,
	type TestedFile,
} from "./check.ts";
export { anchorOf } from "./diagnostics.ts";
export type { AppliedFix } from "./fix-files.ts";
export type { TestedExpectation } from "./policy-test-report.ts";
export { releaseWords, type WordsOfReleases } from "./release-words.ts";
export { noUpgradeChanges, upgradeChanges, upgradeHeading, upgradeMarkdown, upgradeTitles } from "./upgrade-text.ts";

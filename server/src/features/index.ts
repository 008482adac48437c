/** What the command line uses of the features. */
export { diagnosticCatalog } from "./catalogs.ts";
export {
	type CheckedDiagnostic,
	checkFiles,
	expandFile,
	filesByHost,
	isConfigurationFile,
	isPolicyTestFile,
	type TestedFile,
	testFiles,
} from "./check.ts";
export { anchorOf } from "./diagnostics.ts";
export { type AppliedFix, fixFiles } from "./fix-files.ts";
export type { TestedExpectation } from "./policy-test-report.ts";
export { releaseWords, type WordsOfReleases } from "./release-words.ts";
export { upgradeOf } from "./upgrade.ts";
export { noUpgradeChanges, upgradeChanges, upgradeHeading, upgradeMarkdown, upgradeTitles } from "./upgrade-text.ts";

/** What the command line uses beside `createLanguageService`: words and texts. */

export { type Block, markdown, markdownCode, markdownText, type Words } from "../text/document.ts";
export { diagnosticCatalog } from "./catalogs.ts";
export {
	type CheckedDiagnostic,
	filesByHost,
	isConfigurationFile,
	isPolicyTestFile,
	type TestedFile,
} from "./check.ts";
export { anchorOf } from "./diagnostics.ts";
export { exposureEnd, exposurePlaces, exposureTable, reachedTexts } from "./exposure-text.ts";
export type { AppliedFix } from "./fix-files.ts";
export type { TestedExpectation } from "./policy-test-report.ts";
export { releaseWords, type WordsOfReleases } from "./release-words.ts";
export { noUpgradeChanges, upgradeChanges, upgradeHeading, upgradeMarkdown, upgradeTitles } from "./upgrade-text.ts";

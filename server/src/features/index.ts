/** What the command line uses of the features. */
export { diagnosticCatalog } from "./catalogs.ts";
export { type CheckedDiagnostic, checkFiles, expandFile, isConfigurationFile } from "./check.ts";

/** The folder of each package that a bundle has code of, sorted. */
export function packagesOf(inputs: Iterable<string>): string[];
/** The text that is shipped beside the bundles. */
export function thirdPartyNotices(root: string, folders: readonly string[]): string;

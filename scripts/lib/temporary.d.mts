/** The folder for temporary files of tests: in memory, where there is room for them. */
export declare function temporaryFolder(): string;
/** A new folder of one run, which removes it when it ends. What runs have left that were cut off goes now. */
export declare function runFolder(name: string): string;

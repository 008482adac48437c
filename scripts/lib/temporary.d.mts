/** The folder for temporary files of tests: in memory, where there is room for them. */
export declare function temporaryFolder(): string;

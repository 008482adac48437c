export declare const nightly: boolean;
export declare const seed: number;
export declare function shareOf<T>(all: readonly T[], parts: number, day?: number): readonly T[];
export declare function runs(all: number, parts: number): number;

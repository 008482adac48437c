export declare function releaseFaults(tag: string | undefined): readonly string[];

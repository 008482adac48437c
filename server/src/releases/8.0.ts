import type { ReleaseData } from "./release-data.ts";

export const release80 = { name: "8.0", published: undefined, changes: [] } as const satisfies ReleaseData;

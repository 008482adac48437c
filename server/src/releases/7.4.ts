import type { ReleaseData } from "./release-data.ts";

export const release74 = { name: "7.4", published: "2023-10-16", changes: [] } as const satisfies ReleaseData;

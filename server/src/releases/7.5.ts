import type { ReleaseData } from "./release-data.ts";

export const release75 = { name: "7.5", published: "2024-04-05", changes: [] } as const satisfies ReleaseData;

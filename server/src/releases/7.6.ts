import type { ReleaseData } from "./release-data.ts";

export const release76 = { name: "7.6", published: "2024-10-08", changes: [] } as const satisfies ReleaseData;

import type { ReleaseData } from "./release-data.ts";

export const release77 = { name: "7.7", published: "2025-04-28", changes: [] } as const satisfies ReleaseData;

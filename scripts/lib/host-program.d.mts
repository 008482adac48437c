import type { Plugin } from "esbuild";

export const hostProgramText: Plugin;

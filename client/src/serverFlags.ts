/**
 * How Node runs the server: it collects its garbage when nobody asks for anything, which needs a collector to call, and its young
 * generation stays small, of which a file that is read anew has no need.
 */
export const serverFlags: readonly string[] = ["--expose-gc", "--max-semi-space-size=4"];

/**
 * How Node runs the server: it calls the garbage collector itself, when nobody asks for anything. Its young generation stays
 * small, for a file that is read afresh needs none of it.
 */
export const serverFlags: readonly string[] = ["--expose-gc", "--max-semi-space-size=4"];

/** How far rules are expanded: a few lists in one line make more rules than any machine can hold, and pfctl has no limit of its own. */

/** Rules of one ruleset, with all that it includes. The largest in use have some ten thousand; so many take 20 MB, and half a second to read. */
export const MAX_RULES = 200_000;

/** Rules of one statement: a keystroke in it makes all of them again, which is to stay below 100 ms. */
export const MAX_RULES_OF_STATEMENT = 50_000;

/** Files that are read in the place of `include` statements, however they include each other. */
export const MAX_FILES = 1000;

/** Files that `load anchor` statements name, and those that these name in turn. */
export const MAX_LOADS = 1000;

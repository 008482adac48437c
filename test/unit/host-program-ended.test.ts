import { shareOf } from "../share.ts";
import { type Ending, testEnding } from "./interrupted.ts";

/** One of each so many commands has its turn, on a day of that ending: three divides none of these numbers, so that each gets one. */
const parts: Readonly<Record<Ending, number>> = { fail: 56, kill: 56, power: 40 };

for (const by of shareOf(["fail", "kill", "power"] as const, 3)) testEnding(by, parts[by]);

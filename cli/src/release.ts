/** Releases that are given on the command line. */
import { isRelease, type Release } from "@openbsd-vnet/server";
import { UsageError } from "./arguments.ts";
import { tell } from "./translations.ts";

/** @throws UsageError where the text names none */
export function releaseOf(given: string): Release;
export function releaseOf(given: string | undefined): Release | undefined;
export function releaseOf(given: string | undefined): Release | undefined {
	if (given === undefined || isRelease(given)) return given;
	throw new UsageError(tell("a release is one such as 7.9, not '{0}'", given));
}

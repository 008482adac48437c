import { madeScheme } from "@openbsd-vnet/server/protocol";
import { planScheme } from "./deploy/planScheme.ts";
import { liveScheme } from "./hosts/liveScheme.ts";

/** The schemes of documents that we make in the languages of files: none is a file of a host. */
export const ownSchemes: readonly string[] = [madeScheme, liveScheme, planScheme];

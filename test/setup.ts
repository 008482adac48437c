/** Runs before each file of unit tests: what fast-check makes up is the same for the same seed. */
import fc from "fast-check";
import { seed } from "./share.ts";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });

/** A thread of `check`: it checks the files that it is given, host by host, and posts what it found. */
import { parentPort, workerData } from "node:worker_threads";
import { checkFiles } from "@openbsd-vnet/server/features";
import type { CheckShare, ThreadMessage } from "./check-shares.ts";
import { disk } from "./disk.ts";

const { folders, release, uris, translations }: CheckShare = workerData;
const post = (message: ThreadMessage): void => parentPort?.postMessage(message);
post(await checkFiles({ ...disk, folders, ...(release === undefined ? {} : { release }) }, uris, translations, () => post("host")));

/** A thread of `check`: it checks the hosts that it is given, one after the other, and posts what it found. */
import { parentPort, workerData } from "node:worker_threads";
import { checkFiles } from "@openbsd-vnet/server/features";
import type { CheckShare } from "./check-shares.ts";
import { disk } from "./disk.ts";

const { folders, translations }: CheckShare = workerData;
let work = Promise.resolve();
parentPort?.on("message", (own: readonly string[] | null) => {
	work = work.then(async () => {
		if (own === null) parentPort?.close();
		else parentPort?.postMessage(await checkFiles({ ...disk, folders }, own, translations));
	});
});

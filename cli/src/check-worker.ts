/** A thread of `check`: it checks the hosts that it is given, one after the other, and posts what it found. */
import { parentPort, workerData } from "node:worker_threads";
import { createLanguageService } from "@openbsd-vnet/server";
import type { CheckShare } from "./check-shares.ts";
import { disk } from "./disk.ts";

const { folders, translations }: CheckShare = workerData;
const service = createLanguageService({ ...disk, folders }, translations && { translations });
let work = Promise.resolve();
parentPort?.on("message", (own: readonly string[] | null) => {
	work = work.then(async () => {
		if (own === null) parentPort?.close();
		else parentPort?.postMessage(await service.checkFiles(own));
	});
});

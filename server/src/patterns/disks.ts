/** The disks that a pattern's guests need, as the commands that make them. */
import type { HostSource } from "../host/model.ts";
import { VM_CONF } from "../text/host-paths.ts";
import { diskCommands, guestDisks } from "../vm/disks.ts";
import { VmFile } from "../vm/file.ts";

/** Makes the disks that guests need now and did not before. */
export function commandsForDisks(before: HostSource["files"], after: HostSource["files"]): readonly string[] {
	const known = disksOf(before);
	const added = [...disksOf(after)].filter(([path]) => !known.has(path));
	return [...new Set(added.flatMap(([path, format]) => diskCommands(path, format).map((words) => words.join(" "))))];
}

function disksOf(files: HostSource["files"]): ReturnType<typeof guestDisks> {
	return guestDisks(VmFile.parse(files.get(VM_CONF)?.text ?? "", { path: VM_CONF, readFile: (path) => files.get(path)?.text }).config);
}

/** Guests' disks, and how they are made on a host: vmctl(8) takes options before the path, and the format from a prefix or the file's ending. */
import type { VmConfig } from "./model.ts";

type DiskFormat = "raw" | "qcow2" | undefined;

/** The disks that the guests of a vm.conf need, each once, by their paths. One with a macro that is not known is left out. */
export function guestDisks({ guests }: Pick<VmConfig, "guests">): ReadonlyMap<string, DiskFormat> {
	const disks = new Map<string, DiskFormat>();
	for (const { value, known, format } of guests.flatMap((guest) => guest.disks))
		if (known !== false && value.startsWith("/") && !disks.has(value)) disks.set(value, format?.value);
	return disks;
}

/** The largest size that is likely meant: an image without content takes no room. */
export const usualDiskSize = "20G";

/**
 * The commands for root that make a disk and the folder that it lies in, as words.
 * @param path of the image
 * @param format where vm.conf names one
 * @param size as vmctl takes it, such as `20G`
 */
export function diskCommands(path: string, format: DiskFormat, size = usualDiskSize): readonly (readonly string[])[] {
	const folder = path.slice(0, path.lastIndexOf("/"));
	const byEnding = path.endsWith(".qcow2") ? "qcow2" : "raw";
	const target = format === undefined || format === byEnding ? path : `${format}:${path}`;
	return [...(folder === "" ? [] : [["install", "-d", "-o", "root", "-g", "wheel", folder]]), ["vmctl", "create", "-s", size, target]];
}

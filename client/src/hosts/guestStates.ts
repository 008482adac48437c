import type { GuestAction, LiveGuest } from "@openbsd-vnet/remote";

/** In which states of a guest something can be done to it; the menus of the manifest say the same. */
export const fits: Readonly<Record<GuestAction | "console", readonly LiveGuest["state"][]>> = {
	start: ["stopped", "unknown"],
	stop: ["running", "paused", "unknown"],
	kill: ["running", "paused", "stopping", "unknown"],
	pause: ["running", "unknown"],
	resume: ["paused", "unknown"],
	console: ["running", "paused", "stopping", "unknown"],
};

/** Lets work go on that nobody waits for; its failure is logged among those of extensions. */
export function inBackground(work: PromiseLike<unknown> | undefined): void {
	work?.then(undefined, (error: unknown) => console.error("OpenBSD VM Networking:", error));
}

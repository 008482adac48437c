/** The scheme of documents that show what a host has loaded. */
export const liveScheme = "openbsd-vnet-live";

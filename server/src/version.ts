/** How the server introduces itself; a test keeps the version equal to the package's. */
export const serverName = "openbsd-vnet";
export const serverVersion = "0.1.0";

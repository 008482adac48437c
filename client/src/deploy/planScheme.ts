/** The scheme of plans, and of the files before and after them. */
export const planScheme = "openbsd-vnet-plan";

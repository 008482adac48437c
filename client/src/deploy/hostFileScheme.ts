/** The scheme of the files of running hosts: `openbsd-vnet-host://HOST/etc/pf.conf`. */
export const hostFileScheme = "openbsd-vnet-host";

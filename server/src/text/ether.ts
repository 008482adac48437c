/** One number of strtol(3) from 0 to 255. */
const OCTET = "\\+?(?:0[xX])?0*([0-9a-fA-F]{1,2})";
const ETHER = new RegExp(`^\\s*${Array<string>(6).fill(OCTET).join(":")}(?:\\s.*)?$`);

/** The six bytes of a MAC address as ether_aton(3) takes it; undefined where it is none. */
export function etherAton(text: string): readonly number[] | undefined {
	return ETHER.exec(text)
		?.slice(1)
		.map((octet) => Number.parseInt(octet, 16));
}

/** A MAC address as ether_ntoa(3) writes it. */
export function etherNtoa(bytes: readonly number[]): string {
	return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

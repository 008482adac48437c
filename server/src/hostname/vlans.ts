/** VLANs by their numbers, and the words of ifconfig(8) that say who is in which. */

/** The first and the last VLAN: 0 and 4095 have meanings of their own (IEEE 802.1Q). */
export const VLANS = [1, 4094] as const;

export function isVlan(number: number): boolean {
	return number >= VLANS[0] && number <= VLANS[1];
}

/** Whether a word sets the VLANs of a veb or of its ports, so that its outcome hangs on those before it. */
export function isVlanWord(word: string): boolean {
	return /^-?(?:untagged|tagged|vnetid|pvlan|pvlan-isolated|pvlan-community)$/.test(word);
}

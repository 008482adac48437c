/** The interfaces that hostname files configure, with their addresses as values. */
import { type HostnameAddress, type HostnameModel, readHostname } from "../hostname/model.ts";
import { parseIp } from "../pf/names/address.ts";
import type { Ip } from "../pf/rules.ts";
import type { Release } from "../text/vocabulary.ts";

export interface ConfiguredAddress extends HostnameAddress {
	/** Undefined where it is a name that is resolved on the host. */
	readonly ip?: Ip;
}

export interface InterfaceConfig extends HostnameModel {
	readonly addresses: readonly ConfiguredAddress[];
}

/** Reads a hostname file as the host's release does. `path` is its path on the host. */
export function readInterface(path: string, text: string, release?: Release): InterfaceConfig {
	const model = readHostname(path, text, release);
	return { ...model, addresses: model.addresses.map(withValue) };
}

function withValue(address: HostnameAddress): ConfiguredAddress {
	const parsed = parseIp(address.text);
	return parsed?.family === address.family ? { ...address, ip: parsed.address } : address;
}

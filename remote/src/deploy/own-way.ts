/** What a change of interfaces and of the default route means for the SSH connection that we come by. */
import {
	hostnamePath,
	inNetwork,
	isCloned,
	type Message,
	MYGATE,
	masked,
	msg,
	parseIp,
	readInterface,
	readMygate,
} from "@openbsd-vnet/server";
import { sameAddress } from "../interfaces/running.ts";
import type { LiveInterface } from "../live-interfaces.ts";

/** Our address, and the address of the host that we came to. */
export interface OwnWay {
	readonly from: string;
	readonly to: string;
}

/**
 * Why a new connection like ours comes to nothing, whatever the rules are; undefined where that is not certain.
 * @param changed the paths of the files whose texts change
 */
export function lostWay(
	{ from, to }: OwnWay,
	interfaces: readonly LiveInterface[],
	changed: readonly string[],
	files: ReadonlyMap<string, string>,
): Message | undefined {
	const on = interfaces.find(({ addresses }) => addresses.some(({ address }) => address === to));
	const path = hostnamePath(on?.name ?? "");
	if (on !== undefined && changed.includes(path)) {
		const text = files.get(path);
		if (text === undefined && isCloned(on.name)) return msg("{0}, which our connection uses, is removed", on.name);
		const { addresses, autoconf } = readInterface(path, text ?? "");
		const family = to.includes(":") ? "inet6" : "inet";
		const isSet = addresses.some(({ text: address }) => parseIp(address) === undefined || sameAddress(address, to));
		if (!isSet && autoconf[family] === undefined) return msg("{0} loses the address {1} that we came to", on.name, to);
	}
	return changed.includes(MYGATE) ? lostGateway(from, interfaces, files) : undefined;
}

/** Replies go to a gateway that no network of the host reaches, or to none. */
function lostGateway(from: string, interfaces: readonly LiveInterface[], files: ReadonlyMap<string, string>): Message | undefined {
	const family = from.includes(":") ? "inet6" : "inet";
	const networks = interfaces.flatMap(({ name, addresses }) => {
		const text = files.get(hostnamePath(name));
		const set = readInterface(hostnamePath(name), text ?? "").addresses.map(({ text: address, bits }) => ({ address, prefix: bits }));
		return [...addresses, ...set];
	});
	const isNear = (address: string) =>
		networks.some(({ address: own, prefix }) => {
			const [ip, other] = [parseIp(own), parseIp(address)];
			return (
				ip !== undefined &&
				ip.family === other?.family &&
				prefix !== undefined &&
				inNetwork(other.address, masked(ip.address, prefix), prefix)
			);
		});
	if (isNear(from)) return undefined;
	const gateway = readMygate(files.get(MYGATE) ?? "").find((line) => line.kind === "gateway" && line.family === family);
	if (gateway?.kind !== "gateway") return msg("there is no default route any more, by which what the host answers reaches us");
	if (parseIp(gateway.address) === undefined || isNear(gateway.address)) return undefined;
	return msg("no network of the host has the gateway {0}, by which what it answers reaches us", gateway.address);
}

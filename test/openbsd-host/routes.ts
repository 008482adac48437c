/** `route -n show`: the routes that the kernel makes of addresses, and the default route of mygate or of DHCP. */
import { fail, getopt, ok, type Program } from "./program.ts";
import type { SimulatedInterface } from "./state.ts";

export const route: Program = ({ state, readFile }, args) => {
	const parsed = getopt(
		args.filter((word) => word !== "-inet" && word !== "-inet6"),
		"dnqtvT:",
	);
	if (parsed === undefined || parsed.rest[0] !== "show") return fail("usage: route [-dnqtv] [-T rtable] command [[modifiers] args]");
	if (args.includes("-inet6")) return ok("Routing tables\n\nInternet6:\n");
	const up = state.interfaces.filter(({ flags }) => flags.includes("UP"));
	const gateway = /^\d+(?:\.\d+){3}$/m.exec(readFile("/etc/mygate") ?? "")?.[0];
	const egress = up.find(({ groups }) => groups.includes("egress"));
	const first = egress === undefined ? undefined : networks(egress)[0];
	const rows = [
		...(egress === undefined || (gateway === undefined && first === undefined)
			? []
			: [row("default", gateway ?? `${first?.prefix}.1`, "UGS", 8, egress.name)]),
		row("224/4", "127.0.0.1", "URS", 8, "lo0"),
		...up.flatMap((each) => networks(each).map(({ prefix, bits, address }) => row(`${prefix}/${bits}`, address, "UCn", 4, each.name))),
	];
	const head = `${"Destination".padEnd(19)}${"Gateway".padEnd(19)}Flags   Refs      Use   Mtu  Prio Iface`;
	return ok(`Routing tables\n\nInternet:\n${[head, ...rows].join("\n")}\n`);
};

/** Networks whose length is a whole number of bytes, which is all that the simulated hosts have. */
function networks({ addresses }: SimulatedInterface) {
	return addresses.flatMap((each) => {
		const [address = "", bits = ""] = each.split("/");
		const bytes = Number(bits) / 8;
		if (address.includes(":") || !Number.isInteger(bytes) || bytes < 1 || bytes > 3) return [];
		return [{ address, bits, prefix: address.split(".").slice(0, bytes).join(".") }];
	});
}

function row(destination: string, gateway: string, flags: string, priority: number, name: string): string {
	return `${destination.padEnd(19)}${gateway.padEnd(19)}${flags.padEnd(7)}     0        0     - ${String(priority).padStart(5)} ${name.padEnd(5)}`;
}

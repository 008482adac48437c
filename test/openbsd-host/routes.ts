/** route(8): the routes that the kernel makes of addresses, static ones, and the default route of mygate or of DHCP. */
import { fail, getopt, type Machine, ok, type Program } from "./program.ts";
import type { SimulatedInterface, SimulatedState } from "./state.ts";

type Static = NonNullable<SimulatedState["routes"]>[number];

export const route: Program = (machine, args) => {
	const parsed = getopt(
		args.filter((word) => !/^-(inet6?|net|host|static)$/.test(word)),
		"dnqtvT:",
	);
	const [verb, ...rest] = parsed?.rest ?? [];
	const quiet = parsed?.options.some(([letter]) => letter === "q") === true;
	if (verb === "show") return ok(args.includes("-inet6") ? "Routing tables\n\nInternet6:\n" : shown(machine));
	if (verb !== "add" && verb !== "delete" && verb !== "change") return fail("usage: route [-dnqtv] [-T rtable] command [[modifiers] args]");
	if (machine.uid !== 0) return fail("route: must be root to alter routing table");
	const [destination = "", gateway = ""] = rest;
	const said = set(machine, verb, destination, gateway);
	return said === undefined ? ok() : { status: 1, stderr: quiet ? "" : `route: ${said}\n` };
};

/** @returns what the kernel has against it */
function set(machine: Machine, verb: "add" | "delete" | "change", destination: string, gateway: string): string | undefined {
	const { state } = machine;
	const routes = staticRoutes(machine);
	const there = routes.find((each) => each.destination === destination);
	if (verb === "delete") {
		if (there === undefined) return "writing to routing socket: No such process";
		state.routes = routes.filter((each) => each !== there);
		return undefined;
	}
	if (verb === "add" && there !== undefined) return "writing to routing socket: File exists";
	if (verb === "change" && there === undefined) return "writing to routing socket: No such process";
	const by = state.interfaces.find((each) => each.flags.includes("UP") && networks(each).some((network) => isIn(gateway, network)));
	if (by === undefined) return "writing to routing socket: Network is unreachable";
	state.routes = [...routes.filter((each) => each !== there), { destination, gateway, interface: by.name }];
	return undefined;
}

/** As netstart ends: the first gateway of mygate, where there is no default route. */
export function setDefaultRoutes(machine: Machine): void {
	const gateway = gatewayOf(machine);
	if (gateway !== undefined) set(machine, "add", "default", gateway);
}

/** Takes the static routes away that lead by an address of an interface: it goes (sys/netinet/in.c, rt_ifa_purge()). */
export function dropRoutes(state: SimulatedState, name: string, address: string): void {
	if (state.routes === undefined) return;
	const [ip = "", bits = "32"] = address.split("/");
	state.routes = state.routes.filter((each) => each.interface !== name || !isIn(each.gateway, { address: ip, bits: Number(bits) }));
}

function gatewayOf({ readFile }: Machine): string | undefined {
	return /^\d+(?:\.\d+){3}$/m.exec(readFile("/etc/mygate") ?? "")?.[0];
}

function staticRoutes(machine: Machine): readonly Static[] {
	const { state } = machine;
	if (state.routes !== undefined) return state.routes;
	const egress = state.interfaces.find(({ flags, groups }) => flags.includes("UP") && groups.includes("egress"));
	const first = egress === undefined ? undefined : networks(egress)[0];
	const gateway = gatewayOf(machine) ?? (first === undefined ? undefined : `${first.address.split(".").slice(0, 3).join(".")}.1`);
	return egress === undefined || gateway === undefined ? [] : [{ destination: "default", gateway, interface: egress.name }];
}

function shown(machine: Machine): string {
	const up = machine.state.interfaces.filter(({ flags }) => flags.includes("UP"));
	const rows = [
		...staticRoutes(machine).map(({ destination, gateway, interface: name }) => row(destination, gateway, "UGS", 8, name)),
		row("224/4", "127.0.0.1", "URS", 8, "lo0"),
		...up.flatMap((each) =>
			networks(each).flatMap(({ address, bits }) =>
				bits % 8 === 0 && bits < 32
					? [
							row(
								`${address
									.split(".")
									.slice(0, bits / 8)
									.join(".")}/${bits}`,
								address,
								"UCn",
								4,
								each.name,
							),
						]
					: [],
			),
		),
	];
	const head = `${"Destination".padEnd(19)}${"Gateway".padEnd(19)}Flags   Refs      Use   Mtu  Prio Iface`;
	return `Routing tables\n\nInternet:\n${[head, ...rows].join("\n")}\n`;
}

function networks({ addresses }: SimulatedInterface): readonly { readonly address: string; readonly bits: number }[] {
	return addresses.flatMap((each) => {
		const [address = "", bits = ""] = each.split("/");
		return address.includes(":") || !/^\d+$/.test(bits) || Number(bits) < 1 ? [] : [{ address, bits: Number(bits) }];
	});
}

function isIn(address: string, { address: of, bits }: { readonly address: string; readonly bits: number }): boolean {
	const number = (text: string) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
	return /^\d+(\.\d+){3}$/.test(address) && (bits === 0 || number(address) >>> (32 - bits) === number(of) >>> (32 - bits));
}

function row(destination: string, gateway: string, flags: string, priority: number, name: string): string {
	return `${destination.padEnd(19)}${gateway.padEnd(19)}${flags.padEnd(7)}     0        0     - ${String(priority).padStart(5)} ${name.padEnd(5)}`;
}

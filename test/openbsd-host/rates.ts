/** netstat and ps, as far as rates are read from them (usr.bin/netstat/if.c, bin/ps/print.c). */
import { fail, ok, type Program } from "./program.ts";

/** `netstat -in` and `netstat -ibn`: each interface, without its addresses. What it counts grows before it is printed with its packets. */
export const netstat: Program = ({ state }, args) => {
	const inBytes = args.join(" ") === "-ibn";
	if (!inBytes && args.join(" ") !== "-in") return fail("usage: netstat -in | -ibn");
	const row = (name: string, mtu: string | number, network: string, address: string, counted: readonly (string | number)[]): string =>
		`${name.padEnd(7)} ${String(mtu).padEnd(5)} ${network.padEnd(11)} ${address.padEnd(17)} ${counted.map((each) => String(each).padStart(8)).join(" ")}\n`;
	const rows = state.interfaces.map((each) => {
		const { name, flags, mtu = 1500, lladdr = "", traffic } = each;
		if (traffic !== undefined && !inBytes) {
			const [a, b, c, d] = each.counters ?? [0, 0, 0, 0];
			each.counters = [a + traffic[0], b + traffic[1], c + traffic[2], d + traffic[3]];
		}
		const [packetsIn, bytesIn, packetsOut, bytesOut] = each.counters ?? [0, 0, 0, 0];
		const counted = inBytes ? [bytesIn, bytesOut] : [packetsIn, 0, packetsOut, 0, 0];
		return row(flags.includes("UP") ? name : `${name}*`, mtu, "<Link>", lladdr, counted);
	});
	const headings = inBytes ? ["Ibytes", "Obytes"] : ["Ipkts", "Ifail", "Opkts", "Ofail", "Colls"];
	return ok(row("Name", "Mtu", "Network", "Address", headings) + rows.join(""));
};

/** `ps -axo pid,cputime`: the processes of guests. */
export const ps: Program = ({ state }, args) => {
	if (args.join(" ") !== "-axo pid,cputime") return fail("usage: ps -axo pid,cputime");
	const rows = state.guests.flatMap((guest) => {
		if (guest.pid === undefined) return [];
		guest.cpuSeconds = (guest.cpuSeconds ?? 0) + (guest.cpuMore ?? 0);
		const hundredths = Math.round(guest.cpuSeconds * 100);
		const [minutes, seconds] = [Math.floor(hundredths / 6000), Math.floor(hundredths / 100) % 60];
		const two = (value: number): string => String(value).padStart(2, "0");
		return [`${String(guest.pid).padStart(5)} ${String(minutes).padStart(3)}:${two(seconds)}.${two(hundredths % 100)}\n`];
	});
	return ok(`  PID      TIME\n${rows.join("")}`);
};

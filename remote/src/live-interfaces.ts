/** What `ifconfig` prints of all interfaces (sbin/ifconfig/ifconfig.c, status(); brconfig.c, bridge_list()). */

export interface LiveAddress {
	readonly family: "inet" | "inet6";
	/** Without its zone. */
	readonly address: string;
	readonly prefix: number | undefined;
}

/** A port of a bridge, a veb or a tpmr. */
export interface LiveMember {
	readonly interface: string;
	readonly flags: readonly string[];
	/** The member's index; a span port has none. */
	readonly port?: number;
	/** Of a veb that knows VLANs: that of frames without a tag, `none` or `passthrough`. */
	readonly untagged?: string;
	/** Those with their tag, such as `10,20-30`; empty for none. */
	readonly tagged?: string;
	/** Domains of ports that do not reach each other, such as `1,2`. */
	readonly protected?: string;
}

export interface LiveInterface {
	readonly name: string;
	/** `UP`, `RUNNING`, `LINK1` ... */
	readonly flags: readonly string[];
	readonly mtu?: number;
	/** 0 is not printed. */
	readonly rdomain?: number;
	readonly lladdr?: string;
	readonly description?: string;
	readonly groups: readonly string[];
	/** `active`, `no carrier` ... */
	readonly status?: string;
	readonly addresses: readonly LiveAddress[];
	readonly members: readonly LiveMember[];
	/** Lines that say something else, without the blanks before them. */
	readonly other: readonly string[];
}

type Writable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/**
 * Reads what `ifconfig` printed.
 * @param unread gets the lines that belong to no interface, such as its warnings
 */
export function readInterfaces(lines: readonly string[], unread: string[]): readonly LiveInterface[] {
	const interfaces: LiveInterface[] = [];
	let current: Writable<LiveInterface> | undefined;
	for (const line of lines) {
		if (line.startsWith("\t") && current !== undefined) {
			readDetail(current, line);
			continue;
		}
		const header = /^([^\s:]+): flags=[0-9a-f]+<([^>]*)>(.*)$/.exec(line);
		if (header === null) {
			if (line !== "") unread.push(line);
			continue;
		}
		const [, name = "", flags = "", rest = ""] = header;
		current = { name, flags: words(flags, ","), groups: [], addresses: [], members: [], other: [] };
		const mtu = numberAfter(rest, "mtu");
		const rdomain = numberAfter(rest, "rdomain");
		if (mtu !== undefined) current.mtu = mtu;
		if (rdomain !== undefined) current.rdomain = rdomain;
		interfaces.push(current);
	}
	return interfaces;
}

/** A line below an interface's first: `\tWORD VALUE`, or `\t\t` and what belongs to the line above. */
function readDetail(to: Writable<LiveInterface>, line: string): void {
	const text = line.trimStart();
	const space = text.indexOf(" ");
	const word = space === -1 ? text : text.slice(0, space);
	const rest = space === -1 ? "" : text.slice(space + 1);
	const [value = ""] = rest.split(" ", 1);
	if (line.startsWith("\t\t")) {
		const last = to.members.at(-1);
		if (word === "port" && last !== undefined && last.port === undefined && /^\d+$/.test(value))
			to.members[to.members.length - 1] = { ...last, port: Number(value), ...readPort(rest) };
		else if (word === "tagged:" && last !== undefined)
			to.members[to.members.length - 1] = { ...last, tagged: value === "none" ? "" : value };
		else to.other.push(text);
		return;
	}
	switch (word) {
		case "lladdr":
			to.lladdr = rest;
			return;
		case "description:":
			to.description = rest;
			return;
		case "groups:":
			to.groups.push(...words(rest, " "));
			return;
		case "status:":
			to.status = rest;
			return;
		case "inet":
		case "inet6": {
			const address = readAddress(word, value, text);
			if (address === undefined) to.other.push(text);
			else to.addresses.push(address);
			return;
		}
	}
	const flags = /^flags=[0-9a-f]+<([^>]*)>$/.exec(rest)?.[1];
	if (flags === undefined) to.other.push(text);
	else to.members.push({ interface: word, flags: words(flags, ",") });
}

/** `2 ifpriority 0 ifcost 0 untagged 10 protected 1,2`: VLANs are told since there are any. */
function readPort(text: string): Pick<LiveMember, "untagged" | "tagged" | "protected"> {
	const domains = / protected (\S+)/.exec(text)?.[1];
	const untagged = / untagged (\S+)/.exec(text)?.[1] ?? (/ -untagged\b/.test(text) ? "none" : undefined);
	return {
		...(domains === undefined ? {} : { protected: domains }),
		// A vport without tags has no line for them.
		...(untagged === undefined ? {} : { untagged, tagged: "" }),
	};
}

function readAddress(family: LiveAddress["family"], value: string, text: string): LiveAddress | undefined {
	// A point-to-point interface prints `inet 192.0.2.1 --> 192.0.2.2 netmask ...`.
	const [address = ""] = value.split("%", 1);
	if (!/^[0-9a-fA-F:.]+$/.test(address)) return undefined;
	if (family === "inet6") return { family, address, prefix: numberAfter(text, "prefixlen") };
	const mask = / netmask 0x([0-9a-f]{1,8})\b/.exec(text)?.[1];
	return { family, address, prefix: mask === undefined ? undefined : bits(Number.parseInt(mask, 16)) };
}

/** The length of a mask without holes; undefined where it has some. */
function bits(mask: number): number | undefined {
	const length = Math.clz32(~mask);
	return mask >>> 0 === (length === 0 ? 0 : (-1 << (32 - length)) >>> 0) ? length : undefined;
}

function words(text: string, separator: string): string[] {
	return text.split(separator).filter((word) => word !== "");
}

function numberAfter(text: string, word: string): number | undefined {
	const all = text.split(" ");
	const value = all[all.indexOf(word) + 1] ?? "";
	return all.includes(word) && /^\d{1,10}$/.test(value) ? Number(value) : undefined;
}

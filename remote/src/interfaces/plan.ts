/**
 * What brings all interfaces of a host to what its files say from now on: what is taken away, what one call of netstart starts,
 * in the order in which it would at boot, and what that disturbs.
 */
import {
	formatIp,
	hostnamePath,
	inNetwork,
	interfaceOfPath,
	isCloned,
	type Message,
	masked,
	msg,
	netstart,
	parseIp,
	type Release,
	readInterface,
} from "@openbsd-vnet/server";
import type { LiveInterface } from "../live-interfaces.ts";
import type { LiveRoute } from "../live-routes.ts";
import { type Held, heldBack, type Leaving, withoutPorts } from "./ports.ts";
import { type Transition, transitionOf } from "./transition.ts";

export interface InterfacesBefore {
	/** The texts of all files of the host, by their paths: as they are, and as they are to be. */
	readonly before: ReadonlyMap<string, string>;
	readonly after: ReadonlyMap<string, string>;
	readonly live: readonly LiveInterface[];
	/** Undefined where the host did not show them. */
	readonly routes: readonly LiveRoute[] | undefined;
	/** Whether what interrupts may be done. */
	readonly interrupt: boolean;
	/** Whose ifconfig reads the files; undefined where it is not known. */
	readonly release?: Release | undefined;
}

/** A static route. */
export interface StaticRoute {
	readonly family: "inet" | "inet6";
	readonly destination: string;
	readonly gateway: string;
}

export interface InterfacesPlan {
	/** Before all else, as commands of ifconfig. */
	readonly takeAway: readonly { readonly name: string; readonly words: readonly string[] }[];
	/** Interfaces that are destroyed: their files are taken away, or they are recreated. */
	readonly destroy: readonly string[];
	/** In the order in which netstart is told of them; `lines` is what it reads of each. */
	readonly start: readonly { readonly name: string; readonly lines: string; readonly isNew: boolean }[];
	/** Put back into what they were members of. */
	readonly join: readonly { readonly name: string; readonly member: string }[];
	/** Routes that no file names any more, and those that would be lost with the addresses that are set again. */
	readonly routesGone: readonly StaticRoute[];
	readonly routesBack: readonly StaticRoute[];
	/** What is interrupted, by the interface: it is done where that was agreed to, and else left as it is. */
	readonly interrupts: readonly { readonly name: string; readonly what: Message }[];
	/** What is not as it would be after a start of the host. */
	readonly differs: readonly Message[];
}

/** @param changed the hostname files whose texts change */
export function planInterfaces(changed: readonly string[], host: InterfacesBefore): InterfacesPlan {
	const planning = new Planning(
		changed.flatMap((path) => interfaceOfPath(path) ?? []),
		host,
	);
	planning.change();
	planning.spread();
	return planning.plan();
}

type TakenAway = InterfacesPlan["takeAway"][number];

/** What is known of a plan while it is made. */
class Planning {
	readonly #names: readonly string[];
	readonly #host: InterfacesBefore;
	/** The host's interfaces, by their names. */
	readonly #live: ReadonlyMap<string, LiveInterface>;
	readonly #differs: Message[] = [];
	readonly #interrupts: { readonly name: string; readonly what: Message }[] = [];
	readonly #transitions = new Map<string, Transition>();
	readonly #destroy: Set<string>;
	readonly #remade = new Set<string>();
	/** Interfaces that netstart reads the whole file of. */
	readonly #made: Set<string>;
	/** Of interfaces that are ports of others and take what is new only without. */
	readonly #held: ReadonlyMap<string, Held>;
	/** Ports that leave their holders for a moment. */
	#leaving: readonly Leaving[] = [];

	/** @param names the interfaces whose files change */
	constructor(names: readonly string[], host: InterfacesBefore) {
		this.#names = names;
		this.#host = host;
		this.#live = new Map(host.live.map((each) => [each.name, each]));
		this.#destroy = new Set(names.filter((name) => this.#live.has(name) && !this.#hasFile(name) && isCloned(name)));
		this.#made = new Set(names.filter((name) => this.#hasFile(name) && !this.#live.has(name)));
		this.#held = new Map(names.flatMap((name) => this.#heldBack(name)));
		const leaving = host.interrupt ? [...this.#held.values()].flatMap((held) => held.leaving) : [];
		// Two ports of one trunk are one reason.
		this.#leaving = [...new Map(leaving.map((each) => [each.port, each])).values()];
	}

	#heldBack(name: string): readonly [name: string, held: Held][] {
		const now = this.#live.get(name);
		if (now === undefined || this.#destroy.has(name)) return [];
		const holders = this.#host.live.filter((other) => !this.#destroy.has(other.name) && !this.#isLeft(name, other.name));
		const held = heldBack(name, this.#transitionOf(name, now), holders);
		return held === undefined ? [] : [[name, held]];
	}

	/** Whether an interface is a port of another no more, by its file. */
	#isLeft(name: string, holder: string): boolean {
		const path = hostnamePath(holder);
		const [was, is] = [this.#host.before, this.#host.after].map((files) => namedIn(path, files.get(path) ?? "").includes(name));
		return was === true && is === false;
	}

	/** Brings the interfaces that are there to what their files say. */
	change(): void {
		for (const name of this.#names) {
			const now = this.#live.get(name);
			if (now !== undefined && !this.#destroy.has(name)) this.#changeOne(name, now);
		}
	}

	#changeOne(name: string, now: LiveInterface): void {
		const transition = this.#transitionOf(name, now);
		const isKept = remains(transition).length > 0 && isCloned(name);
		const isRemade = isKept && standingOn(name, this.#host.after).length === 0;
		const held = this.#held.get(name);
		const reasons = [
			...transition.interrupts,
			...(isRemade ? [madeAgain(name, transition, now)] : []),
			...(held === undefined ? [] : [held.what]),
		];
		this.#interrupts.push(...reasons.map((what) => ({ name, what })));
		if (reasons.length > 0 && !this.#host.interrupt) {
			this.#differs.push(
				msg("{0} stays as it is until the host starts: what its file says now interrupts it, which was not agreed to", name),
			);
			return;
		}
		if (isRemade) {
			for (const set of [this.#destroy, this.#remade, this.#made]) set.add(name);
			return;
		}
		this.#differs.push(
			...remains(transition).map((word) =>
				msg("{0} keeps its {1}, which its file does not have any more, until it is created again", name, word),
			),
		);
		if (transition.stays.some((each) => each.kind === "command" && routeOf(each.text) === undefined))
			this.#differs.push(msg("what commands that the file of {0} does not have any more have done stays", name));
		this.#transitions.set(name, transition);
	}

	/** What names an interface that is made takes it in (a bridge its new member, a VLAN its new parent), and what one needs is made with it. */
	spread(): void {
		// Who has lost a port for a moment takes it in again.
		for (const { holder } of this.#leaving)
			if (!this.#isPlanned(holder.name)) this.#transitions.set(holder.name, this.#transitionOf(holder.name, holder));
		const files = [...this.#host.after].flatMap(([path, text]) => {
			const name = interfaceOfPath(path);
			return name === undefined ? [] : [{ name, others: namedIn(path, text) }];
		});
		while (files.map(({ name, others }) => this.#spreadTo(name, others)).includes(true));
	}

	/** @returns whether anything came to the plan by it */
	#spreadTo(name: string, others: readonly string[]): boolean {
		let grew = false;
		if (!this.#isPlanned(name) && !this.#names.includes(name) && others.some((other) => this.#made.has(other))) {
			const now = this.#live.get(name);
			if (now === undefined) this.#made.add(name);
			else this.#transitions.set(name, this.#transitionOf(name, now));
			grew = true;
		}
		if (!this.#made.has(name) && !this.#transitions.has(name)) return grew;
		for (const other of others)
			if (!this.#live.has(other) && !this.#made.has(other) && isCloned(other) && this.#hasFile(other)) {
				this.#made.add(other);
				grew = true;
			}
		return grew;
	}

	plan(): InterfacesPlan {
		const { live, after } = this.#host;
		const takeAway = this.#takeAway();
		const loopbacks = loopbacksLeft((name) => this.#transitions.has(name) || this.#destroy.has(name), this.#host);
		this.#differs.push(
			...loopbacks.map((domain) =>
				msg("the loopback of routing domain {0} stays, without another interface, until the host starts", domain),
			),
		);
		const routes = routesOf(this.#host, this.#transitions, this.#names, this.#remade);
		const start = [
			...[...this.#made].map((name) => ({ name, lines: after.get(hostnamePath(name)) ?? "", isNew: true })),
			...[...this.#transitions].flatMap(([name, { lines, takeAway: words }]) =>
				lines === "" && words.length === 0 && !routes.losing.has(name) ? [] : [{ name, lines, isNew: false }],
			),
		].sort((a, b) => netstart.startOrder(a.name, b.name));
		return {
			takeAway,
			destroy: [...this.#destroy],
			start,
			join: [...this.#remade, ...this.#leaving.map(({ port }) => port)].flatMap((name) => rejoined(name, live, after)),
			routesGone: routes.routesGone,
			routesBack: routes.routesBack,
			interrupts: this.#interrupts,
			differs: this.#differs,
		};
	}

	#takeAway(): readonly TakenAway[] {
		const taken: TakenAway[] = this.#leaving.map(({ holder, port, word }) => ({ name: holder.name, words: [word, port] }));
		for (const [name, { takeAway }] of this.#transitions)
			for (const words of takeAway) {
				// They become words of a shell.
				if (words.every((word) => /^[A-Za-z0-9_.:/=+,%@-]+$/.test(word))) taken.push({ name, words });
				else this.#differs.push(msg("{0} keeps what '{1}' would take away, until the host starts", name, words.join(" ")));
			}
		return taken;
	}

	/** With an interface goes its place in others; what leaves them for a moment comes again with what was said of it. */
	#transitionOf(name: string, now: LiveInterface): Transition {
		const { before, after, release } = this.#host;
		const [old, text] = [before, after].map((files) => files.get(hostnamePath(name)) ?? "") as [string, string];
		const gone = new Set([...this.#destroy, ...this.#leaving.map(({ port }) => port)]);
		return transitionOf(withoutPorts(now, gone), old, text, (other) => this.#isThere(other), release, gone);
	}

	#hasFile(name: string): boolean {
		return this.#host.after.has(hostnamePath(name));
	}

	#isThere(name: string): boolean {
		return (this.#live.has(name) && !this.#destroy.has(name)) || (isCloned(name) && this.#hasFile(name));
	}

	#isPlanned(name: string): boolean {
		return this.#made.has(name) || this.#transitions.has(name) || this.#destroy.has(name);
	}
}

/** The routing domains that changed interfaces leave, and no file names any more: their loopbacks the kernel makes, and leaves. */
function loopbacksLeft(isChanged: (name: string) => boolean, { live, after }: InterfacesBefore): readonly number[] {
	const isNamed = (domain: number) =>
		after.has(hostnamePath(`lo${domain}`)) || [...after].some(([path, text]) => readInterface(path, text).rdomain?.value === domain);
	const left = live.flatMap(({ name, rdomain = 0 }) => (rdomain > 0 && isChanged(name) ? [rdomain] : []));
	return [...new Set(left)].filter((domain) => !isNamed(domain));
}

/** The words of settings that nothing takes away from an interface; what commands did is another matter. */
function remains({ stays }: Transition): readonly string[] {
	return [...new Set(stays.flatMap((each) => (each.kind === "word" ? [each.word] : [])))];
}

function madeAgain(name: string, transition: Transition, live: LiveInterface): Message {
	const taps = live.members.map((member) => member.interface).filter((member) => member.startsWith("tap"));
	const why = remains(transition).join(", ");
	return taps.length === 0
		? msg("{0} is created again, because nothing else takes its {1} away: what goes by it is interrupted", name, why)
		: msg(
				"{0} is created again, because nothing else takes its {1} away: what goes by it is interrupted, for the guests on {2} too",
				name,
				why,
				taps.join(", "),
			);
}

/** The interfaces that a hostname file names: members, ports, what is under it. */
function namedIn(path: string, text: string): readonly string[] {
	const { members, spans, trunkports, parent, patch } = readInterface(path, text);
	return [...members, ...spans, ...trunkports, ...(parent === undefined ? [] : [parent]), ...(patch === undefined ? [] : [patch])].map(
		({ value }) => value,
	);
}

/** Interfaces that would lose what is under them. */
function standingOn(name: string, files: ReadonlyMap<string, string>): readonly string[] {
	return [...files].flatMap(([path, text]) => {
		const { parent, trunkports, patch } = readInterface(path, text);
		const isOn = [parent, patch, ...trunkports].some((other) => other?.value === name);
		return interfaceOfPath(path) !== undefined && isOn ? [interfaceOfPath(path) ?? ""] : [];
	});
}

/** Memberships that no file tells of, and that an interface loses when it is recreated; taps that vmd had put into it among them. */
function rejoined(name: string, live: readonly LiveInterface[], after: ReadonlyMap<string, string>): InterfacesPlan["join"] {
	const isTold = (bridge: string, member: string) => namedIn(hostnamePath(bridge), after.get(hostnamePath(bridge)) ?? "").includes(member);
	return live.flatMap((bridge) =>
		bridge.members.flatMap(({ interface: member }) =>
			(bridge.name === name && member.startsWith("tap") && !isTold(name, member)) || (member === name && !isTold(bridge.name, name))
				? [{ name: bridge.name, member }]
				: [],
		),
	);
}

/** Static routes by interfaces whose addresses go for a moment are put back; those of lines that are gone are taken away. */
function routesOf(
	{ before, after, routes, live }: InterfacesBefore,
	transitions: ReadonlyMap<string, Transition>,
	names: readonly string[],
	remade: ReadonlySet<string>,
): Pick<InterfacesPlan, "routesGone" | "routesBack"> & { readonly losing: ReadonlySet<string> } {
	const toldBy = (name: string, texts: ReadonlyMap<string, string>) =>
		netstart
			.allSettings(name, texts.get(hostnamePath(name)) ?? "")
			.flatMap((each) => (each.kind === "command" ? (routeOf(each.text) ?? []) : []));
	const wanted = names.flatMap((name) => toldBy(name, after));
	const isIn = (all: readonly StaticRoute[], route: StaticRoute) => all.some((each) => sameRoute(each, route));
	const statics = (routes ?? []).flatMap((route): readonly (StaticRoute & { readonly interface: string })[] =>
		/^U[A-Za-z]*G[A-Za-z]*S/.test(route.flags) && parseIp(route.gateway) !== undefined
			? [
					{
						family: route.gateway.includes(":") ? "inet6" : "inet",
						destination: route.destination,
						gateway: route.gateway,
						interface: route.interface,
					},
				]
			: [],
	);
	const gone = names.flatMap((name) =>
		toldBy(name, before).flatMap((route) => (!isIn(wanted, route) && isIn(statics, route) ? [{ name, route }] : [])),
	);
	const routesGone = gone.map(({ route }) => route);
	const loses = (name: string) => transitions.get(name)?.losesRoutes === true || remade.has(name);
	const addresses = (name: string) => {
		const { addresses: set } = readInterface(hostnamePath(name), after.get(hostnamePath(name)) ?? "");
		const kept = live.find((each) => each.name === name)?.addresses ?? [];
		return [...set.map(({ family, text, bits }) => ({ family, address: text, prefix: bits })), ...(set.length === 0 ? kept : [])];
	};
	const isReached = ({ gateway, interface: name }: (typeof statics)[number]) =>
		addresses(name).some(({ family, address, prefix }) => {
			const [ip, next] = [parseIp(address), parseIp(gateway)];
			return (
				next?.family === family && ip !== undefined && prefix !== undefined && inNetwork(next.address, masked(ip.address, prefix), prefix)
			);
		});
	const routesBack = statics.filter((route) => loses(route.interface) && isReached(route) && !isIn(routesGone, route));
	return {
		routesGone,
		routesBack: routesBack.map(({ interface: _, ...route }) => route),
		losing: new Set(gone.map(({ name }) => name)),
	};
}

function sameRoute(one: StaticRoute, other: StaticRoute): boolean {
	return one.family === other.family && network(one) === network(other) && one.gateway === other.gateway;
}

function network({ destination }: StaticRoute): string {
	const [address = "", bits] = destination.split("/");
	const ip = parseIp(address);
	if (ip === undefined) return destination;
	const length = bits === undefined ? (ip.family === "inet" ? 32 : 128) : Number(bits);
	return `${formatIp(masked(ip.address, length), ip.family)}/${length}`;
}

/** The route of a `route add` that says no more than where it leads, and by whom. */
function routeOf(command: string): StaticRoute | undefined {
	const words = command.replace(/#.*/, "").trim().split(/\s+/);
	if (!/^(\/sbin\/)?route$/.test(words.shift() ?? "")) return undefined;
	const rest = words.filter((word) => !/^-(q|n|qn|nq|inet|inet6|net|host)$/.test(word));
	const [verb, destination = "", gateway = "", ...more] = rest;
	const isPlain = verb === "add" && more.length === 0 && parseIp(gateway) !== undefined;
	if (!isPlain || (destination !== "default" && parseIp(destination.replace(/\/\d+$/, "")) === undefined)) return undefined;
	return { family: gateway.includes(":") ? "inet6" : "inet", destination, gateway };
}

/** `openbsdVnet/topology`: the picture of a host, with the lines and the diagnostics of each of its parts. */
import { folderOf, uriOnHost } from "../host/folder.ts";
import { guestStateText } from "../host/live.ts";
import type { Host, Link } from "../host/model.ts";
import { type Endpoint, type Path, type PathStep, pathsBetween } from "../host/paths.ts";
import { guestId, HOST, linkId, type NodeKind, OUTSIDE, tapId, topology } from "../host/topology.ts";
import { formatIp } from "../pf/names/address.ts";
import { createTracer } from "../policy/trace.ts";
import { Lines } from "../project/lines.ts";
import type { SourceFile } from "../project/source-file.ts";
import type {
	TopologyEdgeItem,
	TopologyNodeItem,
	TopologyPaths,
	TopologyPicture,
	TopologyPlace,
	TopologyProblem,
	TopologySeverity,
} from "../protocol.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { overlaps } from "../text/span.ts";
import { diagnosticText, reportedDiagnostics } from "./diagnostics.ts";
import { localize, type Session } from "./session.ts";

const ranks: readonly TopologySeverity[] = ["error", "warning", "information", "hint"];

/** @param id the host, as `HostPlace.host` has it */
export function topologyPicture(session: Session, id: string, host: Host): TopologyPicture {
	const read = reader(id, host, session.files.all());
	const problems = problemsOf(session, id, read);
	const { nodes, edges } = topology(host);
	const guestFacts = factsOf(session, id, host);
	return {
		name: host.source.name,
		nodes: nodes.map(({ id: node, kind, label, details, inactive, places }): TopologyNodeItem => {
			return {
				id: node,
				kind,
				what: localize(session, whats[kind]),
				label,
				details: [...(kind === "guest" ? guestFacts(label) : []), ...details],
				inactive,
				places: unique(places.flatMap((place) => read(place) ?? [])),
				problems: problemsAt(problems, places),
			};
		}),
		edges: edges.map(({ from, to, kind, label, filtered, vlans, places }): TopologyEdgeItem => {
			const [worst] = problemsAt(problems, places);
			return {
				from,
				to,
				kind,
				label,
				...(filtered === undefined ? {} : { filtered }),
				...(vlans === undefined ? {} : { vlans }),
				...(worst === undefined ? {} : { severity: worst.severity }),
			};
		}),
	};
}

const whats: Readonly<Record<NodeKind, Message>> = {
	outside: msg("the outside"),
	physical: msg("physical interface"),
	vlan: msg("VLAN"),
	trunk: msg("trunk"),
	host: msg("the host"),
	bridge: msg("bridge"),
	veb: msg("veb"),
	gateway: msg("the host's port among guests"),
	tap: msg("tap"),
	guest: msg("guest"),
	anchor: msg("anchor"),
	interface: msg("interface"),
};

/** What a guest is asked for first: its addresses, and whether it runs. */
function factsOf(session: Session, id: string, host: Host): (guest: string) => readonly string[] {
	const { ends } = createTracer(host);
	const file = session.files.all().find(({ identity }) => identity.host === id);
	const live = file === undefined ? undefined : session.files.live(file);
	return (name) => {
		const state = live?.taps.find(({ guest }) => guest === name)?.state;
		return [
			...new Set(
				ends.of({ kind: "guest", name }).flatMap(({ address, family, supposed }) => (supposed ? [] : [formatIp(address, family)])),
			),
			...(state === undefined ? [] : [localize(session, guestStateText(state))]),
		];
	};
}

type Read = (place: Place) => TopologyPlace | undefined;

function reader(id: string, host: Host, files: readonly SourceFile[]): Read {
	const lines = new Map(files.filter(({ identity }) => identity.host === id).map((file) => [file.path, file.lines]));
	const folder = folderOf(id);
	return (place) => {
		const uri = uriOnHost(folder, place.file);
		const known = lines.get(place.file) ?? new Lines(host.source.files.get(place.file)?.text ?? "");
		lines.set(place.file, known);
		if (uri === undefined) return undefined;
		const range = known.range(place.span);
		return { uri, path: place.file, range, text: known.lineText(range.start.line).trim() };
	};
}

/** A place in the whole of a file and one in the same line are one for the reader. */
function unique(places: readonly TopologyPlace[]): readonly TopologyPlace[] {
	return [...new Map(places.map((place) => [`${place.path}:${place.range.start.line}`, place])).values()];
}

interface PlacedProblem extends TopologyProblem {
	readonly at: Place;
}

function problemsOf(session: Session, id: string, read: Read): ReadonlyMap<string, readonly PlacedProblem[]> {
	const found = new Map<string, readonly PlacedProblem[]>();
	for (const file of session.files.all()) {
		if (file.identity.host !== id) continue;
		const problems = reportedDiagnostics(session, file).flatMap((diagnostic): PlacedProblem[] => {
			const at = { file: file.path, span: diagnostic.span };
			const place = read(at);
			return place === undefined ? [] : [{ at, severity: diagnostic.severity, message: diagnosticText(session, diagnostic), place }];
		});
		if (problems.length > 0) found.set(file.path, problems);
	}
	return found;
}

/** The worst one first. */
function problemsAt(problems: ReadonlyMap<string, readonly PlacedProblem[]>, places: readonly Place[]): readonly TopologyProblem[] {
	const here = new Set(
		places.flatMap(({ file, span }) =>
			(problems.get(file) ?? []).filter(({ at }) => overlaps(at.span, span) || at.span.start === span.start),
		),
	);
	return [...here]
		.sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity))
		.map(({ severity, message, place }) => ({ severity, message, place }));
}

/** The ways between two nodes of the picture; null where one is no end of a way. */
export function topologyPaths(host: Host, from: string, to: string): TopologyPaths | null {
	const start = endpointOf(host, from);
	const end = endpointOf(host, to);
	if (start === undefined || end === undefined) return null;
	const paths = pathsBetween(host, start, end).map((path) => ({
		kind: path.kind,
		forwarded: path.forwarded,
		nodes: nodesOf(host, start, end, path),
		steps: path.steps.map((step) => ({ node: nodeOf(step), label: labelOf(step), direction: step.direction, tested: step.tested })),
	}));
	const nameOf = (end: Endpoint): string => (end.kind === "guest" ? end.name : end.kind);
	return { from: nameOf(start), to: nameOf(end), paths };
}

function endpointOf(host: Host, id: string): Endpoint | undefined {
	if (id === OUTSIDE) return { kind: "outside" };
	if (id === HOST) return { kind: "host" };
	for (const { name, interfaces } of host.vm.guests) {
		const own = id === guestId(name.value) || (id.startsWith("anchor:") && id.split(/[:/]/).at(-1) === name.value);
		if (own) return { kind: "guest", name: name.value };
		const nic = interfaces.find((one) => tapId(name.value, one) === id);
		if (nic !== undefined) return { kind: "guest", name: name.value, index: nic.index };
	}
	return undefined;
}

function nodeOf({ interface: name, plug }: PathStep): string {
	return plug === undefined ? linkId(name ?? "") : tapId(plug.guest.name.value, plug.nic);
}

function labelOf({ interface: name, plug }: PathStep): string {
	return name ?? `tap (${plug?.guest.name.value ?? ""})`;
}

/** The bridge or veb that an interface is a port of. */
function segmentOf(host: Host, { interface: name, plug }: PathStep): Link | undefined {
	if (plug !== undefined) return host.segmentOfNic.get(plug.nic)?.link;
	return host.segments.find(({ ports }) => ports.some(({ value }) => value === name))?.link;
}

function nodesOf(host: Host, start: Endpoint, end: Endpoint, { kind, steps }: Path): readonly string[] {
	const ends = (endpoint: Endpoint): string =>
		endpoint.kind === "outside" ? OUTSIDE : endpoint.kind === "host" ? HOST : guestId(endpoint.name);
	const nodes = [ends(start)];
	let before: Link | undefined;
	for (const [i, step] of steps.entries()) {
		const segment = segmentOf(host, step);
		const turns = kind === "routed" && step.direction === "out" && (i === 0 || steps[i - 1]?.direction === "in");
		if (turns) nodes.push(HOST);
		else if (before !== undefined && before === segment) nodes.push(linkId(before.name));
		nodes.push(nodeOf(step));
		before = segment;
	}
	nodes.push(ends(end));
	return nodes.filter((node, i) => node !== nodes[i - 1]);
}

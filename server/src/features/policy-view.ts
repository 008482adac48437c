/** What pf does, as the client shows it: traces, the matrix, policy tests, and what changes between two versions of a host. */
import { folderOf, uriOnHost } from "../host/folder.ts";
import { type HostSource, hostBuilder, type Host as Model } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { formatIp, sameIp } from "../pf/names/address.ts";
import type { AddressMatch, Rule } from "../pf/rules.ts";
import { printRule } from "../pf/ruleset/print.ts";
import type { PfTestFile } from "../pftest/file.ts";
import { type End, endText, readEnd } from "../policy/endpoints.ts";
import { lettingThrough, type Remedy } from "../policy/missing-rules.ts";
import type { Packet } from "../policy/packet.ts";
import { givenAddresses, isPolicyTests, runPolicyTests } from "../policy/policy-tests.ts";
import { type Cell, inWords, reachability, reachabilityDifference } from "../policy/reachability.ts";
import { atomText, flowText, protocolName, type ServiceAtom, type ServiceClass } from "../policy/services.ts";
import { createTracer, isCutOff, type Service, type Trace, type Tracer, type TraceStep, type Way } from "../policy/trace.ts";
import { answerText } from "../policy/trace-text.ts";
import { Lines } from "../project/lines.ts";
import type { SourceFile } from "../project/source-file.ts";
import type {
	ChangedConnection,
	FileLocation,
	MatrixCell,
	MatrixView,
	PackedMatrix,
	PolicyTestItem,
	TracedRule,
	TracedStep,
	TraceEnd,
	TraceFix,
	TraceParams,
	TraceView,
} from "../protocol.ts";
import { type Message, msg } from "../text/message.ts";
import type { Place } from "../text/place.ts";
import { contains } from "../text/span.ts";
import { failureText, testedExpectations } from "./policy-test-report.ts";
import { localize, type Session, titleText } from "./session.ts";

/** Why nothing is known of what pf does. */
const RULES_LEFT_OUT = msg("Rules are left out, because they are too many");

/** Rules that missed by one thing are told up to this number at each place. */
const MOST_MISSES = 8;

const PROTOCOLS: ReadonlyMap<string, number> = new Map([
	["icmp", 1],
	["tcp", 6],
	["udp", 17],
	["gre", 47],
	["esp", 50],
	["ah", 51],
	["icmp6", 58],
	["carp", 112],
]);

const PROTOCOL_NAMES = new Map([...PROTOCOLS].map(([name, number]) => [number, name]));

const nameOfProtocol = (number: number): string => PROTOCOL_NAMES.get(number) ?? String(number);

/** With the addresses that a file of policy tests gives to guests. */
function tracerOf(host: Model, { parsed }: SourceFile): Tracer {
	return createTracer(host, isPolicyTests(parsed) ? givenAddresses(parsed) : undefined);
}

export function traceView(session: Session, file: SourceFile, { from, to, protocol, port }: Omit<TraceParams, "uri">): TraceView | null {
	const host = session.files.hostModel(file);
	const ends = [readEnd(from, host), readEnd(to, host)] as const;
	const number = PROTOCOLS.get(protocol) ?? (/^\d{1,3}$/.test(protocol) ? Number(protocol) : undefined);
	if (ends[0] === undefined || ends[1] === undefined || number === undefined || number > 255) return null;
	const service: Service = { protocol: number, ...(port === undefined ? {} : { port }) };
	const tracer = tracerOf(host, file);
	const trace = tracer.trace({ from: ends[0], to: ends[1], service });
	return {
		answer: trace.answer,
		text: localize(session, answerText(trace, atomText({ protocol: number, low: port ?? 0, high: port ?? 0 }))),
		// What a person looks for comes first: the way that passes, or the one that comes furthest.
		ways: trace.ways
			.toSorted((a, b) => Number(b.result === "passes") - Number(a.result === "passes") || b.steps.length - a.steps.length)
			.map((way) => ({
				label: localize(session, wayText(way)),
				detail: way.steps.map(({ direction, interface: name }) => `${direction} ${name}`).join(" → "),
				result: way.result,
				steps: stepsOf(session, file, tracer, host, way),
			})),
		...remedyOf(session, file, host, lettingThrough(host, tracer.ends, trace, atomOf(service))),
		notes: [
			...madeUp(trace, tracer),
			...tracer.placeholders.map(({ interface: name, address }) =>
				msg("{0} is given its address when the host runs; {1} stands for it", name, address),
			),
			...notFollowed(trace),
		].map((note) => localize(session, note)),
	};
}

function atomOf({ protocol, port }: Service): ServiceAtom {
	return { protocol, ...(port === undefined ? {} : { port }), low: port ?? 0, high: port ?? 65_535 };
}

/** The addresses of the packet that no file tells. */
function madeUp({ flow, ways }: Trace, { ends }: Tracer): readonly Message[] {
	const packets = ways.flatMap(({ steps }) => steps.slice(0, 1).map(({ packet }) => packet));
	return [flow.from, flow.to].flatMap((end) =>
		ends
			.of(end)
			.filter(({ supposed, address, family }) => {
				const isUsed = (packet: Packet): boolean =>
					packet.family === family && (sameIp(packet.source, address) || sameIp(packet.destination, address));
				return supposed && packets.some(isUsed);
			})
			.map(({ address, family }) =>
				end.kind === "guest"
					? msg("No file tells the address of {0}: {1} is made up", endText(end), formatIp(address, family))
					: msg("{0} stands for any address outside", formatIp(address, family)),
			),
	);
}

/** Advice with the changes that follow it, as files. */
function remedyOf(session: Session, file: SourceFile, host: Model, { advice, fixes = [] }: Remedy): Pick<TraceView, "advice" | "fixes"> {
	return {
		advice: advice === undefined ? "" : localize(session, advice),
		fixes: fixes.flatMap(({ title, edits }): TraceFix[] => {
			const files = new Map<string, { created: boolean; edits: { range: FileLocation["range"]; newText: string }[] }>();
			for (const { file: path = file.path, span, text } of edits) {
				const own = session.files.onSameHost(file, path);
				const uri = own?.uri ?? uriOnHost(folderOf(file.identity.host), path);
				if (uri === undefined) return [];
				const known = files.get(uri) ?? { created: own === undefined && !host.source.files.has(path), edits: [] };
				files.set(uri, known);
				known.edits.push({ range: (own?.lines ?? new Lines(host.source.files.get(path)?.text ?? "")).range(span), newText: text });
			}
			return [{ title: titleText(session, title), files: [...files].map(([uri, changes]) => ({ uri, ...changes })) }];
		}),
	};
}

/** Where rules send packets on other ways than the routes do: the ledger in docs/pf-model.md says that this is not followed. */
function notFollowed({ ways }: Trace): readonly Message[] {
	const outcomes = ways.flatMap(({ steps, answer }) => [...steps, ...answer].flatMap(({ outcome }) => outcome ?? []));
	const rules = new Set(outcomes.flatMap(({ rule, matched }) => [...(rule === undefined ? [] : [rule]), ...matched]));
	return [...rules].flatMap((rule) => [
		...(rule.route === undefined
			? []
			: [msg("{0} sends packets another way than the routes, which is not followed: {1}", rule.route.kind, printRule(rule))]),
		...(rule.divert === undefined ? [] : [msg("A program of the host decides what becomes of packets of this rule: {0}", printRule(rule))]),
	]);
}

function wayText({ path, result }: Way): Message {
	switch (result) {
		case "passes":
			return path.kind === "bridged" ? msg("Bridged: passes") : msg("Routed: passes");
		case "blocked":
			return path.kind === "bridged" ? msg("Bridged: blocked") : msg("Routed: blocked");
		case "no answer":
			return path.kind === "bridged" ? msg("Bridged: the answer is blocked") : msg("Routed: the answer is blocked");
		case "not forwarded":
			return msg("Routed: the host does not forward");
	}
}

function stepsOf(session: Session, file: SourceFile, tracer: Tracer, host: Model, { steps, answer }: Way): TracedStep[] {
	const view = (step: TraceStep, back: boolean): TracedStep => {
		const { direction, interface: name, packet, by, outcome } = step;
		const flow = flowText(packet);
		const how = localize(session, howText(step));
		return {
			label: back ? `↩ ${direction} ${name}` : `${direction} ${name}`,
			detail: `${how} · ${flow}`,
			verdict: by === "untested" ? "untested" : (outcome?.verdict ?? "pass"),
			rules: by === "rules" ? rulesOf(session, file, tracer, host, step) : [],
		};
	};
	return [...steps.map((step) => view(step, false)), ...answer.map((step) => view(step, true))];
}

function howText({ by, outcome }: TraceStep): Message {
	if (by === "untested") return msg("pf does not filter here");
	if (by === "state" || outcome === undefined) return msg("passes by its state");
	switch (outcome.reason) {
		case "skip":
			return msg("set skip: pf does nothing here");
		case "default":
			return msg("no rule matches: passes without a state");
		case "translation":
			return msg("dropped: the translation cannot be made");
		default:
			return outcome.verdict === "block" ? msg("blocked") : msg("passes");
	}
}

function rulesOf(session: Session, file: SourceFile, tracer: Tracer, host: Model, step: TraceStep): TracedRule[] {
	const { matched, missed } = tracer.explain(step);
	const deciding = step.outcome?.rule;
	const view = (rule: Rule, role: TracedRule["role"], detail = ""): TracedRule => ({
		role,
		detail,
		text: printRule(rule),
		action: rule.action,
		location: locationOf(session, file, host.pf?.place(rule)),
	});
	const others = matched.filter(({ rule }) => rule !== deciding && rule.anchor === undefined);
	const misses = missed.filter(({ rule }) => rule.anchor === undefined && rule !== deciding).slice(0, MOST_MISSES);
	return [
		...(deciding === undefined ? [] : [view(deciding, "decides")]),
		...others.map(({ rule }) => view(rule, "matches", localize(session, msg("matches, and is overridden or goes on")))),
		...misses.map(({ rule, failed: [criterion] }) =>
			view(rule, "misses", localize(session, msg("would match but for the {0}", criterion))),
		),
	];
}

export function locationOf({ files }: Session, file: SourceFile, place: Place | undefined): FileLocation | null {
	if (place === undefined || place.span.end === 0) return null;
	const found = files.onSameHost(file, place.file);
	return found === undefined ? null : { uri: found.uri, range: found.lines.range(place.span) };
}

/** The ends of a host's flows, and the flow that a rule at an offset is about. */
export function traceEnds(session: Session, file: SourceFile, offset: number | undefined) {
	const host = session.files.hostModel(file);
	const tracer = tracerOf(host, file);
	const ends = ["outside", "host", ...tracer.ends.guests];
	const given = new Set(tracer.placeholders.map(({ address }) => address));
	const items = ends.map((name): TraceEnd => {
		const guest = host.vm.guests.find((one) => one.name.value === name);
		const end: End = name === "outside" || name === "host" ? { kind: name } : { kind: "guest", name };
		const known = tracer.ends.of(end).flatMap(({ address, family, supposed }) => (supposed ? [] : [formatIp(address, family)]));
		const addresses = known.filter((address) => !given.has(address));
		const switches = (guest?.interfaces ?? []).flatMap((nic) => (nic.switch === undefined ? [] : [nic.switch.value]));
		return { name, detail: [...new Set([...addresses, ...switches])].join(", ") };
	});
	if (offset !== undefined && isPolicyTests(file.parsed)) return { ends: items, suggested: testedAt(host, file.parsed, offset) };
	const rule = offset === undefined ? undefined : ruleAt(host, file.path, offset);
	const guest = offset === undefined ? undefined : guestAt(file, offset);
	const from = guest !== undefined && ends.includes(guest) ? { from: guest } : {};
	return { ends: items, suggested: rule === undefined ? from : suggestion(tracer, rule) };
}

/** The flow of the policy test at an offset: where it does not pass, one of those that speak against it. */
function testedAt(host: Model, tests: PfTestFile, offset: number): Partial<Omit<TraceParams, "uri">> {
	const line = tests.lines.find((one) => one.kind === "test" && contains(one.span, offset));
	if (line?.kind !== "test") return {};
	const failure = runPolicyTests(host, tests).find(({ span }) => span.start === line.span.start)?.failures[0];
	if (failure !== undefined) {
		const { from, to, service } = failure.trace.flow;
		const { protocol, port } = service;
		return { from: endText(from), to: endText(to), protocol: nameOfProtocol(protocol), ...(port === undefined ? {} : { port }) };
	}
	const end = (which: "from" | "to") => {
		const one = line[which];
		switch (one.kind) {
			case "any guest":
				return {};
			case "guest":
				return { [which]: one.name };
			case "address":
				return { [which]: formatIp(one.address, one.family) };
			case "network":
				return { [which]: formatIp(one.low, one.family) };
			default:
				return { [which]: one.kind };
		}
	};
	const [[port] = []] = line.ports;
	return {
		...end("from"),
		...end("to"),
		...(line.protocol === "any" ? {} : { protocol: line.protocol }),
		...(port === undefined ? {} : { port }),
	};
}

/** The guest of vm.conf whose block is around an offset. */
function guestAt({ parsed }: SourceFile, offset: number): string | undefined {
	return parsed.outline().find(({ kind, span }) => kind === "guest" && contains(span, offset))?.name;
}

function ruleAt({ pf }: Model, path: string, offset: number): Rule | undefined {
	if (pf === undefined) return undefined;
	const rules = [pf.ruleset.main, ...pf.ruleset.anchors.values()].flatMap((anchor) => anchor.rules);
	return rules.find((rule) => {
		const place = pf.place(rule);
		return rule.anchor === undefined && place.file === path && place.span.end > 0 && contains(place.span, offset);
	});
}

/** What goes out on a guest's tap is for the guest, what comes in on it is from the guest. */
function suggestion({ ends }: Tracer, rule: Rule): Partial<Omit<TraceParams, "uri">> {
	const guest = ends.guests.find((name) => ends.of({ kind: "guest", name }).some(({ plug }) => plug?.nic.tap?.value === rule.interface));
	const { source, destination, family, rdr } = rule;
	const single = (address: AddressMatch, negated = false): string | undefined => {
		if (negated || address.kind !== "network" || family === undefined || address.bits !== (family === "inet" ? 32 : 128)) return undefined;
		const [at] = ends.of({ kind: "address", address: address.address, family });
		return at?.endpoint.kind === "guest" ? at.endpoint.name : at?.endpoint.kind === "host" ? "host" : formatIp(address.address, family);
	};
	const from = single(source.address, source.negated) ?? (rule.direction === "in" ? (guest ?? "outside") : undefined);
	// What is redirected arrives elsewhere than it was sent to.
	const redirected = rdr === undefined || rule.afTo !== undefined ? undefined : single(rdr.address);
	const to = redirected ?? single(destination.address, destination.negated) ?? (rule.direction === "out" ? guest : undefined);
	const protocol = { 1: "icmp", 6: "tcp", 17: "udp", 58: "icmp" }[rule.protocol];
	const { port } = destination;
	return {
		...(from === undefined ? {} : { from }),
		...(to === undefined ? {} : { to }),
		...(protocol === undefined ? {} : { protocol }),
		...(port?.op === "=" || port?.op === ":" ? { port: port.low } : {}),
	};
}

/** The expectations of a file of policy tests. */
export function policyTests(session: Session, file: SourceFile, run: boolean): readonly PolicyTestItem[] | null {
	const { parsed } = file;
	if (!isPolicyTests(parsed)) return null;
	if (!run) {
		return parsed.lines.flatMap((line) =>
			line.kind === "test"
				? [{ name: file.text.slice(line.span.start, line.span.end).replace(/\s+/g, " "), range: file.lines.range(line.span), reasons: [] }]
				: [],
		);
	}
	const places = new Map(
		runPolicyTests(session.files.hostModel(file), parsed).map((result) => [file.lines.lineAt(result.span.start), result]),
	);
	return testedExpectations(session, file).map(({ name, result, line, reasons }) => {
		const own = places.get(line);
		const failures = own?.failures ?? [];
		return {
			name,
			result,
			range: file.lines.range(own?.span ?? { start: file.lines.startOf(line), end: file.lines.endOf(line) }),
			reasons: reasons.map((text, index) => {
				const failure = failures[index];
				const known = failure !== undefined && failureText(session, file, failure) === text;
				return { text, location: known ? locationOf(session, file, failure.place) : null };
			}),
		};
	});
}

export function matrixView(session: Session, file: SourceFile): MatrixView {
	const host = session.files.hostModel(file);
	const { ends, services, cells } = reachability(host);
	// Of many cells, few are decided by rules that differ.
	const views = new Map<string, MatrixCell>();
	const numbers = new Map<Rule, number>();
	const view = ({ answer, rule }: Cell): MatrixCell => {
		if (rule !== undefined && !numbers.has(rule)) numbers.set(rule, numbers.size);
		const key = `${answer} ${rule === undefined ? "" : numbers.get(rule)}`;
		const known = views.get(key);
		if (known !== undefined) return known;
		const made: MatrixCell = {
			answer,
			rule: rule === undefined ? "" : printRule(rule),
			location: locationOf(session, file, rule && host.pf?.place(rule)),
		};
		views.set(key, made);
		return made;
	};
	return {
		host: host.source.name,
		note: isCutOff(host) ? localize(session, RULES_LEFT_OUT) : "",
		ends: ends.map(endText),
		services: services.map((service) => classText(session, service)),
		examples: services.map(({ atoms: [first] }) => {
			const { protocol = 0, port } = first ?? {};
			return { protocol: nameOfProtocol(protocol), ...(port === undefined ? {} : { port }) };
		}),
		cells: cells.map((row) => row.map((column) => column.map(view))),
	};
}

export function packed({ cells, ...matrix }: MatrixView): PackedMatrix {
	const numbers = new Map<MatrixCell, number>();
	const numberOf = (cell: MatrixCell): number => {
		const known = numbers.get(cell) ?? numbers.size;
		numbers.set(cell, known);
		return known;
	};
	return { ...matrix, cells: cells.map((row) => row.map((column) => column.map(numberOf))), answers: [...numbers.keys()] };
}

/** `tcp 80`, `other tcp`, `other protocols`. */
function classText(session: Session, { named, protocol }: ServiceClass): string {
	if (named !== undefined) return atomText(named);
	return protocol === 0 ? localize(session, msg("other protocols")) : localize(session, msg("other {0}", protocolName(protocol)));
}

/**
 * What changes from the host with other texts in some files (by path; null where the file was not there) to the host as it is.
 * @param after texts of some files in the place of those that the host has here
 */
export function changedConnections(
	session: Session,
	file: SourceFile,
	before: ReadonlyMap<string, string | null>,
	after?: ReadonlyMap<string, string | null>,
): readonly ChangedConnection[] {
	const own = session.files.hostModel(file);
	return connectionsChanged(session, file, earlierHost(own, before), after && earlierHost(own, after));
}

/** What changes from another model of the host to the one that its files make, or to a third. */
export function connectionsChanged(session: Session, file: SourceFile, earlier: Model, later?: Model): readonly ChangedConnection[] {
	const after = later ?? session.files.hostModel(file);
	if (isCutOff(earlier) || isCutOff(after)) {
		const any = localize(session, msg("any"));
		const reason = localize(session, RULES_LEFT_OUT);
		return [{ kind: "uncertain", from: any, to: any, service: any, example: "", rule: "", reason, location: null }];
	}
	return reachabilityDifference(earlier, after).map((change) => {
		const rule = change.decidedAfter?.outcome?.rule;
		// A rule of other texts has no place here.
		return { ...inWords(change), location: later === undefined ? locationOf(session, file, rule && after.pf?.place(rule)) : null };
	});
}

/** The host with other texts in some files, by path; null for a file that was not there. */
export function earlierHost({ source }: Model, texts: ReadonlyMap<string, string | null>): Model {
	const files = new Map(source.files);
	for (const [path, text] of texts) {
		if (text === null) files.delete(path);
		else files.set(path, { text });
	}
	const pf = pfFacts(files);
	const { pf: _, ...rest } = source;
	const changed: HostSource = { ...rest, files, ...(pf && { pf }) };
	return hostBuilder()(changed);
}

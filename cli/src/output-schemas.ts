/**
 * What the commands print as JSON: the types of the code, and the schemas that are shipped (`schemas/output/`, made by
 * `scripts/output-schemas.mjs`) are made from these. A command takes the types alone: it does not load this.
 *
 * A property keeps its meaning within a major version; others may be added.
 */
import { z } from "zod";

const list = <Item extends z.ZodType>(item: Item) => z.array(item).readonly();
const text = z.string();
const count = z.int().min(0);

const position = z.strictObject({ line: count, character: count }).describe("from 0; characters are units of UTF-16");
const range = z.strictObject({ start: position, end: position });
const location = z.strictObject({ uri: text, range });
const severity = z.enum(["error", "warning", "information", "hint"]);

const diagnostic = z.strictObject({
	severity,
	code: text.describe("as 'explain' takes it"),
	message: text,
	range,
	leftOut: z.record(severity, count).optional().describe("of one that stands for others that are not shown, how many of each"),
	relatedInformation: list(z.strictObject({ location, message: text })).optional(),
});

const check = list(z.strictObject({ file: text.describe("as it was given"), diagnostics: list(diagnostic) })).describe(
	"the files in which something was found",
);

const tests = list(
	z.strictObject({
		file: text,
		tests: list(
			z.strictObject({
				name: text,
				result: z.enum(["passed", "failed", "undecided"]),
				line: count.describe("from 0"),
				reasons: list(text),
			}),
		),
	}),
);

const expanded = z.strictObject({
	file: text.describe("as it was given"),
	text: text.describe("the ruleset as pfctl prints it, or the commands of netstart"),
	cutOff: text.optional().describe("why the text is not all of it"),
	refused: list(z.strictObject({ line: count.describe("from 0"), message: text })).describe("why the host's program refuses the file"),
});

const answer = z.enum(["yes", "no", "one way", "depends"]);

const trace = z.strictObject({
	answer,
	text: text.describe("the answer in a sentence"),
	ways: list(
		z.strictObject({
			label: text,
			detail: text,
			result: z.enum(["passes", "blocked", "no answer", "not forwarded"]),
			steps: list(
				z.strictObject({
					label: text,
					detail: text,
					verdict: z.enum(["pass", "block", "untested"]),
					rules: list(
						z.strictObject({
							role: z.enum(["decides", "matches", "misses"]),
							text,
							detail: text,
							action: z.enum(["pass", "block", "match"]),
							location: location.nullable(),
						}),
					),
				}),
			),
		}),
	),
	notes: list(text).describe("what was supposed"),
	advice: text.describe("what would let the packet through, or make a way for it; empty where that is not one thing"),
	fixes: list(
		z.strictObject({
			title: text,
			files: list(z.strictObject({ uri: text, created: z.boolean(), edits: list(z.strictObject({ range, newText: text })) })),
		}),
	).describe("changes of files that follow the advice"),
});

const reach = z.strictObject({
	host: text,
	ends: list(text),
	services: list(text).describe("all there are: those that rules name, and the others of each protocol"),
	examples: list(z.strictObject({ protocol: text, port: z.int().optional() })).describe("for each service, a packet of it"),
	cells: list(list(list(z.strictObject({ answer, rule: text, location: location.nullable() })))).describe(
		"by the end that a connection comes from, the one that it goes to, and the service; empty from an end to itself",
	),
	note: text.describe("why no answer is known; empty where they are"),
});

const exposure = z.strictObject({
	places: list(text).describe("where pf first meets what comes from outside, such as 'in on em0'"),
	openings: list(
		z.strictObject({
			treatment: text.describe("what becomes of the packets, as a rule says it"),
			packets: list(text).describe("in the words of pf.conf"),
			others: count.describe("terms that are not told"),
			example: text,
			rule: text,
			depends: list(text).describe("rules of which it is not known whether they match; empty where it is certain"),
			location: location.nullable(),
			reached: list(z.strictObject({ to: text, answer, services: list(text) }))
				.nullable()
				.describe("the ends that some of them get to, with services that do; null where there is too much to look at"),
		}),
	),
	unfiltered: list(text).describe("ends that packets from outside come to without pf"),
	isWhole: z.boolean().describe("whether nothing else is let in; false where that is not known"),
});

const report = z.strictObject({
	host: text,
	guest: text.nullable().describe("the one guest that it is about; null where it is about all"),
	files: list(z.strictObject({ path: text.describe("on the host"), sha256: text })),
	exposure,
	reach,
	tests: list(
		z.strictObject({
			file: text.describe("on the host"),
			name: text,
			result: z.enum(["passed", "failed", "undecided"]),
			line: count.describe("from 0"),
			reasons: list(text),
		}),
	),
	findings: list(
		z.strictObject({
			file: text.describe("on the host"),
			line: count.describe("from 0"),
			severity: z.enum(["error", "warning", "information", "hint"]).describe("errors and warnings alone"),
			code: text,
			message: text,
		}),
	),
});

const kindOfChange = z.enum(["opens", "closes", "uncertain"]);

const diff = list(
	z.strictObject({
		host: text,
		alike: list(z.strictObject({ interface: text, here: text, there: text }))
			.optional()
			.describe("with --pair: addresses that count as the same"),
		changes: list(
			z.strictObject({
				kind: kindOfChange,
				from: text,
				to: text,
				service: text,
				example: text,
				rule: text,
				reason: text.optional(),
				location: location.nullable(),
			}),
		),
		packets: z
			.strictObject({
				changes: list(
					z.strictObject({
						before: text.describe("what becomes of them, as a rule says it; 'skip' where pf does nothing"),
						after: text,
						packets: list(text).describe("in the words of pf.conf"),
						others: count.describe("terms that are not told"),
						example: text,
						ruleBefore: text.describe("empty where several decide, or none"),
						rule: text,
						depends: list(text).describe("rules of which it is not known whether they match; empty where the change is certain"),
						location: location.nullable(),
					}),
				),
				isWhole: z.boolean().describe("whether pf treats no other packet differently; false where that is not known"),
				gone: list(text).describe("settings, queues and limiters that only the earlier version has"),
				come: list(text),
			})
			.describe("packets that pf treats differently, at each of its interfaces and directions"),
	}),
);

const upgrade = list(
	z.strictObject({
		host: text,
		from: text.describe("a release"),
		to: text.describe("a release"),
		note: text.describe("why it may not be all; empty where it is"),
		findings: list(
			z.strictObject({
				effect: z.enum(["refused", "meaning", "printed", "needless"]),
				release: text.nullable().describe("the one that brings it, where that is known"),
				code: text,
				message: text,
				path: text.describe("on the host"),
				uri: text,
				range,
				fixes: list(
					z.strictObject({
						title: text,
						edits: list(z.strictObject({ uri: text, edits: list(z.strictObject({ range, newText: text })) })),
					}),
				),
			}),
		),
		ruleset: text.describe("what pfctl loads for both, as diff -u shows it; empty where it is the same"),
		connections: list(
			z.strictObject({
				kind: kindOfChange,
				from: text,
				to: text,
				service: text,
				example: text,
				rule: text,
				reason: text.optional(),
				location: location.nullable(),
			}),
		),
	}),
);

const place = z.strictObject({ uri: text, path: text.describe("on the host"), range, text: text.describe("of the line") });

const topology = z.strictObject({
	name: text,
	nodes: list(
		z.strictObject({
			id: text,
			kind: text,
			what: text.describe("the kind in words"),
			label: text,
			details: list(text),
			inactive: z.boolean(),
			places: list(place),
			problems: list(z.strictObject({ severity, message: text, place })),
		}),
	),
	edges: list(
		z.strictObject({
			from: text,
			to: text,
			kind: text,
			label: text,
			filtered: z.boolean().optional().describe("whether pf filters packets here; absent where that does not apply"),
			vlans: list(z.number()).optional().describe("the VLANs that pass here, of a veb that tells several apart"),
			severity: severity.optional(),
		}),
	),
});

const explain = z.strictObject({ code: text, severity, title: text, why: text, remedy: text, page: text });

const fmt = z.strictObject({ files: list(text).describe("those that were formatted, or would be"), written: z.boolean() });

const guestState = z.enum(["running", "paused", "stopping", "waiting", "stopped", "unknown"]);
const own = { id: count, name: text, index: count };

const taps = z.strictObject({
	system: z
		.strictObject({
			system: text,
			hostName: text,
			release: text,
			reads: text.optional().describe("the release that its files are read for"),
			simulated: z.boolean(),
		})
		.nullable(),
	vmd: z.union([
		z.strictObject({ kind: z.enum(["answered", "absent", "notPermitted", "timedOut"]) }),
		z.strictObject({ kind: z.literal("failed"), message: text }),
	]),
	guests: list(
		z.strictObject({
			id: count,
			name: text,
			state: guestState,
			listed: z.boolean().describe("false where only its taps tell of it"),
			taps: list(text),
			pid: count.optional(),
			cpus: count.optional(),
			maxMemory: text.optional(),
			memory: text.optional(),
			tty: text.optional(),
			owner: text.optional(),
		}),
	),
	taps: list(
		z.strictObject({
			name: text,
			guest: z.strictObject({ kind: z.literal("guest"), ...own, state: guestState }).nullable(),
			stale: z
				.strictObject({ kind: z.literal("stale"), ...own })
				.optional()
				.describe("described as a guest's that does not use it now"),
			bridge: text.optional(),
			switch: text.optional(),
			groups: list(text),
			lladdr: text.optional(),
			guestAddress: text.optional(),
		}),
	),
	bridges: list(
		z.strictObject({
			name: text,
			kind: z.enum(["bridge", "veb", "tpmr"]),
			switch: text.optional(),
			up: z.boolean(),
			flags: list(text),
			members: list(
				z.strictObject({
					interface: text,
					flags: list(text),
					port: count.optional(),
					untagged: text.optional().describe("the VLAN of frames without a tag, none or passthrough; of a veb of OpenBSD 7.9"),
					tagged: text.optional().describe("the VLANs of frames with their tag, such as 10,20-30; empty for none"),
					protected: text.optional().describe("domains of ports that do not reach each other, such as 1,2"),
				}),
			),
		}),
	),
	complete: z.boolean().describe("whether the answer of ifconfig came to its end"),
	unread: list(text).describe("lines that were not understood"),
});

const area = z.enum(["guests", "members", "addresses", "interfaces", "routes", "settings", "services", "rules", "leases"]);
const verified = { area, subject: text, expected: text, found: text };

const verify = z.strictObject({
	host: text,
	simulated: z.boolean(),
	results: list(
		z.strictObject({ ...verified, verdict: z.enum(["ok", "differs", "unknown"]), advice: text.optional(), command: text.optional() }),
	),
	places: list(z.strictObject({ interface: text, shows: text, command: text })).describe("where packets can be watched"),
});

const disks = z.union([
	z.strictObject({ host: text, missing: list(z.strictObject({ path: text, command: text })) }),
	z.strictObject({
		host: text,
		disks: list(z.strictObject({ path: text, result: z.enum(["made", "there", "failed"]), message: text })).describe("with --create"),
	}),
]);

const complaint = z.strictObject({
	path: text.optional(),
	line: z.int().min(1).optional(),
	columns: z.strictObject({ start: count, end: count }).optional().describe("from 1; the end is not part of it"),
	text,
	advice: text.optional(),
	program: text,
	severity: z.enum(["error", "warning", "information"]),
});

const validate = z.strictObject({ host: text, complaints: list(complaint) });

const survival = z.union([
	z.strictObject({ kind: z.literal("unaffected") }),
	z.strictObject({ kind: z.enum(["survives", "blocked"]), rule: text }),
	z.strictObject({ kind: z.enum(["lost", "unknown"]), why: text }),
]);

const plan = z.strictObject({
	host: text,
	simulated: z.boolean(),
	changes: list(
		z.strictObject({
			path: text,
			differs: list(z.enum(["content", "mode", "owner"])),
			mode: text.describe("octal"),
			removed: z.boolean(),
			diff: text,
		}),
	),
	unchanged: list(text),
	others: list(text).describe("files that are there and not here, and stay"),
	drifted: list(text).describe("files that were changed there since they were deployed"),
	connections: z.union([
		list(z.strictObject({ kind: kindOfChange, from: text, to: text, service: text, example: text, rule: text })),
		z.literal("unknown: rules are left out, because they are too many"),
	]),
	commands: list(z.strictObject({ words: list(text), why: text, disturbs: text, with: list(text).optional() })),
	interrupts: list(z.strictObject({ interface: text, what: text })),
	refused: list(complaint).describe("what keeps all of it from being deployed"),
	notes: list(text),
	survival: survival.describe("whether a new connection by SSH is let in afterwards"),
	states: z
		.union([
			z.strictObject({
				total: count.describe("how many were read"),
				leftOut: count.describe("beyond what is read"),
				unknown: count,
				refusesOurs: z.boolean().describe("whether the connection that we come by is refused too; it is not among the others"),
				refused: list(
					z.strictObject({
						id: text.describe("as 'pfctl -k id -k' takes it"),
						protocol: count,
						from: text,
						to: text,
						guests: list(text),
						rule: text.optional(),
					}),
				),
			}),
			z.strictObject({ message: text.describe("why they could not be read") }),
		])
		.optional()
		.describe("with --states: present connections that would no longer begin with the new rules"),
});

const end = z.enum(["untouched", "restored", "incomplete", "trying", "watchdog", "undecided"]);

/** What a change of a host has come to; `rollback` prints the same. */
const deployed = [
	z.strictObject({ host: text, simulated: z.boolean(), result: z.literal("unchanged") }),
	z.strictObject({
		host: text,
		simulated: z.boolean(),
		result: z.literal("deployed"),
		id: text,
		differs: list(z.strictObject(verified)).optional().describe("what is not as after a start with these files"),
		states: z.strictObject({ ended: count, message: text.optional() }).optional().describe("with --end-states"),
	}),
	z.strictObject({ host: text, simulated: z.boolean(), result: z.literal("drifted"), paths: list(text) }),
	z.strictObject({ host: text, simulated: z.boolean(), result: z.literal("rejected"), complaints: list(complaint) }),
	z.strictObject({
		host: text,
		simulated: z.boolean(),
		result: z.enum(["failed", "declined"]),
		id: text,
		step: text,
		message: text,
		end,
		differs: list(text).optional(),
		seconds: count,
	}),
	z.strictObject({ host: text, result: z.literal("rehearsal-failed"), message: text }),
] as const;

const deployedOne = z.union([
	...deployed,
	z.strictObject({ host: text, result: z.literal("tests-failed"), tests: text }),
	z.strictObject({ host: text, rehearsal: z.enum(["works", "fails"]), message: text.optional() }).describe("with --rehearse"),
]);

const deploy = z.union([
	...deployedOne.options,
	list(deployedOne).describe("of several hosts, in the order in which they were deployed to"),
]);

const rollback = z.union(deployed);

const pull = z.strictObject({
	host: text,
	folder: text.describe("where the host's files are here"),
	files: list(z.strictObject({ path: text, what: z.enum(["new", "updated", "merged"]), conflicts: count })).describe(
		"those that were written; with --dry-run, that would be",
	),
	left: list(z.strictObject({ path: text, why: text })).describe("those that were not"),
});

const drift = list(
	z.strictObject({
		host: text,
		fault: text.optional().describe("why it could not be asked"),
		files: list(
			z.strictObject({
				path: text,
				kind: z.enum(["changed-here", "changed-there", "changed-both", "gone-here", "gone-there", "only-here", "differs", "not-read"]),
				diff: text.describe("from what the host has to what is here; empty where one of them is not known"),
			}),
		),
	}),
);

const history = z.union([
	z.strictObject({
		host: text,
		deployments: list(z.strictObject({ id: text, user: text })).describe("the latest first"),
		wayBack: z
			.strictObject({ result: z.enum(["works", "fails", "declined"]), date: text, user: text, reason: text, isCurrent: z.boolean() })
			.optional(),
	}),
	z.strictObject({
		host: text,
		id: text,
		changes: list(z.strictObject({ path: text, diff: text })),
		log: text,
	}),
]);

const host = z.union([
	z.strictObject({
		host: text,
		action: z.literal("version"),
		ours: text,
		kind: z.enum(["none", "current", "older", "newer"]),
		version: text,
	}),
	z.strictObject({
		host: text,
		action: z.literal("check"),
		user: text,
		release: text.nullable().describe("of OpenBSD; null where the host does not say it"),
		client: z.enum(["built-in", "system"]).describe("what the connection goes over"),
		why: text.optional().describe("what the built-in client cannot do"),
	}),
	z.strictObject({ host: text, action: z.literal("install"), version: text }),
	z.strictObject({ host: text, action: z.literal("prune"), keep: count }),
	z.strictObject({ host: text, action: z.literal("uninstall") }),
]);

const pattern = z.union([
	z.strictObject({ patterns: list(z.strictObject({ name: text, title: text, detail: text })) }).describe("without a name"),
	z
		.strictObject({
			pattern: text,
			questions: list(
				z.strictObject({
					id: text.describe("the option that answers it, without its dashes"),
					title: text,
					standard: text.optional().describe("what is taken without an answer; without one, it must be given"),
					example: text.optional(),
					hint: text.optional(),
				}),
			),
		})
		.describe("with --help"),
	z.strictObject({
		pattern: text,
		files: list(z.strictObject({ path: text.describe("on the host"), isNew: z.boolean(), diff: text, text })),
		written: z.boolean().describe("whether the files were changed"),
		unmet: list(z.strictObject({ test: text, message: text })).describe("promises that the host's own rules break"),
	}),
]);

const exported = z.strictObject({ files: list(text).describe("the files that were written") });

const two = z.tuple([count, count]).readonly().describe("from who opened the connection, and back");
const ends = {
	from: text.describe("address and port as pfctl prints them; of ICMP, one port is the identifier and one the type"),
	to: text,
};

const states = z.strictObject({
	host: text,
	simulated: z.boolean(),
	total: count.describe("how many the host has"),
	leftOut: count.describe("beyond what is read"),
	unread: count.describe("lines that were not understood"),
	states: list(
		z.strictObject({
			id: text.describe("as 'pfctl -k id -k' takes it"),
			interface: text.nullable().describe("that it is bound to; null for one that floats"),
			direction: z.enum(["in", "out"]),
			protocol: count,
			...ends,
			translated: z.strictObject(ends).optional().describe("what pf makes of both ends"),
			progress: text,
			age: count.describe("seconds"),
			expires: count.describe("seconds until then"),
			packets: two,
			bytes: two,
			flags: list(text),
			guests: list(text),
			rule: z
				.strictObject({ anchor: text, number: count, text })
				.nullable()
				.describe("the loaded rule that made it; null where that is not certain, or no longer loaded"),
			rate: z.strictObject({ packets: z.number(), bytes: z.number() }).optional().describe("in a second"),
			against: z
				.strictObject({
					verdict: z.enum(["made", "refused", "unknown"]).describe("whether the files of --against would still let it begin"),
					rule: text.optional(),
					why: z.enum(["interface", "rule", "rules"]).optional().describe("what is not known"),
				})
				.optional(),
		}),
	),
	ended: count.optional(),
});

const addresses = list(text).describe("as pfctl prints them");
const tableName = { table: text, anchor: text.describe("empty for the main ruleset") };

const tables = z.union([
	z.strictObject({
		host: text,
		unread: count.describe("lines that were not understood"),
		tables: list(
			z.strictObject({
				name: text,
				anchor: text.describe("empty for the main ruleset"),
				loaded: z
					.strictObject({
						const: z.boolean(),
						persist: z.boolean(),
						counters: z.boolean(),
						referenced: z.boolean().describe("whether a rule names it"),
						count,
						cleared: text.optional().describe("since when it counts, in the host's words and by its clock"),
						evaluations: z.strictObject({ match: count, noMatch: count }).optional(),
						addresses: addresses.optional().describe("absent where they were not read"),
						leftOut: count.describe("beyond what is read"),
					})
					.nullable(),
				file: z
					.strictObject({ path: text, count: count.nullable().describe("null where it is not known") })
					.nullable()
					.describe("where the files define it"),
				onReload: z.enum(["replaces", "keeps", "goes", "unknown"]).describe("what loading the files again makes of what it holds"),
				onlyLoaded: addresses.nullable().describe("what only the host has; null where it is not known"),
				onlyInFiles: addresses.nullable(),
			}),
		),
	}),
	z
		.strictObject({ host: text, ...tableName, action: z.enum(["add", "delete"]), address: text, changed: z.boolean() })
		.describe("with --add or --delete"),
	z
		.strictObject({ host: text, ...tableName, kept: text.describe("the file that has them"), addresses, files: list(text) })
		.describe("with --keep: what was written"),
]);

const time = text.describe("in UTC, as ISO 8601 has it");
const when = z.strictObject({ after: time.optional().describe("absent where any time before is possible"), by: time });

const counters = z.strictObject({
	host: text,
	rules: list(
		z.strictObject({
			anchor: text.describe("empty for the main ruleset"),
			rule: text.describe("as pfctl prints it"),
			place: z.strictObject({ file: text, line: count }).optional().describe("where the files have it"),
			evaluations: count,
			packets: count,
			bytes: count,
			states: count,
			since: when.describe("when its counters began: it has counted without a break since `by`"),
			start: z.enum(["first", "boot", "loaded", "cleared"]).describe("why they began; `first` where the first reading found it so"),
			readings: count.describe("since then, this one included"),
			last: when.optional().describe("when a reading last found more packets than the one before"),
			daysWithout: count.optional().describe("whole days since `since.by`, where it has counted no packet"),
		}),
	),
});

const rate = z.strictObject({ packetsPerSecond: z.number(), bitsPerSecond: z.number() });

const rates = z.strictObject({
	host: text,
	seconds: count.describe("how long apart the two readings are"),
	interfaces: list(
		z.strictObject({
			name: text,
			guest: text.optional().describe("whose tap it is"),
			in: rate.describe("what the host gets by it; by a tap, what its guest sends"),
			out: rate,
		}),
	),
	guests: list(
		z.strictObject({
			name: text,
			cpuPercent: z.number().optional().describe("of one processor"),
			memory: text.optional().describe("as vmctl prints it"),
		}),
	),
});

/** A line of what `log` prints. */
const log = z.strictObject({
	time: text.describe("by the host's clock"),
	action: text.describe("pass, block, match"),
	reason: text.describe("match, or why it was dropped"),
	direction: z.enum(["in", "out"]),
	interface: text,
	protocol: text.optional().describe("by its name, or its number"),
	from: text.optional(),
	to: text.optional(),
	number: text.describe("of the rule that logged it, as tcpdump has it: 3, 5.web01.0, def"),
	guests: list(text),
	rule: z.strictObject({ anchor: text, number: count, text }).nullable().describe("null where it is not known"),
	place: z.strictObject({ file: text, line: count }).optional().describe("where the files have it"),
	packet: text.describe("in tcpdump's words"),
});

/** By the command that prints it. */
export const outputSchemas = {
	check,
	test: tests,
	expand: expanded,
	netstart: expanded,
	trace,
	reach,
	diff,
	exposure,
	report,
	upgrade,
	topology,
	explain,
	fmt,
	pattern,
	taps,
	verify,
	states,
	tables,
	counters,
	rates,
	log,
	disks,
	validate,
	plan,
	deploy,
	rollback,
	pull,
	drift,
	history,
	host,
	export: exported,
} as const;

/** What each command prints as JSON. */
export type Outputs = { readonly [Name in keyof typeof outputSchemas]: z.infer<(typeof outputSchemas)[Name]> };

/** Which of the host's programs check which files, and what their answers mean. */
import {
	DHCPD_CONF,
	filesOfRulesets,
	hostnameLanguage,
	hostnameOf,
	msg,
	PF_CONF,
	readSysctl,
	SYSCTL_CONF,
	VM_CONF,
} from "@openbsd-vnet/server";
import type { ProgramAnswer } from "./answers.ts";
import { complaintsIn, type HostComplaint, ourselves, placedLines, placeIn } from "./complaint.ts";
import { roleOf } from "./files.ts";

/** The files of a host as they would be. */
export interface CheckedFiles {
	/** By their paths: those that are checked, and those that stay as they are. */
	readonly texts: ReadonlyMap<string, string>;
	/** The paths of those that are checked. */
	readonly checked: ReadonlySet<string>;
}

/** A question for the host program (host-program/30-check.sh), and what its answer says of the files. */
export interface ProgramCheck {
	readonly question: string;
	/** @param answer with the files' own paths */
	complaints(answer: ProgramAnswer): readonly HostComplaint[];
}

/** The name of a file's copy in the folder. */
export type NameOf = (path: string) => string;

/** @param marker a word that no output has */
export function programChecks(candidate: CheckedFiles, nameOf: NameOf, marker: string): readonly ProgramCheck[] {
	const { texts, checked } = candidate;
	const program = (name: string, path: string, question: string): ProgramCheck => ({
		question,
		complaints: (answer) => tooLate(answer, name, path) ?? complaintsIn(answer.output, name, path, answer.status),
	});
	const checks: ProgramCheck[] = [];
	const given = [...checked].filter((path) => texts.has(path));
	const pf = given.filter((path) => roleOf(path) === "pf");
	if (pf.length > 0 && texts.has(PF_CONF)) checks.push(program("pfctl -nf", PF_CONF, `pf ${nameOf(PF_CONF)}`));
	const named = filesOfRulesets(texts);
	for (const path of pf) {
		if (path === PF_CONF) continue;
		const anchors = named.anchors.get(path);
		const ofAnchor = (anchor: string) => program(`pfctl -a ${anchor} -nf`, path, `anchor ${nameOf(path)} ${anchor}`);
		if (anchors !== undefined) checks.push(...[...anchors].map(ofAnchor));
		else if (!named.others.has(path)) checks.push(...(path.endsWith(".conf") ? [ofAnchor(plainAnchor)] : []), unnamed(path));
	}
	if (checked.has(VM_CONF) && texts.has(VM_CONF)) checks.push(program("vmd -nf", VM_CONF, `vm ${nameOf(VM_CONF)}`));
	if (checked.has(DHCPD_CONF) && texts.has(DHCPD_CONF)) checks.push(dhcpd(nameOf(DHCPD_CONF)));
	const hostname = given.filter((path) => roleOf(path) === "hostname");
	if (hostname.length > 0) checks.push(netstartCopy, ...hostname.flatMap((path) => netstart(path, texts.get(path) ?? "", marker)));
	if (checked.has(SYSCTL_CONF)) checks.push(...sysctls(texts.get(SYSCTL_CONF) ?? ""));
	return checks;
}

/** The anchor that a file is checked for which no ruleset loads. */
const plainAnchor = "openbsd-vnet";

function unnamed(path: string): ProgramCheck {
	const text = path.endsWith(".conf")
		? msg("no ruleset loads {0}: it was checked as the file of an anchor called {1}", path, plainAnchor)
		: msg("no ruleset names {0}: it was not checked", path);
	return { question: "nothing", complaints: () => [{ path, line: undefined, text, program: ourselves, severity: "information" }] };
}

function dhcpd(name: string): ProgramCheck {
	return {
		question: `dhcp ${name}`,
		complaints: (answer) =>
			tooLate(answer, "dhcpd -n", DHCPD_CONF) ?? complaintsIn(placedLines(answer.output), "dhcpd -n", DHCPD_CONF, answer.status),
	};
}

/** What it means that the host program ended a program; undefined where it did not. After one of them others are not asked. */
function tooLate({ status }: ProgramAnswer, name: string, path: string): readonly HostComplaint[] | undefined {
	if (status === 125) return [];
	if (status !== 124) return undefined;
	const text = msg("{0} waits for DNS: it looks up the names in {1}, and the host gets no answer", name, path);
	const advice = msg("Write addresses in place of names, or see to it that names resolve there. A start of the host would wait as well.");
	return [{ path, line: undefined, text, advice, program: ourselves, severity: "error" }];
}

/** Without the copy, the commands that follow do nothing. */
const netstartCopy: ProgramCheck = {
	question: "netstart-copy",
	complaints: ({ status }) =>
		status === 0
			? []
			: [
					{
						path: undefined,
						line: undefined,
						text: msg(
							"the host's /etc/netstart is not one that can be told to read other files: it was not asked about the hostname files",
						),
						program: ourselves,
						severity: "warning",
					},
				],
};

/** netstart's dry run, and whether the shell could read each command that netstart would give to its `eval`. */
function netstart(path: string, text: string, marker: string): readonly ProgramCheck[] {
	// Unlike the word that parts the answers of commands.
	const refused = `${marker}.refused`;
	const name = hostnameOf(path) ?? "";
	return [
		{
			question: `netstart ${name}`,
			complaints: ({ output, status }) => complaintsIn(output, "netstart -n", path, status),
		},
		{
			question: "commands",
			complaints: ({ output }) =>
				output
					.split(`${refused} `)
					.slice(1)
					.map((answer): HostComplaint => {
						const [command = "", ...said] = answer.trimEnd().split("\n");
						return { path, ...lineOfCommand(path, text, command), text: msg("{0}", said.join(" ")), program: "sh -n", severity: "error" };
					}),
		},
	];
}

/** The line of a hostname file that netstart makes a command of. */
function lineOfCommand(path: string, text: string, command: string): Pick<HostComplaint, "line" | "columns"> {
	const lines = hostnameLanguage.parse(text, { path }).expanded?.() ?? [];
	const source = lines.find((line) => line.text === command)?.source;
	return source === undefined ? { line: undefined } : placeIn(text, source.span);
}

/** A name that the host's kernel does not have cannot be set. sysctl(8) ends with status 0 all the same. */
function sysctls(text: string): readonly ProgramCheck[] {
	const path = SYSCTL_CONF;
	const settings = readSysctl(text).filter(({ name, value }) => value !== undefined && /^[A-Za-z][A-Za-z0-9_.-]*$/.test(name));
	return settings.map(({ name, span: { start } }) => ({
		question: `sysctl ${name}`,
		complaints: ({ output, status }) =>
			status === 0 && output.trim() === ""
				? []
				: complaintsIn(output, "sysctl -n", path, 1).map((each) => ({
						...each,
						path,
						...placeIn(text, { start, end: start + name.length }),
					})),
	}));
}

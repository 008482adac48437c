/**
 * Checks files before they are a host's files: by the host's own programs where they can be asked without doing anything, and
 * by ourselves where they cannot. Nothing of the running system is touched.
 */
import { randomBytes } from "node:crypto";
import { hostnameLanguage, type Language, msg, PfFile, pfLanguage, vmLanguage } from "@openbsd-vnet/server";
import type { Connection } from "../connection.ts";
import { ConnectionError } from "../connection-error.ts";
import { readInterfaces } from "../live-interfaces.ts";
import { type ProgramAnswer, readAnswers } from "./answers.ts";
import { filesNamed, ownComplaints } from "./check-names.ts";
import { type CheckedFiles, programChecks } from "./check-programs.ts";
import { type HostComplaint, ourselves, placeIn, withoutRepetitions } from "./complaint.ts";
import { fetchFiles } from "./fetch.ts";
import { type FileRole, roleOf, type WantedFile } from "./files.ts";
import { inputOf } from "./input.ts";
import { expectSuccess, type RootRunner } from "./root.ts";
import { type Staged, withOwnPaths, withStagedPaths } from "./staged-paths.ts";

/**
 * Checks files without deploying them.
 * @throws ConnectionError where the host cannot be asked
 */
export function validate(connection: Connection, root: RootRunner, files: readonly WantedFile[]): Promise<readonly HostComplaint[]> {
	return checkFor(connection, root, undefined, files);
}

/**
 * Checks files together with those that the host keeps, in a folder of the host that is gone afterwards.
 * @param id the deployment that they belong to: what is left goes with it
 * @throws ConnectionError where the host cannot be asked
 */
export async function checkFor(
	connection: Connection,
	root: RootRunner,
	id: string | undefined,
	files: readonly WantedFile[],
): Promise<readonly HostComplaint[]> {
	const candidate = await candidateOf(connection, root, files);
	const marker = randomBytes(16).toString("hex");
	// Stands for the folder, whose name the host picks (host-program/30-check.sh).
	const folderWord = `/folder-${marker}`;
	const paths = [...new Set([...candidate.texts.keys(), ...candidate.checked])];
	const nameOf = (path: string) => (roleOf(path) === "hostname" ? path.slice("/etc/".length) : `file.${paths.indexOf(path)}`);
	const inFolder = (folder: string) => paths.map((path): Staged => ({ path, place: `${folder}/${nameOf(path)}` }));
	const named = filesNamed(candidate);
	const programs = programChecks(candidate, nameOf, marker);
	const questions = ["ifconfig", ...named.map(({ path }) => `exists ${path}`), ...programs.map(({ question }) => question)];
	const texts = [...candidate.texts].map(([path, text]) => ({ name: nameOf(path), text: withStagedPaths(text, inFolder(folderWord)) }));

	const args = id === undefined ? [marker] : [marker, id];
	const result = await root(connection, { verb: "check", args, input: inputOf(questions, texts) }, { milliseconds: 120_000 });
	const { name } = connection.target;
	const read = readAnswers(expectSuccess(result, name), questions.length, marker);
	const [interfaces, ...others] = read?.answers ?? [];
	if (read === undefined || interfaces === undefined)
		throw new ConnectionError("failed", msg("{0}: the check did not come to its end", name));
	const [existing, answers] = [others.slice(0, named.length), others.slice(named.length)];
	const own = ({ output, status }: ProgramAnswer): ProgramAnswer => ({ output: withOwnPaths(output, inFolder(read.folder)), status });
	const said = programs.flatMap(({ complaints }, i) => complaints(own(answers[i] ?? { output: "", status: 0 })));
	const placed = said.map((complaint) => withColumns(complaint, candidate));
	const errors = placed.filter(({ severity }) => severity === "error");
	const ours = ownComplaints(candidate, {
		interfaces: readInterfaces(interfaces.output.split("\n"), []).map(({ name: each, groups }) => ({ name: each, groups, addresses: [] })),
		absent: new Set(named.flatMap(({ path }, i) => (existing[i]?.status === 0 ? [] : [path]))),
		refused: new Set(errors.flatMap(({ path }) => path ?? [])),
	});
	return withoutRepetitions([...withAdvice(placed, ours), ...ours.filter((each) => !errors.some((error) => isAt(error, each)))]);
}

/** What the host's program refuses at a line needs no second word from us, but our advice. */
function withAdvice(said: readonly HostComplaint[], ours: readonly HostComplaint[]): readonly HostComplaint[] {
	return said.map((each, i) => {
		const isLast = !said.slice(i + 1).some((later) => isAt(later, each));
		const advice = ours.find((own) => own.advice !== undefined && isAt(own, each))?.advice;
		return each.severity === "error" && isLast && each.advice === undefined && advice !== undefined ? { ...each, advice } : each;
	});
}

function isAt(one: HostComplaint, other: HostComplaint): boolean {
	return one.path === other.path && one.line === other.line;
}

/** With the files that the host has beside them: rulesets that load what is checked, and interfaces that it stands on. */
async function candidateOf(connection: Connection, root: RootRunner, files: readonly WantedFile[]): Promise<CheckedFiles> {
	const checked = new Set(files.map(({ path }) => path));
	const { others } = await fetchFiles(connection, root, []);
	const kept = others.filter((path) => !checked.has(path) && roleOf(path) !== undefined);
	const { files: found } = kept.length === 0 ? { files: new Map() } : await fetchFiles(connection, root, kept);
	const texts = new Map<string, string>();
	for (const [path, file] of found) if (file.kind === "file") texts.set(path, file.text);
	for (const { path, text } of files) if (text !== undefined) texts.set(path, text);
	return { texts, checked };
}

const languages: Readonly<Partial<Record<FileRole, Language>>> = { pf: pfLanguage, vm: vmLanguage, hostname: hostnameLanguage };

/** Programs name lines at best; where our own reading finds a fault in the line, it knows the words. */
function withColumns(complaint: HostComplaint, { texts }: CheckedFiles): HostComplaint {
	const { path, line, columns, program } = complaint;
	const text = path === undefined ? undefined : texts.get(path);
	if (path === undefined || text === undefined || columns !== undefined || program === ourselves) return complaint;
	const readFile = (other: string) => texts.get(other);
	if (line === undefined) return roleOf(path) === "pf" ? atLoad(complaint, PfFile.parse(text, { path, readFile })) : complaint;
	const file = languages[roleOf(path) ?? "other"]?.parse(text, { path, readFile });
	for (const { span, severity } of file?.diagnostics() ?? []) {
		const place = placeIn(text, span);
		if (severity === "error" && place.line === line) return { ...complaint, ...place };
	}
	return complaint;
}

/** Of a file that `load anchor` names and that it cannot open, pfctl tells the name alone. */
function atLoad(complaint: HostComplaint, { loads, text }: PfFile): HostComplaint {
	const said = String(complaint.text.args[0]);
	const load = loads.find(({ file, fileSpan }) => said.includes(` ${file}: `) && text.slice(fileSpan.start, fileSpan.end).includes(file));
	return load === undefined ? complaint : { ...complaint, ...placeIn(text, load.fileSpan) };
}

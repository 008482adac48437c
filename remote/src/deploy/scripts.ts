/**
 * The scripts of a deployment, for sh(1) of the host as root. All of its state lies in one folder of its own; marks are symbolic
 * links, which are made at once or not at all, and for which even a full disk has room:
 *
 *	/var/backups/openbsd-vnet/lock        leads nowhere: `deployment:ID` of the one that holds it
 *	/var/backups/openbsd-vnet/ID/
 *		watchdog, settle                  scripts that need nobody but the host
 *		pid, beat, deadline, log          of the watchdog; the deadline is in seconds since 1970
 *		user                              who deploys
 *		new/N, old/N                      the files by their numbers; kept where it was confirmed
 *		manifest                          a line for each: N, whether it was there before, its path
 *		run/                              what is made active before it is confirmed: rulesets that name each other there, hostname files, netstart
 *		sysctl.NAME, interface.NAME, absent.NAME, rules
 *		                                  what was active before
 *		complete                          from here on there is something to go back to
 *		began.N, swapped.N, made.N        commands, files in their places, folders: what is to be undone
 *		busy -> PID                       a step changes something: what is decided waits for its end
 *		decided -> confirm | restore      made by whoever ends the deployment: the one who can make it
 *		settling -> PID                   it is being ended
 *		outcome -> confirmed | restored | incomplete
 *
 * Until it is confirmed the files in /etc are the old ones: a host that starts anew is the host that it was.
 */
import { allInOrder, allOf, fixed, type ShellCommand, sh } from "../shell-words.ts";
import type { Activation } from "./activation.ts";
import { baseFile, baseFolder, recordFile } from "./fetch.ts";
import { digest, roleOf } from "./files.ts";
import { printLoaded } from "./loaded-rules.ts";
import { copyNetstart } from "./netstart-copy.ts";
import { filesAfter, type Plan } from "./plan.ts";
import { bootHook, hookLine, ifRunning, noteInterfaces, record, settleScript } from "./settle.ts";
import { withStagedPaths } from "./staged-paths.ts";
import { type Layout, swapIn, swapOut } from "./swap.ts";
import { writeText } from "./write-text.ts";

const base = "/var/backups/openbsd-vnet";
const lock = `${base}/lock`;

/** The lock is held by somebody else. */
export const LOCKED = 75;
/** The watchdog was faster. */
export const TOO_LATE = 76;
/** Somebody changed a file on the host meanwhile. */
export const CHANGED = 77;

/** Names of deployments: the time, and a word that makes it the only one. */
export function isDeploymentId(id: string): boolean {
	return /^[0-9]{8}T[0-9]{6}-[0-9a-f]{8}$/.test(id);
}

/** Scripts of one deployment. */
export interface DeployScripts {
	readonly lock: ShellCommand;
	readonly stage: ShellCommand;
	readonly backup: ShellCommand;
	readonly write: ShellCommand;
	readonly arm: ShellCommand;
	readonly verifyArmed: ShellCommand;
	/** @param n the number of the activation in the plan */
	activate(n: number): ShellCommand;
	/** Puts the files into their places, for good. */
	readonly keep: ShellCommand;
	/** Ends it now, all as before where something was changed. Prints how it ended: an outcome, or nothing where nothing had begun. */
	readonly undo: ShellCommand;
	/** Prints how it ended; nothing where it has not. */
	readonly outcome: ShellCommand;
	/** Gives the watchdog another time to wait, from now. */
	extend(seconds: number): ShellCommand;
	/** Where the files that are to be checked lie. */
	readonly staged: string;
}

/**
 * @param seconds how long the watchdog waits
 * @param user who deploys, for others to read
 */
export function deployScripts(id: string, plan: Plan, seconds: number, user: string): DeployScripts {
	if (!isDeploymentId(id)) throw new TypeError("not the name of a deployment");
	const { changes, activations, anchors } = plan;
	const dir = `${base}/${id}`;
	const at: Layout = { id, dir, lock, held: `deployment:${id}`, beside: (path) => `${path}.${id}` };
	const run = `${dir}/run`;
	/** Programs that know their file by one path read it from there. */
	const swapped = new Set(activations.flatMap(({ kind, subject }) => (kind === "guests" || kind === "service" ? [subject] : [])));
	const loadsRules = activations.some(({ kind }) => kind === "rules");
	const deadline = (from: number) =>
		sh`echo "$(($(date +%s) + ${from}))" >${`${dir}/deadline.new`} && mv -f ${`${dir}/deadline.new`} ${`${dir}/deadline`}`;
	/** A step is either done before it is decided that all goes back, or not at all. */
	const guarded = (step: ShellCommand) => sh`ln -s "$$" ${`${dir}/busy`} || exit 1
if [ -L ${`${dir}/decided`} ]; then rm -f ${`${dir}/busy`}; exit ${TOO_LATE}; fi
( ${step} )
status=$?
rm -f ${`${dir}/busy`}
exit "$status"`;
	const settle = sh`sh ${`${dir}/settle`} >>${`${dir}/log`} 2>&1 </dev/null`;
	const hook = allOf(
		sh`{ [ ! -f ${bootHook} ] || cp -p ${bootHook} ${at.beside(bootHook)}; }`,
		sh`echo ${hookLine(at)} >>${at.beside(bootHook)}`,
		sh`mv -f ${at.beside(bootHook)} ${bootHook}`,
	);
	const outcome = sh`readlink ${`${dir}/outcome`}; true`;
	const watchdog = sh`trap '' HUP PIPE INT
umask 077
: >${`${dir}/beat`}
# Without its folder it has ended as well: a deployment that changed nothing leaves none.
while [ -d ${dir} ] && [ ! -L ${`${dir}/decided`} ]; do
	if [ "$(date +%s)" -ge "$(cat ${`${dir}/deadline`} || echo 0)" ]; then ln -s restore ${`${dir}/decided`}; fi
	sleep 1
done
i=0
while [ -f ${`${dir}/settle`} ] && [ "$i" -lt 10 ]; do
	${settle} && exit 0
	i=$((i + 1)); sleep 5
done`;
	return {
		staged: `${dir}/new`,
		lock: sh`mkdir -p ${base} && mkdir ${dir} ${`${dir}/new`} ${`${dir}/old`} ${run} || exit 1
${allOf(
	writeText(sh`${`${dir}/watchdog`}`, `${watchdog.text}\n`),
	writeText(sh`${`${dir}/settle`}`, `${settleScript(at, plan).text}\n`),
	writeText(sh`${`${dir}/user`}`, `${user}\n`),
	sh`: >${`${dir}/log`}`,
	deadline(seconds),
)} || { rm -rf ${dir}; exit 1; }
nohup sh ${`${dir}/watchdog`} >/dev/null 2>&1 </dev/null &
echo $! >${`${dir}/pid`}
for i in 1 2 3 4 5 6 7 8 9 10; do [ -f ${`${dir}/beat`} ] && break; sleep 0.5; done
ln -s ${at.held} ${lock} 2>/dev/null && { ${hook}; } && exit 0
held=$(readlink ${lock})
if [ "$held" != ${at.held} ]; then
	holder=\${held#deployment:}
	if ! { ${alive(sh`${base}/"$holder"`)}; }; then
		if [ -f ${base}/"$holder"/settle ]; then sh ${base}/"$holder"/settle >>${base}/"$holder"/log 2>&1
		elif mv ${lock} ${`${dir}/stale`}; then
			if [ "$(readlink ${`${dir}/stale`})" = "$held" ]; then rm -f ${`${dir}/stale`}; else mv ${`${dir}/stale`} ${lock}; fi
		fi
		ln -s ${at.held} ${lock} 2>/dev/null && { ${hook}; } && exit 0
	fi
	echo "$holder $(cat ${base}/"$holder"/user 2>/dev/null)"
	status=${LOCKED}
fi
ln -s restore ${`${dir}/decided`}
exit "\${status:-1}"`,
		stage: guarded(
			allOf(
				...changes.flatMap(({ text }, i) => (text === undefined ? [] : [writeText(sh`${`${dir}/new/${i}`}`, text)])),
				...(loadsRules ? stageRules(run, plan) : []),
				...(activations.some(({ kind }) => kind === "interface") ? [stageInterfaces(dir, plan)] : []),
				fixed("true"),
			),
		),
		backup: guarded(
			allOf(
				...changes.map(({ path, before }, i) =>
					before.kind === "absent"
						? sh`[ ! -e ${path} ] && echo ${`${i} absent ${path}`} >>${`${dir}/manifest`}`
						: sh`cp -p ${path} ${`${dir}/old/${i}`} && [ "$(cat ${path}; echo .)" = ${`${before.text}.`} ] && echo ${`${i} file ${path}`} >>${`${dir}/manifest`}`,
				),
				...activations.flatMap(({ kind, subject }) => (kind === "sysctl" ? [sh`sysctl -n ${subject} >${`${dir}/sysctl.${subject}`}`] : [])),
				sh`{ ${noteInterfaces(at, activations)}\n}`,
				...(loadsRules ? [sh`${printLoaded(anchors.before)} >${`${dir}/rules`}`] : []),
				sh`: >${`${dir}/complete`}`,
				fixed("sync"),
			),
		),
		// What needs room on the disk is done here, while nothing has changed: what comes later gives names only.
		write: guarded(
			allOf(
				...changes.flatMap(({ path, before, text, mode, owner, group }, i) => {
					const folder = path.replace(/\/[^/]*$/, "");
					const beside = at.beside(path);
					return [
						...(before.kind === "file" && swapped.has(path) ? [sh`ln ${path} ${`${beside}.old`}`] : []),
						...(text === undefined
							? []
							: [
									sh`{ [ -d ${folder} ] || { ln -s 1 ${`${dir}/made.${i}`} && mkdir -p -m 755 ${folder}; }; }`,
									sh`cp ${`${dir}/new/${i}`} ${beside} && chown ${`${owner}:${group}`} ${beside} && chmod ${mode.toString(8)} ${beside}`,
								]),
					];
				}),
				sh`mkdir -p ${baseFolder}`,
				...changes.flatMap(({ text }, i) => (text === undefined ? [] : [sh`cp ${`${dir}/new/${i}`} ${baseFile(digest(text))}`])),
				sh`{ ${record(changes)}\n} >${at.beside(recordFile)}`,
				fixed("sync"),
			),
		),
		arm: guarded(deadline(seconds)),
		verifyArmed: allOf(
			sh`{ ${alive(sh`${dir}`)}; }`,
			sh`[ -f ${`${dir}/beat`} ] && [ ! -L ${`${dir}/decided`} ]`,
			sh`[ "$(($(cat ${`${dir}/deadline`}) - $(date +%s)))" -gt 0 ]`,
			sh`grep -q -x -F -- ${hookLine(at)} ${bootHook}`,
			sh`sh -n ${`${dir}/settle`}`,
		),
		activate: (n) => {
			const activation = activations[n];
			if (activation === undefined) throw new TypeError("no such activation");
			return guarded(allOf(sh`ln -s 1 ${`${dir}/began.${n}`}`, sh`{ ${apply(at, plan, activation)}\n}`));
		},
		keep: sh`${allInOrder(
			...changes.map(({ path, before }, i) =>
				before.kind === "absent"
					? sh`[ ! -e ${path} ] || { echo ${path}; exit ${CHANGED}; }`
					: sh`cmp -s ${`${dir}/old/${i}`} ${path} || { echo ${path}; exit ${CHANGED}; }`,
			),
		)}
ln -s confirm ${`${dir}/decided`} || exit ${TOO_LATE}
${settle}
[ "$(readlink ${`${dir}/outcome`})" = confirmed ]`,
		undo: sh`[ -d ${dir} ] || exit 0
ln -s restore ${`${dir}/decided`} 2>/dev/null
${settle}
${outcome}`,
		outcome,
		extend: (more) => sh`[ ! -L ${`${dir}/decided`} ] && ${deadline(more)}`,
	};
}

/** Whether the watchdog of a deployment lives: its number may be another's by now. */
function alive(dir: ShellCommand): ShellCommand {
	return sh`ps -ww -o args= -p "$(cat ${dir}/pid 2>/dev/null || echo 0)" 2>/dev/null | grep -q -F -- ${dir}/watchdog`;
}

/** Rulesets that name each other where they lie now. */
function stageRules(run: string, plan: Plan): readonly ShellCommand[] {
	const texts = [...filesAfter(plan)].filter(([path]) => roleOf(path) === "pf");
	const staged = texts.map(([path]) => ({ path, place: `${run}${path}` }));
	const folders = [...new Set(staged.map(({ place }) => place.replace(/\/[^/]*$/, "")))];
	return [
		sh`mkdir -p ${[run, ...folders]}`,
		...texts.map(([path, text]) => writeText(sh`${`${run}${path}`}`, withStagedPaths(text, staged))),
	];
}

/** The hostname files as they are to be, and a netstart that reads them. */
function stageInterfaces(dir: string, { changes }: Plan): ShellCommand {
	const run = `${dir}/run`;
	const files = changes.map(({ path, role, text }, i) => {
		const place = `${run}/${path.replace(/^.*\//, "")}`;
		return role !== "hostname" ? fixed("true") : text === undefined ? sh`rm -f ${place}` : sh`cp ${`${dir}/new/${i}`} ${place}`;
	});
	return allOf(
		sh`{ for file in /etc/hostname.*; do [ ! -f "$file" ] || cp -p "$file" ${run}/ || exit 1; done; }`,
		...files,
		copyNetstart(sh`${run}`),
	);
}

/** A command of the plan, with the files where they lie before they are in their places. */
function apply(at: Layout, { changes }: Plan, { kind, subject, words }: Activation): ShellCommand {
	const run = `${at.dir}/run`;
	switch (kind) {
		case "sysctl":
		case "interface-gone":
		case "anchor-gone":
			return sh`${words}`;
		case "rules":
			return sh`pfctl -v -f ${`${run}/etc/pf.conf`}`;
		case "interface":
			// netstart is content whatever becomes of its commands; a route or an address that is there already is no fault.
			return sh`said=$(sh ${`${run}/netstart`} ${subject} 2>&1 >/dev/null)
[ -z "$said" ] || echo "$said" >&2
! echo "$said" | grep -v 'File exists$' | grep -q -E '^(ifconfig|netstart|route|k?sh)[: ]'`;
		case "guests":
		case "service": {
			const i = changes.findIndex(({ path }) => path === subject);
			const change = changes[i];
			if (change === undefined) throw new TypeError("a command without its file");
			const { path, before, text } = change;
			const command =
				kind === "service"
					? ifRunning(words)
					: words[0] === "rcctl"
						? // vmd has read its file when it answers.
							sh`${words}; status=$?; i=0; until vmctl status >/dev/null 2>&1 || [ "$i" -ge 50 ]; do i=$((i + 1)); sleep 0.2; done; [ "$status" = 0 ]`
						: sh`${words}`;
			return sh`{ ${swapIn(at, { path, before, i }, text)}; } && { ( ${command} ); status=$?; ${swapOut(at, { path, before, i })} && [ "$status" = 0 ]; }`;
		}
	}
}

/** The deployments that were confirmed, the latest last: a line for each with its name. */
export const confirmedScript: ShellCommand = fixed(
	`cd ${base} 2>/dev/null || exit 0; for d in *-*; do [ "$(readlink "$d/outcome")" = confirmed ] && echo "$d $(cat "$d/user")"; done; true`,
);

/** What a deployment found before it: a line of the manifest for each file. */
export function manifestScript(id: string): ShellCommand {
	return sh`cat ${`${base}/${id}/manifest`}`;
}

/** Where a confirmed deployment keeps a file as it was before, and as it was deployed. */
export function keptFiles(id: string, number: number): { readonly before: string; readonly after: string } {
	return { before: `${base}/${id}/old/${number}`, after: `${base}/${id}/new/${number}` };
}

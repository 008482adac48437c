/**
 * The scripts of a deployment, for sh(1) of the host as root. All of its state lies in one folder of its own:
 *
 *	/var/backups/openbsd-vnet/lock        a symbolic link that leads nowhere: `deployment:ID` of the one that holds it
 *	/var/backups/openbsd-vnet/ID/
 *		watchdog, restore, clean          scripts that need nobody but the host
 *		pid, beat, deadline               of the watchdog; times are seconds since 1970
 *		new/N, old/N                      the files by their numbers; kept where it was confirmed
 *		manifest                          a line for each: N, whether it was there before, its path
 *		complete                          all of old/ is there: from here on there is something to restore
 *		decided/                          made by whoever ends the deployment: the one who can make it
 *		busy/                             there while a step changes something: what is decided waits for its end
 *		outcome                           restored or confirmed
 */
import { allInOrder, allOf, fixed, type ShellCommand, sh } from "../shell-words.ts";
import { recordFile } from "./fetch.ts";
import { digest } from "./files.ts";
import type { Activation, FileChange } from "./plan.ts";
import { writeText } from "./write-text.ts";

const base = "/var/backups/openbsd-vnet";
const lock = `${base}/lock`;
const bootHook = "/etc/rc.firsttime";

/** The lock is held by somebody else. */
export const LOCKED = 75;
/** The watchdog was faster. */
export const TOO_LATE = 76;

/** A watchdog that was not heard for so long is dead, in seconds. */
const SILENCE = 15;

/** Names of deployments: the time, and a word that makes it the only one. */
export function isDeploymentId(id: string): boolean {
	return /^[0-9]{8}T[0-9]{6}-[0-9a-f]{8}$/.test(id);
}

/** Scripts of one deployment. */
export interface DeployScripts {
	readonly lock: ShellCommand;
	readonly stage: ShellCommand;
	readonly backup: ShellCommand;
	readonly arm: ShellCommand;
	readonly verifyArmed: ShellCommand;
	readonly write: ShellCommand;
	rename(change: FileChange): ShellCommand;
	activate(activation: Activation): ShellCommand;
	readonly disarm: ShellCommand;
	/** Ends it now, the old files restored where something was changed. */
	readonly undo: ShellCommand;
	/** Gives the watchdog another time to wait, from now. */
	extend(seconds: number): ShellCommand;
	/** Where the files that are to be checked lie. */
	readonly staged: string;
}

/**
 * @param seconds how long the watchdog waits
 * @param user who deploys, for others to read
 */
export function deployScripts(
	id: string,
	changes: readonly FileChange[],
	activations: readonly Activation[],
	seconds: number,
	user: string,
): DeployScripts {
	if (!isDeploymentId(id)) throw new TypeError("not the name of a deployment");
	const dir = `${base}/${id}`;
	const held = `deployment:${id}`;
	const beside = (path: string) => `${path}.${id}`;
	const deadline = (from: number) =>
		sh`echo "$(($(date +%s) + ${from}))" >${`${dir}/deadline.new`} && mv -f ${`${dir}/deadline.new`} ${`${dir}/deadline`}`;
	/** A step is either done before it is decided that all goes back, or not at all. */
	const guarded = (step: ShellCommand) => sh`mkdir ${`${dir}/busy`} || exit 1
if [ -d ${`${dir}/decided`} ]; then rmdir ${`${dir}/busy`}; exit ${TOO_LATE}; fi
( ${step} )
status=$?
rmdir ${`${dir}/busy`}
exit "$status"`;
	/** A step that was killed has left its mark, and is not waited for without end. */
	const restored = sh`i=0
while [ -d ${`${dir}/busy`} ] && [ "$i" -lt 60 ]; do i=$((i + 1)); sleep 1; done
sh ${`${dir}/restore`} >${`${dir}/log`} 2>&1 </dev/null`;
	const unhook = sh`if [ -f ${bootHook} ]; then
	grep -v -F -- ${`# openbsd-vnet ${id}`} ${bootHook} >${`${dir}/hook`}
	if [ -s ${`${dir}/hook`} ]; then cat ${`${dir}/hook`} >${bootHook}; else rm -f ${bootHook}; fi
fi`;
	const clean = allInOrder(
		unhook,
		...changes.map(({ path }) => sh`rm -f ${beside(path)}`),
		// What was deployed is kept: history tells of it.
		sh`[ "$(cat ${`${dir}/outcome`} 2>/dev/null)" = confirmed ] || rm -rf ${`${dir}/new`}`,
		sh`[ "$(readlink ${lock})" = ${held} ] && rm -f ${lock}`,
		// Nothing to tell of a deployment that changed nothing.
		sh`[ -f ${`${dir}/complete`} ] || rm -rf ${dir}`,
		fixed("true"),
	);
	const restore = allInOrder(
		sh`[ "$(cat ${`${dir}/outcome`} 2>/dev/null)" = confirmed ] && exit 0`,
		sh`[ -f ${`${dir}/complete`} ] || exit 0`,
		...changes.map(({ path, before }, i) =>
			before.kind === "absent" ? sh`rm -f ${path}` : sh`cp -p ${`${dir}/old/${i}`} ${beside(path)} && mv -f ${beside(path)} ${path}`,
		),
		fixed("sync"),
		sh`if [ -f ${`${dir}/activated`} ]; then`,
		sh`sh ${`${dir}/sysctl`}`,
		...activations.filter(({ words }) => words[0] !== "sysctl").map(({ words }) => sh`${words}`),
		fixed("fi"),
		sh`echo restored >${`${dir}/outcome`}`,
	);
	const watchdog = sh`trap '' HUP PIPE INT
umask 077
# Without its folder it has ended as well: a deployment that changed nothing leaves none.
while [ -d ${dir} ] && [ ! -d ${`${dir}/decided`} ]; do
	now=$(date +%s)
	echo "$now" >${`${dir}/beat.new`} && mv -f ${`${dir}/beat.new`} ${`${dir}/beat`}
	if [ "$now" -ge "$(cat ${`${dir}/deadline`} || echo 0)" ] && mkdir ${`${dir}/decided`}; then
		${restored}
	fi
	sleep 1
done
# Who decided may have been cut off before the end of it.
sleep 1
if [ -f ${`${dir}/clean`} ]; then sh ${`${dir}/clean`}; fi`;
	return {
		staged: `${dir}/new`,
		lock: sh`mkdir -p ${base} && mkdir ${dir} ${`${dir}/new`} ${`${dir}/old`} || exit 1
printf '%s' ${watchdog.text} >${`${dir}/watchdog`} && printf '%s' ${restore.text} >${`${dir}/restore`} && printf '%s' ${clean.text} >${`${dir}/clean`} && printf '%s\n' ${user} >${`${dir}/user`} && ${deadline(seconds)} || { rm -rf ${dir}; exit 1; }
nohup sh ${`${dir}/watchdog`} >/dev/null 2>&1 </dev/null &
echo $! >${`${dir}/pid`}
for i in 1 2 3 4 5; do [ -f ${`${dir}/beat`} ] && break; sleep 1; done
ln -s ${held} ${lock} 2>/dev/null && exit 0
held=$(readlink ${lock})
holder=\${held#deployment:}
beat=$(cat ${base}/"$holder"/beat 2>/dev/null || echo 0)
if [ "$(($(date +%s) - beat))" -gt ${SILENCE} ] && mv ${lock} ${`${dir}/stale`} && [ "$(readlink ${`${dir}/stale`})" = "$held" ] && ln -s ${held} ${lock}; then rm -f ${`${dir}/stale`}; exit 0; fi
echo "$holder $(cat ${base}/"$holder"/user 2>/dev/null)"
mkdir ${`${dir}/decided`}
exit ${LOCKED}`,
		stage: allOf(
			...changes.flatMap(({ text }, i) => (text === undefined ? [] : [writeText(sh`${`${dir}/new/${i}`}`, text)])),
			sh`mkdir -p ${`${dir}/new`}`,
		),
		backup: guarded(
			allOf(
				...changes.map(({ path, before }, i) =>
					before.kind === "absent"
						? sh`[ ! -e ${path} ] && echo ${`${i} absent ${path}`} >>${`${dir}/manifest`}`
						: sh`cp -p ${path} ${`${dir}/old/${i}`} && [ "$(cat ${path}; echo .)" = ${`${before.text}.`} ] && echo ${`${i} file ${path}`} >>${`${dir}/manifest`}`,
				),
				sh`: >${`${dir}/sysctl`}`,
				...activations
					.filter(({ words }) => words[0] === "sysctl")
					.map(({ words: [, setting = ""] }) => {
						const [name = ""] = setting.split("=");
						return sh`old=$(sysctl -n ${name}) && echo "sysctl ${fixed(name)}='$old'" >>${`${dir}/sysctl`}`;
					}),
				fixed("sync"),
				sh`: >${`${dir}/complete`}`,
			),
		),
		// After a reboot within the time the host takes the old files again: rc(8) runs the hook once.
		arm: guarded(allOf(sh`echo ${`sh ${dir}/restore; sh ${dir}/clean # openbsd-vnet ${id}`} >>${bootHook}`, deadline(seconds))),
		verifyArmed: sh`kill -0 "$(cat ${`${dir}/pid`})" && [ ! -d ${`${dir}/decided`} ] && [ "$(($(date +%s) - $(cat ${`${dir}/beat`})))" -le 5 ] && [ "$(($(cat ${`${dir}/deadline`}) - $(date +%s)))" -gt 0 ] && grep -q -F -- ${`# openbsd-vnet ${id}`} ${bootHook}`,
		write: guarded(
			allOf(
				...changes.flatMap(({ path, text, mode, owner, group }, i) =>
					text === undefined
						? []
						: [
								sh`mkdir -p -m 755 ${path.replace(/\/[^/]*$/, "")} && cp ${`${dir}/new/${i}`} ${beside(path)} && chown ${`${owner}:${group}`} ${beside(path)} && chmod ${mode.toString(8)} ${beside(path)}`,
							],
				),
				fixed("sync"),
				sh`: >${`${dir}/activated`}`,
			),
		),
		rename: ({ path, text }) => guarded(text === undefined ? sh`rm -f ${path}` : sh`mv -f ${beside(path)} ${path}`),
		activate: ({ words }) => guarded(sh`${words}`),
		disarm: sh`mkdir ${`${dir}/decided`} || exit ${TOO_LATE}
echo confirmed >${`${dir}/outcome`}
mkdir -p ${recordFile.replace(/\/[^/]*$/, "")}
{ [ -f ${recordFile} ] && cat ${recordFile} | while IFS= read -r line; do
	case \${line#* } in ${changes.length === 0 ? fixed("''") : fixed(changes.map(({ path }) => sh`${path}`.text).join("|"))}) ;; *) printf '%s\n' "$line";; esac
done
${allInOrder(...changes.flatMap(({ path, text }) => (text === undefined ? [] : [sh`echo ${`${digest(text)} ${path}`}`])), fixed("true"))}; } >${`${recordFile}.${id}`} && mv -f ${`${recordFile}.${id}`} ${recordFile}
sh ${`${dir}/clean`}`,
		undo: sh`if mkdir ${`${dir}/decided`}; then
	${restored}
	sh ${`${dir}/clean`}
else
	for i in 1 2 3 4 5 6 7 8 9 10; do [ "$(readlink ${lock})" = ${held} ] || break; sleep 1; done
fi`,
		extend: (more) => sh`[ ! -d ${`${dir}/decided`} ] && ${deadline(more)}`,
	};
}

/** The deployments that were confirmed, the latest last: a line for each with its name. */
export const confirmedScript: ShellCommand = fixed(
	`cd ${base} 2>/dev/null || exit 0; for d in *-*; do [ "$(cat "$d/outcome" 2>/dev/null)" = confirmed ] && printf '%s %s\\n' "$d" "$(cat "$d/user")"; done; true`,
);

/** What a deployment found before it: a line of the manifest for each file. */
export function manifestScript(id: string): ShellCommand {
	return sh`cat ${`${base}/${id}/manifest`}`;
}

/** Where a confirmed deployment keeps a file as it was before, and as it was deployed. */
export function keptFiles(id: string, number: number): { readonly before: string; readonly after: string } {
	return { before: `${base}/${id}/old/${number}`, after: `${base}/${id}/new/${number}` };
}

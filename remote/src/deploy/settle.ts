/**
 * How a deployment ends on the host, needing nobody: forward where it was confirmed, else back. The script may be run more than
 * once and by more than one, and goes on where one that was killed has stopped: the watchdog runs it, whoever decides, who finds
 * the lock of a dead deployment, and rc(8) after a reboot.
 */
import { allInOrder, fixed, type ShellCommand, sh } from "../shell-words.ts";
import type { Activation } from "./activation.ts";
import { baseFolder, recordFile } from "./fetch.ts";
import { digest } from "./files.ts";
import { printLoaded } from "./loaded-rules.ts";
import type { FileChange, Plan } from "./plan.ts";
import { type Layout, swapOut } from "./swap.ts";

/**
 * rc(8) runs it at boot before any daemon takes guests or leases from a file (etc/rc): what a crash left half done is ended there.
 * netstart and pf have read their files by then, which hold what was there before, unless it was confirmed.
 */
export const bootHook = "/etc/rc.securelevel";

/** The line of the hook, which ends in a comment that finds it again. */
export function hookLine({ dir, id }: Layout): string {
	return `sh ${dir}/settle boot # openbsd-vnet ${id}`;
}

/** Addresses and ports of an interface, as words of ifconfig(8) that take them away. Guests' taps come and go. */
const attached = fixed(
	`sed -n -e '/autoconf/d' -e '/temporary/d' -e 's/^	inet \\([0-9.]*\\).*/inet \\1 delete/p' -e 's/^	inet6 \\([0-9a-f:]*\\) .*/inet6 \\1 delete/p' -e '/^	tap/d' -e 's/^	\\([a-z]*[0-9]*\\) flags=.*/del \\1/p'`,
);

/** Notes how interfaces are before they are configured anew. */
export function noteInterfaces({ dir }: Layout, activations: readonly Activation[]): ShellCommand {
	const notes = activations.flatMap(({ kind, subject }) =>
		kind === "interface"
			? [
					sh`ifconfig ${subject} 2>/dev/null | ${attached} >${`${dir}/interface.${subject}`}
ifconfig ${subject} >/dev/null 2>&1 || ln -s 1 ${`${dir}/absent.${subject}`}`,
				]
			: [],
	);
	return allInOrder(...notes, fixed("true"));
}

/** Ends a deployment: `sh DIR/settle [boot]`. */
export function settleScript(at: Layout, { changes, activations, anchors }: Plan): ShellCommand {
	const { dir, lock, held } = at;
	const numbered = changes.map((change, i) => ({ ...change, i, beside: at.beside(change.path) }));
	const forward = allInOrder(
		...numbered.map(({ path, text, beside }) =>
			text === undefined ? sh`rm -f ${path}` : sh`[ ! -e ${beside} ] || mv -f ${beside} ${path} || failed=1`,
		),
		sh`[ ! -e ${at.beside(recordFile)} ] || mv -f ${at.beside(recordFile)} ${recordFile} || failed=1`,
		fixed("sync"),
		// What has read its files already read some of before.
		sh`if [ "$boot" = boot ]; then`,
		...activations.flatMap(({ kind, words }) => (kind === "sysctl" || kind === "interface" || kind === "rules" ? [sh`${words}`] : [])),
		fixed("fi"),
		// What is not in its place stays beside it: whoever runs this once more goes on.
		sh`if [ "$failed" = 1 ]; then rm -f ${`${dir}/settling`}; exit 1; fi
ln -s confirmed ${`${dir}/outcome`}`,
	);
	const back = allInOrder(
		...numbered.map(
			({ path, before, i }) => sh`[ ! -L ${`${dir}/swapped.${i}`} ] || { ${swapOut(at, { path, before, i })}
} || failed=1`,
		),
		...numbered.map(({ path, i }) => sh`[ ! -L ${`${dir}/made.${i}`} ] || rmdir ${path.replace(/\/[^/]*$/, "")}`),
		fixed("sync"),
		sh`if [ "$boot" != boot ]; then`,
		...activations.map(
			(activation, n) => sh`if [ -L ${`${dir}/began.${n}`} ]; then
${undo(at, activation, anchors)}
fi`,
		),
		sh`if [ -f ${`${dir}/rules`} ]; then ${printLoaded(anchors.before)} | cmp -s - ${`${dir}/rules`} || { echo 'other rules are loaded than before'; failed=1; }; fi`,
		fixed("fi"),
		sh`if [ "$failed" = 1 ]; then ln -s incomplete ${`${dir}/outcome`}; else ln -s restored ${`${dir}/outcome`}; fi`,
	);
	return allInOrder(
		sh`boot=$1
[ -d ${dir} ] || exit 0
ln -s restore ${`${dir}/decided`} 2>/dev/null
# Numbers of processes from before a reboot are others' now.
[ "$boot" != boot ] || rm -f ${`${dir}/settling`} ${`${dir}/busy`}
until ln -s "$$" ${`${dir}/settling`} 2>/dev/null; do
	[ -d ${dir} ] || exit 0
	kill -0 "$(readlink ${`${dir}/settling`})" 2>/dev/null || rm -f ${`${dir}/settling`}
	sleep 0.2
done
# A step that is under way ends first; one that was killed, or hangs, is not waited for.
i=0
while [ -L ${`${dir}/busy`} ] && kill -0 "$(readlink ${`${dir}/busy`})" 2>/dev/null && [ "$i" -lt 300 ]; do i=$((i + 1)); sleep 0.2; done
failed=0
if [ ! -L ${`${dir}/outcome`} ] && [ -f ${`${dir}/complete`} ]; then
if [ "$(readlink ${`${dir}/decided`})" = confirm ]; then`,
		forward,
		fixed("else"),
		back,
		fixed("fi\nfi"),
		sh`if [ -f ${bootHook} ]; then
	if grep -q -v -F -- ${`# openbsd-vnet ${at.id}`} ${bootHook}; then
		cp -p ${bootHook} ${at.beside(bootHook)} && grep -v -F -- ${`# openbsd-vnet ${at.id}`} ${bootHook} >${at.beside(bootHook)} && mv -f ${at.beside(bootHook)} ${bootHook}
	else rm -f ${bootHook}; fi
fi
rm -f ${at.beside(bootHook)}`,
		...numbered.map(({ beside }) => sh`rm -f ${beside} ${`${beside}.old`} ${`${beside}.in`} ${`${beside}.back`}`),
		sh`rm -rf ${`${dir}/run`} ${at.beside(recordFile)}
# What was deployed is kept: history tells of it. There is nothing to tell of a deployment that changed nothing.
[ "$(readlink ${`${dir}/outcome`})" = confirmed ] || rm -rf ${`${dir}/new`}
for file in ${fixed(baseFolder)}/*; do grep -q -s "^\${file##*/} " ${recordFile} || rm -f "$file"; done
rm -f ${`${dir}/settling`}
[ "$(readlink ${lock})" != ${held} ] || rm -f ${lock}
[ -f ${`${dir}/complete`} ] || rm -rf ${dir}`,
		fixed("exit 0"),
	);
}

/** Undoes what a command did, with the files that were there before: they are in their places. */
function undo({ dir }: Layout, { kind, subject, words }: Activation, { before, after }: Plan["anchors"]): ShellCommand {
	switch (kind) {
		case "sysctl":
			return sh`[ ! -f ${`${dir}/sysctl.${subject}`} ] || sysctl ${subject}="$(cat ${`${dir}/sysctl.${subject}`})" || failed=1`;
		case "interface":
			return sh`if [ -L ${`${dir}/absent.${subject}`} ]; then
	if ifconfig ${subject} >/dev/null 2>&1; then ifconfig ${subject} destroy || failed=1; fi
else
	ifconfig ${subject} | ${attached} | while read -r words; do
		grep -q -x -F -- "$words" ${`${dir}/interface.${subject}`} || ifconfig ${subject} $words
	done
	[ ! -f ${`/etc/hostname.${subject}`} ] || sh /etc/netstart ${subject}
fi`;
		case "interface-gone":
			return sh`sh /etc/netstart ${subject}`;
		case "rules":
			return allInOrder(
				...after.filter((anchor) => !before.includes(anchor)).map((anchor) => sh`pfctl -a ${anchor} -F rules`),
				sh`${words} || failed=1`,
			);
		case "anchor-gone":
			// The rules before load it again.
			return fixed(":");
		case "guests":
			return sh`${words} || failed=1`;
		case "service":
			return sh`{ ${ifRunning(words)}
} || failed=1`;
	}
}

/** A daemon that does not run is not started. */
export function ifRunning(words: readonly [string, ...string[]]): ShellCommand {
	return sh`if rcctl check ${words[2] ?? ""} >/dev/null; then ${words}; fi`;
}

/** Prints what was deployed last of each file, with these changes: so changes by others are seen. */
export function record(changes: readonly Pick<FileChange, "path" | "text">[]): ShellCommand {
	const paths = fixed(changes.map(({ path }) => sh`${path}`.text).join("|") || "''");
	const lines = changes.flatMap(({ path, text }) => (text === undefined ? [] : [sh`echo ${`${digest(text)} ${path}`}`]));
	return sh`[ ! -f ${recordFile} ] || while IFS= read -r line; do
	case \${line#* } in ${paths}) ;; *) echo "$line";; esac
done <${recordFile}
${allInOrder(...lines, fixed("true"))}`;
}

/** The host's own netstart(8), made to read hostname files from another folder. */
import { type ShellCommand, sh } from "../shell-words.ts";

/**
 * Writes a copy of /etc/netstart to `FOLDER/netstart` that takes its hostname files from `FOLDER/hostname.*`; all else it does
 * as the host's own. Fails where netstart names them in another way than etc/netstart of OpenBSD, so that no file of the
 * running system is taken for one of the folder.
 * @param folder one word for sh(1) whose value has no `|`, `&` or `\`: a folder of ours, or a variable in double quotes
 */
export function copyNetstart(folder: ShellCommand): ShellCommand {
	return sh`sed "s|/etc/hostname\\.|"${folder}"/hostname.|g" /etc/netstart >${folder}/netstart && grep -q -F -- ${folder}/hostname. ${folder}/netstart`;
}

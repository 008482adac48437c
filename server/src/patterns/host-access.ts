/** The administrator's way in: a pattern's default block must not be what shuts it. */
import { sshChecks } from "../policy/checks-ssh.ts";
import { packetFindings } from "../policy/packet-check.ts";
import { finished } from "../text/portions.ts";
import type { Draft } from "./draft.ts";

/** Lets SSH in by the way out, where the rules let nobody in. */
export function ensureHostAccess(draft: Draft): void {
	if (draft.host.pf === undefined) return;
	const { found } = finished(packetFindings(draft.host, { "host/ssh-locked-out": sshChecks["host/ssh-locked-out"] }));
	for (const [path, faults] of found) {
		const edit = faults.flatMap(({ fixes }) => fixes ?? [])[0]?.edits[0];
		const text = draft.text(path);
		if (edit !== undefined && text !== undefined && (edit.file ?? path) === path)
			draft.write(path, text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end));
	}
}

/** What a connection asks of the user. Texts of a host are shown as they are, and never become part of a command. */

import type { Prompts } from "@openbsd-vnet/remote";
import { l10n, type SecretStorage, window } from "vscode";
import { inBackground } from "../background.ts";
import { showInformation } from "../notices.ts";

/** Asks in the editor. A passphrase is kept in `secrets` only where the user says so; a password never is. */
export function editorPrompts(secrets: SecretStorage): Prompts {
	return {
		async acceptHostKey({ name, host, port, type, fingerprint, file, authority }) {
			const accept = l10n.t("Accept and Remember");
			const detail = [
				l10n.t("{0} port {1} shows this key, which is not known yet:", host, port),
				`${type}\n${fingerprint}`,
				...(authority ? [l10n.t("An authority vouches for hosts of this name, but certificates cannot be checked here.")] : []),
				l10n.t("Compare the fingerprint with what the host itself says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)."),
				...(file === undefined ? [] : [l10n.t("Accepted, it is added to {0}.", file)]),
			].join("\n\n");
			return (await window.showWarningMessage(l10n.t("Is this the key of {0}?", name), { modal: true, detail }, accept)) === accept;
		},

		async passphrase({ file, attempt }) {
			const key = `passphrase ${file}`;
			const kept = await secrets.get(key);
			if (kept !== undefined && attempt === 1) return kept;
			// What was kept is wrong by now.
			if (kept !== undefined) await secrets.delete(key);
			const given = await ask(l10n.t("Passphrase of {0}", file), attempt);
			if (given === undefined) return undefined;
			const keep = l10n.t("Save");
			inBackground(
				showInformation(l10n.t("Keep the passphrase of {0} in the editor's secret storage?", file), keep).then((choice) => {
					if (choice === keep) return secrets.store(key, given);
					return undefined;
				}),
			);
			return given;
		},

		async password({ user, host, attempt }) {
			return await ask(l10n.t("Password of {0} on {1}", user, host), attempt);
		},

		async answers({ host, title, instructions, questions }) {
			const given: string[] = [];
			for (const { text, echo } of questions) {
				const answer = await window.showInputBox({
					title: title === "" ? host : `${host}: ${title}`,
					prompt: [instructions, text].filter((part) => part !== "").join("\n"),
					password: !echo,
					ignoreFocusOut: true,
				});
				if (answer === undefined) return undefined;
				given.push(answer);
			}
			return given;
		},

		tell: (text) => inBackground(showInformation(text)),
	};
}

async function ask(title: string, attempt: number): Promise<string | undefined> {
	return await window.showInputBox({
		title,
		...(attempt > 1 ? { prompt: l10n.t("That was not it. Try again.") } : {}),
		password: true,
		ignoreFocusOut: true,
	});
}

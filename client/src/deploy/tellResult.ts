/** What became of a deployment, as the user is told. */
import type { DeployEnd, DeployResult } from "@openbsd-vnet/remote";
import { render } from "@openbsd-vnet/server";
import { l10n } from "vscode";
import { inBackground } from "../background.ts";
import type { KnownHost } from "../hosts/liveHosts.ts";
import { showError, showInformation, showWarning } from "../notices.ts";
import type { DeployContext } from "./context.ts";

export function tellResult(context: DeployContext, { name }: KnownHost, result: DeployResult): void {
	const { log } = context;
	const show = l10n.t("Show Log");
	const offer = (choice: string | undefined) => {
		if (choice === show) log.show();
	};
	switch (result.kind) {
		case "unchanged":
			inBackground(showInformation(l10n.t("{0} has these files already: nothing to do.", name)));
			return;
		case "deployed":
			log.info(`${name}: deployed as ${result.id}`);
			for (const { subject, expected, found } of result.differs ?? [])
				log.warn(`${name}: ${subject}: ${render(expected)} is wanted, and there is: ${render(found)}`);
			if (result.differs === undefined || result.differs.length === 0) inBackground(showInformation(l10n.t("Deployed to {0}.", name)));
			else
				inBackground(
					showWarning(
						l10n.t("Deployed to {0}. {1} things are not as after a start of the host: the log has them.", name, result.differs.length),
						show,
					).then(offer),
				);
			return;
		case "drifted":
			inBackground(showError(l10n.t("{0}: nothing was changed, because files were changed there: {1}", name, result.paths.join(", "))));
			return;
		case "rejected":
			inBackground(showError(l10n.t("{0} refuses the files: nothing was changed. The Problems view says why.", name)));
			return;
		case "failed": {
			const ends = {
				untouched: l10n.t("nothing was changed"),
				restored: l10n.t("all is as before"),
				incomplete: l10n.t(
					"the host rolled back, but this differs from before: {1} ({0} there has more)",
					`/var/backups/openbsd-vnet/${result.id}/log`,
					result.differs.join("; "),
				),
				trying: l10n.t(
					"a command of the way back fails, and the host tries it again for five minutes at most: see {0} there",
					`/var/backups/openbsd-vnet/${result.id}/log`,
				),
				watchdog: l10n.t("the host rolls back by itself within {0} s", result.seconds),
				undecided: l10n.t("the line was lost while the change was being kept: the host has it, or rolls back within {0} s", result.seconds),
			} satisfies Record<DeployEnd, string>;
			if (result.declined) {
				log.info(`${name}: not kept; ${result.end}`);
				const told = l10n.t("{0}: the change was not kept; {1}.", name, ends[result.end]);
				inBackground(result.end === "restored" ? showInformation(told) : showWarning(told, show).then(offer));
				return;
			}
			const message = render(result.message, l10n.bundle);
			log.error(
				`${name}: ${result.step.id}: ${render(result.message)}; ${result.end}${result.differs.map((line) => `\n\t${line}`).join("")}`,
			);
			inBackground(showError(l10n.t("{0}: {1}; {2}.", name, message, ends[result.end]), show).then(offer));
		}
	}
}

/** What vmd accepts and that still goes wrong, as far as vm.conf alone shows it; and what a start would refuse. */
import type { Diagnostic } from "../text/diagnostic.ts";
import { vmDiagnostics } from "./diagnostics.ts";
import type { VmFile } from "./file.ts";
import type { LintContext } from "./lint-context.ts";
import { lintGuests } from "./lint-guests.ts";
import { lintNetwork } from "./lint-network.ts";
import { lintStart } from "./lint-start.ts";
import { lintText } from "./lint-text.ts";
import { registered } from "./model.ts";

export function lint(file: VmFile): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	const report: LintContext["report"] = (code, at, message, more = {}) => {
		if (at.file !== file.context.path || at.known === false) return;
		found.push({ code, severity: vmDiagnostics[code].severity, span: at.span, message, ...more });
	};
	const { config } = file;
	const guests = registered(config);
	const plugs = config.guests.flatMap((guest) => guest.interfaces.map((nic) => ({ guest, nic })));
	const activePlugs = plugs.filter(({ guest }) => guest.disabled === undefined && guests.get(guest.name.value) === guest);
	const context = { file, config, guests, plugs, activePlugs, report };
	for (const check of [lintText, ...lintStart, ...lintNetwork, ...lintGuests]) check(context);
	return found;
}

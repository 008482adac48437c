/** What vmd accepts and that still goes wrong, as far as vm.conf alone shows it; and what a start would refuse. */
import type { Report } from "../text/check.ts";
import type { Diagnostic, Severity } from "../text/diagnostic.ts";
import { type VmErrorCode, vmErrors } from "./diagnostics.ts";
import type { VmFile } from "./file.ts";
import type { LintContext, VmPlace } from "./lint-context.ts";
import { vmGuestChecks } from "./lint-guests.ts";
import { vmNetworkChecks } from "./lint-network.ts";
import { checkStart } from "./lint-start.ts";
import { vmTextChecks } from "./lint-text.ts";
import { registered } from "./model.ts";

const checks = { ...vmNetworkChecks, ...vmGuestChecks, ...vmTextChecks };

/** Every code of this room. */
export const vmDiagnostics = { ...vmErrors, ...checks } as const;

export type VmCode = VmErrorCode | keyof typeof checks;

export function lint(file: VmFile): readonly Diagnostic[] {
	const found: Diagnostic[] = [];
	// Places in included files are left to those files.
	const reporter =
		(code: VmCode, severity: Severity): Report<VmPlace> =>
		(at, message, details) => {
			if (at.file === file.context.path && at.known !== false) found.push({ code, severity, span: at.span, message, ...details });
		};
	const { config } = file;
	const guests = registered(config);
	const plugs = config.guests.flatMap((guest) => guest.interfaces.map((nic) => ({ guest, nic })));
	const activePlugs = plugs.filter(({ guest }) => guest.disabled === undefined && guests.get(guest.name.value) === guest);
	const context: LintContext = { file, config, guests, plugs, activePlugs };
	checkStart(context, (code, ...report) => reporter(code, vmErrors[code].severity)(...report));
	for (const [code, check] of Object.entries(checks)) check.run(context, reporter(code as keyof typeof checks, check.severity));
	return found;
}

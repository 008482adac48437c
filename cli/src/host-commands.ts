/** The commands that ask or change a host, or write for the tools that do. What speaks SSH is loaded by the one that runs. */

import { type CommandOutput, didYouMean, UsageError } from "./arguments.ts";
import type { ApplyCall, DeployCall, Done } from "./deploy.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import type { LogCall } from "./log.ts";
import { plain } from "./terminal.ts";
import { tell } from "./translations.ts";

/** How the table of commands has read what such a command is given. */
interface Given<Values = object> {
	readonly values: Values & { readonly json?: boolean | undefined };
	readonly operands: readonly string[];
}

export async function taps(
	{ values, operands }: Given<{ readonly config?: string | undefined }>,
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	const [name, ...more] = operands;
	if (name === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host", "taps"));
	// Loaded here only: the other commands need no SSH.
	const { onHost, reached } = await import("./remote-host.ts");
	const { taps: show } = await import("./taps.ts");
	stdout.write(await reached(() => onHost(name, values.config, (run) => show(run, values.json === true))));
	return exitStatus.done;
}

export async function rates(
	{ values, operands }: Given<{ readonly config?: string | undefined; readonly seconds?: string | undefined }>,
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	const [name, ...more] = operands;
	if (name === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host", "rates"));
	// Loaded here only: the other commands need no SSH.
	const { onHost, reached } = await import("./remote-host.ts");
	const { rates: show, rateSeconds } = await import("./rates.ts");
	const seconds = rateSeconds(values.seconds);
	stdout.write(await reached(() => onHost(name, values.config, (run) => show(run, name, seconds, values.json === true))));
	return exitStatus.done;
}

export async function verify(given: Given, { stdout }: CommandOutput): Promise<ExitStatus> {
	const call = callOf("verify", given);
	// Loaded here only: the other commands need no SSH.
	const { runVerify } = await import("./verify.ts");
	const { output, status } = await runVerify(call);
	stdout.write(output);
	return status;
}

interface StatesOptions {
	readonly config?: string | undefined;
	readonly guest?: string | undefined;
	readonly address?: string | undefined;
	readonly rule?: string | undefined;
	readonly sort?: string | undefined;
	readonly rates?: boolean | undefined;
	readonly against?: string | undefined;
	readonly end?: boolean | undefined;
	readonly yes?: boolean | undefined;
}

export async function states({ values, operands }: Given<StatesOptions>, { stdout }: CommandOutput): Promise<ExitStatus> {
	const [host, ...more] = operands;
	if (host === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host", "states"));
	const { config, guest, address, rule, sort, against, rates = false, end = false, yes = false, json = false } = values;
	// Loaded here only: the other commands need no SSH.
	const { runStates } = await import("./states.ts");
	const order = sort as "age" | "bytes" | "packets" | "rate" | undefined;
	const { output, status } = await runStates({ host, json, config, guest, address, rule, sort: order, rates, against, end, yes });
	stdout.write(output);
	return status;
}

interface TablesOptions {
	readonly config?: string | undefined;
	readonly table?: string | undefined;
	readonly add?: string | undefined;
	readonly delete?: string | undefined;
	readonly keep?: boolean | undefined;
	readonly yes?: boolean | undefined;
}

export async function tables({ values, operands }: Given<TablesOptions>, { stdout }: CommandOutput): Promise<ExitStatus> {
	const [host, ...more] = operands;
	if (host === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host", "tables"));
	const { keep = false, yes = false, json = false, ...rest } = values;
	// Loaded here only: the other commands need no SSH.
	const { runTables } = await import("./tables.ts");
	const { output, status } = await runTables({ ...rest, host, json, keep, yes });
	stdout.write(output);
	return status;
}

interface CountersOptions {
	readonly config?: string | undefined;
	readonly never?: string | undefined;
}

export async function counters({ values, operands }: Given<CountersOptions>, { stdout }: CommandOutput): Promise<ExitStatus> {
	const [host, ...more] = operands;
	if (host === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host", "counters"));
	const days = values.never === undefined ? undefined : Number(values.never);
	if (days !== undefined && (!Number.isInteger(days) || days < 1 || days > 9999))
		throw new UsageError(tell("--never is a number of days, 1 to 9999"));
	// Loaded here only: the other commands need no SSH.
	const { runCounters } = await import("./counters.ts");
	const { output, status } = await runCounters({ host, json: values.json === true, config: values.config, days });
	stdout.write(output);
	return status;
}

interface LogOptions extends Omit<LogCall, "host" | "json" | "count"> {
	readonly count?: string | undefined;
}

export async function log({ values, operands }: Given<LogOptions>, { stdout }: CommandOutput): Promise<ExitStatus> {
	const [host, ...more] = operands;
	if (host === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host", "log"));
	const { json = false, count: most, ...rest } = values;
	const count = most === undefined ? undefined : Number(most);
	if (count !== undefined && (!Number.isInteger(count) || count < 1)) throw new UsageError(tell("--count is a number of packets"));
	// Loaded here only: the other commands need no SSH.
	const { runLog } = await import("./log.ts");
	return await runLog({ ...rest, host, json, count }, stdout);
}

export async function disks(given: Given<{ readonly create?: string | undefined }>, { stdout }: CommandOutput): Promise<ExitStatus> {
	const call = callOf("disks", given);
	// Loaded here only: the other commands need no SSH.
	const { runDisks } = await import("./disks.ts");
	const { output, status } = await runDisks({ ...call, create: given.values.create });
	stdout.write(output);
	return status;
}

export async function validate(given: Given, output: CommandOutput): Promise<ExitStatus> {
	const call = callOf("validate", given);
	return await printed(output, async ({ runValidate }) => await runValidate(call));
}

interface PlanOptions {
	readonly states?: boolean | undefined;
	readonly remove?: readonly string[] | undefined;
	readonly interrupt?: boolean | undefined;
}

export async function plan(given: Given<PlanOptions>, output: CommandOutput): Promise<ExitStatus> {
	const { remove = [], interrupt, states: withStates } = given.values;
	const call = { ...callOf("plan", given), remove, interrupt: interrupt === true, states: withStates === true };
	return await printed(output, async ({ runPlan }) => await runPlan(call));
}

interface DeployOptions extends ChangeOptions {
	readonly remove?: readonly string[] | undefined;
	readonly "no-tests"?: boolean | undefined;
	readonly "restart-guests"?: boolean | undefined;
	readonly "no-rehearsal"?: string | undefined;
	readonly "end-states"?: boolean | undefined;
	readonly "create-disks"?: string | undefined;
	readonly rehearse?: boolean | undefined;
}

export async function deploy(given: Given<DeployOptions>, output: CommandOutput): Promise<ExitStatus> {
	const { values, operands } = given;
	const several = new Set(operands).size > 1 && values.rehearse !== true && values["create-disks"] === undefined;
	const call = callOf("deploy", several ? { ...given, operands: operands.slice(0, 1) } : given);
	const size = values["create-disks"];
	if (values.rehearse === true) {
		const rest = (
			[
				"auto-confirm",
				"over-drift",
				"interrupt",
				"no-tests",
				"restart-guests",
				"end-states",
				"no-rehearsal",
				"remove",
				"create-disks",
			] as const
		).filter((name) => values[name] !== undefined);
		if (rest.length > 0)
			throw new UsageError(tell("--rehearse confirms and changes nothing: leave out {0}", rest.map((name) => `--${name}`).join(", ")));
		const seconds = secondsOf(values.timeout, 15);
		return await printed(output, async ({ runRehearsal }) => await runRehearsal({ ...call, seconds }));
	}
	const changed: ApplyCall = {
		...call,
		...changeOf(values),
		remove: values.remove ?? [],
		withoutTests: values["no-tests"] === true,
		restartGuests: values["restart-guests"] === true,
		endStates: values["end-states"] === true,
		...(values["no-rehearsal"] === undefined ? {} : { withoutRehearsal: values["no-rehearsal"] }),
	};
	if (several) {
		// Loaded here only: the other commands need no SSH.
		const { runDeployInTurn } = await import("./deploy-in-turn.ts");
		return await runDeployInTurn(operands, changed, (text) => output.stdout.write(text));
	}
	if (size !== undefined) await (await import("./disks.ts")).makeMissingDisks(call.host, size, "--create-disks");
	return await printed(output, async ({ runDeploy }) => await runDeploy(changed));
}

export async function rollback(
	given: Given<ChangeOptions & { readonly to?: string | undefined }>,
	output: CommandOutput,
): Promise<ExitStatus> {
	const { values } = given;
	const call: ApplyCall = {
		...callOf("rollback", given),
		...changeOf(values),
		remove: [],
		withoutTests: false,
		restartGuests: false,
		endStates: false,
		back: values.to ?? true,
	};
	return await printed(output, async ({ runDeploy }) => await runDeploy(call));
}

interface PullOptions {
	readonly secrets?: boolean | undefined;
	readonly "dry-run"?: boolean | undefined;
	readonly config?: string | undefined;
}

export async function pull({ values, operands }: Given<PullOptions>, { stdout }: CommandOutput): Promise<ExitStatus> {
	const [host, folder, ...more] = operands;
	if (host === undefined || more.length > 0) throw new UsageError(tell("pull takes one host, and a folder for its files"));
	// Loaded here only: the other commands need no SSH.
	const { runPull } = await import("./pull.ts");
	const { output, status } = await runPull({
		host,
		json: values.json === true,
		secrets: values.secrets === true,
		dryRun: values["dry-run"] === true,
		...(folder === undefined ? {} : { folder }),
		...(values.config === undefined ? {} : { config: values.config }),
	});
	stdout.write(output);
	return status;
}

export async function drift(
	{ values, operands }: Given<{ readonly format?: string | undefined }>,
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	const format = values.json === true || values.format === "json" ? "json" : values.format === "sarif" ? "sarif" : "text";
	// Loaded here only: the other commands need no SSH.
	const { runDrift } = await import("./drift.ts");
	const { output, status } = await runDrift({ hosts: operands, format });
	stdout.write(output);
	return status;
}

export async function hostProgramOf(
	{ values, operands: [action, ...operands] }: Given<{ readonly keep?: string | undefined }>,
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	if (action !== "check" && action !== "install" && action !== "version" && action !== "prune" && action !== "uninstall") {
		const meant = didYouMean(action ?? "", ["check", "install", "version", "prune", "uninstall"]);
		throw new UsageError(`${tell("host takes check, install, version, prune or uninstall, and a host")}${meant}`);
	}
	const call = callOf(`host ${action}`, { values, operands });
	if (values.keep !== undefined && action !== "prune") throw new UsageError(tell("{0} is for {1}", "--keep", "prune"));
	const keep = Number(values.keep ?? 20);
	if (!Number.isInteger(keep) || keep < 0 || keep > 9999) throw new UsageError(tell("--keep is a number of deployments"));
	// Loaded here only: the other commands need no SSH.
	const { runHost } = await import("./host.ts");
	const { output, status } = await runHost({ ...call, action, keep });
	stdout.write(output);
	return status;
}

export async function history({ values, operands }: Given, output: CommandOutput): Promise<ExitStatus> {
	const [host, id, ...more] = operands;
	const call = callOf("history", { values, operands: host === undefined ? [] : [host, ...more] });
	return await printed(output, async ({ runHistory }) => await runHistory({ ...call, ...(id === undefined ? {} : { id }) }));
}

/** The host of a command that takes one, and whether the answer is for a program. */
function callOf(command: string, { values, operands: [host, ...more] }: Given): DeployCall {
	if (host === undefined || more.length > 0) throw new UsageError(tell("{0} takes one host of openbsd-vnet.json", command));
	return { host, json: values.json === true };
}

interface ChangeOptions {
	readonly "auto-confirm"?: boolean | undefined;
	readonly "over-drift"?: boolean | undefined;
	readonly interrupt?: boolean | undefined;
	readonly timeout?: string | undefined;
}

function changeOf(values: ChangeOptions): Pick<ApplyCall, "autoConfirm" | "overDrift" | "interrupt" | "seconds"> {
	return {
		autoConfirm: values["auto-confirm"] === true,
		overDrift: values["over-drift"] === true,
		interrupt: values.interrupt === true,
		seconds: secondsOf(values.timeout, 120),
	};
}

function secondsOf(given: string | undefined, otherwise: number): number {
	const seconds = Number(given ?? otherwise);
	if (!Number.isInteger(seconds) || seconds < 10 || seconds > 86400)
		throw new UsageError(tell("--timeout is a number of seconds, 10 to 86400"));
	return seconds;
}

/** Runs what deploy.ts has, which is loaded here only: the other commands start faster without SSH. */
async function printed({ stdout }: CommandOutput, act: (deploy: typeof import("./deploy.ts")) => Promise<Done>): Promise<ExitStatus> {
	const { output, status } = await act(await import("./deploy.ts"));
	stdout.write(output);
	return status;
}

export async function exportFor(
	{ values, operands }: Given<{ readonly config?: string | undefined }>,
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	const [engine, folder = "ansible", ...more] = operands;
	if (engine !== "ansible" || more.length > 0) throw new UsageError(tell("export writes for ansible, into one folder"));
	// Loaded here only: the other commands start faster without YAML.
	const { exportAnsible } = await import("./export.ts");
	const written = await exportAnsible(folder, values.config === undefined ? undefined : [values.config]);
	stdout.write(values.json === true ? jsonOf("export", { files: written }) : written.map((path) => `${plain(path)}\n`).join(""));
	return exitStatus.done;
}

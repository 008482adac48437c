/** The commands that ask or change a host, or write for the tools that do. What speaks SSH is loaded by the one that runs. */
import { type Command, type Output, parsed, UsageError } from "./arguments.ts";
import type { ApplyCall, DeployCall, Done } from "./deploy.ts";
import { plain } from "./terminal.ts";

type Run = Command["run"];

export const hostCommands = { taps, verify, disks, validate, plan, deploy, rollback, merge, history, export: exportFor } satisfies Readonly<
	Record<string, Run>
>;

const json = { json: { type: "boolean" } } as const;
const removal = { remove: { type: "string", multiple: true } } as const;
const change = { "auto-confirm": { type: "boolean" }, "over-drift": { type: "boolean" }, timeout: { type: "string" } } as const;

async function taps(args: readonly string[], { stdout, stderr }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { json: { type: "boolean" }, config: { type: "string", short: "F" } });
	const [name, ...more] = positionals;
	if (name === undefined || more.length > 0) throw new UsageError("taps takes one host");
	// Loaded here only: the other commands need no SSH.
	const { ConnectionError } = await import("@openbsd-vnet/remote");
	const { onHost } = await import("./remote-host.ts");
	const { taps: show } = await import("./taps.ts");
	try {
		stdout.write(await onHost(name, values.config, (run) => show(run, values.json === true)));
		return 0;
	} catch (error) {
		if (!(error instanceof ConnectionError)) throw error;
		stderr.write(`openbsd-vnet: ${plain(error.message)}\n`);
		return 2;
	}
}

async function verify(args: readonly string[], { stdout }: Output): Promise<number> {
	const { values, positionals } = parsed(args, json);
	const call = callOf("verify", positionals, values);
	// Loaded here only: the other commands need no SSH.
	const { runVerify } = await import("./verify.ts");
	const { output, status } = await runVerify(call);
	stdout.write(output);
	return status;
}

async function disks(args: readonly string[], { stdout }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { ...json, create: { type: "string" } });
	const call = callOf("disks", positionals, values);
	// Loaded here only: the other commands need no SSH.
	const { runDisks } = await import("./disks.ts");
	const { output, status } = await runDisks({ ...call, create: sizeOf(values.create, "--create") });
	stdout.write(output);
	return status;
}

/** The size of new disks. */
function sizeOf(size: string | undefined, option: string): string | undefined {
	if (size !== undefined && !/^[1-9]\d{0,5}[KMGT]$/i.test(size)) throw new UsageError(`${option} takes a size such as 20G, not '${size}'`);
	return size;
}

async function validate(args: readonly string[], output: Output): Promise<number> {
	const { values, positionals } = parsed(args, json);
	const call = callOf("validate", positionals, values);
	return await printed(output, async ({ runValidate }) => await runValidate(call));
}

async function plan(args: readonly string[], output: Output): Promise<number> {
	const { values, positionals } = parsed(args, { ...json, ...removal });
	const call = { ...callOf("plan", positionals, values), remove: values.remove ?? [] };
	return await printed(output, async ({ runPlan }) => await runPlan(call));
}

async function deploy(args: readonly string[], output: Output): Promise<number> {
	const { values, positionals } = parsed(args, {
		...json,
		...change,
		...removal,
		"no-tests": { type: "boolean" },
		"restart-guests": { type: "boolean" },
		"create-disks": { type: "string" },
		rehearse: { type: "boolean" },
	});
	const call = callOf("deploy", positionals, values);
	const size = sizeOf(values["create-disks"], "--create-disks");
	if (values.rehearse === true) {
		const rest = (["auto-confirm", "over-drift", "no-tests", "restart-guests", "remove", "create-disks"] as const).filter(
			(name) => values[name] !== undefined,
		);
		if (rest.length > 0) throw new UsageError(`--rehearse confirms and changes nothing: leave out --${rest.join(", --")}`);
		const seconds = secondsOf(values.timeout, 15);
		return await printed(output, async ({ runRehearsal }) => await runRehearsal({ ...call, seconds }));
	}
	const changed: ApplyCall = {
		...call,
		...changeOf(values),
		remove: values.remove ?? [],
		withoutTests: values["no-tests"] === true,
		restartGuests: values["restart-guests"] === true,
	};
	if (size !== undefined) await (await import("./disks.ts")).makeMissingDisks(call.host, size);
	return await printed(output, async ({ runDeploy }) => await runDeploy(changed));
}

async function rollback(args: readonly string[], output: Output): Promise<number> {
	const { values, positionals } = parsed(args, { ...json, ...change, to: { type: "string" } });
	const call: ApplyCall = {
		...callOf("rollback", positionals, values),
		...changeOf(values),
		remove: [],
		withoutTests: false,
		restartGuests: false,
		back: values.to ?? true,
	};
	return await printed(output, async ({ runDeploy }) => await runDeploy(call));
}

async function merge(args: readonly string[], output: Output): Promise<number> {
	const { values, positionals } = parsed(args, json);
	const call = callOf("merge", positionals, values);
	return await printed(output, async ({ runMerge }) => await runMerge(call));
}

async function history(args: readonly string[], output: Output): Promise<number> {
	const { values, positionals } = parsed(args, json);
	const [host, id, ...more] = positionals;
	const call = callOf("history", host === undefined ? [] : [host, ...more], values);
	return await printed(output, async ({ runHistory }) => await runHistory({ ...call, ...(id === undefined ? {} : { id }) }));
}

/** The host of a command that takes one, and whether the answer is for a program. */
function callOf(command: string, [host, ...more]: readonly string[], values: { readonly json?: boolean | undefined }): DeployCall {
	if (host === undefined || more.length > 0) throw new UsageError(`${command} takes one host of openbsd-vnet.json`);
	return { host, json: values.json === true };
}

interface ChangeOptions {
	readonly "auto-confirm"?: boolean | undefined;
	readonly "over-drift"?: boolean | undefined;
	readonly timeout?: string | undefined;
}

function changeOf(values: ChangeOptions): Pick<ApplyCall, "autoConfirm" | "overDrift" | "seconds"> {
	return {
		autoConfirm: values["auto-confirm"] === true,
		overDrift: values["over-drift"] === true,
		seconds: secondsOf(values.timeout, 120),
	};
}

function secondsOf(given: string | undefined, otherwise: number): number {
	const seconds = Number(given ?? otherwise);
	if (!Number.isInteger(seconds) || seconds < 10 || seconds > 86400) throw new UsageError("--timeout is a number of seconds, 10 to 86400");
	return seconds;
}

/** Runs what deploy.ts has, which is loaded here only: the other commands start faster without SSH. */
async function printed({ stdout }: Output, act: (deploy: typeof import("./deploy.ts")) => Promise<Done>): Promise<number> {
	const { output, status } = await act(await import("./deploy.ts"));
	stdout.write(output);
	return status;
}

async function exportFor(args: readonly string[], { stdout }: Output): Promise<number> {
	const { values, positionals } = parsed(args, { config: { type: "string", short: "F" } });
	const [engine, folder = "ansible", ...more] = positionals;
	if (engine !== "ansible" || more.length > 0) throw new UsageError("export writes for ansible, into one folder");
	// Loaded here only: the other commands start faster without YAML.
	const { exportAnsible } = await import("./export.ts");
	const written = await exportAnsible(folder, values.config === undefined ? undefined : [values.config]);
	stdout.write(written.map((path) => `${plain(path)}\n`).join(""));
	return 0;
}

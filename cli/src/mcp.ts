/**
 * `openbsd-vnet mcp`: agents ask what people ask by the command line, and get the same answers. Nothing is changed, here or on a host,
 * and no file outside of the working folder is read.
 */
import { isAbsolute, relative, resolve, sep } from "node:path";
import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { z } from "zod";
import { type Command, type CommandOutput, UsageError } from "./arguments.ts";
import { PathError } from "./path-error.ts";
import { version } from "./version.ts";

const paths = z.array(z.string()).optional().describe("folders of hosts, or files; those of openbsd-vnet.json where not given");
const folder = z
	.string()
	.optional()
	.describe("the folder of one host: one that holds its etc, or its files themselves; the working folder where not given");
const host = z.string().optional().describe("the name of a host of openbsd-vnet.json, in place of a folder");
const end = z.string().describe("outside, host, the name of a guest of vm.conf, or an address");

/** A tool: what it is for, what it takes, and the call of the command line that answers. */
interface Tool {
	readonly description: string;
	readonly input: z.ZodObject;
	readonly call: (given: unknown) => Call;
}

interface Call {
	readonly words: readonly (string | undefined)[];
	/** Those of the words that are paths. */
	readonly paths: readonly (string | undefined)[];
}

function tool<Input extends z.ZodObject>(one: {
	readonly description: string;
	readonly input: Input;
	readonly call: (given: z.infer<Input>) => Call["words"];
	readonly pathsOf?: (given: z.infer<Input>) => Call["paths"];
}): Tool {
	const { description, input, call, pathsOf } = one;
	return {
		description,
		input,
		call: (asked) => {
			const given = input.parse(asked);
			return { words: call(given), paths: pathsOf?.(given) ?? [] };
		},
	};
}

const option = (name: string, value: string | undefined): readonly string[] => (value === undefined ? [] : [`--${name}=${value}`]);

const tools: Readonly<Record<string, Tool>> = {
	check: tool({
		description: "What is wrong in the pf.conf, vm.conf and hostname.if of OpenBSD hosts, all files of a host together",
		input: z.object({ paths }),
		call: (given) => ["check", "--format=json", "--fail-on=none", "--", ...(given.paths ?? [])],
		pathsOf: (given) => given.paths ?? [],
	}),
	test: tool({
		description: "What becomes of the policy tests (*.pftest) of hosts: who may reach whom",
		input: z.object({ paths }),
		call: (given) => ["test", "--format=json", "--", ...(given.paths ?? [])],
		pathsOf: (given) => given.paths ?? [],
	}),
	expand: tool({
		description: "The ruleset that pfctl would load for a pf.conf, or the commands that netstart would run for a hostname.if",
		input: z.object({ file: z.string() }),
		call: ({ file }) => ["expand", "--", file],
		pathsOf: ({ file }) => [file],
	}),
	trace: tool({
		description: "What pf does to a connection on a host: on which ways it goes, and which rules decide at each place",
		input: z.object({
			from: end,
			to: end,
			protocol: z.string().describe("tcp, udp, icmp or a number"),
			port: z.number().optional(),
			folder,
			host,
		}),
		call: ({ from, to, protocol, port, ...where }) => [
			...["trace", "--json", ...option("folder", where.folder), ...option("host", where.host)],
			...["--", from, to, protocol, port?.toString()],
		],
		pathsOf: (given) => [given.folder],
	}),
	reach: tool({
		description: "Who reaches whom on a host, by which services",
		input: z.object({ folder, host }),
		call: (given) => ["reach", "--json", ...option("host", given.host), "--", given.folder],
		pathsOf: (given) => [given.folder],
	}),
	diff: tool({
		description: "Which connections the files of a host open or close since a revision of Git, and which packets pf treats differently",
		input: z.object({ since: z.string(), folder, host }),
		call: ({ since, ...where }) => ["diff", "--format=json", ...option("since", since), ...option("host", where.host), "--", where.folder],
		pathsOf: (given) => [given.folder],
	}),
	explain: tool({
		description: "What the code of a diagnostic means, why it is told, and what to do",
		input: z.object({ code: z.string() }),
		call: ({ code }) => ["explain", "--", code],
	}),
	plan: tool({
		description: "What deploying the files of a host would change, run and disturb there. It asks the host by SSH, and changes nothing",
		input: z.object({ host: z.string().describe("the name of a host of openbsd-vnet.json") }),
		call: (given) => ["plan", "--json", "--", given.host],
	}),
};

/** Serves an agent on standard input and output, until it closes them. @param commands those that answer */
export function serveAgents(commands: Readonly<Record<string, Command>>): void {
	serveStdio(() => {
		const server = new McpServer({ name: "openbsd-vnet", version });
		for (const [name, { description, input, call }] of Object.entries(tools)) {
			const annotations = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: name === "plan" };
			server.registerTool(name, { description, inputSchema: z.object(input.shape), annotations }, async (asked) => {
				const { said, isError } = await answer(commands, call(asked));
				return { content: [{ type: "text", text: said }], isError };
			});
		}
		return server;
	});
}

/** Runs a command, and answers what it printed. */
async function answer(
	commands: Readonly<Record<string, Command>>,
	{ words, paths: named }: Call,
): Promise<{ readonly said: string; readonly isError: boolean }> {
	const pieces: string[] = [];
	const collecting: CommandOutput["stdout"] = {
		write: (text) => {
			pieces.push(typeof text === "string" ? text : text.map((piece) => (typeof piece === "string" ? piece : piece.text)).join(""));
		},
		writeExact: (text) => {
			pieces.push(text);
		},
		writeOver: () => {},
		clear: () => {},
		closed: new AbortController().signal,
	};
	try {
		for (const path of named) if (path !== undefined) refuseOutside(path);
		const [name = "", ...args] = words.filter((word) => word !== undefined);
		const status = await commands[name]?.run(args, { stdout: collecting, stderr: collecting });
		return { said: pieces.join(""), isError: status === 2 };
	} catch (error) {
		if (error instanceof UsageError || error instanceof PathError) return { said: error.message, isError: true };
		throw error;
	}
}

/** @throws PathError of a path that leads out of the working folder: an agent is to look at what it was started for */
function refuseOutside(path: string): void {
	const inside = relative(process.cwd(), resolve(path));
	if (inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
		throw new PathError(`${path} is outside of ${process.cwd()}, where this was started`);
	}
}

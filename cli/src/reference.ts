/** docs/command.md: every command, made from the table of commands. */
import type { Command } from "./arguments.ts";
import { exitTexts } from "./exit-status.ts";
import { help } from "./usage.ts";

/** @param session what a session of the command line looks like */
export function commandPage(commands: Readonly<Record<string, Command>>, session: string): string {
	const statuses = Object.entries(exitTexts).map(([status, when]) => `| ${status} | ${when} |\n`);
	const schemas = Object.entries(commands).flatMap(([name, { options }]) =>
		options.json === undefined ? [] : [`[${name}](../schemas/output/${name}.schema.json)`],
	);
	const sections = Object.entries(commands).map(([name, command]) => `### ${name}\n\n\`\`\`text\n${help(name, command)}\`\`\`\n`);
	const list = Object.entries(commands).map(([name, { summary }]) => `| [${name}](#${name}) | ${summary.replaceAll("|", "\\|")} |\n`);
	return `# The command line

<!-- Made by scripts/session.mjs. -->

![A session: a misspelt rule, its fix, the policy tests, and the connections that an edit opens](images/session.svg)

<details><summary>The same in words</summary>

\`\`\`text
${session}\`\`\`

</details>

| command | |
|---|---|
${list.join("")}
\`openbsd-vnet help COMMAND\` and \`openbsd-vnet COMMAND --help\` say what stands below; \`man openbsd-vnet\` has it too where npm installs manual pages. \`openbsd-vnet completion bash\`, \`zsh\` or \`fish\` makes a shell complete it all.

## Exit status

| status | |
|---|---|
${statuses.join("")}
Where a command means something more exact by one of them, its section says so.

## JSON

\`--json\` of ${schemas.join(", ")} keeps the schema of that name, which the npm package has as \`openbsd-vnet/schemas/NAME.schema.json\`. A property keeps its meaning within a major version; others may be added. What \`host-program\`, \`lsp\`, \`mcp\` and \`completion\` print is for programs as it is.

## Environment

| variable | |
|---|---|
| \`NO_COLOR\`, \`FORCE_COLOR\` | whether there are colours, whatever standard output is |
| \`LC_ALL\`, \`LC_MESSAGES\`, \`LANG\` | the language of messages: English or Simplified Chinese |

## Commands

${sections.join("\n")}`;
}

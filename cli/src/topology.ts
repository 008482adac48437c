/** `openbsd-vnet topology`: the picture of a host, as the editor draws it, and its parts in words. */
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { etcOf } from "@openbsd-vnet/server";
import { layout, type PictureTexts, pictureFile, roughWidth, type Theme } from "@openbsd-vnet/server/picture";
import type { TopologyPicture } from "@openbsd-vnet/server/protocol";
import { type CommandOutput, UsageError } from "./arguments.ts";
import { type ExitStatus, exitStatus } from "./exit-status.ts";
import { hostFolder } from "./host-folder.ts";
import { diskWithHosts } from "./hosts.ts";
import { jsonOf } from "./json.ts";
import { PathError } from "./path-error.ts";
import { ownService } from "./service.ts";
import { severityLabel } from "./severity.ts";
import { type Piece, plain } from "./terminal.ts";
import { tell } from "./translations.ts";

interface TopologyOptions {
	readonly svg?: boolean | undefined;
	readonly theme?: Theme | undefined;
	readonly json?: boolean | undefined;
	readonly host?: string | undefined;
}

/** Runs the command. */
export async function runTopology(
	{ svg, theme, json, host: listed }: TopologyOptions,
	[folder, ...more]: readonly string[],
	{ stdout }: CommandOutput,
): Promise<ExitStatus> {
	if (more.length > 0) throw new UsageError(tell("{0} takes one folder", "topology"));
	if (svg !== true && theme !== undefined) throw new UsageError(tell("{0} is for {1}", "--theme", "--svg"));
	const host = await hostFolder({ host: listed, folder });
	const workspace = await diskWithHosts([fileURLToPath(host.root)]);
	const picture = await ownService(workspace).topology(etcOf(host));
	// The outside and the host itself are in every picture.
	if (picture.nodes.every(({ places }) => places.length === 0))
		throw new PathError(tell("{0}: no files of a host", fileURLToPath(host.root)));
	if (svg === true) stdout.writeExact(await drawn(picture, theme ?? "light"));
	else stdout.write(json === true ? jsonOf("topology", picture) : inWords(picture));
	return exitStatus.done;
}

/** The picture as SVG. */
export async function drawn(picture: TopologyPicture, theme: Theme): Promise<string> {
	// Loaded here only: the layout is as large as the rest of the command.
	const { default: elk } = await import("elkjs/lib/elk.bundled.js");
	const style = await readFile(new URL("../../assets/picture.css", import.meta.url), "utf8");
	return pictureFile(await layout(new elk.default(), picture, roughWidth), picture.name, style, theme, texts());
}

function texts(): PictureTexts {
	return {
		inactive: tell("not active"),
		error: tell("Error"),
		warning: tell("Warning"),
		information: tell("Information"),
		hint: tell("Hint"),
		filtered: tell("pf filters"),
		unfiltered: tell("pf does not filter"),
	};
}

/** Each part, and below it what it is connected with. */
function inWords({ nodes, edges }: TopologyPicture): readonly Piece[] {
	const named = new Map(nodes.map(({ id, label }) => [id, label]));
	return nodes.flatMap(({ id, what, label, details, inactive, problems }): Piece[] => [
		{ text: plain(label), style: "strong" },
		{ text: ` ${[what, ...(inactive ? [tell("not active")] : [])].join(tell(", "))}`, style: "faint" },
		...(details.length === 0 ? [] : [`  ${details.map(plain).join(", ")}`]),
		"\n",
		...problems.flatMap(({ severity, message, place }): Piece[] => {
			const [text, gap] = severityLabel(severity);
			return ["  ", { text, style: severity }, `${gap}${plain(message)} (${plain(basename(place.path))}:${place.range.start.line + 1})\n`];
		}),
		...edges
			.filter(({ from }) => from === id)
			.map(({ to, label: how, filtered }) => {
				const notes = [how, filtered === undefined ? "" : filtered ? tell("pf filters") : tell("pf does not filter")]
					.filter((note) => note !== "")
					.map(plain);
				return `  → ${plain(named.get(to) ?? to)}${notes.length === 0 ? "" : ` (${notes.join(", ")})`}\n`;
			}),
	]);
}

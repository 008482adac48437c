/** `openbsd-vnet verify`: a running host, held against its files. */

import { askLoadedRules, type RunOnHost, run, type Verification, type Verified, verifyHost, withConnection } from "@openbsd-vnet/remote";
import { render, tcpdumpArguments } from "@openbsd-vnet/server";
import type { DeployCall, Done } from "./deploy.ts";
import { exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { listedHost, reached } from "./remote-host.ts";
import { plain } from "./terminal.ts";

/** Asks a host whether it is as its files say. Status 1 where something differs. */
export async function runVerify({ host, json }: DeployCall): Promise<Done> {
	return await reached(async () => {
		const { reach, files } = await listedHost(host);
		const wanted = (await files()).flatMap(({ path, text }) => (text === undefined ? [] : [[path, { text }] as const]));
		const found = await withConnection(reach, (connection) => {
			const ask: RunOnHost = (command, options) => run(connection, command, options);
			return verifyHost(ask, host, new Map(wanted), () => askLoadedRules(ask, connection.target.user));
		});
		return {
			output: json ? jsonOf("verify", asData(host, found)) : asText(host, found),
			status: found.results.some(({ verdict }) => verdict === "differs") ? exitStatus.found : exitStatus.done,
		};
	});
}

/** The answer for programs: names that stay the same from version to version. */
function asData(host: string, { simulated, results, places }: Verification): Outputs["verify"] {
	return {
		host,
		simulated,
		results: results.map(({ expected, found, advice, command, ...rest }) => ({
			...rest,
			expected: render(expected),
			found: render(found),
			...(advice === undefined ? {} : { advice: render(advice) }),
			...(command === undefined ? {} : { command: command.text }),
		})),
		places: places.map((place) => ({ interface: place.interface, shows: render(place.shows), command: tcpdump(place) })),
	};
}

const tcpdump = (place: Verification["places"][number]): string => `tcpdump ${tcpdumpArguments(place).join(" ")}`;
const marks = { ok: "ok", differs: "DIFFERS", unknown: "unknown" } as const;

function asText(host: string, { simulated, results, places }: Verification): string {
	const rows = results.map((one) => [marks[one.verdict], one.area, one.subject, render(one.found)] as const);
	const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => plain(row[column] ?? "").length)));
	const lines = results.flatMap((one, i) => {
		const cells = (rows[i] ?? []).map((cell, column) => plain(cell).padEnd(widths[column] ?? 0));
		return [cells.join("  ").trimEnd(), ...(one.verdict === "ok" ? [] : remedy(one))];
	});
	const count = (verdict: Verified["verdict"]) => results.filter((one) => one.verdict === verdict).length;
	const shown = places.map((place) => [tcpdump(place), render(place.shows)] as const);
	const width = Math.max(0, ...shown.map(([command]) => command.length));
	return [
		...lines,
		`${plain(host)}${simulated ? " (simulated host)" : ""}: ${count("ok")} as the files say, ${count("differs")} not, ${count("unknown")} unknown`,
		"To watch packets there, as root:",
		...shown.map(([command, what]) => `  ${plain(command).padEnd(width)}  # ${plain(what)}`),
	]
		.map((line) => `${line}\n`)
		.join("");
}

/** What should be there, and what to do. */
function remedy({ expected, advice, command }: Verified): readonly string[] {
	const act = advice === undefined ? [] : [`    ${plain(render(advice))}${command === undefined ? "" : `: ${plain(command.text)}`}`];
	return [`    expected: ${plain(render(expected))}`, ...act];
}

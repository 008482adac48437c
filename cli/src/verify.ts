/** `openbsd-vnet verify`: a running host, held against its files. */

import { askLoadedRules, type RunOnHost, run, type Verification, type Verified, verifyHost, withConnection } from "@openbsd-vnet/remote";
import { render, tcpdumpArguments } from "@openbsd-vnet/server";
import type { DeployCall, Done } from "./deploy.ts";
import { exitStatus } from "./exit-status.ts";
import { jsonOf } from "./json.ts";
import type { Outputs } from "./output-schemas.ts";
import { listedHost, reached } from "./remote-host.ts";
import { columnsOf, padded, plain } from "./terminal.ts";
import { tell, translated } from "./translations.ts";

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
const marks: Readonly<Record<Verified["verdict"], () => string>> = {
	ok: () => tell("ok"),
	differs: () => tell("DIFFERS"),
	unknown: () => tell("unknown"),
};

const areas: Readonly<Record<Verified["area"], () => string>> = {
	guests: () => tell("guests"),
	members: () => tell("members"),
	addresses: () => tell("addresses"),
	interfaces: () => tell("interfaces"),
	routes: () => tell("routes"),
	settings: () => tell("settings"),
	services: () => tell("services"),
	rules: () => tell("rules"),
	leases: () => tell("leases"),
};

function asText(host: string, { simulated, results, places }: Verification): string {
	const rows = results.map((one) => [marks[one.verdict](), areas[one.area](), one.subject, translated(one.found)] as const);
	const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => columnsOf(plain(row[column] ?? "")))));
	const lines = results.flatMap((one, i) => {
		const cells = (rows[i] ?? []).map((cell, column) => padded(plain(cell), widths[column] ?? 0));
		return [cells.join("  ").trimEnd(), ...(one.verdict === "ok" ? [] : remedy(one))];
	});
	const count = (verdict: Verified["verdict"]) => results.filter((one) => one.verdict === verdict).length;
	const shown = places.map((place) => [tcpdump(place), translated(place.shows)] as const);
	const width = Math.max(0, ...shown.map(([command]) => command.length));
	return [
		...lines,
		tell(
			"{0}: {1} as the files say, {2} not, {3} unknown",
			`${plain(host)}${simulated ? ` (${tell("simulated host")})` : ""}`,
			count("ok"),
			count("differs"),
			count("unknown"),
		),
		tell("To watch packets there, as root:"),
		...shown.map(([command, what]) => `  ${plain(command).padEnd(width)}  # ${plain(what)}`),
	]
		.map((line) => `${line}\n`)
		.join("");
}

/** What should be there, and what to do. */
function remedy({ expected, advice, command }: Verified): readonly string[] {
	const act =
		advice === undefined
			? []
			: [`    ${command === undefined ? plain(translated(advice)) : tell("{0}: {1}", plain(translated(advice)), plain(command.text))}`];
	return [`    ${tell("expected: {0}", plain(translated(expected)))}`, ...act];
}

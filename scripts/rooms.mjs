// Who may import whom, by scripts/rooms.json: every import of the sources is held against that table, and docs/architecture.md
// shows it. Without arguments it checks, with the page as well; with --write it writes the page's part.
// Types alone may be taken where the table says "types"; a circle of rooms that import values from each other is refused, as is an
// arrow that the table permits and nobody uses.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./lib/repository.mjs";

/**
 * @typedef {object} Room
 * @property {string} path of a package from the repository, of a room from server/src: a folder, or a file alone
 * @property {string} [name] a package's, as others import it
 * @property {string} holds
 * @property {string[]} imports the names or paths of those that it may import
 * @property {string[]} [types] those of which it may import types alone
 * @property {string[]} [outside] the groups of packages from outside that it may import
 * @typedef {{ file: string, line: number, specifier: string, isType: boolean }} Import
 */

const SOURCES = "server/src";
const page = join(root, "docs", "architecture.md");
const [begin, end] = ["<!-- rooms: made by scripts/rooms.mjs -->", "<!-- /rooms -->"];

/** Tests and what only they use may look everywhere. */
const isOfTests = (file) => /\.test\.ts$|testing\.ts$|fixture\.ts$|\.d\.ts$/.test(file);

/** @type {{ outside: Record<string, string[]>, packages: Room[], rooms: Room[] }} */
export const table = JSON.parse(readFileSync(join(root, "scripts", "rooms.json"), "utf8"));

/** The imports of a text; what `import type` takes is gone when the program runs. @returns {Import[]} */
export function importsOf(file, text) {
	const form = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w$*{}\s,]+?\s+from\s+)?"([^"]+)"|(?<!\w)import\("([^"]+)"\)/gm;
	return [...text.matchAll(form)].map((match) => ({
		file,
		line: text.slice(0, match.index).split("\n").length,
		specifier: match[2] ?? match[3] ?? "",
		isType: match[1] !== undefined,
	}));
}

/** The innermost of some rooms that holds a path. @param {Room[]} rooms */
function roomOf(rooms, path) {
	const holding = rooms.filter((room) => path === room.path || path.startsWith(`${room.path}/`));
	return holding.sort((a, b) => b.path.length - a.path.length)[0];
}

const nameOf = (room) => room.name ?? room.path;

/** The room of a file of server/src, or else its package. */
const innermost = (file) =>
	file.startsWith(`${SOURCES}/`) ? roomOf(table.rooms, file.slice(SOURCES.length + 1)) : roomOf(table.packages, file);

/** Both ends of an arrow; undefined where it leads to none of ours. @param {Import} each */
function arrowOf(each) {
	if (each.specifier.startsWith(".")) return { from: innermost(each.file), to: innermost(posix.join(dirname(each.file), each.specifier)) };
	const to = table.packages.find(({ name }) => each.specifier === name || each.specifier.startsWith(`${name}/`));
	return to && { from: roomOf(table.packages, each.file), to };
}

/** The group of packages from outside that a specifier is of. */
const groupOf = (specifier) =>
	Object.entries(table.outside).find(([, names]) =>
		names.some((name) =>
			name.endsWith("*") ? specifier.startsWith(name.slice(0, -1)) : specifier === name || specifier.startsWith(`${name}/`),
		),
	)?.[0];

/**
 * What is wrong with some imports by the table.
 * @param {Import[]} imports
 * @returns {{ faults: string[], used: Set<string> }} each fault in one line, and the arrows that are used
 */
export function judge(imports) {
	const faults = [];
	const used = new Set();
	for (const each of imports) {
		const at = `${each.file}:${each.line}`;
		const group = groupOf(each.specifier);
		if (group !== undefined) {
			const room = innermost(each.file);
			if (room !== undefined && !room.outside?.includes(group)) faults.push(`${at}: ${nameOf(room)} may not import "${each.specifier}"`);
			continue;
		}
		const arrow = arrowOf(each);
		if (arrow === undefined || arrow.from === arrow.to) continue;
		const { from, to } = arrow;
		if (from === undefined || to === undefined) {
			faults.push(`${at}: "${each.specifier}" leads to or from a file in no room of scripts/rooms.json`);
			continue;
		}
		if (
			each.specifier.startsWith(".") &&
			roomOf(table.packages, each.file) !== roomOf(table.packages, posix.join(dirname(each.file), each.specifier))
		) {
			faults.push(`${at}: another package is imported by its name, not by a path ("${each.specifier}")`);
			continue;
		}
		const isAllowed = from.imports.includes(nameOf(to));
		const isAllowedType = isAllowed || from.types?.includes(nameOf(to));
		used.add(`${nameOf(from)} > ${nameOf(to)}${each.isType ? " (types)" : ""}`);
		if (!isAllowedType) faults.push(`${at}: ${nameOf(from)} may not import ${nameOf(to)} ("${each.specifier}")`);
		else if (!isAllowed && !each.isType) faults.push(`${at}: ${nameOf(from)} may import only types of ${nameOf(to)} ("${each.specifier}")`);
	}
	return { faults, used };
}

/** The permissions that nobody uses. @param {Set<string>} used @returns {string[]} */
function unused(used) {
	return [...table.packages, ...table.rooms].flatMap((room) => [
		...room.imports
			.filter((to) => !used.has(`${nameOf(room)} > ${to}`))
			.map((to) => `scripts/rooms.json: ${nameOf(room)} need not import ${to}`),
		...(room.types ?? [])
			.filter((to) => !used.has(`${nameOf(room)} > ${to} (types)`))
			.map((to) => `scripts/rooms.json: ${nameOf(room)} need not import types of ${to}`),
	]);
}

/** A circle of rooms that import values from each other, as a path; undefined where there is none. @param {Room[]} rooms */
export function circle(rooms) {
	const done = new Set();
	const visit = (room, path) => {
		if (path.includes(nameOf(room))) return [...path.slice(path.indexOf(nameOf(room))), nameOf(room)];
		if (done.has(room)) return undefined;
		for (const name of room.imports) {
			const next = rooms.find((each) => nameOf(each) === name);
			const found = next === undefined ? undefined : visit(next, [...path, nameOf(room)]);
			if (found !== undefined) return found;
		}
		done.add(room);
		return undefined;
	};
	for (const room of rooms) {
		const found = visit(room, []);
		if (found !== undefined) return found;
	}
	return undefined;
}

/** The page's part: the packages, the rooms as a table, and both as pictures. */
export function drawn() {
	const row = ({ path, holds, imports, types }) => {
		const taken = [imports.join(", "), ...(types ? [`types of ${types.join(", ")}`] : [])].filter((each) => each !== "").join("; ");
		return `| \`${/\.\w+$/.test(path) ? path : `${path}/`}\` | ${holds} | ${taken || "nothing"} |`;
	};
	const head = (what) => `| ${what} | what lives there | may import |\n|---|---|---|`;
	const id = (name) => name.replace(/\W/g, "_");
	const picture = (rooms) =>
		[
			"```mermaid",
			"flowchart TD",
			...rooms.map((room) => `\t${id(nameOf(room))}["${room.path}"]`),
			...rooms.flatMap((room) => direct(rooms, room).map((to) => `\t${id(nameOf(room))} --> ${id(to)}`)),
			"```",
		].join("\n");
	return [
		begin,
		`${head("package")}\n${table.packages.map(row).join("\n")}`,
		`${head("room of server/src")}\n${table.rooms.map(row).join("\n")}`,
		"The rooms, with the arrows that do not follow from others:",
		picture(table.rooms),
		end,
	].join("\n\n");
}

/** The rooms that a room imports and that none of the others that it imports leads to. @param {Room[]} rooms @param {Room} room */
function direct(rooms, room) {
	const reach = (name, seen = new Set()) => {
		for (const next of rooms.find((each) => nameOf(each) === name)?.imports ?? [])
			if (!seen.has(next)) {
				seen.add(next);
				reach(next, seen);
			}
		return seen;
	};
	return room.imports.filter((to) => !room.imports.some((other) => other !== to && reach(other).has(to)));
}

function main() {
	const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.ts"], {
		cwd: root,
		encoding: "utf8",
	})
		.split("\0")
		.filter((file) => roomOf(table.packages, file) !== undefined && !isOfTests(file) && existsSync(join(root, file)));
	const { faults, used } = judge(files.flatMap((file) => importsOf(file, readFileSync(join(root, file), "utf8"))));
	faults.push(...unused(used));
	for (const rooms of [table.packages, table.rooms]) {
		const found = circle(rooms);
		if (found !== undefined) faults.push(`scripts/rooms.json: a circle: ${found.join(" > ")}`);
	}
	const text = readFileSync(page, "utf8");
	const [from, to] = [text.indexOf(begin), text.indexOf(end) + end.length];
	const current = text.slice(0, from) + drawn() + text.slice(to);
	if (process.argv.includes("--write")) writeFileSync(page, current);
	else if (current !== text) faults.push("docs/architecture.md is not what scripts/rooms.json says: node scripts/rooms.mjs --write");
	for (const fault of faults) console.error(fault);
	console.log(`${files.length} files in ${table.packages.length} packages and ${table.rooms.length} rooms: ${faults.length} faults`);
	process.exitCode = faults.length === 0 ? 0 : 1;
}

if (process.argv[1] !== undefined && relative(process.argv[1], fileURLToPath(import.meta.url)) === "") main();

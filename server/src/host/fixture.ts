/** For tests: a host in one text, and what a person reads of it. */
import type { Diagnostic } from "../text/diagnostic.ts";
import type { HostFacts } from "../text/language.ts";
import { render } from "../text/message.ts";
import type { Span } from "../text/span.ts";
import { checkHost, type HostCode } from "./checks.ts";
import { type Host, type HostSource, hostBuilder, type ModelFile } from "./model.ts";
import { pfFacts } from "./pf-facts.ts";

/** Files after lines such as `//- /etc/vm.conf`; `//- /etc/pf.conf 0644` gives the mode too. */
export function filesOf(text: string): ReadonlyMap<string, ModelFile> {
	const files = new Map<string, ModelFile>();
	for (const part of text.split(/^\/\/- /m).slice(1)) {
		const newline = part.indexOf("\n");
		const [path = "", mode] = part.slice(0, newline).split(" ");
		files.set(path, { text: part.slice(newline + 1), ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }) });
	}
	return files;
}

export function hostOf(text: string, more: Partial<HostSource> & { facts?: HostFacts } = {}): Host {
	return hostBuilder()({ name: "hv1", files: filesOf(text), ...more });
}

/** The texts of a diagnostic, as they stand in the sources. */
export function textsOf({ message, advice, related = [], fixes = [] }: Diagnostic): readonly string[] {
	const messages = [
		message,
		...related.map((one) => one.message),
		...fixes.map(({ title }) => title),
		...(advice === undefined ? [] : [advice]),
	];
	return messages.map(({ template }) => template);
}

/** All that a person is told by a diagnostic of a file: its place, message and advice, the other places, what each fix changes. */
export function told(files: ReadonlyMap<string, ModelFile>, path: string, one: Diagnostic): readonly string[] {
	const at = (file: string, { start, end }: Span): string => {
		const text = files.get(file)?.text ?? "";
		return `${file}:${text.slice(0, start).split("\n").length} ${JSON.stringify(text.slice(start, end))}`;
	};
	const { message, advice, related = [], fixes = [], tags = [] } = one;
	return [
		`${at(path, one.span)}: ${render(message)}`,
		...(advice === undefined ? [] : [`advice: ${render(advice)}`]),
		...related.map((other) => `see ${at(other.file ?? path, other.span)}: ${render(other.message)}`),
		...fixes.map(
			({ title, edits, preferred }) =>
				`${preferred === true ? "preferred " : ""}fix ${render(title)}: ${edits.map(({ file = path, span, text }) => `${at(file, span)} => ${JSON.stringify(text)}`).join(", ")}`,
		),
		...tags,
	];
}

/** What a check finds in a host's files, rules of pf.conf included, each as `PATH: words`. */
export function faultsOf(code: HostCode, text: string, more: Partial<HostSource> = {}): readonly string[] {
	return found(code, text, more).map(([path, { span }, files]) => `${path}: ${(files.get(path)?.text ?? "").slice(span.start, span.end)}`);
}

/** What the fixes of a check change in a host's files, each as `told` has it. */
export function fixesOf(code: HostCode, text: string): readonly string[] {
	return found(code, text, {}).flatMap(([path, one, files]) => told(files, path, one).filter((line) => /^(?:preferred )?fix /.test(line)));
}

function found(code: HostCode, text: string, more: Partial<HostSource>) {
	const files = more.files ?? filesOf(text);
	const pf = pfFacts(files);
	const host = hostBuilder()({ name: "hv1", files, ...(pf === undefined ? {} : { pf }), ...more });
	return [...checkHost(host)].flatMap(([path, list]) => list.filter((one) => one.code === code).map((one) => [path, one, files] as const));
}

/** A host with two guests behind it, one of which has an address of its own, and with these rules. */
export const routed = (rules: string, more = ""): string => `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "web" {
	disk "/w"
	interface tap3 { switch "lan" lladdr fe:e1:ba:d0:00:01 }
}
vm "db" {
	disk "/d"
	interface tap2 { switch "lan" }
}
//- /etc/hostname.veb0
link1
add vport0
up
//- /etc/hostname.vport0
inet 10.0.0.1/24
inet6 fd00::1 64
//- /etc/hostname.em0
inet 192.0.2.2/24
//- /etc/dhcpd.conf
subnet 10.0.0.0 netmask 255.255.255.0 {
	range 10.0.0.100 10.0.0.199;
	range 10.0.0.210;
	host web { hardware ethernet fe:e1:ba:d0:00:01; fixed-address 10.0.0.20; }
}
${more}//- /etc/pf.conf
${rules}
`;

export const anchor = (name: string, rule: string): string => `anchor "${name}" {\n\t${rule}\n}`;

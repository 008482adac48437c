/**
 * What rc(8) makes of rc.conf.local. No program of the host can be asked: rc.subr reads the file where it lies, and hands the
 * names in it to the shell's eval.
 */
import { type Message, msg, type Placed, RC_CONF_LOCAL, type RcVariable, readRcConf, type Span } from "@openbsd-vnet/server";
import { type HostComplaint, ourselves, placeIn } from "./complaint.ts";

const path = RC_CONF_LOCAL;

/** Of a daemon (etc/rc.d/rc.subr, _rc_parse_conf()). */
const ofDaemon = /^(.*)_(execdir|flags|logger|rtable|timeout|user)$/s;

const others: ReadonlySet<string> = new Set(
	"accounting amd_master check_quotas ipsec library_aslr multicast nfs_server pexp pf pkg_scripts shlib_dirs spamd_black".split(" "),
);

/** Daemons that rc(8) starts without a script of their own. */
const withoutScript: ReadonlySet<string> = new Set(["mountd", "nfsd", "savecore"]);

/** The scripts of the daemons that a text enables. */
export function scriptsNamed(text: string): readonly { readonly path: string; readonly at: Placed<string> }[] {
	return readRcConf(text).flatMap(({ name, value, span, valueSpan }) => {
		const script = (daemon: string, at: Span) => {
			const file = `/etc/rc.d/${daemon}`;
			return { path: file, at: { file: path, span: at, value: file } };
		};
		if (name === "pkg_scripts") return words(value).map((daemon) => script(daemon, valueSpan));
		const [, daemon = "", what] = ofDaemon.exec(name) ?? [];
		return what !== "flags" || value === "NO" || !isWord(daemon) || withoutScript.has(daemon) ? [] : [script(daemon, span)];
	});
}

/** Lines that rc(8) passes over, or trips over. */
export function rcComplaints(text: string): readonly HostComplaint[] {
	const complain = (span: Span, message: Message, severity: HostComplaint["severity"]): HostComplaint => ({
		path,
		...placeIn(text, span),
		text: message,
		program: ourselves,
		severity,
	});
	const variables = readRcConf(text);
	const read = new Set(variables.map(({ span }) => span.start));
	let end = 0;
	const passedOver = text.split("\n").flatMap((line) => {
		const start = end + line.length - line.trimStart().length;
		end += line.length + 1;
		if (line.trim() === "" || line.trim().startsWith("#") || read.has(start)) return [];
		return [complain({ start, end: start + line.trim().length }, msg("rc(8) passes this line over: it is not NAME=VALUE"), "warning")];
	});
	return [...passedOver, ...variables.flatMap((variable) => fault(variable, complain))];
}

function fault(
	{ name, value, span, valueSpan }: RcVariable,
	complain: (span: Span, message: Message, severity: HostComplaint["severity"]) => HostComplaint,
): readonly HostComplaint[] {
	const at = { start: span.start, end: span.start + name.length };
	const known = ofDaemon.exec(name);
	if (known === null && !others.has(name))
		return [complain(at, msg("rc(8) does not know {0}: of a daemon it reads NAME_flags, NAME_user and the like", name), "warning")];
	if (!isWord(name)) return [complain(at, msg("{0} is not the name of a variable: rc(8) runs this line as a command", name), "error")];
	if (known !== null && isOpen(value))
		return [complain(valueSpan, msg("a quote is not closed: the shell that starts the daemon does not read {0}", name), "error")];
	return [];
}

function isWord(name: string): boolean {
	return /^[a-z_][a-z0-9_]*$/.test(name);
}

function words(value: string): readonly string[] {
	return value.split(/\s+/).filter(isWord);
}

/** Whether a quote of sh(1) in it has no end. */
function isOpen(value: string): boolean {
	return /['"]/.test(value.replace(/\\.|'[^']*'|"(?:[^"\\]|\\.)*"/g, ""));
}

import { describe, expect, test } from "vitest";
import { render } from "../../text/message.ts";
import { PfFile } from "../editor/file.ts";
import { dryRun } from "../ruleset/dryrun.ts";
import { MACHINE } from "../ruleset/testing.ts";
import { MESSAGES, type PfMessage } from "./messages.ts";
import { type Example, examples } from "./messages-testing.ts";

/** What an editor does not show: a better message stands beside it, or it is of a file that the ruleset loads. */
const NOT_SHOWN: ReadonlySet<PfMessage> = new Set<PfMessage>([
	'pfctl: unknown debug level "{0}"',
	"error setting skip interface(s)",
	"error setting syncookies",
	'file "{0}" contains bad data',
	"could not parse divert address: {0}",
	"pfctl: invalid state timeouts optimization",
	"pfctl: Bad timeout name.",
	"pfctl: Bad pool name.",
	"could not parse host specification",
	"A root queue is already defined on {0}",
	"skipping rule due to errors",
	"warning: synproxy used for inbound rules only, ignored for outbound",
	"pfctl: cannot open the main config file!: No such file or directory",
	"Loading anchor {0} from {1}",
	"pfctl: load anchors",
	// A file that is not among the host's files here may well be on the host.
	"failed to include file {0}",
	"pfctl: pushfile: {0}: No such file or directory",
	"pfctl: {0}: No such file or directory",
	"error loading fingerprints {0}",
	'cannot load "{0}": No such file or directory',
]);

const entries = Object.entries(examples) as readonly (readonly [PfMessage, Example])[];
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
/** The lines that are this message with any arguments. */
const wording = (message: PfMessage): RegExp =>
	new RegExp(
		`^(?:\\S+:\\d+: )?${message
			.split(/\{\d\}/)
			.map(escaped)
			.join(".*")}$`,
		"s",
	);

describe("every message of pfctl, and what is accepted beside it", () => {
	test.each(entries)("%s", (message, [refused, says, accepted, options]) => {
		const said = dryRun(refused, { ...MACHINE, ...options });
		expect(said.stderr).toEqual([says].flat().map((line) => line.replace(/^\d+: /, "FILE:$&")));
		expect([...said.stderr, ...said.stdout.split("\n")]).toContainEqual(expect.stringMatching(wording(message)));
		expect(said.accepted).toBe(message.startsWith("warning: "));
		const near = dryRun(accepted, { ...MACHINE, ...options });
		expect(near.stderr.filter((line) => !line.startsWith("Loading anchor "))).toEqual([]);
		expect(near.accepted).toBe(true);
	});
});

describe("an editor shows every message with its code", () => {
	const errors = (text: string) =>
		PfFile.parse(text, { path: "/etc/pf.conf", host: MACHINE, ...(MACHINE.readFile && { readFile: MACHINE.readFile }) })
			.diagnostics()
			.filter(({ code }) => Object.values<string>(MESSAGES).includes(code))
			.map(({ code, message }) => `${code} ${render(message)}`);

	test.each(entries.filter(([, [, , , options]]) => options === undefined))("%s", (message, [refused, , accepted]) => {
		// A syntax error says more than pfctl does.
		const shown =
			message === "syntax error"
				? "^pf/syntax syntax error: "
				: wording(message).source.replace("pfctl: ", "").replace("^(?:\\S+:\\d+: )?", `^${MESSAGES[message]} `);
		expect(errors(refused).some((error) => new RegExp(shown, "s").test(error))).toBe(!NOT_SHOWN.has(message));
		expect(errors(accepted)).toEqual([]);
	});

	test.each(entries.filter(([, [, , , options]]) => options === undefined))("one fault is one error: %s", (message, [refused]) => {
		// The braces of an anchor that is given up are left without it.
		if (message === "anchor name must not be empty" || message === "pfctl: pfa_anchor: anchors too deep") return;
		const found = errors(refused);
		expect(found.length, found.join("\n")).toBeLessThan(2);
	});
});

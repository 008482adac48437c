import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Expectation } from "../text/language.ts";
import { render } from "../text/message.ts";
import { dryRun, start } from "./dryrun.ts";
import { VmFile } from "./file.ts";
import { vmLanguage } from "./language.ts";

const path = "/etc/vm.conf";
const parse = (text: string): VmFile => VmFile.parse(text, { path });

const words = [
	'vm "a" {\n',
	"vm b instance ",
	'switch "lan" {\n',
	"}\n",
	"} ",
	"{ ",
	"\n",
	" ",
	"\tmemory 1G\n",
	"\tmemory ",
	'\tdisk $dir "a.img"\n',
	'\tinterface { switch "lan" }\n',
	"\tinterface tap0 switch lan lladdr 02:00:00:00:00:01\n",
	"\tinterface veb0\n",
	'dir = "/var/vm/"\n',
	'include "/etc/vm.d/x"\n',
	"# note\n",
	"# note \\\n",
	"\\\n",
	'"',
	"'",
	"$dir",
	"$",
	"local prefix 10.0.0.0/8\n",
	"disable\n",
	"\u0001",
	"\u0002",
	"\0",
	"é",
	",",
	"=",
	"99999999999999999999",
	"-1 ",
	"\tallow instance { boot, owner root }\n",
	"owner :x\n",
	"staggered start parallel 0 delay 1\n",
	'kernel "/x"\n',
];
const text = fc.oneof(
	fc.array(fc.constantFrom(...words), { maxLength: 25 }).map((nodes) => nodes.join("")),
	fc.string({ unit: "binary", maxLength: 60 }),
);
const readFile = (name: string): string | undefined =>
	name === "/etc/vm.d/x" ? 'dir = "/x/"\ninclude "/etc/vm.d/x"\nswitch "lan" {\n\tinterface veb0\n}\n' : undefined;

/** All that a file answers, without what cannot be compared. */
function answers(file: VmFile): unknown {
	const { length } = file.text;
	return {
		text: file.text,
		diagnostics: file.diagnostics(),
		marks: file.tokens(),
		outline: file.outline(),
		statements: file.statements(),
		config: file.config,
		expected: [0, 1, length >> 1, length].map((offset) => file.expected(offset)),
	};
}

describe("any text", () => {
	it("throws nothing, and no place is outside of the text", () => {
		fc.assert(
			fc.property(text, (input) => {
				dryRun(input, { readFile });
				start(input);
				const file = VmFile.parse(input, { path, readFile });
				answers(file);
				let last = 0;
				for (const { span } of file.tokens()) {
					expect(span.start).toBeGreaterThanOrEqual(last);
					expect(span.end).toBeGreaterThan(span.start);
					last = span.end;
				}
				for (const { span } of [...file.diagnostics(), ...file.tokens()]) {
					expect(span.start).toBeGreaterThanOrEqual(0);
					expect(span.end).toBeGreaterThanOrEqual(span.start);
					expect(span.end).toBeLessThanOrEqual(input.length);
				}
				expect(file.nodes.reduce((sum, { length }) => sum + length, 0)).toBe(input.length);
			}),
			{ numRuns: 400 },
		);
	});

	it("an edited file is what parsing its text afresh gives", () => {
		const change = fc.tuple(fc.nat(), fc.nat({ max: 30 }), fc.oneof(fc.constantFrom(...words, ""), fc.string({ maxLength: 5 })));
		fc.assert(
			fc.property(text, fc.array(change, { minLength: 1, maxLength: 3 }), (input, edits) => {
				let file = VmFile.parse(input, { path, readFile });
				for (const [at, length, inserted] of edits) {
					const from = at % (file.text.length + 1);
					file = file.edit([{ span: { start: from, end: Math.min(file.text.length, from + length) }, text: inserted }]);
				}
				expect(answers(file)).toEqual(answers(VmFile.parse(file.text, { path, readFile })));
			}),
			{ numRuns: 600 },
		);
	});

	it("an edit keeps the statements that it does not touch", () => {
		const block = (i: number): string => `vm "g${i}" {\n\tdisk "/var/vm/g${i}.img"\n}\n`;
		const before = parse(Array.from({ length: 50 }, (_, i) => block(i)).join(""));
		const at = before.text.indexOf("g25.img");
		const after = before.edit([{ span: { start: at, end: at }, text: "x" }]);
		expect(after.nodes.filter((node, i) => node !== before.nodes[i]).length).toBe(1);
	});
});

describe("answers that stay cheap", () => {
	const before = parse(
		`x = "1"\nswitch "s" {\n\tinterface veb0\n}\nvm "a" {\n\tdisk $x\n\tinterface { switch "s" }\n}\nvm "b" {\n\tdisk "/b"\n}\n`,
	);
	it("definitions are the marks that define", () => {
		const wanted = before.tokens().filter(({ symbol }) => symbol !== undefined && symbol.use !== "refer");
		expect(before.definitions()).toEqual(wanted);
		expect(wanted.map(({ symbol }) => symbol?.name)).toEqual(["x", "s", "a", "b"]);
		expect(before.definitions("switch").map(({ symbol }) => symbol?.name)).toEqual(["s"]);
	});
	it("the difference of two versions is the statement that changed", () => {
		const at = before.text.indexOf("/b");
		const after = before.edit([{ span: { start: at, end: at }, text: "/c" }]);
		const found = after.difference(before);
		expect(found && before.text.slice(found.before.start, found.before.end)).toBe('vm "b" {\n\tdisk "/b"\n}\n');
		expect(found && after.text.slice(found.after.start, found.after.end)).toBe('vm "b" {\n\tdisk "/c/b"\n}\n');
	});
	it("facts of a name", () => {
		expect(before.symbolFacts("macro", "x")).toEqual({ value: "1" });
		expect(before.symbolFacts("switch", "s")?.notes).toEqual(["veb0", "a"]);
		expect(before.symbolFacts("guest", "none")).toBeUndefined();
		const text =
			'vm "t" {\n\tdisk "/t"\n}\nvm "t" instance "i" {\n\tdisable\n\tdisk "/i"\n\tmemory 512M\n}\nswitch "off" {\n\tdisable\n\tinterface veb1\n}\n';
		const file = parse(text);
		const notes = (kind: "guest" | "switch", name: string) =>
			file.symbolFacts(kind, name)?.notes?.map((note) => (typeof note === "string" ? note : render(note)));
		expect(notes("guest", "t")).toEqual([]);
		expect(notes("guest", "i")).toEqual(["instance of `t`", "512M", "disabled"]);
		expect(notes("switch", "off")).toEqual(["veb1", "disabled"]);
		expect(file.symbolFacts("guest", "t")?.value).toBe('vm "t" {\n\tdisk "/t"\n}');
	});
});

/** `|` is the cursor. */
function expectedAt(marked: string): { names: readonly string[]; replace: string; argument: string } {
	const offset = marked.indexOf("|");
	const file = parse(marked.replace("|", ""));
	const { expectations, replace, argument } = file.expected(offset);
	const name = (expectation: Expectation): string => {
		switch (expectation.kind) {
			case "keyword":
				return expectation.entry.name;
			case "symbol":
				return `<${expectation.of}>`;
			case "value":
				return `<${expectation.type}>`;
			case "punctuation":
				return expectation.text;
		}
	};
	return {
		names: expectations.map(name),
		replace: file.text.slice(replace.start, replace.end),
		argument: argument === undefined ? "" : `${argument.entry.name} ${argument.index}`,
	};
}

describe("expected", () => {
	const section = ["vm", "switch", "include", "local", "socket", "staggered", "agentx"];
	it.each([
		["|", section, "", ""],
		["s|", section, "s", ""],
		["vm |", ["<guest>"], "", "vm 0"],
		['vm "a" |', ["instance", "{"], "", ""],
		['vm "a" {\n\tmem|\n}\n', ["memory", "disk", "interface", "local"], "mem", ""],
		['vm "a" {\n\tmemory |\n}\n', ["<size>", "<macro>"], "", "memory 0"],
		['vm "a" {\n\tmemory 1|\n}\n', ["<size>"], "1", "memory 0"],
		['vm "a" {\n\tdisk "/a" |\n}\n', ["format", "\n"], "", ""],
		['vm "a" {\n\tdisk "/a" format q|\n}\n', ["qcow2", "raw"], "q", "format 0"],
		['vm "a" {\n\tinterface { switch "l|an" }\n}\n', ["<switch>"], "lan", "switch 0"],
		['vm "a" {\n\tinterface {|\n}\n', ["switch", "lladdr", "group"], "", ""],
		['vm "a" {\n\tboot device |\n}\n', ["cdrom", "disk", "net"], "", "device 0"],
		['vm "a" {\n\tallow instance { boot, |\n', ["memory", "owner"], "", "allow 0"],
		['vm "a" {\n\towner |\n', ["<user>"], "", "owner 0"],
		["local |", ["inet6", "prefix"], "", ""],
		['switch "a" {\n\t|\n', ["interface", "group"], "", ""],
		['vm "a" {\n\tfooo 1\n\t|\n}\n', ["memory"], "", ""],
		['vm "a" {\n\tmemory 1G\n\t|\nvm "b" {\n\tmemory 1G\n}\n', ["disk", "}"], "", ""],
	] as const)("%j", (marked, names, replace, argument) => {
		const found = expectedAt(marked);
		expect(found.names).toEqual(expect.arrayContaining([...names]));
		expect({ replace: found.replace, argument: found.argument }).toEqual({ replace, argument });
	});

	it("offers the words of the host's release", () => {
		const words = (release: `${number}.${number}`): readonly string[] =>
			VmFile.parse('vm "a" {\n\t', { path, release })
				.expected(10)
				.expectations.flatMap((one) => (one.kind === "keyword" ? [one.entry.name] : []));
		expect(words("7.7")).toContain("sev");
		expect(words("7.7")).not.toContain("seves");
		expect(words("7.8")).toContain("seves");
		expect(words("7.5")).not.toContain("sev");
	});

	it("is nothing inside a comment", () => {
		expect(expectedAt("# vm |x\n").names).toEqual([]);
	});
});

/** Each fault as `code at words`. */
const faults = (input: string, only = /./): readonly string[] =>
	parse(input)
		.diagnostics()
		.filter(({ code }) => only.test(code))
		.map(({ code, span }) => `${code} at ${input.slice(span.start, span.end)}`);

describe("after a fault", () => {
	const syntax = /syntax|unterminated/;
	it("the next line of the block is read", () => {
		const input = 'vm "a" {\n\tfooo 1\n\tmemory 1GB\n\tdisk "/a"\n}\n';
		expect(faults(input)).toEqual(["vm/syntax-error at fooo", "vm/memory at 1GB"]);
		expect(parse(input).config.guests[0]?.disks[0]?.value).toBe("/a");
	});
	it("a block without its brace ends where the next one starts", () => {
		const input = 'vm "a" {\n\tdisk "/a"\n\nvm "b" {\n\tdisk "/b"\n}\nswitch "s" {\n\tinterface veb0\n';
		expect(faults(input, syntax)).toEqual(["vm/syntax-error at vm", "vm/syntax-error at veb0"]);
		expect(parse(input).config.guests.map(({ name }) => name.value)).toEqual(["a", "b"]);
	});
	it("a switch after a block without its brace is read", () => {
		const { config } = parse('vm "a" {\n\tdisk "/a"\nswitch "s" {\n\tinterface veb0\n}\nswitch "t" {\n\tinterface veb1\n}\n');
		expect(config.switches.map(({ name }) => name.value)).toEqual(["s", "t"]);
	});
	it("an open quote costs its line only", () => {
		expect(faults('vm "a" {\n\tdisk "/a\n\tmemory 1G\n}\n', syntax)).toEqual(['vm/unterminated-string at "/a']);
	});
	it("an interface without its brace ends at the guest's next option", () => {
		const input = 'vm "a" {\n\tinterface { switch "s"\n\tdisk "/a"\n}\nswitch "s" {\n\tinterface veb0\n}\n';
		expect(faults(input)).toEqual(["vm/syntax-error at disk"]);
		expect(parse(input).config.guests[0]?.disks.length).toBe(1);
	});
	it("a word of a broken section does not spoil its block", () => {
		expect(faults('vmm "a" {\n\tdisk "/a"\n}\nvm "b" {\n\tdisk "/b"\n}\n')).toEqual(['vm/syntax-error at "a"']);
	});
	it("says what a start refuses, with its advice", () => {
		const [found] = parse('vm "a" {\n\tmemory 1G\n}\n').diagnostics();
		expect(found?.severity).toBe("error");
		expect(found && render(found.message)).toBe("no kernel or disk/cdrom specified");
		expect(found?.advice && render(found.advice)).toContain("vmd -n accepts this, but vmd refuses to start");
	});
});

describe("what other files tell", () => {
	it("an include that is not known makes no name an error", () => {
		const input = 'include "/etc/vm.d/unknown"\nvm $name {\n\tdisk $dir "x"\n\tinterface { switch "lan" }\n}\n';
		expect(faults(input)).toEqual([]);
	});
	it("macros and switches of an included file are known", () => {
		const file = VmFile.parse('include "/etc/vm.d/x"\nvm "a" {\n\tdisk $dir "a.img"\n\tinterface { switch "lan" }\n}\n', {
			path,
			readFile: (name) => (name === "/etc/vm.d/x" ? 'dir = "/x/"\nswitch "lan" {\n\tinterface veb0\n}\n' : undefined),
		});
		expect(file.diagnostics()).toEqual([]);
		expect(file.config.guests[0]?.disks[0]?.value).toBe("/x/a.img");
		expect(file.config.switches[0]?.name.file).toBe("/etc/vm.d/x");
	});
	it("faults of an included file are told at the include", () => {
		const found = VmFile.parse('include "/x"\n', { path, readFile: () => "vm\n" }).diagnostics();
		expect(found.map(({ code, related }) => [code, related?.[0]?.file])).toEqual([["vm/included-faults", "/x"]]);
	});
	it("files that include each other many times over end", () => {
		const many = Array.from({ length: 50 }, (_, i) => `include "/etc/vm.d/${i}"\n`).join("");
		let read = 0;
		const file = VmFile.parse(many, {
			path,
			readFile: () => {
				read++;
				return many;
			},
		});
		expect(file.nodes.length).toBe(50);
		expect(read).toBeLessThan(50 * 100);
	});
	it("users and groups are checked where the host is known only", () => {
		const input = 'vm "a" {\n\tdisk "/a"\n\towner x:y\n}\n';
		expect(faults(input)).toEqual([]);
		const codes = VmFile.parse(input, { path, host: { users: { root: 0 }, groups: {} } }).diagnostics();
		expect(codes.map(({ code, span }) => `${code} ${input.slice(span.start, span.end)}`)).toEqual([
			"vm/unknown-user x",
			"vm/unknown-group y",
		]);
	});
	it("the language is the one of vm.conf", () => {
		expect(vmLanguage.parse("", { path }).language).toBe("openbsd-vm");
	});
});

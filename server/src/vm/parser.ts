/**
 * vm.conf's grammar: one method for each rule of usr.sbin/vmd/parse.y, named after it. A method answers false where
 * yacc would give up the statement; it has then reported why.
 *
 * The same methods serve two readers. vmd's own run (`recover: false`, dryrun.ts) gives up a statement at its first
 * fault, as `grammar error '\n'` does. The editor (`recover: true`, statement.ts) goes on with the next line of a
 * block and with values that vmd refuses, so that one fault does not hide the rest.
 */
import { etherAton, etherNtoa } from "../text/ether.ts";
import type { SymbolUse } from "../text/language.ts";
import { msg } from "../text/message.ts";
import { olderThan } from "../text/release.ts";
import { type Span, span } from "../text/span.ts";
import * as check from "./check.ts";
import {
	afterBareInterface,
	argument,
	expect,
	interfaceOptionStart,
	keyword,
	named,
	onlyGuestOptionStart,
	optionEnd,
	path,
	symbol,
	value,
} from "./grammar.ts";
import type { Token } from "./lexer.ts";
import type * as syntax from "./syntax.ts";
import { TokenStream } from "./token-stream.ts";
import { bootDevices, globals, guestOptions, interfaceOptions, permissions, sections, switchOptions, type VmWord } from "./vocabulary.ts";

type Draft<T> = { -readonly [K in keyof T]: T[K] };

export class Parser extends TokenStream {
	/** The statement read last. */
	statement: syntax.Statement | undefined;
	/** parse.y, `static char *kernel`: a block that fails leaves it set for the next. */
	#kernel = false;

	// grammar

	/** One statement without its newline. Sets `statement`. */
	sectionStatement(): boolean {
		this.statement = undefined;
		this.broken = false;
		this.atSection = false;
		this.expecting(expect.section);
		const { kind } = this.peek();
		switch (kind) {
			case "include":
				return this.#include();
			case "STRING":
				return this.#varset();
			case "local":
			case "socket":
			case "agentx":
			case "staggered":
				return this.#main(kind);
			case "switch":
				return this.#switch();
			case "vm":
				return this.#vm();
			default:
				return this.syntaxError();
		}
	}

	/** The newline that ends a statement. */
	statementEnd(): boolean {
		return this.accept("NEWLINE", expect.newline) !== undefined || this.syntaxError();
	}

	#include(): boolean {
		const start = this.keyword(sections.include, "keyword").start;
		const file = this.string({
			expected: symbol("file"),
			role: "string",
			type: "file",
			argument: argument(sections.include),
			symbol: (name) => ({ kind: "file", name, use: "refer" }),
		});
		if (file === undefined) return false;
		this.statement = { kind: "include", path: file, span: span(start, this.end), complete: true };
		if (this.host.include(file.text)) return true;
		return this.refuse("vm/include", msg("failed to include file {0}", file.text), file.span);
	}

	#varset(): boolean {
		const name = this.shift();
		if (this.accept("=", expect.equals) === undefined) {
			this.token(name, "error");
			return this.syntaxError();
		}
		this.token(name, "name", { symbol: { kind: "macro", name: name.text, use: "define" } });
		this.expecting(value("string"));
		if (this.peek().kind !== "STRING") return this.syntaxError();
		const text = this.shift();
		this.token(text, "string", { value: "string" });
		const of = (token: Token): syntax.Value => ({ text: token.text, span: span(token.start, token.end), known: token.known });
		if (/[ \t\n\v\f\r]/.test(name.text.slice(1))) {
			if (!this.refuse("vm/macro-name", msg("macro name cannot contain whitespace"), span(name.start, name.end))) return false;
		}
		this.host.define(name.text, text.text);
		this.statement = { kind: "macro", name: of(name), value: of(text), span: span(name.start, text.end), complete: true };
		return true;
	}

	#main(kind: "local" | "socket" | "agentx" | "staggered"): boolean {
		const { start } = this.keyword(sections[kind], "keyword");
		switch (kind) {
			case "local":
				return this.#local(start);
			case "socket": {
				if (this.expectKeyword(globals.owner) === undefined) return false;
				const owner = this.ownerId(globals.owner);
				if (owner === undefined) return false;
				this.statement = { kind: "socket", owner, span: span(start, this.end), complete: true };
				return true;
			}
			case "agentx":
				return this.#agentx(start);
			case "staggered":
				return this.#staggered(start);
		}
	}

	#local(start: number): boolean {
		this.expecting(expect.local);
		const family = this.peek().kind === "inet6" ? "inet6" : "inet";
		if (family === "inet6") {
			this.keyword(globals.inet6);
			if (!this.at("prefix", keyword(globals.prefix))) {
				this.statement = { kind: "local", family, span: span(start, this.end), complete: true };
				return true;
			}
		}
		if (this.expectKeyword(globals.prefix) === undefined) return false;
		const prefix = this.one({ expected: value("network"), role: "address", type: "network", argument: argument(globals.prefix) });
		if (prefix === undefined) return false;
		this.statement = { kind: "local", family, prefix, span: span(start, this.end), complete: true };
		return this.checked("vm/local-prefix", prefix, family === "inet6" ? check.localPrefix6(prefix.text) : check.localPrefix(prefix.text));
	}

	#agentx(start: number): boolean {
		const draft: Draft<syntax.AgentxStatement> = { kind: "agentx", span: span(start, this.end), complete: true };
		for (;;) {
			this.expecting(expect.agentx);
			const { kind } = this.peek();
			if (kind !== "context" && kind !== "path") break;
			this.keyword(globals[kind]);
			const text = this.one(
				kind === "path"
					? path(globals.path)
					: { expected: value("string"), role: "string", type: "string", argument: argument(globals.context) },
			);
			if (text === undefined) return false;
			draft[kind] = text;
			if (!this.checked("vm/agentx", text, kind === "path" ? check.agentxPath(text.text) : check.agentxContext(text.text))) return false;
		}
		this.statement = { ...draft, span: span(start, this.end) };
		return true;
	}

	#staggered(start: number): boolean {
		if (this.expectKeyword(globals.start) === undefined || this.expectKeyword(globals.parallel) === undefined) return false;
		const parallel = this.number(argument(globals.parallel));
		if (parallel === undefined || this.expectKeyword(globals.delay) === undefined) return false;
		const delay = this.number(argument(globals.delay), value("seconds"));
		if (delay === undefined) return false;
		this.statement = { kind: "staggered", parallel, delay, span: span(start, this.end), complete: true };
		return true;
	}

	// switch

	#switch(): boolean {
		const { start } = this.keyword(sections.switch, "keyword");
		const name = this.string(named("switch", "define", sections.switch));
		if (name === undefined) return false;
		const open = this.open();
		if (open === undefined) return false;
		const draft: Draft<syntax.SwitchStatement> = { kind: "switch", name, body: open, up: true, span: open, complete: true };
		const good = this.block(expect.switchOption, () => this.#switchOpts(draft));
		this.statement = { ...draft, body: span(open.start, this.end), span: span(start, this.end), complete: this.complete };
		if (!good) return false;
		if ((draft.interface?.text ?? "") === "" && (draft.interface?.known ?? true)) {
			return this.refuse("vm/missing-interface", msg('switch "{0}" is missing interface name', name.text), name.span);
		}
		return true;
	}

	#switchOpts(draft: Draft<syntax.SwitchStatement>): boolean {
		const { kind } = this.peek();
		switch (kind) {
			case "enable":
			case "disable":
				this.#disable(draft, switchOptions[kind]);
				return true;
			case "group": {
				const group = this.#groupName(switchOptions.group);
				if (group === undefined) return false;
				if (!this.checked("vm/group-name", group, check.groupName(group.text))) return false;
				draft.group = group;
				return true;
			}
			case "interface": {
				this.keyword(switchOptions.interface);
				const name = this.string(named("interface", "refer", switchOptions.interface));
				if (name === undefined) return false;
				draft.interface = name;
				return this.checked("vm/switch-interface", name, check.switchInterface(name.text));
			}
			case "locked": {
				const { start } = this.keyword(switchOptions.locked);
				if (this.expectKeyword(switchOptions.lladdr) === undefined) return false;
				draft.locked = span(start, this.end);
				return true;
			}
			case "rdomain":
				return this.#rdomain(draft, switchOptions.rdomain);
			case "up":
			case "down":
				this.keyword(switchOptions[kind]);
				draft.up = kind === "up";
				return true;
			case "add":
				return this.#otherRelease(switchOptions.add);
			default:
				return this.syntaxError();
		}
	}

	#rdomain(draft: { rdomain?: syntax.NumberValue }, entry: VmWord): boolean {
		this.keyword(entry);
		const number = this.number(argument(entry));
		if (number === undefined) return false;
		draft.rdomain = number;
		const problem = check.rdomain(number.value);
		return problem === undefined || this.refuse("vm/rdomain", problem, number.span);
	}

	#disable(draft: { disabled?: Span }, entry: VmWord): void {
		const token = this.keyword(entry);
		if (entry.name === "disable") draft.disabled = span(token.start, token.end);
		else delete draft.disabled;
	}

	#groupName(entry: VmWord): syntax.Value | undefined {
		this.keyword(entry);
		return this.string({ ...named("interface-group", "set", entry), expected: symbol("interface-group") });
	}

	// vm

	#vm(): boolean {
		const { start } = this.keyword(sections.vm, "keyword");
		const first = this.string({ ...named("guest", "define", sections.vm), expected: symbol("guest"), symbol: this.#guestUse });
		if (first === undefined) return false;
		let name = first;
		let parent: syntax.Value | undefined;
		if (this.at("instance", expect.instance)) {
			this.#asReference(first);
			this.keyword(sections.instance);
			const second = this.string(named("guest", "define", sections.instance));
			if (second === undefined) return false;
			parent = first;
			name = second;
			if (check.overflows(parent.text, check.limits.name)) {
				if (!this.refuse("vm/name-too-long", msg("vm {0} name too long", parent.text), parent.span)) return false;
			}
		} else if (this.peek().kind !== "{") {
			this.expecting(expect.open);
			return this.syntaxError();
		}
		if (check.overflows(name.text, check.limits.name)) {
			if (!this.refuse("vm/name-too-long", msg("vm name too long"), name.span)) return false;
		}
		const open = this.open();
		if (open === undefined) return false;
		const draft: Draft<syntax.GuestStatement> = {
			kind: "guest",
			name,
			...(parent === undefined ? {} : { parent }),
			body: open,
			disks: [],
			nics: [],
			span: open,
			complete: true,
		};
		if (this.recover) this.#kernel = false;
		const good = this.block(expect.guestOption, () => this.#vmOpts(draft));
		const guest: syntax.GuestStatement = {
			...draft,
			body: span(open.start, this.end),
			span: span(start, this.end),
			complete: this.complete,
		};
		this.statement = guest;
		if (!good) return false;
		const failure = this.host.register?.(guest);
		if (failure !== undefined) {
			const { complaint } = failure;
			return this.refuse("vm/instance", failure.message, name.span, complaint === undefined ? {} : { preface: complaint });
		}
		this.#kernel = false;
		return true;
	}

	readonly #guestUse = (name: string): SymbolUse => ({ kind: "guest", name, use: "define" });

	/** `vm "a" instance ...`: the first name turns out to refer to a guest. */
	#asReference(name: syntax.Value): void {
		const at = this.tokens.findIndex(({ symbol: use, span: { start } }) => use?.kind === "guest" && start >= name.span.start);
		const found = this.tokens[at];
		if (found?.symbol !== undefined) this.tokens[at] = { ...found, symbol: { ...found.symbol, use: "refer" } };
	}

	#vmOpts(draft: Draft<syntax.GuestStatement>): boolean {
		const token = this.peek();
		switch (token.kind) {
			case "enable":
			case "disable":
				this.#disable(draft, guestOptions[token.kind]);
				return true;
			case "sev":
			case "seves":
				this.keyword(guestOptions[token.kind]);
				draft.sev = span(token.start, token.end);
				return true;
			case "disk":
				return this.#disk(draft);
			case "local":
			case "interface":
				return this.#interface(draft);
			case "boot":
				return this.#boot(draft);
			case "cdrom": {
				this.keyword(guestOptions.cdrom);
				const image = this.string(path(guestOptions.cdrom));
				if (image === undefined) return false;
				if (draft.cdrom !== undefined && draft.cdrom.text !== "") {
					return this.refuse("vm/given-twice", msg("cdrom specified more than once"), image.span);
				}
				draft.cdrom = image;
				return this.checked("vm/path", image, check.overflows(image.text, check.limits.path) ? msg("cdrom name too long") : undefined);
			}
			case "interfaces": {
				this.keyword(guestOptions.interfaces);
				const number = this.number(argument(guestOptions.interfaces));
				if (number === undefined) return false;
				if ((draft.interfaces?.count ?? 0) !== 0) {
					return this.refuse("vm/given-twice", msg("interfaces specified more than once"), number.span);
				}
				if (number.value < 0n || number.value > check.limits.nics) {
					return this.refuse("vm/too-many", msg("too many interfaces: {0}", String(number.value)), number.span);
				}
				draft.interfaces = { count: Number(number.value), span: number.span };
				return true;
			}
			case "memory":
				return this.#memory(draft);
			case "owner": {
				this.keyword(guestOptions.owner);
				const owner = this.ownerId(guestOptions.owner);
				if (owner === undefined) return false;
				draft.owner = owner;
				return true;
			}
			case "allow":
				return this.#instance(draft);
			case "size":
			case "id":
				return this.#otherRelease(guestOptions[token.kind]);
			case "STRING":
				if (this.recover && !token.quoted && Object.hasOwn(guestOptions, token.text)) {
					return this.#otherRelease(guestOptions[token.text as keyof typeof guestOptions]);
				}
				return this.syntaxError();
			default:
				return this.syntaxError();
		}
	}

	/** A word that another release knows: the editor says so and leaves the line alone. */
	#otherRelease(entry: VmWord): boolean {
		if (!this.recover) return this.syntaxError();
		const token = this.peek();
		if (entry.until === undefined) this.keyword(entry);
		else {
			this.shift();
			this.token(token, "option", { entry });
			if (!olderThan(this.host.release, entry.until)) this.#removed(token, entry);
		}
		while (!optionEnd.has(this.peek().kind) && this.peek().kind !== "EOF" && this.peek().kind !== "{") {
			const rest = this.shift();
			this.token(rest, rest.kind === "NUMBER" ? "number" : "string");
		}
		return true;
	}

	#removed(token: Token, entry: VmWord): void {
		const at = span(token.start, token.end);
		const instead = entry.deprecated ?? "";
		this.report("vm/removed-word", msg("syntax error"), at, {
			advice:
				instead === ""
					? msg("vmd has no `{0}`: {1}", entry.name, entry.summary)
					: msg("`{0}` is gone since OpenBSD {1}; write {2}.", entry.name, entry.until ?? "", instead),
			...(Object.hasOwn(guestOptions, instead)
				? { fixes: [{ title: msg("Replace `{0}` by `{1}`", entry.name, instead), edits: [{ span: at, text: instead }], preferred: true }] }
				: {}),
		});
	}

	#disk(draft: Draft<syntax.GuestStatement>): boolean {
		const { start } = this.keyword(guestOptions.disk);
		const image = this.string(path(guestOptions.disk));
		if (image === undefined) return false;
		let format: syntax.Disk["format"];
		if (this.at("format", expect.format)) {
			this.keyword(guestOptions.format);
			const name = this.string({ expected: expect.diskFormat, role: "constant", type: "word", argument: argument(guestOptions.format) });
			if (name === undefined) return false;
			const lower = name.text.toLowerCase();
			if (lower === "raw" || lower === "qcow2") format = { name: lower, span: name.span };
			else if (!this.checked("vm/disk-format", name, msg("unrecognized disk format {0}", name.text))) return false;
		} else if (!optionEnd.has(this.peek().kind)) {
			this.expecting(expect.newline);
			return this.syntaxError();
		}
		const disk: syntax.Disk = { path: image, ...(format === undefined ? {} : { format }), span: span(start, this.end) };
		const failed = msg("failed to parse disks: {0}", image.text);
		const missing = image.known ? check.pathProblem(image.text) : undefined;
		if (draft.disks.length >= check.limits.disks) {
			const advice = msg("A guest has at most {0} disks.", check.limits.disks);
			return this.refuse("vm/too-many", failed, disk.span, { preface: msg("too many disks"), advice });
		}
		if (missing !== undefined && !this.refuse("vm/path", failed, image.span, { preface: msg("disk {0}: {1}", image.text, missing) }))
			return false;
		draft.disks = [...draft.disks, disk];
		return true;
	}

	#boot(draft: Draft<syntax.GuestStatement>): boolean {
		const { start } = this.keyword(guestOptions.boot);
		if (this.at("device", keyword(guestOptions.device))) {
			this.keyword(guestOptions.device);
			this.expecting(expect.bootDevice, argument(guestOptions.device));
			const { kind } = this.peek();
			if (kind !== "cdrom" && kind !== "disk" && kind !== "net") return this.syntaxError();
			this.keyword(bootDevices[kind], "constant");
			draft.bootDevice = { name: kind, span: span(start, this.end) };
			return true;
		}
		const image = this.string(path(guestOptions.boot));
		if (image === undefined) return false;
		if (this.#kernel) return this.refuse("vm/given-twice", msg("kernel specified more than once"), image.span);
		const missing = image.known ? check.pathProblem(image.text) : undefined;
		if (missing !== undefined) return this.refuse("vm/path", msg("kernel path not found: {0}", missing), image.span);
		this.#kernel = true;
		draft.boot = image;
		return true;
	}

	#memory(draft: Draft<syntax.GuestStatement>): boolean {
		this.keyword(guestOptions.memory);
		this.expecting(value("size"), argument(guestOptions.memory));
		const token = this.peek();
		if (token.kind !== "NUMBER" && token.kind !== "STRING") return this.syntaxError();
		this.shift();
		this.token(token, "number", { value: "size" });
		const at = span(token.start, token.end);
		if (draft.memory !== undefined) {
			const twice = token.kind === "NUMBER" ? msg("memory specified more than once") : msg("argument specified more than once");
			return this.refuse("vm/given-twice", twice, at);
		}
		if (!token.known) return true;
		const size = check.memorySize(token.number ?? token.text);
		if ("complaint" in size) {
			const advice = msg("Write a number of bytes or one with a single unit letter, such as 512M or 1G, from 1M to 128G.");
			const shown = token.number === undefined ? token.text : String(token.number);
			return this.refuse("vm/memory", msg("failed to parse size: {0}", shown), at, { preface: size.complaint, advice });
		}
		draft.memory = { ...size, span: at };
		return true;
	}

	#instance(draft: Draft<syntax.GuestStatement>): boolean {
		const { start } = this.keyword(guestOptions.allow);
		if (this.expectKeyword(guestOptions.instance) === undefined) return false;
		const allowed = { list: new Set(draft.allow?.permissions), owner: draft.allow?.owner };
		const good = this.at("{", expect.open) ? this.#instanceList(allowed) : this.#instanceFlags(allowed);
		const { list, owner } = allowed;
		draft.allow = { span: span(start, this.end), permissions: [...list], ...(owner === undefined ? {} : { owner }) };
		return good;
	}

	/** instance_l: flags with a comma or newlines between them, and no comma after the last. */
	#instanceList(allowed: { list: Set<syntax.Permission>; owner: syntax.Owner | undefined }): boolean {
		this.accept("{", expect.open);
		this.optnl();
		for (;;) {
			if (!this.#instanceFlags(allowed)) {
				if (!this.recover) return false;
				const way = this.skip();
				if (way === "section" || way === "end") return false;
				this.optnl();
				if (this.accept("}", expect.close) !== undefined) return true;
				continue;
			}
			const comma = this.accept(",", expect.comma) !== undefined;
			const lines = this.optnl();
			if (!comma && this.accept("}", expect.close) !== undefined) return true;
			if (!comma && !lines) return this.syntaxError();
		}
	}

	#instanceFlags(allowed: { list: Set<syntax.Permission>; owner: syntax.Owner | undefined }): boolean {
		this.expecting(expect.permission, argument(guestOptions.allow));
		const { kind } = this.peek();
		if (kind === "owner") {
			this.keyword(permissions.owner, "constant");
			const owner = this.ownerId(permissions.owner);
			if (owner === undefined) return false;
			allowed.owner = owner;
			return true;
		}
		if (!Object.hasOwn(permissions, kind)) return this.syntaxError();
		const flag = kind as syntax.Permission;
		this.keyword(permissions[flag], "constant");
		allowed.list.add(flag);
		return true;
	}

	// interface

	#interface(draft: Draft<syntax.GuestStatement>): boolean {
		const { start } = this.peek();
		let local: Span | undefined;
		if (this.peek().kind === "local") {
			const token = this.keyword(guestOptions.local);
			local = span(token.start, token.end);
			if (!this.at("interface", keyword(guestOptions.interface))) return this.syntaxError();
		}
		const word = this.keyword(guestOptions.interface);
		const nic: Draft<syntax.Nic> = {
			span: span(start, word.end),
			word: span(word.start, word.end),
			up: true,
			...(local === undefined ? {} : { local }),
		};
		if (this.at("STRING", symbol("interface"), argument(guestOptions.interface))) {
			const name = this.shift();
			this.token(name, "name", {
				value: "interface",
				symbol: { kind: "interface", name: name.text, use: name.text === "tap" ? "refer" : "set" },
			});
			nic.name = { text: name.text, span: span(name.start, name.end), known: name.known };
		} else if (!afterBareInterface.has(this.peek().kind)) {
			this.expecting(expect.open);
			this.expecting(expect.interfaceOption);
			this.expecting(expect.newline);
			return this.syntaxError();
		}
		if (!this.#ifaceOptsO(nic)) return false;
		nic.span = span(start, this.end);
		if (draft.nics.length >= check.limits.nics) {
			const advice = msg("A guest has at most {0} interfaces.", check.limits.nics);
			return this.refuse("vm/too-many", msg("too many interfaces: {0}", draft.nics.length + 1), nic.span, { advice });
		}
		if (nic.name !== undefined && !this.checked("vm/interface-name", nic.name, check.guestInterface(nic.name.text))) return false;
		draft.nics = [...draft.nics, nic];
		return true;
	}

	#ifaceOptsO(nic: Draft<syntax.Nic>): boolean {
		if (this.accept("{", expect.open) !== undefined) return this.#ifaceOptsL(nic);
		this.expecting(expect.interfaceOption);
		let first = true;
		while (interfaceOptionStart.has(this.peek().kind)) {
			if (!this.#ifaceOpts(nic)) return false;
			// Only from the second option on may a comma follow.
			if (!first) this.accept(",", expect.comma);
			first = false;
			this.expecting(expect.interfaceOption);
		}
		this.expecting(expect.newline);
		if (optionEnd.has(this.peek().kind)) return true;
		if (this.peek().kind === "," && !first)
			return this.syntaxError(msg("Without braces, a comma may follow the second and later options only."));
		return this.syntaxError();
	}

	#ifaceOptsL(nic: Draft<syntax.Nic>): boolean {
		this.optnl();
		for (let first = true; ; first = false) {
			this.expecting(expect.interfaceOption);
			if (!first && this.accept("}", expect.close) !== undefined) return true;
			if (this.recover && this.afterNewline && onlyGuestOptionStart.has(this.peek().kind)) {
				this.syntaxError(msg("The braces of `interface` are not closed: a `}` is missing before this line."));
				return true;
			}
			if (!interfaceOptionStart.has(this.peek().kind)) this.syntaxError();
			else if (this.#ifaceOpts(nic)) {
				this.optnl();
				continue;
			}
			if (!this.recover) return false;
			const way = this.skip();
			if (way === "section" || way === "end") return false;
			this.optnl();
		}
	}

	#ifaceOpts(nic: Draft<syntax.Nic>): boolean {
		const { kind } = this.peek();
		switch (kind) {
			case "switch": {
				this.keyword(interfaceOptions.switch);
				const name = this.string(named("switch", "refer", interfaceOptions.switch));
				if (name === undefined) return false;
				nic.switch = name;
				return this.checked("vm/name-too-long", name, check.switchReference(name.text));
			}
			case "group": {
				const group = this.#groupName(interfaceOptions.group);
				if (group === undefined) return false;
				nic.group = group;
				return this.checked("vm/group-name", group, check.groupName(group.text));
			}
			case "locked":
			case "lladdr":
				return this.#lladdr(nic);
			case "rdomain":
				return this.#rdomain(nic, interfaceOptions.rdomain);
			default:
				if (kind !== "up" && kind !== "down") return this.syntaxError();
				this.keyword(interfaceOptions[kind]);
				nic.up = kind === "up";
				return true;
		}
	}

	#lladdr(nic: Draft<syntax.Nic>): boolean {
		const { start } = this.peek();
		if (this.peek().kind === "locked") {
			this.keyword(interfaceOptions.locked);
			nic.locked = span(start, this.end);
		}
		if (this.expectKeyword(interfaceOptions.lladdr) === undefined) return false;
		if (nic.locked !== undefined) nic.locked = span(nic.locked.start, this.end);
		delete nic.lladdr;
		if (!this.at("STRING", value("lladdr"), argument(interfaceOptions.lladdr))) return true;
		const token = this.shift();
		this.token(token, "address", { value: "lladdr" });
		const at = span(token.start, token.end);
		const bytes = etherAton(token.text);
		if (bytes === undefined) {
			return !token.known || this.refuse("vm/lladdr", msg("invalid address: {0}", token.text), at, { emptyLine: true });
		}
		if (bytes.some((byte) => byte !== 0)) nic.lladdr = { address: etherNtoa(bytes), span: at };
		return true;
	}
}

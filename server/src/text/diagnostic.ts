import type { Message } from "./message.ts";
import type { Span } from "./span.ts";

export type Severity = "error" | "warning" | "information" | "hint";

/** Another place that explains a diagnostic; without `file` it is in the same file. */
export interface Related {
	/** The file's path on the host, such as `/etc/pf.conf`. */
	readonly file?: string;
	readonly span: Span;
	readonly message: Message;
}

export interface TextEdit {
	/** The file's path on the host; the diagnostic's own file where absent. */
	readonly file?: string;
	readonly span: Span;
	readonly text: string;
	/**
	 * The text as a snippet of the protocol, where only a person knows what belongs into it, such as an address: `text` has its
	 * defaults. Such a fix is offered where the editor goes through the places of the snippet.
	 */
	readonly snippet?: string;
}

/** A change that removes the cause of a diagnostic. */
export interface Fix {
	readonly title: Message;
	readonly edits: readonly TextEdit[];
	/** True where this is the one that people mean; at most one fix of a diagnostic. */
	readonly preferred?: boolean;
}

/** What is wrong, or will go wrong on the host, at one place of one file. */
export interface Diagnostic {
	/** A key of the owning room's `DiagnosticCatalog`, such as `pf/unknown-macro`. */
	readonly code: string;
	readonly severity: Severity;
	/** The offending words, not the whole line. */
	readonly span: Span;
	/** What OpenBSD's own program would say, in its words; in ours where it says nothing. */
	readonly message: Message;
	/** A second sentence: what to do. */
	readonly advice?: Message;
	readonly related?: readonly Related[];
	readonly tags?: readonly ("unnecessary" | "deprecated")[];
	readonly fixes?: readonly Fix[];
}

/** Describes one code once: severity and documentation come from here (docs/diagnostics.md is generated). */
export interface DiagnosticRule {
	readonly severity: Severity;
	/** What is reported, in a few words. */
	readonly title: string;
	/** Why it matters on the host. */
	readonly why: string;
	/** What to write instead. */
	readonly remedy: string;
	/** A matter of taste: told only where the settings give it a severity. */
	readonly optional?: true;
}

export type DiagnosticCatalog = Readonly<Record<string, DiagnosticRule>>;

/** `openbsdVnet/pattern...`: the patterns for an editor that asks their questions one after the other. */
import { folderOf, uriOnHost } from "../host/folder.ts";
import type { Host } from "../host/model.ts";
import { commandsForDisks } from "../patterns/disks.ts";
import { applyPattern, checkAnswer, isPattern, nextQuestion, patterns } from "../patterns/patterns.ts";
import { Lines } from "../project/lines.ts";
import type { PatternEdits, PatternFile, PatternItem, PatternParams, PatternQuestion } from "../protocol.ts";
import { lineEdits } from "../text/line-diff.ts";
import { localize, type Session } from "./session.ts";

export function patternItems(session: Session): readonly PatternItem[] {
	return Object.entries(patterns).map(([name, { title, detail }]) => ({
		name,
		title: localize(session, title),
		detail: localize(session, detail),
	}));
}

/** The next question about a host; null where all are answered, or there is no such pattern. */
export function patternQuestion(session: Session, host: Host, { pattern, answers }: PatternParams): PatternQuestion | null {
	const question = isPattern(pattern) ? nextQuestion(host, pattern, answers) : undefined;
	if (question === undefined) return null;
	const { id, title, hint, example = "", choices, open, standard = "" } = question;
	return {
		id,
		title: localize(session, title),
		placeholder: hint === undefined ? example : localize(session, hint),
		choices: choices.map(({ value, detail }) => ({ value, detail: detail === undefined ? "" : localize(session, detail) })),
		open,
		standard,
		example,
		left: questionsLeft(host, pattern, answers),
	};
}

/** No pattern asks so much. */
const MOST_QUESTIONS = 50;

function questionsLeft(host: Host, pattern: string, answers: PatternParams["answers"]): number {
	let known = answers;
	for (let count = 0; count < MOST_QUESTIONS && isPattern(pattern); count++) {
		const question = nextQuestion(host, pattern, known);
		if (question === undefined) return count;
		const { id, standard, choices, example = "" } = question;
		known = { ...known, [id]: standard ?? choices[0]?.value ?? example };
	}
	return MOST_QUESTIONS;
}

/** What is wrong with an answer, null for nothing. */
export function patternCheck(session: Session, host: Host, { pattern, answers }: PatternParams, id: string, answer: string): string | null {
	const message = isPattern(pattern) ? checkAnswer(host, pattern, answers, id, answer) : undefined;
	return message === undefined ? null : localize(session, message);
}

/** The changes of a host's files. */
export function patternEdits(session: Session, id: string, { source }: Host, { pattern, answers }: PatternParams): PatternEdits {
	if (!isPattern(pattern)) return { files: [], problems: [], unmet: [], disks: [] };
	const { files, problems, unmet } = applyPattern(source, pattern, answers);
	const changed = [...files].flatMap(([path, text]): PatternFile[] => {
		const uri = uriOnHost(folderOf(id), path);
		const before = source.files.get(path)?.text;
		if (uri === undefined) return [];
		const lines = new Lines(before ?? "");
		const edits = lineEdits(before ?? "", text).map((edit) => ({ range: lines.range(edit.span), newText: edit.text }));
		return [{ uri, created: before === undefined, edits }];
	});
	return {
		files: changed,
		problems: problems.map(({ message }) => localize(session, message)),
		unmet: unmet.map(({ test, message }) => `${test}: ${localize(session, message)}`),
		disks: commandsForDisks(source.files, new Map([...source.files, ...[...files].map(([path, text]) => [path, { text }] as const)])),
	};
}

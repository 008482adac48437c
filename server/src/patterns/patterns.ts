/** The patterns by name, and what is done with their questions and answers. */
import { type Host, type HostSource, hostBuilder } from "../host/model.ts";
import { pfFacts } from "../host/pf-facts.ts";
import { type Message, msg } from "../text/message.ts";
import { bridged, vlan } from "./bridged.ts";
import { Draft } from "./draft.ts";
import { guest } from "./guest.ts";
import { ensureHostAccess } from "./host-access.ts";
import { microsegment } from "./microsegment.ts";
import type { Answers, Pattern, Question } from "./pattern.ts";
import { ensureTests, type Unmet, unmetTests } from "./promises.ts";
import { routed } from "./routed.ts";
import { vlans } from "./vlans.ts";

export const patterns = { bridged, vlan, routed, vlans, microsegment, guest } as const satisfies Readonly<Record<string, Pattern>>;

export type PatternName = keyof typeof patterns;

export function isPattern(name: string): name is PatternName {
	return Object.hasOwn(patterns, name);
}

/** What is wrong with an answer, or that it is missing. */
export interface Problem {
	readonly question: string;
	readonly message: Message;
}

/** What a pattern would make of a host. */
export interface Applied {
	/** The whole new texts by path; a file that was not there is new. Empty where there are problems, and where nothing is missing. */
	readonly files: ReadonlyMap<string, string>;
	readonly problems: readonly Problem[];
	/** What the pattern promises and the host's other rules break. */
	readonly unmet: readonly Unmet[];
	/** The answers, with those that were taken for granted. */
	readonly answers: Answers;
}

/** The model that questions are asked about. */
export function hostFor(source: HostSource): Host {
	const pf = source.pf ?? pfFacts(source.files);
	return hostBuilder()(pf === undefined ? source : { ...source, pf });
}

/** Everything that a pattern asks for where those answers are given. */
export function questionsOf(source: HostSource, name: PatternName, answers: Answers): readonly Question[] {
	return patterns[name].questions(hostFor(source), answers);
}

/** The first question that has no answer; undefined where all have one. */
export function nextQuestion(host: Host, name: PatternName, answers: Answers): Question | undefined {
	const settled: Record<string, string> = { ...answers };
	for (;;) {
		const question = patterns[name].questions(host, settled).find(({ id }) => settled[id] === undefined);
		if (question?.fixed === undefined) return question;
		settled[question.id] = question.fixed;
	}
}

/** What is wrong with an answer to a question, as far as it can be told by the answers before it. */
export function checkAnswer(host: Host, name: PatternName, answers: Answers, id: string, answer: string): Message | undefined {
	const question = patterns[name].questions(host, answers).find((one) => one.id === id);
	return question === undefined ? msg("This pattern does not ask for '{0}'", id) : question.check(answer.trim());
}

/**
 * The files that a pattern makes of a host. What is not answered is taken as usual where the pattern can, and is a
 * problem where not; a wrong answer is one too. Running it again on its result changes nothing.
 */
export function applyPattern(source: HostSource, name: PatternName, given: Answers): Applied {
	const host = hostFor(source);
	const pattern: Pattern = patterns[name];
	const problems: Problem[] = [];
	const settled: Record<string, string> = {};
	for (;;) {
		const question = pattern.questions(host, settled).find(({ id }) => settled[id] === undefined);
		if (question === undefined) break;
		const { id, standard, fixed, check } = question;
		const answer = given[id]?.trim() ?? fixed ?? standard;
		const message =
			given[id] === undefined && fixed !== undefined ? undefined : answer === undefined ? msg("'{0}' needs an answer", id) : check(answer);
		if (message !== undefined) problems.push({ question: id, message });
		settled[id] = answer ?? "";
	}
	for (const id of Object.keys(given)) {
		if (settled[id] === undefined) problems.push({ question: id, message: msg("This pattern does not ask for '{0}'", id) });
	}
	if (problems.length > 0) return { files: new Map(), problems, unmet: [], answers: settled };
	const draft = new Draft(source);
	pattern.write(draft, settled);
	ensureHostAccess(draft);
	const promises = pattern.promises(draft, settled);
	ensureTests(draft, promises);
	return { files: draft.changes, problems, unmet: unmetTests(draft.host, promises), answers: settled };
}

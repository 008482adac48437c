/** How we show the host who we are: by keys, then by answering its questions, and by a password last. */
import type { AuthHandlerMiddleware, BaseAgent } from "ssh2";
import type { Prompts } from "./prompts.ts";
import type { Authentication, SshTarget } from "./ssh-config.ts";

const ATTEMPTS = 3;

/**
 * Chooses the next way each time that ssh2 asks for one.
 * @param tell is told each way that is tried
 * @param giveUp is called where none is left, where the user did not answer, or where the host takes what is asked for and not
 * done here (`beyond`): before a question, and after the keys
 */
export function authentication(
	target: SshTarget,
	keys: BaseAgent,
	prompts: Prompts,
	tell: (method: string) => void,
	giveUp: (why: "denied" | "cancelled" | { readonly beyond: string }, allowed: readonly string[]) => void,
): AuthHandlerMiddleware {
	const username = target.user;
	const tries: Record<Authentication, number> = { publickey: 1, "keyboard-interactive": ATTEMPTS, password: ATTEMPTS };
	return (allowed, _partial, next) => {
		// Before the first answer of the host the list is null, whatever its type says: "none" makes the host tell.
		if (!Array.isArray(allowed)) return next({ type: "none", username });
		const way = target.authentications.find((each) => allowed.includes(each) && tries[each] > 0);
		const beyond = way === "publickey" ? undefined : target.otherAuthentications.find((each) => allowed.some((one) => one === each));
		if (beyond !== undefined) return giveUp({ beyond }, allowed);
		if (way === undefined) return giveUp("denied", allowed);
		const attempt = (way === "publickey" ? 1 : ATTEMPTS) - --tries[way];
		switch (way) {
			case "publickey":
				tell(way);
				return next({ type: "agent", username, agent: keys });
			case "keyboard-interactive":
				tell(way);
				return next({
					type: way,
					username,
					prompt: (title, instructions, _language, asked, finish) => {
						if (asked.length === 0) return finish([]);
						const questions = asked.map(({ prompt, echo }) => ({ text: prompt, echo: echo === true }));
						prompts.answers({ user: username, host: target.name, title, instructions, questions }).then(
							(answers) => (answers === undefined ? giveUp("cancelled", allowed) : finish([...answers])),
							() => giveUp("cancelled", allowed),
						);
					},
				});
			case "password":
				prompts.password({ user: username, host: target.name, attempt }).then(
					(password) => {
						if (password === undefined) return giveUp("cancelled", allowed);
						tell(way);
						next({ type: way, username, password });
					},
					() => giveUp("cancelled", allowed),
				);
		}
	};
}

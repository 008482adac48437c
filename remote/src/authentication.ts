/** How we show the host who we are: by keys, then by answering its questions, and by a password last. */
import type { AuthHandlerMiddleware, BaseAgent } from "ssh2";
import type { Prompts } from "./prompts.ts";
import type { SshTarget } from "./ssh-config.ts";

const ATTEMPTS = 3;

/**
 * Chooses the next way each time that ssh2 asks for one.
 * @param tell is told each way that is tried
 * @param giveUp is called where none is left, or where the user did not answer
 */
export function authentication(
	target: SshTarget,
	keys: BaseAgent,
	prompts: Prompts,
	tell: (method: string) => void,
	giveUp: (why: "denied" | "cancelled", allowed: readonly string[]) => void,
): AuthHandlerMiddleware {
	const username = target.user;
	let keysTried = false;
	let answered = 0;
	let passwords = 0;
	return (allowed, _partial, next) => {
		// Before the first answer of the host the list is null, whatever its type says: "none" makes the host tell.
		if (!Array.isArray(allowed)) return next({ type: "none", username });
		if (allowed.includes("publickey") && !keysTried) {
			keysTried = true;
			tell("publickey");
			return next({ type: "agent", username, agent: keys });
		}
		if (allowed.includes("keyboard-interactive") && answered < ATTEMPTS) {
			answered++;
			tell("keyboard-interactive");
			return next({
				type: "keyboard-interactive",
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
		}
		if (allowed.includes("password") && passwords < ATTEMPTS) {
			passwords++;
			prompts.password({ user: username, host: target.name, attempt: passwords }).then(
				(password) => {
					if (password === undefined) return giveUp("cancelled", allowed);
					tell("password");
					next({ type: "password", username, password });
				},
				() => giveUp("cancelled", allowed),
			);
			return;
		}
		giveUp("denied", allowed);
	};
}

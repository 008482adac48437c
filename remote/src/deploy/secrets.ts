/** Keys and passwords in what is shown of files: plans, histories, logs and errors say where one is and whether it is another. */
import { netstart } from "@openbsd-vnet/server";

/** How many arguments that nobody may read follow a word: of ifconfig(8), and of other files that are deployed. */
const secretWords: ReadonlyMap<string, number> = new Map([
	...netstart.optionWords.flatMap(({ name, args }) => {
		const count = args.filter(({ secret }) => secret === true).length;
		return count === 0 ? [] : [[name, count] as const];
	}),
	...["password", "passwd", "presharedkey", "psk", "secret"].map((word) => [word, 1] as const),
]);

const argument = `"(?:\\\\.|[^"\\\\])*"?|'[^']*'?|[^\\s;]+`;
const pattern = new RegExp(
	[...secretWords]
		// `pass` begins rules of pf, whose second word is one of few.
		.map(
			([word, count]) =>
				`(?<=^|[\\s{'"])${word}${word === "pass" ? "(?=[ \\t]+(?!in\\b|out\\b|quick\\b|on\\b|log\\b|proto\\b|all\\b|from\\b|inet6?\\b))" : ""}(?:(?:[ \\t]+|[ \\t]*=[ \\t]*)(?:${argument})){1,${count}}`,
		)
		.join("|"),
	"gm",
);

/** Texts with a number in place of each secret: the same number for the same secret, in all of them. */
export function hideSecrets(texts: readonly string[]): readonly string[] {
	const numbers = new Map<string, number>();
	const hide = (secret: string) => {
		const number = numbers.get(secret) ?? numbers.size + 1;
		numbers.set(secret, number);
		return `<secret ${number}>`;
	};
	return texts.map((text) =>
		text.replace(pattern, (found) => {
			const word = /^\S+?(?=[\s=])/.exec(found)?.[0] ?? "";
			return word + found.slice(word.length).replace(new RegExp(argument, "g"), (each) => (each === "=" ? each : hide(each)));
		}),
	);
}

/** Whether a text holds a key or a password. */
export function hasSecrets(text: string): boolean {
	return hideSecrets([text])[0] !== text;
}

import { expect, test } from "vitest";
import { restartPolicy } from "./restartPolicy.ts";

const minute = 60_000;

test("a server that dies now and then is always started again", () => {
	const policy = restartPolicy();
	for (let crash = 0; crash < 20; crash++) expect(policy.closed(crash * minute).restarts).toBe(true);
});

test("a server that keeps dying is left alone, with the number of its deaths", () => {
	const policy = restartPolicy();
	const answers = [0, 1, 2, 3, 4].map((second) => policy.closed(second * 1000));
	expect(answers.map(({ restarts }) => restarts)).toEqual([true, true, true, true, false]);
	expect(answers.at(-1)?.count).toBe(5);
});

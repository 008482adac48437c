import { expect, test } from "vitest";
import { exposure } from "./exposure.ts";
import { open } from "./testing.ts";

const HOST = "//- /etc/hostname.em0\ninet 203.0.113.5/24\n//- /etc/mygate\n203.0.113.1\n//- /etc/pf.conf\n";

test("what a rule lets in from outside is told with the rule, its place and what it comes to", async () => {
	const { session, file } = await open(`${HOST}|block\npass in on em0 inet proto tcp to (em0) port 22\n`);
	const view = exposure(session, file);
	expect(view).toMatchObject({ places: ["in on em0"], unfiltered: [], isWhole: true });
	expect(view?.openings).toMatchObject([
		{
			treatment: "pass",
			others: 0,
			rule: "pass in on em0 inet proto tcp from any to (em0) port = 22 flags S/SA",
			depends: [],
			location: { range: { start: { line: 1 } } },
			reached: [{ to: "host" }],
		},
	]);
});

test("nothing is said to be all where a file is missing, and nothing without rules", async () => {
	const missing = await open(`${HOST}|block\ninclude "/etc/pf.more"\n`);
	expect(exposure(missing.session, missing.file)?.isWhole).toBe(false);
	const none = await open("//- /etc/hostname.em0\n|inet 203.0.113.5/24\n");
	expect(exposure(none.session, none.file)).toBeUndefined();
});

import { expect, test } from "vitest";
import { type Message, render } from "../text/message.ts";
import { exposure } from "./exposure.ts";
import { exposurePage } from "./exposure-text.ts";
import { open } from "./testing.ts";

const HOST = "//- /etc/hostname.em0\ninet 203.0.113.5/24\n//- /etc/mygate\n203.0.113.1\n//- /etc/pf.conf\n";
const say = (message: Message): string => render(message, undefined);

async function page(text: string): Promise<string> {
	const { session, file } = await open(text);
	const view = exposure(session, file);
	return view === undefined ? "" : exposurePage(view, "hv1", say);
}

test("a page says where pf first meets packets, what each rule lets in, and that this is all; its places lead to the files", async () => {
	expect(await page(`${HOST}|block\npass in on em0 inet proto tcp to (em0) port 22\n`)).toBe(
		`# What the outside may reach on hv1

What comes from outside first meets pf here: in on em0

| packets | to | decided by |
|---|---|---|
| \`in inet proto tcp on em0 to 203.0.113.5 port 22\` | gets to host by tcp 22 at least | \`pass in on em0 inet proto tcp from any to (em0) port = 22 flags S/SA\`<br>[/etc/pf.conf:2](<file:///host/etc/pf.conf#L2>) |

pf lets nothing else in from outside.
`,
	);
});

test("a page without an opening has no table", async () => {
	expect(await page(`${HOST}|block\n`)).not.toContain("|");
});

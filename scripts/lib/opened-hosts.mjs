// The handbook's own hosts in a real VS Code, opened by somebody new: fix after fix from the Problems view, until the policy
// tests pass. What is taken next, and what comes of it, test/unit/opened-hosts.ts tells.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { savedTexts } from "./course.mjs";
import { runCommand } from "./gui.mjs";
import { placeIn, showsCodes, takeFix } from "./problems.mjs";
import { importSources } from "./sources.mjs";

async function sources() {
	return await importSources("opened-hosts", [
		'export * from "./test/unit/opened-hosts.ts";',
		'export { render } from "./server/src/text/message.ts";',
	]);
}

/** The names of the hosts. @returns {Promise<("handbook" | "handbook-microsegmentation")[]>} */
export async function openedHostNames() {
	return Object.keys((await sources()).openedHosts);
}

/**
 * @param {import("./gui.mjs").Window} window
 * @param {import("./gui.mjs").Step} step
 * @param {"handbook" | "handbook-microsegmentation"} name
 * @param {number} [day] whose fix is taken alone, behind those of the days before; without, all of them
 */
export async function mendOpenedHost({ page, serving, open }, step, name, day) {
	const { openedHost, openedHosts, nextFix, leftOver, render } = await sources();
	const { most } = openedHosts[name];
	let texts = openedHost(name);
	const from = day === undefined ? 0 : day % most;
	for (let taken = 0; taken < from; taken++) texts = (await nextFix(texts))?.after ?? texts;
	const folder = join(serving.home, `opened-${name}`);
	for (const [path, text] of texts) {
		await mkdir(dirname(join(folder, path)), { recursive: true });
		await writeFile(join(folder, path), text);
	}
	await writeFile(join(folder, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: "." }] }));
	await open(folder);
	await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });
	await page.getByRole("treeitem", { name: "pf.conf" }).dblclick();
	await page.locator(".tab.active", { hasText: "pf.conf" }).waitFor();

	const counts = { view: 0, editor: 0 };
	const count = () => counts.view + counts.editor;
	for (let next = await nextFix(texts); next !== undefined && count() < (day === undefined ? most : 1); next = await nextFix(texts)) {
		const { path, finding, fix, after } = next;
		const problem = {
			message: render(finding.message),
			place: placeIn(texts.get(path) ?? "", finding.span.start),
			title: render(fix.title).replaceAll("`", "'"),
		};
		await step(`${name}, fix ${from + count() + 1}: ${finding.code}, ${problem.title}`, async () => {
			// On a busy machine the view may let go of a fix while it is being taken: nothing is changed then, and one takes it again.
			for (let left = 3; left > 0; left--) {
				const where = await takeFix(page, problem);
				const isMade = await savedTexts(page, folder, after).then(
					() => true,
					(error) => (left === 1 ? Promise.reject(error) : false),
				);
				if (!isMade) continue;
				counts[where]++;
				return;
			}
		});
		texts = after;
	}
	if (day !== undefined) return;
	console.log(`  ${name}: ${count()} fixes, ${counts.view} from the Problems view and ${counts.editor} at their places`);
	await step(`${name} has no problems left, and its policy tests pass`, async () => {
		if ((await nextFix(texts)) !== undefined || (await leftOver(texts)).length > 0) throw new Error(`not mended by ${most} fixes`);
		await showsCodes(page, [...texts.keys()].includes("/etc/pf.vm/web01.conf") ? ["vm/tap-without-device"] : []);
		await runCommand(page, "OpenBSD: Run Policy Tests");
		await page.locator(".notification-list-item", { hasText: /Policy tests: all \d+ passed/ }).waitFor();
	});
	await runCommand(page, "Notifications: Clear All Notifications");
}

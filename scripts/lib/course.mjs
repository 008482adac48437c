// The course of docs/handbook.md in a real VS Code: the page's files are typed, fixes and patterns taken, and what comes of it
// is deployed to a simulated host and verified there. What is typed, and what comes of it, test/unit/course.ts tells.
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { patience, runCommand, whenLanguageWorks } from "./gui.mjs";
import { placeIn, showsCodes, takeFix } from "./problems.mjs";
import { simulatedAddress } from "./simulated-host.mjs";
import { importSources } from "./sources.mjs";
import { typeUnwatched } from "./typing.mjs";

/** What its steps need of the sources. */
async function sources() {
	return await importSources("course", [
		'export * from "./test/unit/course.ts";',
		'export { languageOf } from "./test/unit/hosts.ts";',
		'export { hostFor, nextQuestion, patterns } from "./server/src/patterns/patterns.ts";',
		'export { sourceOf } from "./server/src/patterns/testing.ts";',
		'export { render } from "./server/src/text/message.ts";',
	]);
}

/** The files of a folder by their paths on the host. @param {string} folder @returns {Promise<Map<string, string>>} */
async function textsIn(folder) {
	const names = await readdir(join(folder, "etc"), { recursive: true });
	const texts = new Map();
	for (const name of names.sort()) {
		const path = join(folder, "etc", name);
		if ((await stat(path)).isFile()) texts.set(`/etc/${name}`, await readFile(path, "utf8"));
	}
	return texts;
}

/**
 * Saves, until a folder has what it should.
 * @param {import("playwright-core").Page} page
 * @param {string} folder
 * @param {(files: Map<string, string>) => boolean} isThere
 */
async function saveUntil(page, folder, isThere) {
	for (const end = Date.now() + patience; Date.now() < end; await page.waitForTimeout(200)) {
		await runCommand(page, "File: Save All");
		await page.waitForTimeout(200);
		if (isThere(await textsIn(folder))) return;
	}
	throw new Error(`the files are not what they should be: ${JSON.stringify(Object.fromEntries(await textsIn(folder)))}`);
}

/** Saves, until a folder has these files. @param {import("playwright-core").Page} page @param {string} folder @param {ReadonlyMap<string, string>} wanted */
export async function savedTexts(page, folder, wanted) {
	await saveUntil(page, folder, (files) => !differs(files, wanted));
}

/**
 * Takes sections of the course, each from where the one before it has ended.
 * @param {import("./gui.mjs").Window} window
 * @param {import("./gui.mjs").Step} step
 * @param {readonly string[]} sections their numbers
 */
export async function takeCourse(window, step, sections) {
	const { page, serving, open } = window;
	const course = await sources();
	let folder = "";
	const texts = () => textsIn(folder);
	const write = async (/** @type {ReadonlyMap<string, string>} */ files) => {
		for (const [path, text] of files) {
			await mkdir(dirname(join(folder, path)), { recursive: true });
			await writeFile(join(folder, path), text);
		}
	};
	const savedAs = (/** @type {(files: Map<string, string>) => boolean} */ isThere) => saveUntil(page, folder, isThere);

	for (const number of sections) {
		const { after, fixes, byHand, stays = [] } = course.stepAt(number);
		const section = course.sectionOf(course.english, number);
		const before = after === undefined ? new Map() : await course.hostAt(after);
		const typed = await course.typedAt(number);
		folder = join(serving.home, `course-${number}`);
		// What the page does not have one type is there: the uplink's file, and the host of the section before.
		const isTyped = (/** @type {string} */ path) => before.get(path) !== typed.get(path) && path !== "/etc/hostname.em0";
		await write(new Map([...typed].map(([path, text]) => [path, isTyped(path) ? "" : text])));
		await writeFile(join(folder, "openbsd-vnet.json"), JSON.stringify({ hosts: [{ name: "hv1", root: ".", ssh: simulatedAddress }] }));
		await open(folder);
		await page.getByRole("treeitem", { name: "etc" }).click({ timeout: 60_000 });

		await step(`course ${number}, types the page's files`, async () => {
			for (const [path, text] of [...typed].filter(([name]) => isTyped(name))) {
				await openPath(page, join(folder, path));
				if (course.languageOf(path) !== undefined) await whenLanguageWorks(page);
				await typeUnwatched(page, linesOf(text));
				await page.keyboard.press("Enter");
				await page.keyboard.press("Escape");
			}
			const bare = new Map([...typed].map(([path, text]) => [path, linesOf(text).join("\n")]));
			await savedAs((files) => !differs(new Map([...files].map(([path, text]) => [path, linesOf(text).join("\n")])), bare));
		});

		await step(`course ${number}, is told what is wrong`, async () => {
			await showsCodes(page, course.told(section));
		});

		for (const [i, command] of course.commands(section).entries()) {
			const wanted = await course.fixed(await texts(), fixes);
			if (differs(await texts(), wanted))
				await step(`course ${number}, takes the fixes before pattern ${i + 1}`, async () => {
					await takeFixes({ page, course, texts, savedAs }, fixes);
				});
			await takePattern(page, step, `course ${number}`, `pattern ${i + 1}`, folder, command);
		}

		if (byHand !== undefined)
			await step(`course ${number}, deletes what is of no use`, async () => {
				const wanted = byHand(await texts());
				for (const [path, text] of wanted)
					if ((await texts()).get(path) !== text) {
						await openPath(page, join(folder, path));
						await page.keyboard.press("Control+A");
						await page.keyboard.insertText(text);
					}
				await savedAs((files) => !differs(files, wanted));
			});

		await step(`course ${number}, has no problems left`, async () => {
			await showsCodes(page, stays);
		});
		await step(`course ${number}, runs the policy tests`, async () => {
			await runCommand(page, "OpenBSD: Run Policy Tests");
			await page.locator(".notification-list-item", { hasText: /Policy tests: all \d+ passed/ }).waitFor();
		});
		await runCommand(page, "Notifications: Clear All Notifications");
	}
}

/**
 * Runs a pattern by its command, looks at what it would write, and applies it.
 * @param {import("playwright-core").Page} page
 * @param {import("./gui.mjs").Step} step
 * @param {string} name what its steps begin with
 * @param {string} pattern what it is called there
 * @param {string} folder of the host
 * @param {string} command as one types it in a terminal
 */
export async function takePattern(page, step, name, pattern, folder, command) {
	const course = await sources();
	await step(`${name}, runs ${pattern}`, async () => {
		await insertPattern(page, course, await textsIn(folder), command);
		await page.locator(".refactor-preview, .bulk-edit-panel").first().waitFor();
	});
	await step(`${name}, applies ${pattern}`, async () => {
		const expected = course.patterned(await textsIn(folder), command);
		await page.getByRole("button", { name: "Apply" }).first().click();
		await savedTexts(page, folder, expected);
	});
}

/**
 * Brings what a session has made to the simulated host hv1, and verifies it there.
 * @param {import("./gui.mjs").Window} window
 * @param {import("./gui.mjs").Step} step
 * @param {string} name what its steps begin with
 */
export async function bringToHost({ page }, step, name) {
	const line = (/** @type {string | RegExp} */ text) => page.locator(".monaco-editor .view-line", { hasText: text }).first();
	await step(`${name}, makes the disks`, async () => {
		await runCommand(page, "View: Close All Editors");
		if (await page.locator(".part.panel").isVisible()) await page.keyboard.press("Control+J");
		await runCommand(page, "OpenBSD: Create Missing Disks on Host");
		await page.locator(".quick-input-widget").first().waitFor();
		await page.keyboard.press("Enter");
		await page.locator(".notification-list-item", { hasText: "Created on hv1" }).first().waitFor();
	});
	await step(`${name}, draws the host`, async () => {
		await runCommand(page, "OpenBSD: Show Network Topology");
		await page.frameLocator("iframe.webview").last().frameLocator("iframe").locator('[data-id="guest:db01"]').waitFor();
	});
	await step(`${name}, reads the plan`, async () => {
		await runCommand(page, "OpenBSD: Deploy to Host");
		await line("# Plan for hv1").waitFor();
		await page.locator(".codelens-decoration a", { hasText: "Deploy to hv1" }).waitFor();
	});
	await step(`${name}, deploys`, async () => {
		await page.locator(".codelens-decoration a", { hasText: "Deploy to hv1" }).click();
		const keep = page.getByRole("button", { name: "Keep", exact: true }).first();
		const rehearse = page.getByRole("button", { name: "Rehearse First" }).first();
		await keep.or(rehearse).first().waitFor({ timeout: 60_000 });
		// A new host has not shown yet that it rolls back by itself.
		if (await rehearse.isVisible()) await rehearse.click();
		await keep.click({ timeout: 180_000 });
		await page.locator(".notification-list-item", { hasText: "Deployed to hv1" }).waitFor();
	});
	await step(`${name}, verifies the host: all is as the files say`, async () => {
		await runCommand(page, "Notifications: Clear All Notifications");
		await runCommand(page, "OpenBSD: Verify Host");
		const report = page.frameLocator("iframe.webview").last().frameLocator("iframe");
		await report.getByText(/\d+ as the files say, 0 not, 0 unknown/).waitFor();
	});
}

/** A file's lines as one types them: without comments, blank lines and indentation. @param {string} text */
function linesOf(text) {
	return text.split("\n").flatMap((line) => (line.trim() === "" || line.trimStart().startsWith("#") ? [] : [line.trim()]));
}

/** @param {ReadonlyMap<string, string>} one @param {ReadonlyMap<string, string>} other */
function differs(one, other) {
	return [...new Set([...one.keys(), ...other.keys()])].some((path) => one.get(path) !== other.get(path));
}

/** @param {import("playwright-core").Page} page @param {string} path */
async function openPath(page, path) {
	await page.keyboard.press("Escape");
	await page.keyboard.press("Control+P");
	await page.locator(".quick-input-widget").first().waitFor();
	await page.keyboard.insertText(path);
	await page
		.locator(".quick-input-list .monaco-list-row", { hasText: basename(path) })
		.first()
		.waitFor();
	await page.keyboard.press("Enter");
	await page.locator(".tab.active", { hasText: basename(path) }).waitFor();
	await page.locator(".editor-instance .monaco-editor.focused").waitFor();
}

/**
 * Takes the first fix of each problem with a code.
 * @param {{ page: import("playwright-core").Page, course: any, texts: () => Promise<Map<string, string>>, savedAs: (isThere: (files: Map<string, string>) => boolean) => Promise<void> }} at
 * @param {readonly string[]} codes
 */
async function takeFixes({ page, course, texts, savedAs }, codes) {
	for (let left = 30; left > 0; left--) {
		const now = await texts();
		const [path, problem] = (await course.found(now)).find(([, { code, fixes = [] }]) => codes.includes(code) && fixes.length > 0) ?? [];
		if (problem === undefined) return;
		const place = placeIn(now.get(path) ?? "", problem.span.start);
		await takeFix(page, {
			message: course.render(problem.message),
			place,
			title: course.render(problem.fixes[0].title).replaceAll("`", "'"),
		});
		await savedAs((files) => differs(files, now));
	}
	throw new Error("fixes without an end");
}

/**
 * Answers the questions of "Insert Network Pattern..." as a command of the document does.
 * @param {import("playwright-core").Page} page
 * @param {any} course
 * @param {ReadonlyMap<string, string>} texts
 * @param {string} command
 */
async function insertPattern(page, course, texts, command) {
	const { name, answers } = course.patternOf(command);
	const host = course.hostFor(course.sourceOf(new Map([...texts].map(([path, text]) => [path, { text }]))));
	await runCommand(page, "OpenBSD: Insert Network Pattern (Bridge, VLAN, NAT, Policy)...");
	const title = course.render(course.patterns[name].title);
	await page.locator(".quick-input-list .monaco-list-row", { hasText: title }).first().click();
	/** @type {Record<string, string>} */
	const given = {};
	for (;;) {
		const question = course.nextQuestion(host, name, given);
		if (question === undefined) return;
		const answer = answers[question.id] ?? question.standard;
		await page.locator(".quick-input-title", { hasText: course.render(question.title) }).waitFor();
		await page.keyboard.insertText(answer ?? "");
		await page.waitForTimeout(300);
		await page.keyboard.press("Enter");
		given[question.id] = answer ?? "";
	}
}

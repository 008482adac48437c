// Looks at the extension's web views in a browser of their own, in VS Code's colours: nothing that axe-core finds against
// accessibility, everything by keyboard, and hosts of hundreds of guests. The colours are one theme's, another's each day; at night
// those of all. Pictures go to out/screenshots/.
//
//	node scripts/run-web-views.mjs
//
// The bundles must be there (npx tsc -b; node scripts/bundle.mjs). Ends with "N passed, N failed".
import assert from "node:assert/strict";
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { packed } from "../server/dist/features/policy-view.js";
import { screenshots } from "./lib/gui.mjs";
import { shareOf } from "./lib/share.mjs";
import { exampleFiles, openWebViews, serviceOf, themes } from "./lib/web-views.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const [passed, failed] = [[], []];

/** @param {string} name @param {() => Promise<void>} act */
async function check(name, act) {
	try {
		await act();
		passed.push(name);
		console.log(`✔ ${name}`);
	} catch (error) {
		failed.push(name);
		console.error(`✘ ${name}\n${error instanceof Error ? (error.stack ?? error.message) : error}`);
	}
}

/** Fails where axe-core finds something, or the page has an error of its own; keeps a picture. */
async function isFine({ page, errors }, picture) {
	await page.waitForTimeout(100);
	await page.screenshot({ path: join(screenshots, `${picture}.png`) });
	await page.evaluate(axe);
	const { violations } = await page.evaluate(() => Reflect.get(window, "axe").run());
	const found = violations.map(
		({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
	);
	assert.deepEqual(found, []);
	assert.deepEqual(errors, []);
}

/** Guests on two switches, each with an address, and rules that name services. @param {number} count */
function guestsOf(count) {
	const files = new Map([
		["/etc/hostname.em0", "inet 192.0.2.2 255.255.255.0\n"],
		["/etc/sysctl.conf", "net.inet.ip.forwarding=1\n"],
		["/etc/pf.conf", "block\npass out\npass in on em0 proto tcp to 10.0.0.0/16 port { 80 443 }\npass in on vport0\n"],
	]);
	let vm = "";
	for (const s of [0, 1]) {
		vm += `switch "s${s}" {\n\tinterface veb${s}\n}\n`;
		files.set(`/etc/hostname.veb${s}`, `link1\nadd vport${s}\nup\n`);
		files.set(`/etc/hostname.vport${s}`, `inet 10.0.${s}.1 255.255.255.0\nup\n`);
	}
	for (let g = 0; g < count; g++)
		vm += `vm "guest${String(g).padStart(3, "0")}" {\n\tmemory 1G\n\tdisk "/g${g}.img"\n\tinterface tap${g} { switch "s${g % 2}" }\n}\n`;
	return files.set("/etc/vm.conf", vm);
}

await mkdir(screenshots, { recursive: true });
const views = await openWebViews();
try {
	const { service, etc } = await serviceOf(await exampleFiles("corrected"));
	const rules = `${etc}/pf.conf`;
	const picture = await service.topology(etc);
	const matrix = packed(await service.reachability(rules));
	const text = (await exampleFiles("corrected")).get("/etc/pf.vm/web01.conf") ?? "";
	const before = new Map([[`${etc}/pf.vm/web01.conf`, text.replace("{ 80 443 }", "8080")]]);
	const [changes, packets] = [await service.changes(rules, before), await service.packetChanges(rules, before)];

	const worn = shareOf(Object.keys(themes), Object.keys(themes).length);
	for (const theme of worn) {
		const name = theme.replace(" ", "-");
		await check(`${theme}: the matrix is accessible`, async () => {
			const view = await views.reachability({ kind: "matrix", matrix }, { theme });
			await isFine(view, `web-view-matrix-${name}`);
			await view.page.close();
		});
		await check(`${theme}: what changes is accessible`, async () => {
			const view = await views.reachability({ kind: "difference", host: "hv1", changes, packets }, { theme });
			await isFine(view, `web-view-changes-${name}`);
			await view.page.close();
		});
		await check(`${theme}: the topology is accessible, beside the editor and in the side bar`, async () => {
			for (const [place, width] of [
				["panel", 900],
				["sidebar", 300],
			]) {
				const view = await views.topology(picture, { theme, place, width });
				await view.page.locator('[data-id="guest:web01"]').focus();
				await view.page.keyboard.press("Space");
				await view.page.locator("#details h2").waitFor();
				await view.page.waitForTimeout(200);
				const seen = await view.page.locator("#stage").boundingBox();
				const node = await view.page.locator('[data-id="guest:web01"] .box').boundingBox();
				assert.ok(node.x >= seen.x && node.x + node.width <= seen.x + seen.width, "what is selected is out of sight");
				await isFine(view, `web-view-topology-${place}-${name}`);
				await view.page.close();
			}
		});
	}

	await check("a service of the matrix leads to its trace, by the keyboard too", async () => {
		const { page, sent } = await views.reachability({ kind: "matrix", matrix }, { theme: "dark" });
		await page.getByRole("button", { name: "tcp 3306" }).focus();
		await page.keyboard.press("Enter");
		await page.getByLabel("Blocked services too").check();
		await page.getByRole("button", { name: "✕ other tcp" }).first().click();
		const asked = await sent();
		assert.deepEqual(asked[0], { type: "trace", from: "web01", to: "db01", protocol: "tcp", port: 3306 });
		assert.deepEqual([asked[1].from, asked[1].to, asked[1].protocol], ["outside", "host", "tcp"]);
		await page.close();
	});

	await check("the matrix is narrowed by name and by service", async () => {
		const { page } = await views.reachability({ kind: "matrix", matrix }, { theme: "dark" });
		await page.getByLabel("Show only names with...").fill("db01");
		const heads = () => page.locator("tbody th").allTextContents();
		// What it reaches, and who reaches it.
		assert.deepEqual(await heads(), ["db01", "outside", "host", "web01"]);
		await page.getByLabel("Show only services with...").fill("443");
		const chips = page.locator("main .chip");
		await chips.first().waitFor();
		assert.deepEqual(new Set(await chips.allTextContents()), new Set(["tcp 443"]));
		await page.getByLabel("Show only names with...").fill("nobody");
		await page.locator(".status", { hasText: "Nothing found" }).waitFor();
		await page.close();
	});

	await check("200 guests: the matrix is there at once, its names stay in sight", async () => {
		const large = await serviceOf(guestsOf(200));
		const all = packed(await large.service.reachability(`${large.etc}/pf.conf`));
		assert.equal(all.ends.length, 202);
		const { page } = await views.reachability({ kind: "matrix", matrix: all }, { theme: "light" });
		const last = page.locator("tbody tr").last();
		await last.locator("th", { hasText: "guest199" }).waitFor();
		assert.equal(await last.locator("td").count(), 0, "a row far away is filled");
		await page.locator("main").evaluate((main) => main.scrollTo(main.scrollWidth / 2, main.scrollHeight));
		await last.locator("td").nth(201).waitFor({ state: "attached" });
		const place = (selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect());
		const [main, corner, head] = [await place("main"), await place(".corner"), await place("tbody tr:last-child th")];
		assert.ok(Math.abs(corner.top - main.top) < 2 && Math.abs(head.left - main.left) < 14, "the headings are gone");
		await page.screenshot({ path: join(screenshots, "web-view-matrix-200-guests.png") });
		await page.close();
	});

	await check("the topology says whose it is, what its signs mean, and saves itself", async () => {
		const { page, sent } = await views.topology(picture, { theme: "light" });
		assert.equal(await page.getByRole("heading", { level: 1 }).textContent(), "hv1");
		await page.getByRole("button", { name: "Legend" }).click();
		await page.locator("#legend").getByText("pf does not filter").waitFor();
		await page.screenshot({ path: join(screenshots, "web-view-topology-legend.png") });
		await page.getByRole("button", { name: "Save as SVG..." }).click();
		await page.getByRole("button", { name: "Save as PNG..." }).click();
		await page.waitForFunction(() => Reflect.get(window, "sent").filter(({ type }) => type === "save").length === 2);
		const [svg, png] = (await sent()).filter(({ type }) => type === "save");
		assert.match(svg.data, /^<svg [\s\S]*10\.50\.0\.20/);
		assert.doesNotMatch(svg.data, /var\(|class="wide"/);
		assert.equal(Buffer.from(png.data, "base64").subarray(1, 4).toString(), "PNG");
		await page.close();
	});

	for (const theme of worn)
		await check(`${theme}: where there is no host, buttons lead to one`, async () => {
			const view = await views.topology(picture, { theme, place: "sidebar", width: 300 });
			await view.page.evaluate(() => window.postMessage({ type: "empty", message: "No host to show" }));
			await view.page.getByRole("button", { name: "Insert Network Pattern" }).click();
			assert.deepEqual((await view.sent()).at(-1), { type: "start", how: "pattern" });
			await isFine(view, `web-view-no-host-${theme.replace(" ", "-")}`);
			await view.page.close();
		});

	await check("what goes through the running host, at its nodes and beside them, until the rates are stopped", async () => {
		const view = await views.topology(picture, { theme: worn[0] });
		const { page, sent } = view;
		const tell = (message) => page.evaluate((data) => window.postMessage(data), { type: "rates", ...message });
		const rate = (bits) => ({ bits, packets: bits / 8000 });
		const link = (name, bits) => ({ name, in: rate(bits), out: rate(bits / 4) });
		// A host may call its interfaces whatever it likes.
		const reading = (bits) => ({
			seconds: 5,
			simulated: true,
			links: [link("em0", bits), link("tap3", bits / 2), link("<img src=x onerror=alert(1)>", 1)],
			guests: [{ name: "web01", cpu: 12.4, memory: "512M" }],
		});
		await tell({ available: true });
		const button = page.locator("#rates");
		await button.click();
		assert.deepEqual((await sent()).at(-1), { type: "rates", follow: true });
		for (const bits of [1_000_000, 4_000_000, 2_400_000]) await tell({ available: true, rates: reading(bits) });
		await page.locator('[data-of="link:em0"] text', { hasText: "↓2.4M ↑600k" }).waitFor();
		await page.locator('[data-of="guest:web01"] text', { hasText: "12 % · 512M" }).waitFor();
		assert.match((await page.locator('[data-of="link:em0"] .readings').getAttribute("d")) ?? "", /^M[\d.]+ [\d.]+(L[\d.]+ [\d.]+){2}$/);
		assert.equal(await page.locator("#followed").textContent(), "running host, every 5 s, simulated host");
		assert.equal(await page.locator("img").count(), 0);
		await page.locator('[data-id="link:em0"]').focus();
		await page.keyboard.press("Space");
		await page.locator("#details li", { hasText: "in 2.4 Mbit/s, 300 packets/s" }).waitFor();
		await isFine(view, `web-view-topology-rates-${worn[0].replace(" ", "-")}`);
		await button.click();
		assert.deepEqual((await sent()).at(-1), { type: "rates", follow: false });
		await tell({ available: true });
		await page.locator(".rates").first().waitFor({ state: "detached" });
		assert.equal(await page.locator("#followed").isVisible(), false);
		// Of another host nothing is shown of this one.
		await tell({ available: true, rates: reading(1000) });
		await page.evaluate((message) => window.postMessage(message), { type: "picture", picture: { ...picture, name: "hv2" } });
		await page.locator("#host", { hasText: "hv2" }).waitFor();
		assert.equal(await page.locator(".rates").count(), 0);
		await page.close();
	});

	await check("the topology by keyboard: from node to node, its lines, a path", async () => {
		const { page, sent } = await views.topology(picture, { theme: "dark" });
		await page.locator('[data-id="outside"]').focus();
		await page.keyboard.press("ArrowRight");
		const at = () => page.evaluate(() => document.activeElement?.getAttribute("data-id"));
		assert.equal(await at(), "link:em0");
		await page.keyboard.press("Enter");
		await page.keyboard.press("ArrowRight");
		assert.equal(await at(), "host");
		await page.keyboard.press("Shift+Enter");
		const messages = await sent();
		assert.equal(messages.find(({ type }) => type === "reveal").place.path, "/etc/hostname.em0");
		assert.deepEqual(messages.at(-1), { type: "paths", from: "link:em0", to: "host" });
		await page.close();
	});

	await check("a path is seen as a whole, beside what is told of it", async () => {
		for (const [width, height] of [
			[900, 600],
			[420, 500],
		]) {
			const { page } = await views.topology(picture, { theme: "light", width, height });
			await page.locator('[data-id="guest:db01"]').focus();
			await page.keyboard.press("Space");
			await page.locator('[data-id="outside"]').focus();
			await page.keyboard.press("Shift+Enter");
			const nodes = ["guest:db01", "link:tap2", "link:veb1", "link:vport0", "host", "link:em0", "outside"];
			const path = { kind: "routed", forwarded: true, nodes, steps: [{ node: "link:tap2", label: "tap2", direction: "in", tested: true }] };
			const answer = { from: "db01", to: "outside", paths: [path] };
			await page.evaluate((message) => window.postMessage(message), { type: "paths", from: "guest:db01", to: "outside", answer });
			await page.locator(".with-path").waitFor();
			await page.waitForTimeout(300);
			const seen = await page.locator("#stage").boundingBox();
			for (const id of nodes) {
				const box = await page.locator(`[data-id="${id}"] .box`).boundingBox();
				const isSeen =
					box.x >= seen.x && box.y >= seen.y && box.x + box.width <= seen.x + seen.width && box.y + box.height <= seen.y + seen.height;
				assert.ok(isSeen, `${id} is out of sight in ${width} × ${height}`);
			}
			await page.screenshot({ path: join(screenshots, `web-view-topology-path-${width}.png`) });
			await page.close();
		}
	});

	await check("100 guests are folded at their switches, found, and unfolded", async () => {
		const large = await serviceOf(guestsOf(100));
		const view = await views.topology(await large.service.topology(large.etc), { theme: "light" });
		const { page } = view;
		assert.deepEqual(await page.locator(".node-group .label").allTextContents(), ["50 guests", "50 guests"]);
		await isFine(view, "web-view-topology-100-guests");
		await page.getByLabel("Find a name or an address").fill("guest042");
		await page.keyboard.press("Enter");
		await page.locator('[data-id="guest:guest042"]').waitFor();
		assert.equal(await page.locator("#stage .node-guest").count(), 50);
		await page.getByRole("button", { name: "Fold guests" }).click();
		await page.locator('[data-id="group:link:veb0"]').focus();
		await page.keyboard.press("Enter");
		await page.locator('[data-id="guest:guest000"]').waitFor();
		await page.screenshot({ path: join(screenshots, "web-view-topology-50-guests.png") });
		await page.close();
	});
} finally {
	await views.close();
}
console.log(`${passed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

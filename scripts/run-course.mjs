// Takes the course of docs/handbook.md in a real VS Code with the packaged extension, from its first key to a simulated host that
// is verified, in light and dark. What is seen on the way goes to out/screenshots/.
//
//	node scripts/run-course.mjs                     all of it
//	node scripts/run-course.mjs light 34            in one theme, and some of the sections: each begins where the one before it ends
//
// The package must be there (npm run package). Ends with "N passed, N failed".
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bringToHost, takeCourse } from "./lib/course.mjs";
import { openWindow, Results, themes } from "./lib/gui.mjs";
import { canSimulate, startSimulatedHost } from "./lib/simulated-host.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome } from "./lib/vscode-serve.mjs";

const [only, sections = "1234"] = process.argv.slice(2);

/** High enough for all that is wrong with the page's last section. */
const size = { width: 1200, height: 1200 };

const results = new Results();
await installVscode();
for (const theme of themes.filter(({ name }) => only === undefined || name === only))
	await results.session((cleanup) => takeIn(theme, cleanup));
results.tell();

/** The course in one theme. @param {{ name: string, colorTheme: string }} theme @param {import("./lib/processes.mjs").Cleanup} cleanup */
async function takeIn({ name, colorTheme }, cleanup) {
	const home = await makeHome("code");
	const simulated = canSimulate() ? await startSimulatedHost(home, await newHost(home)) : undefined;
	if (simulated !== undefined) {
		cleanup.add(simulated.close);
		// Who makes disks may be root there.
		simulated.change((state) => {
			state.doas = ["*"];
		});
	}
	const window = await openWindow({ home, colorTheme, size }, cleanup);
	const step = results.stepsOf(window.page, name);
	await takeCourse(window, step, [...sections]);
	if (simulated !== undefined && sections.includes("4")) await bringToHost(window, step, "course 5");
}

/** The files of a host as its installer leaves them. @param {string} home */
async function newHost(home) {
	const etc = join(home, "installed", "etc");
	await mkdir(etc, { recursive: true });
	await writeFile(join(etc, "hostname.em0"), "inet autoconf\n");
	await writeFile(join(etc, "pf.conf"), "set skip on lo\nblock return\npass\n");
	return join(home, "installed");
}

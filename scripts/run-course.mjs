// Takes the course of docs/handbook.md in a real VS Code with the packaged extension, from its first key to a simulated host that
// is verified, in light and dark. What is seen on the way goes to out/screenshots/.
//
//	node scripts/run-course.mjs                     all of it
//	node scripts/run-course.mjs light 34            in one theme, and some of the sections: each begins where the one before it ends
//
// The package must be there (npm run package). Ends with "N passed, N failed".
import { bringToHost, takeCourse } from "./lib/course.mjs";
import { openWindow, Results, themes } from "./lib/gui.mjs";
import { installedHost, simulateOwnHost } from "./lib/simulated-host.mjs";
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
	const simulated = await simulateOwnHost(home, await installedHost(home), cleanup);
	const window = await openWindow({ home, colorTheme, size }, cleanup);
	const step = results.stepsOf(window.page, name);
	await takeCourse(window, step, [...sections]);
	if (simulated !== undefined && sections.includes("4")) await bringToHost(window, step, "course 5");
}

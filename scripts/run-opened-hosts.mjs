// Opens the handbook's own hosts in a real VS Code as somebody new, and mends them by the fixes of the Problems view, until their
// policy tests pass; counts the fixes. What is seen on the way goes to out/screenshots/.
//
//	node scripts/run-opened-hosts.mjs                          both hosts
//	node scripts/run-opened-hosts.mjs handbook                 one of them
//	node scripts/run-opened-hosts.mjs light                    both, in another theme than the first
//
// The package must be there (npm run package). Ends with "N passed, N failed".
import { openWindow, Results, themes } from "./lib/gui.mjs";
import { mendOpenedHost, openedHostNames } from "./lib/opened-hosts.mjs";
import { installVscode } from "./lib/vscode-install.mjs";
import { makeHome } from "./lib/vscode-serve.mjs";

const theme = themes.find(({ name }) => process.argv.includes(name)) ?? themes[0];
const only = process.argv.slice(2).find((word) => word !== theme.name);

/** High enough for most of what is wrong. */
const size = { width: 1200, height: 1200 };

const results = new Results();
await installVscode();
for (const name of (await openedHostNames()).filter((one) => only === undefined || one === only))
	await results.session(async (cleanup) => {
		const window = await openWindow({ home: await makeHome("code"), colorTheme: theme.colorTheme, size }, cleanup);
		await mendOpenedHost(window, results.stepsOf(window.page, theme.name), name);
	});
results.tell();

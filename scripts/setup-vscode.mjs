// Installs the browser VS Code that the tests and `npm start` use, into .cache/. Does nothing where it is there.
import { installVscode, isInstalled } from "./lib/vscode-install.mjs";

if (isInstalled()) {
	console.log("The browser VS Code is installed");
} else {
	console.log("Installing the browser VS Code from the npm registry (about a minute, 800 MB, once)");
	await installVscode();
}

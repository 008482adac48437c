// Installs the parts of the system that the tests need: on Debian as root with apt-get, elsewhere it says what to install.
import { installPackages, missingParts } from "./lib/system.mjs";

const missing = missingParts();
for (const { program, package: name, use } of missing) console.log(`Missing: ${program} (${name}), ${use}`);
if (missing.length === 0) {
	console.log("All parts of the system are there");
} else {
	try {
		await installPackages(missing.map(({ package: name }) => name));
		console.log("Installed");
	} catch (error) {
		console.error(error instanceof Error ? error.message : error);
		process.exitCode = 1;
	}
}

import { ConfigurationTarget, workspace } from "vscode";
import { strictEqual } from "../assert.ts";
import { closeAll, example, readyApi, until } from "../editor.ts";

const cases: readonly (readonly [path: string, language: string])[] = [
	["pf.conf", "openbsd-pf"],
	["hosts/hv1/etc/pf.conf", "openbsd-pf"],
	["etc/pf.guests", "openbsd-pf"],
	["etc/pf.vm/web01.conf", "openbsd-pf"],
	["pf.vm/db01.conf", "openbsd-pf"],
	["hv2/etc/pf.anchors/a.conf", "openbsd-pf"],
	["vm.conf", "openbsd-vm"],
	["hosts/hv1/etc/vm.conf", "openbsd-vm"],
	["etc/vm.d/web01.conf", "openbsd-vm"],
	["hostname.em0", "openbsd-hostname"],
	["etc/hostname.bridge0", "openbsd-hostname"],
	["etc/hostname.vether12", "openbsd-hostname"],
	["etc/hostname.pflow4095", "openbsd-hostname"],
	["etc/hostname.00:1b:21:ab:cd:ef", "openbsd-hostname"],
	// Everything else is somebody else's.
	["nginx.conf", "other"],
	["etc/nginx.conf", "other"],
	["etc/pf/rules.conf", "other"],
	["src/pf.rs", "other"],
	["pf.c", "other"],
	["mypf.conf", "other"],
	["pf.conf.orig", "other"],
	["myvm.conf", "other"],
	["vm.conf.d/a.conf", "other"],
	["hostname", "other"],
	["hostname.txt", "other"],
	["hostname.em", "other"],
	["hostname.0", "other"],
	["hostname.em0.bak", "other"],
	["hostname.example.com2", "other"],
	["hostname.00:1b:21:ab:cd", "other"],
	["xhostname.em0", "other"],
];

describe("files of the languages", () => {
	after(closeAll);

	for (const [path, language] of cases) {
		it(`${path}: ${language}`, async () => {
			const uri = example(`associations/${path}`);
			await workspace.fs.writeFile(uri, new TextEncoder().encode("# text\n"));
			const { languageId } = await workspace.openTextDocument(uri);
			strictEqual(languageId.startsWith("openbsd-") ? languageId : "other", language);
		});
	}

	it("a setting adds patterns", async () => {
		await readyApi();
		const uri = example("associations/firewall/guests.rules");
		await workspace.fs.writeFile(uri, new TextEncoder().encode("# text\n"));
		strictEqual((await workspace.openTextDocument(uri)).languageId, "plaintext");

		const settings = workspace.getConfiguration("openbsdVnet");
		await settings.update("additionalFilePatterns", { "firewall/*.rules": "openbsd-pf" }, ConfigurationTarget.Workspace);
		try {
			await until("the language of the setting", async () => (await workspace.openTextDocument(uri)).languageId === "openbsd-pf");
		} finally {
			await settings.update("additionalFilePatterns", undefined, ConfigurationTarget.Workspace);
		}
	});
});

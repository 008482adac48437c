import { commands, type TabInputWebview, window } from "vscode";
import { closeAll, example, open, readyApi, until } from "../editor.ts";

function hasPanel(): boolean {
	return window.tabGroups.all.some(({ tabs }) =>
		tabs.some(({ input }) => (input as Partial<TabInputWebview> | undefined)?.viewType?.endsWith("openbsdVnet.topologyPanel") === true),
	);
}

// What the page itself shows is tested in Chromium: scripts/run-gui.mjs.
describe("Show Network Topology", () => {
	before(readyApi);
	afterEach(closeAll);

	it("opens a panel for the host of the active editor", async () => {
		await open(example("corrected/etc/pf.conf"));
		await commands.executeCommand("openbsdVnet.showTopology");
		await until("the panel", hasPanel);
	});

	it("shows a host that is named, without an editor", async () => {
		await commands.executeCommand("openbsdVnet.showTopology", example("handbook/etc").toString());
		await until("the panel", hasPanel);
	});

	it("has a view in the sidebar", async () => {
		await commands.executeCommand("openbsdVnet.topology.focus");
	});
});

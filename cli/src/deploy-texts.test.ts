import { describe, expect, test } from "vitest";
import { makePlan } from "../../remote/src/deploy/plan.ts";
import { hostInMemory } from "../../remote/src/deploy/testing.ts";
import { planObject, planText } from "./deploy-texts.ts";

/** Two lists of so many make 90,000 rules. */
const MANY = `{ ${Array.from({ length: 300 }, (_, index) => index + 1).join(" ")} }`;
const LARGE = `block in proto tcp from any port ${MANY} to any port ${MANY}\n`;

function planned(before: string, after: string) {
	const host = hostInMemory();
	host.files.set("/etc/hostname.em0", { text: "inet 203.0.113.10/24\n" });
	host.files.set("/etc/pf.conf", { text: before });
	return makePlan(host.connect(), [{ path: "/etc/pf.conf", text: after }], { root: host.root });
}

describe("the plan of a deployment", () => {
	test.each([
		["now", "pass\n", LARGE],
		["before", LARGE, "pass\n"],
	])("says that it does not know which connections change where rules are left out %s", async (_, before, after) => {
		const plan = await planned(before, after);
		expect(planText(plan)).toContain("Which connections change is not known: rules are left out, because they are too many\n");
		expect(planText(plan)).not.toContain("Connections:");
		expect(planObject(plan).connections).toBe("unknown: rules are left out, because they are too many");
	});

	test("tells which connections change where it knows", async () => {
		const plan = await planned("block\n", "block\npass in on em0 inet proto tcp to port 22\n");
		expect(planText(plan)).toContain("Connections:\n  outside -> host, tcp 22: becomes possible");
		expect(planObject(plan).connections).toMatchObject([{ kind: "opens", from: "outside", to: "host", service: "tcp 22" }]);
	});
});

/** One more guest in a switch that is there, with what the guests beside it have. */
import type { Host } from "../host/model.ts";
import { parseIp4 } from "../pf/names/address.ts";
import { type Message, msg } from "../text/message.ts";
import { limits } from "../vm/check.ts";
import { Draft } from "./draft.ts";
import { memberNamed, microsegment, segmented } from "./microsegment.ts";
import type { Answers, Pattern, Question } from "./pattern.ts";
import { reachesOutside } from "./promises.ts";
import { memoryQuestion, segmentOf } from "./questions.ts";
import { gatewayOf, serveAddresses } from "./routed.ts";
import { ensureVmd, isServed } from "./services.ts";
import { isMessage, parseGuests } from "./values.ts";
import { ensureGuest, ensurePlug, freeLladdr, guestNamed, plugIn } from "./vm-conf.ts";

/** Whether the guests of a switch have policies of their own. */
function hasPolicies(host: Host, name: string): boolean {
	return segmented(host).some((guest) => memberNamed(host, guest)?.switch === name);
}

export const guest: Pattern = {
	title: msg("One more guest"),
	detail: msg("On a switch that is there, with a lease and a policy where its neighbours have them"),
	questions(host, answers) {
		const { switch: name = "", name: guestName = "" } = answers;
		const policies = hasPolicies(host, name);
		return [
			switchQuestion(host),
			nameQuestion(host, answers),
			memoryQuestion(host, [guestName]),
			addressQuestion(host, answers, policies),
			policies ? allowQuestion(host, answers) : undefined,
		].filter((question): question is Question => question !== undefined);
	},
	write(draft, answers) {
		plug(draft, answers);
		if (!hasPolicies(draft.host, answers.switch ?? "")) return;
		const given = policyAnswers(draft.host, answers);
		const standards = microsegment
			.questions(draft.host, given)
			.flatMap(({ id, standard }) => (standard === undefined ? [] : [[id, standard] as const]));
		microsegment.write(draft, { ...Object.fromEntries(standards), ...given });
	},
	promises(draft, answers) {
		const { switch: name = "", name: guestName = "" } = answers;
		if (hasPolicies(draft.host, name)) return microsegment.promises(draft, policyAnswers(draft.host, answers));
		return draft.host.pf === undefined ? [] : reachesOutside(guestName);
	},
};

/** The guest without a policy of its own. */
function plug(draft: Draft, { switch: name = "", name: guestName = "", memory = "1G", address = "" }: Answers): void {
	ensureGuest(draft, guestName, { memory, disk: `/var/vm/${guestName}.img` });
	ensurePlug(draft, guestName, name, freeLladdr(draft.host));
	const gateway = gatewayOf(segmentOf(draft.host, name));
	if (gateway !== undefined && isServed(draft, gateway.network))
		serveAddresses(draft, gateway.network, "", guestName, name, address === "" ? new Set() : address);
	ensureVmd(draft);
}

/** What the pattern for policies is answered for the guest: its interface is named as its neighbours' are. */
function policyAnswers(host: Host, { switch: name = "", name: guestName = "", address = "", allow = "" }: Answers): Answers {
	const neighbour = segmented(host)
		.map((one) => memberNamed(host, one))
		.find((one) => one?.switch === name);
	return {
		guests: guestName,
		by: neighbour?.nic.tap === undefined ? "groups" : "taps",
		...(address === "" ? {} : { addresses: `${guestName}=${address}` }),
		allow: allow
			.split(";")
			.filter((part) => part.trim() !== "")
			.map((part) => `${guestName}: ${part.trim()}`)
			.join("; "),
	};
}

function switchQuestion(host: Host): Question {
	const choices = host.vm.switches
		.filter(({ name }) => segmentOf(host, name.value) !== undefined)
		.map(({ name, interface: on }) => ({ value: name.value, detail: msg("on {0}", on?.value ?? "") }));
	return {
		id: "switch",
		title: msg("Which switch is the guest plugged into?"),
		choices,
		open: false,
		...(choices[0] === undefined ? {} : { standard: choices[0].value }),
		check: (answer) => (segmentOf(host, answer) === undefined ? msg('vm.conf has no switch "{0}" with an interface', answer) : undefined),
	};
}

function nameQuestion(host: Host, { switch: name = "" }: Answers): Question {
	return {
		id: "name",
		title: msg("What is the guest called?"),
		example: "web02",
		choices: [],
		open: true,
		check(answer) {
			const parsed = parseGuests(answer);
			if (isMessage(parsed)) return parsed;
			if (parsed.length !== 1 || parsed[0]?.address !== undefined) return msg("Write one name");
			const known = guestNamed(host, answer);
			if (known !== undefined && plugIn(host, answer, name) === undefined && known.interfaceCount >= limits.nics)
				return msg('"{0}" has {1} interfaces, and vmd takes no more', answer, limits.nics);
			return undefined;
		},
	};
}

/** Asked where the guest gets a lease, or needs an address for its rules. */
function addressQuestion(host: Host, { switch: name = "", name: guestName = "" }: Answers, policies: boolean): Question {
	const network = gatewayOf(segmentOf(host, name))?.network;
	const leased = network !== undefined && isServed(new Draft(host.source), network);
	const already = policies && segmented(host).includes(guestName);
	return {
		id: "address",
		...(already || (!leased && !policies) ? { fixed: "" } : {}),
		title: msg("Which address does it get?"),
		...(network === undefined ? { example: "10.10.0.20" } : { hint: msg("An address in {0}; empty for the next free one", network.text) }),
		choices: leased ? [{ value: "", detail: msg("the next free one") }] : [],
		open: true,
		...(leased ? { standard: "" } : {}),
		check(answer): Message | undefined {
			if (answer === "" && (leased || !policies)) return undefined;
			if (parseIp4(answer) === undefined) return msg("{0} is not an IPv4 address", answer);
			return network !== undefined && !network.has(answer)
				? msg("{0} is not an address for a guest in {1}", answer, network.text)
				: undefined;
		},
	};
}

function allowQuestion(host: Host, answers: Answers): Question {
	return {
		id: "allow",
		title: msg("What reaches it? TCP ports, and from where"),
		example: "80 443; 22 from 10.10.0.0/24",
		choices: [{ value: "", detail: msg("nothing") }],
		open: true,
		standard: "",
		check(allow) {
			const draft = new Draft(host.source);
			plug(draft, answers);
			const given = policyAnswers(draft.host, { ...answers, allow });
			const asked = microsegment.questions(draft.host, given);
			return asked
				.map(({ id, check }) => (given[id] === undefined ? undefined : check(given[id])))
				.find((message) => message !== undefined);
		},
	};
}

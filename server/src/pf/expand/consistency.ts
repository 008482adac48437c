/** What cannot go together in a rule: rule_consistent() of parse.y. */

import { IPPROTO } from "../names/protocols.ts";
import type { Rule } from "../rules.ts";
import type { MessageArguments, PfMessage } from "../words/messages.ts";
import type { Draft } from "./draft.ts";
import type { Expansion } from "./expansion.ts";

/** rule_consistent() */
export function inconsistent(rule: Rule, os: boolean, draft: Draft, around: Expansion): boolean {
	let problems = 0;
	const problem = <M extends PfMessage>(message: M, ...args: MessageArguments<M>): void => {
		around.refuse(message, ...args);
		problems++;
	};
	const { protocol } = rule;
	const ported = protocol === IPPROTO.tcp || protocol === IPPROTO.udp;
	const icmp = protocol === IPPROTO.icmp || protocol === IPPROTO.icmp6;
	// A code stands behind a type only.
	const typed = rule.icmpType >= 0;
	const translated = rule.nat !== undefined || rule.rdr !== undefined;
	const routed = draft.options.route !== undefined;
	if (protocol !== IPPROTO.tcp && os) problem("os only applies to tcp");
	if (!ported && (rule.source.port || rule.destination.port)) problem("port only applies to tcp/udp");
	if (!ported && rule.user) problem("user only applies to tcp/udp");
	if (!ported && rule.group) problem("group only applies to tcp/udp");
	if (!icmp && typed) problem("icmp-type/code only applies to icmp");
	// An interface whose addresses are not known, or a host's name, may give the rule its family.
	const named = rule.source.address.kind === "unresolved" || rule.destination.address.kind === "unresolved";
	if (!rule.family && typed && !named) problem("must indicate address family with icmp-type/code");
	if (draft.options.afTo && rule.family === draft.target) problem("must indicate different address family with af-to");
	if (rule.stateOptions.overload && !rule.stateOptions.maxSrcConn && !rule.stateOptions.maxSrcConnRate?.seconds)
		problem("'overload' requires 'max-src-conn' or 'max-src-conn-rate'");
	if ((protocol === IPPROTO.icmp && rule.family === "inet6") || (protocol === IPPROTO.icmp6 && rule.family === "inet"))
		problem("proto {0} doesn't match address family {1}", protocol === IPPROTO.icmp ? "icmp" : "icmp6", rule.family);
	if (rule.allowOptions && rule.action !== "pass") problem("allow-opts can only be specified for pass rules");
	if (rule.fragment && (rule.source.port || rule.destination.port || rule.flagSet || typed))
		problem("fragments can be filtered only on IP header fields");
	if (rule.blockReturn.kind === "rst" && protocol !== IPPROTO.tcp) problem("return-rst can only be applied to TCP rules");
	if (rule.action !== "pass" && rule.state !== "none") problem("keep state is great, but only for pass rules");
	if (routed && rule.state === "none") problem("route-to, reply-to and dup-to require keep state");
	if (rule.stateOptions.sloppy && (rule.state === "modulate" || rule.state === "synproxy"))
		problem("sloppy state matching cannot be used with synproxy state or modulate state");
	if (rule.state === "synproxy" && rule.direction !== "in")
		around.warn("warning: synproxy used for inbound rules only, ignored for outbound");
	if (translated && rule.action !== "match" && rule.state === "none") problem("nat-to and rdr-to require keep state");
	if (rule.direction === undefined && translated) problem("nat-to and rdr-to require a direction");
	if (rule.family === "inet6" && (rule.scrub?.noDf || rule.scrub?.randomId))
		problem("address family inet6 does not support scrub options no-df, random-id");
	if (rule.action === "match") {
		if (rule.divert) problem("divert is not supported on match rules");
		if (routed) problem("route-to, reply-to and dup-to are not supported on match rules");
		if (draft.options.afTo) problem("af-to is not supported on match rules");
	} else if (rule.action === "block" && routed) problem("route-to, reply-to and dup-to are not supported on block rules");
	return problems > 0;
}

/** What a running host has said of a tap, in words. */
import type { LiveHost } from "../host/live.ts";
import { say } from "../text/message.ts";
import { type Session, told } from "./session.ts";

/** Whose a tap is, in two or three words; and where that is from. */
export function liveTapText(session: Session, live: LiveHost, name: string): { readonly use: string; readonly more: string } {
	const tap = live.taps.find((each) => each.name === name);
	const use =
		tap === undefined
			? say("not on {0}", live.name)
			: tap.guest === undefined
				? say("unused on {0}", live.name)
				: say("{0}, {1}", tap.guest, told(session, stateText(tap.state ?? "unknown")));
	const source = live.simulated
		? say("{0} (simulated host), as of {1}", live.name, live.taken)
		: say("{0}, as of {1}", live.name, live.taken);
	const joined =
		tap?.bridge === undefined
			? []
			: [
					told(
						session,
						tap.switch === undefined ? say("member of {0}", tap.bridge) : say("member of {0}, switch {1}", tap.bridge, tap.switch),
					),
				];
	return { use: told(session, use), more: [told(session, source), ...joined].join("; ") };
}

function stateText(state: string) {
	switch (state) {
		case "running":
			return say("running");
		case "paused":
			return say("paused");
		case "stopping":
			return say("stopping");
		case "waiting":
			return say("waiting");
		case "stopped":
			return say("stopped");
		default:
			return say("state unknown");
	}
}

/** A text from a host that means nothing to Markdown. */
export function inert(text: string): string {
	return text.replace(/[\\`*_{}[\]()#+!|<>~&-]/g, "\\$&").replace(/\p{Cc}/gu, " ");
}

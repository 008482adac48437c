/** What a running host has said of a tap, in words. */
import { guestStateText, type LiveHost } from "../host/live.ts";
import { msg } from "../text/message.ts";
import { localize, type Session } from "./session.ts";

/** Whose a tap is, in two or three words; and where that is from. */
export function liveTapText(session: Session, live: LiveHost, name: string): { readonly use: string; readonly more: string } {
	const tap = live.taps.find((each) => each.name === name);
	const use =
		tap === undefined
			? msg("not on {0}", live.name)
			: tap.guest === undefined
				? msg("unused on {0}", live.name)
				: msg("{0}, {1}", tap.guest, localize(session, guestStateText(tap.state ?? "unknown")));
	const source = live.simulated
		? msg("{0} (simulated host), as of {1}", live.name, live.taken)
		: msg("{0}, as of {1}", live.name, live.taken);
	const joined =
		tap?.bridge === undefined
			? []
			: [
					localize(
						session,
						tap.switch === undefined ? msg("member of {0}", tap.bridge) : msg("member of {0}, switch {1}", tap.bridge, tap.switch),
					),
				];
	return { use: localize(session, use), more: [localize(session, source), ...joined].join("; ") };
}

/** A text from a host that means nothing to Markdown. */
export function inert(text: string): string {
	return text.replace(/[\\`*_{}[\]()#+!|<>~&-]/g, "\\$&").replace(/\p{Cc}/gu, " ");
}

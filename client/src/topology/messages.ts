/** What the extension and the page with the picture say to each other. */
import type { TopologyPath, TopologyPaths, TopologyPicture, TopologyPlace } from "@openbsd-vnet/server/protocol";

/** Texts of the page in the reader's language, by the keys of `texts.ts`. */
export type PageTexts = Readonly<Record<PageText, string>>;

export type PageText =
	| "openFolder"
	| "insertPattern"
	| "getStarted"
	| "details"
	| "tools"
	| "legend"
	| "fold"
	| "unfold"
	| "guests"
	| "guestsOf"
	| "policy"
	| "vlans"
	| "kindPhysical"
	| "kindVlan"
	| "kindSwitch"
	| "kindHost"
	| "kindGuest"
	| "kindAnchor"
	| "search"
	| "zoomIn"
	| "zoomOut"
	| "fit"
	| "saveSvg"
	| "savePng"
	| "picture"
	| "noMatch"
	| "lines"
	| "problems"
	| "paths"
	| "pathHelp"
	| "noPath"
	| "noEnd"
	| "bridged"
	| "routed"
	| "forwarded"
	| "trace"
	| "filtered"
	| "unfiltered"
	| "inactive"
	| "error"
	| "warning"
	| "information"
	| "hint"
	| "selected"
	| "rates"
	| "noRates"
	| "rateIn"
	| "rateOut"
	| "processor"
	| "memory"
	| "everySeconds"
	| "simulated";

/** What goes through a running host's interfaces in a second, and what its guests take of one processor, in percent, and of memory. */
export interface RatesOfPicture {
	/** Between two readings. */
	readonly seconds: number;
	readonly simulated: boolean;
	readonly links: readonly { readonly name: string; readonly in: PictureRate; readonly out: PictureRate }[];
	readonly guests: readonly { readonly name: string; readonly cpu?: number; readonly memory?: string }[];
}

interface PictureRate {
	readonly packets: number;
	readonly bits: number;
}

/** From the extension to the page. */
export type ToPage =
	| { readonly type: "picture"; readonly picture: TopologyPicture }
	| { readonly type: "empty"; readonly message: string }
	/** Of the host that is shown; without `rates` it is not followed, and cannot be where it is not `available`. */
	| { readonly type: "rates"; readonly available: boolean; readonly rates?: RatesOfPicture }
	/** The way of a packet that was traced. */
	| { readonly type: "way"; readonly path: TopologyPath }
	/** The answer to `paths`. */
	| { readonly type: "paths"; readonly from: string; readonly to: string; readonly answer: TopologyPaths | null };

/** From the page to the extension. */
export type FromPage =
	| { readonly type: "ready" }
	/** What one does where there is no host yet. */
	| { readonly type: "start"; readonly how: "folder" | "pattern" | "walkthrough" }
	| { readonly type: "reveal"; readonly place: TopologyPlace }
	| { readonly type: "paths"; readonly from: string; readonly to: string }
	/** Asks what pf does to a packet between two ends, by their names. */
	| { readonly type: "trace"; readonly from: string; readonly to: string }
	/** Starts or stops following the host's rates. */
	| { readonly type: "rates"; readonly follow: boolean }
	/** `data` is text for SVG, base64 for PNG. */
	| { readonly type: "save"; readonly format: "svg" | "png"; readonly data: string };

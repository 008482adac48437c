/** Paths whose language every editor tells by name and place, as the server does. */
import { languageOf } from "../../server/src/project/languages.ts";
import type { LanguageId } from "../../server/src/text/language.ts";

export const paths = [
	"h/etc/pf.conf",
	"h/pf.conf",
	"h/etc/pf.vm/web.conf",
	"h/etc/pf.vm/deep/web.conf",
	"h/pf.anchors/web.conf",
	"h/etc/pf.web",
	"h/etc/pf.os",
	"h/etc/pf.notes.md",
	"h/etc/vm.conf",
	"h/etc/vm.d/web.conf",
	"h/etc/hostname.em0",
	"h/etc/hostname.vlan10",
	"h/etc/hostname.00:0d:b9:12:34:56",
	"h/etc/policy.pftest",
	"h/etc/dhcpd.conf",
	"h/etc/hostname.em0.bak",
] as const;

export function languageOfPath(path: string): LanguageId | undefined {
	return languageOf(`/${path}`);
}

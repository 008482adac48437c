import { describe, expect, test } from "vitest";
import { checkHost } from "./checks.ts";
import { filesOf } from "./fixture.ts";
import { hostBuilder } from "./model.ts";

/** What a check finds in the files of a host, each as `PATH: words`. */
function find(code: string, host: string): readonly string[] {
	const files = filesOf(host);
	return [...checkHost(hostBuilder()({ name: "hv1", files }))].flatMap(([path, list]) =>
		list.filter((one) => one.code === code).map(({ span }) => `${path}: ${files.get(path)?.text.slice(span.start, span.end)}`),
	);
}

describe("a secret that everybody can read", () => {
	test.each([
		["/etc/hostname.umb0 0644\npin 1234\n", ["/etc/hostname.umb0: 1234"]],
		["/etc/hostname.umb0 0644\nchgpin 1234 5678\n", ["/etc/hostname.umb0: 1234 5678"]],
		["/etc/hostname.umb0 0644\npuk 12345678 1234\n", ["/etc/hostname.umb0: 12345678 1234"]],
		["/etc/hostname.iwm0 0604\nnwid a wpakey 12345678\n", ["/etc/hostname.iwm0: 12345678"]],
		["/etc/hostname.umb0 0640\npin 1234\n", []],
		["/etc/hostname.umb0 0644\napn internet\n", []],
	])("%j", (file, found) => {
		expect(find("host/readable-secret", `//- ${file}`)).toEqual(found);
	});
});

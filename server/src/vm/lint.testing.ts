/** For tests and docs/diagnostics.md: files of vmd, one for each code. */
import type { ExamplesOf } from "../text/example.testing.ts";
import type { VmCode } from "./lint.ts";

export const vmExamples: ExamplesOf<VmCode> = {
	"vm/syntax-error": {
		fault: `//- /etc/vm.conf
vm "a" {
	memory
}
`,
	},
	"vm/unterminated-string": {
		fault: `//- /etc/vm.conf
vm "a {
`,
	},
	"vm/string-too-long": {
		fault: `//- /etc/vm.conf\nvm "a" {\n\tdisk "/${"x".repeat(8200)}"\n}\n`,
	},
	"vm/invalid-number": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/var/vm/a.img"
	memory 99999999999999999999
}
`,
		mended: [["/etc/vm.conf", "\tmemory 99999999999999999999\n", "\tmemory 1G\n"]],
	},
	"vm/unknown-macro": {
		fault: `//- /etc/vm.conf
vm "a" {
	memory $size
}
`,
	},
	"vm/macro-name": {
		fault: `//- /etc/vm.conf
"a b" = "x"
`,
	},
	"vm/include": {
		fault: `//- /etc/vm.conf
include "/etc/vm.conf"
`,
	},
	"vm/included-faults": {
		fault: `//- /etc/vm.conf
include "/etc/vm.d/guests.conf"
//- /etc/vm.d/guests.conf
vm "a" {
	disk
}
`,
		mended: [["/etc/vm.d/guests.conf", "\tdisk\n", '\tdisk "/var/vm/a.img"\n']],
	},
	"vm/missing-interface": {
		fault: `//- /etc/vm.conf
switch "a" {
	up
}
`,
	},
	"vm/switch-interface": {
		fault: `//- /etc/vm.conf
switch "a" {
	interface em0
}
`,
	},
	"vm/interface-name": {
		fault: `//- /etc/vm.conf
vm "a" {
	interface em0
}
`,
	},
	"vm/group-name": {
		fault: `//- /etc/vm.conf
switch "a" {
	interface veb0
	group web1
}
`,
	},
	"vm/rdomain": {
		fault: `//- /etc/vm.conf
switch "a" {
	interface veb0
	rdomain 256
}
`,
	},
	"vm/lladdr": {
		fault: `//- /etc/vm.conf
vm "a" {
	interface { lladdr 1:2:3 }
}
`,
	},
	"vm/name-too-long": {
		fault: `//- /etc/vm.conf\nvm "${"a".repeat(64)}" {\n\tdisk "/var/vm/a.img"\n}\n`,
	},
	"vm/memory": {
		fault: `//- /etc/vm.conf
vm "a" {
	memory 1GB
}
`,
	},
	"vm/path": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk ""
}
`,
	},
	"vm/disk-format": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a" format vmdk
}
`,
	},
	"vm/too-many": {
		fault: `//- /etc/vm.conf
vm "a" {
	interfaces 5
}
`,
	},
	"vm/given-twice": {
		fault: `//- /etc/vm.conf
vm "a" {
	memory 1G
	memory 2G
}
`,
	},
	"vm/unknown-user": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/var/vm/a.img"
	owner alice
}
`,
		mended: [["/etc/vm.conf", "\towner alice\n", "\towner root\n"]],
		facts: { users: { root: 0 } },
	},
	"vm/unknown-group": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/var/vm/a.img"
	owner :admins
}
`,
		mended: [["/etc/vm.conf", "\towner :admins\n", "\towner :wheel\n"]],
		facts: { groups: { wheel: 0 } },
	},
	"vm/local-prefix": {
		fault: `//- /etc/vm.conf
local prefix 10.0.0.0/24
`,
	},
	"vm/agentx": {
		fault: `//- /etc/vm.conf
agentx path "master"
`,
	},
	"vm/no-disk": {
		fault: `//- /etc/vm.conf
vm "a" {
	memory 1G
}
`,
	},
	"vm/no-device": {
		fault: `//- /etc/vm.conf
vm "a" {
	disable
}
`,
	},
	"vm/guest-name": {
		fault: `//- /etc/vm.conf
vm "a b" {
	disk "/a"
}
`,
	},
	"vm/unknown-template": {
		fault: `//- /etc/vm.conf
vm "base" instance "a" {
	disk "/a"
}
`,
	},
	"vm/instance": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
}
vm "a" instance "b" {
	disk "/a"
}
`,
	},
	"vm/newer-word": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/var/vm/a.img"
	sev
}
`,
		mended: [["/etc/vm.conf", "\tsev\n", ""]],
		release: "7.5",
	},
	"vm/removed-word": {
		fault: `//- /etc/vm.conf
vm "a" {
	kernel "/bsd.rd"
	disk "/a"
}
`,
	},
	"vm/unknown-switch": {
		fault: `//- /etc/vm.conf
switch "lan" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lam" }
}
`,
	},
	"vm/disabled-switch": {
		fault: `//- /etc/vm.conf
switch "lan" {
	disable
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "lan" }
}
`,
	},
	"vm/duplicate-switch": {
		fault: `//- /etc/vm.conf
switch "a" {
	interface veb0
}
switch "a" {
	interface veb1
}
`,
	},
	"vm/shared-bridge": {
		fault: `//- /etc/vm.conf
switch "a" {
	interface veb0
}
switch "b" {
	interface veb0
}
`,
	},
	"vm/unused-switch": {
		fault: `//- /etc/vm.conf
switch "a" {
	interface veb0
}
vm "b" {
	disk "/b"
}
`,
	},
	"vm/shared-tap": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	interface tap0
}
vm "b" {
	disk "/b"
	interface tap0
}
`,
	},
	"vm/leading-zero": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	interface tap01
}
`,
	},
	"vm/tap-without-device": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	interface tap7
}
`,
	},
	"vm/tap-taken": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	interface
}
vm "b" {
	disk "/b"
	interface tap0
}
`,
	},
	"vm/multicast-lladdr": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	interface { lladdr 01:00:00:00:00:01 }
}
`,
	},
	"vm/shared-lladdr": {
		fault: `//- /etc/vm.conf
switch "s" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "s" lladdr 02:00:00:00:00:01 }
}
vm "b" {
	disk "/b"
	interface { switch "s" lladdr 02:00:00:00:00:01 }
}
`,
	},
	"vm/instance-lladdr": {
		fault: `//- /etc/vm.conf
switch "s" {
	interface veb0
}
vm "a" {
	disk "/a"
	interface { switch "s" }
}
vm "a" instance "b" {
	disk "/b"
}
`,
	},
	"vm/rdomain-differs": {
		fault: `//- /etc/vm.conf
switch "s" {
	interface veb0
	rdomain 1
}
vm "a" {
	disk "/a"
	interface { switch "s" rdomain 2 }
}
`,
	},
	"vm/local-and-switch": {
		fault: `//- /etc/vm.conf
switch "s" {
	interface veb0
}
vm "a" {
	disk "/a"
	local interface { switch "s" }
}
`,
	},
	"vm/duplicate-guest": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
}
vm "a" {
	disk "/b"
}
`,
	},
	"vm/numeric-name": {
		fault: `//- /etc/vm.conf
vm "42" {
	disk "/a"
}
`,
	},
	"vm/long-description": {
		fault: `//- /etc/vm.conf
vm "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" {
	disk "/a"
	interface
}
`,
	},
	"vm/memory-rounded": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	memory 1048577
}
`,
	},
	"vm/host-memory": {
		fault: `//- /etc/vm.conf
# the host has 4 GB
vm "a" {
	disk "/var/vm/a.img"
	memory 2G
}
vm "b" {
	disk "/var/vm/b.img"
	memory 3G
}
`,
		mended: [["/etc/vm.conf", "\tmemory 3G\n", "\tmemory 1G\n"]],
		facts: { memory: 4294967296 },
	},
	"vm/relative-path": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "a.img"
}
`,
	},
	"vm/format-differs": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a.qcow2" format raw
}
`,
	},
	"vm/shared-disk": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/x"
}
vm "b" {
	disk "/x"
}
`,
	},
	"vm/allow-without-owner": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	allow instance { memory }
}
`,
	},
	"vm/disabled-template": {
		fault: `//- /etc/vm.conf
vm "a" {
	disable
	disk "/a"
}
vm "a" instance "b" {
	disk "/b"
}
`,
	},
	"vm/not-permitted": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	allow instance { disk, owner root }
}
vm "a" instance "b" {
	disk "/b"
	memory 1G
}
`,
	},
	"vm/boot-device": {
		fault: `//- /etc/vm.conf
vm "a" {
	disk "/a"
	boot device cdrom
}
`,
	},
	"vm/no-parallel": {
		fault: `//- /etc/vm.conf
staggered start parallel 0 delay 30
`,
	},
	"vm/unused-macro": {
		fault: `//- /etc/vm.conf
a = "x"
`,
	},
	"vm/macro-in-quotes": {
		fault: `//- /etc/vm.conf
dir = "/var/vm"
vm "a" {
	disk "$dir/a.img"
	cdrom $dir
}
`,
	},
	"vm/joined-comment": {
		fault: '//- /etc/vm.conf\n# see \\\nx = "1"\n',
	},
};

/**
 * For tests: what each check tells of the example in its table, to the last word (`told` of fixture.ts): the place and the
 * message, advice, other places, what a fix changes. A check without its lines does not compile.
 */
import type { HostCode } from "./checks.ts";

export const tellings: Readonly<Record<HostCode, readonly string[]>> = {
	"host/switch-without-file": [
		'/etc/vm.conf:2 "veb0": "veb0" does not exist: no /etc/hostname.veb0',
		'advice: vmd exits at start, because it cannot set up switch "lan".',
		'preferred fix Create /etc/hostname.veb0: /etc/hostname.veb0:1 "" => "up\\n"',
	],
	"host/switch-rdomain": [
		'/etc/hostname.veb0:1 "1": vmd sets veb0 to rdomain 0',
		'advice: Write `rdomain 1` into switch "lan" of vm.conf.',
		'see /etc/vm.conf:1 "\\"lan\\"": The switch',
		'preferred fix Write `rdomain 1`: /etc/vm.conf:1 "{" => "{\\n\\trdomain 1"',
	],
	"host/switch-down": [
		'/etc/vm.conf:1 "\\"lan\\"": switch "lan" is down, so veb0 forwards nothing',
		'see /etc/hostname.veb0:1 "up": Brought up here, and taken down by vmd',
		'preferred fix Remove `down`: /etc/vm.conf:3 "\\tdown\\n" => ""',
	],
	"host/guest-lladdr": [
		'/etc/vm.conf:6 "02:00:00:00:00:01": 02:00:00:00:00:01 is the address of vport0, a member of veb0',
		'see /etc/hostname.vport0:1 "02:00:00:00:00:01": Set here',
	],
	"host/description-replaced": [
		'/etc/hostname.veb0:1 "description": vmd replaces the description of veb0',
		'preferred fix Remove this line: /etc/hostname.veb0:1 "description \\"guests\\"\\n" => ""',
	],
	"host/tap-added-early": [
		'/etc/hostname.veb0:1 "tap3": tap3 does not exist when netstart sets up veb0',
		"advice: Create /etc/hostname.tap3, be it with a comment alone, or leave the line out: vmd adds the tap itself.",
		'see /etc/vm.conf:6 "tap3": The guest that opens it',
		'preferred fix Create /etc/hostname.tap3: /etc/hostname.tap3:1 "" => "# a guest\'s tap, for veb0\\n"',
	],
	"host/tap-without-guest": [
		'/etc/hostname.tap3:1 "": tap3 belongs to no guest: vm.conf pins it nowhere',
		'see /etc/vm.conf:1 "": The guests',
	],
	"host/tap-in-other-segment": [
		'/etc/hostname.veb1:1 "tap3": tap3 of "a" is in veb0 by vm.conf',
		'see /etc/vm.conf:6 "\\"lan\\"": Plugged in here',
		'preferred fix Remove this line: /etc/hostname.veb1:1 "add tap3\\n" => ""',
	],
	"host/isolated-segment": [
		'/etc/vm.conf:1 "\\"lan\\"": switch "lan" leads nowhere: veb0 has no port but guests',
		"advice: Add an interface of the host to veb0: a physical one, or a vport with an address.",
		'see /etc/hostname.veb0:1 "": The ports of veb0',
	],
	"host/gateway-without-address": [
		'/etc/hostname.vport0:1 "": vport0 has no address, so the guests on veb0 have no gateway',
		'see /etc/hostname.veb0:1 "vport0": The segment',
		'fix Give vport0 an address: /etc/hostname.vport0:2 "" => "inet 192.0.2.1 255.255.255.0\\n"',
	],
	"host/local-without-forwarding": [
		'/etc/vm.conf:3 "local": The host does not forward, so this guest reaches the host alone',
		"advice: Set net.inet.ip.forwarding=1 in /etc/sysctl.conf.",
		'see /etc/sysctl.conf:1 "": The kernel\'s settings',
		'preferred fix Write `net.inet.ip.forwarding=1`: /etc/sysctl.conf:2 "" => "net.inet.ip.forwarding=1\\n"',
	],
	"host/unpinned-tap-in-file": [
		'/etc/vm.conf:7 "interface": This interface may take tap0, which is prepared for another guest',
		"advice: Pin a tap here as well: `interface tapN`.",
		'see /etc/hostname.tap0:1 "": tap0 is prepared here',
	],
	"host/locked-random-lladdr": [
		'/etc/vm.conf:7 "\\"lan\\"": "a" gets another MAC address at every start',
		"advice: dhcpd.conf knows the guest by its address: set `lladdr`.",
	],
	"host/include-missing": [
		'/etc/vm.conf:2 "\\"/etc/vm.d/b.conf\\"": failed to include file /etc/vm.d/b.conf',
		"advice: It is not among the files of this host.",
	],
	"host/file-not-included": [
		'/etc/vm.d/b.conf:1 "": vm.conf does not include /etc/vm.d/b.conf',
		'see /etc/vm.conf:1 "": What vmd reads',
		'preferred fix Add `include "/etc/vm.d/b.conf"`: /etc/vm.conf:4 "" => "include \\"/etc/vm.d/b.conf\\"\\n"',
	],
	"host/many-guests": ['/etc/vm.conf:1 "\\"lan\\"": 2 guests show 3 MAC addresses on em1, where 2 are allowed'],
	"host/switch-interface-is-port": [
		'/etc/hostname.veb0:1 "veb1": veb1 cannot be a member of veb0',
		"advice: To link two of them, add one end of a pair(4) to each.",
		'preferred fix Remove this line: /etc/hostname.veb0:1 "add veb1\\n" => ""',
	],
	"host/tap-with-address": [
		'/etc/hostname.tap3:1 "10.0.0.1": tap3 is a port of veb0: its address serves no one',
		'see /etc/vm.conf:6 "\\"lan\\"": Plugged in here',
		'preferred fix Remove this line: /etc/hostname.tap3:1 "inet 10.0.0.1 255.255.255.0\\n" => ""',
	],
	"host/missing-member": [
		'/etc/hostname.bridge0:1 "vlan10": vlan10 does not exist: no /etc/hostname.vlan10',
		"advice: bridge0 cannot be set up without it.",
		'fix Create /etc/hostname.vlan10: /etc/hostname.vlan10:1 "" => "up\\n"',
	],
	"host/wireless-member": [
		'/etc/hostname.bridge0:1 "iwx0": iwx0 is wireless: its access point drops what others send through bridge0',
		"advice: Give the guests a network of their own, and translate it.",
	],
	"host/lower-down": [
		'/etc/hostname.bridge0:1 "em1": em1 stays down: no /etc/hostname.em1',
		"advice: Nothing passes between bridge0 and em1 before it is up.",
		'preferred fix Write `up` into /etc/hostname.em1: /etc/hostname.em1:1 "" => "up\\n"',
	],
	"host/address-without-up": [
		'/etc/hostname.vport0:1 "10.50.0.1": vport0 stays down: an address does not bring it up',
		"advice: Nothing passes vport0 before it is up.",
		'preferred fix Write `up`: /etc/hostname.vport0:2 "" => "up\\n"',
	],
	"host/two-bridges": ['/etc/hostname.bridge1:1 "em1": em1 is already in bridge0', 'see /etc/hostname.bridge0:1 "em1": The first adding'],
	"host/trunk-and-bridge": [
		'/etc/hostname.bridge0:1 "em1": em1 is a port of trunk0, so bridge0 cannot have it',
		'see /etc/hostname.trunk0:1 "em1": The trunk',
		'preferred fix Add trunk0 instead: /etc/hostname.bridge0:1 "em1" => "trunk0"',
	],
	"host/trunk-port-address": [
		'/etc/hostname.em0:1 "192.0.2.2": em0 loses its address inside trunk0',
		"advice: Give the address to trunk0; its ports need `up` alone.",
		'see /etc/hostname.trunk0:1 "em0": The trunk',
	],
	"host/veb-port-address": [
		'/etc/hostname.em0:1 "192.0.2.2": em0 loses its address inside veb0',
		"advice: Give the address to a vport(4), and add that to veb0.",
		'see /etc/hostname.veb0:1 "em0": Added here',
	],
	"host/vether-in-veb": [
		'/etc/hostname.veb0:1 "vether0": The host cannot use vether0 inside veb0',
		"advice: A veb is joined with vport(4), a bridge with vether(4).",
	],
	"host/vport-in-bridge": [
		'/etc/hostname.bridge0:1 "vport0": vport0 does not work inside bridge0',
		"advice: A bridge is joined with vether(4), a veb with vport(4).",
	],
	"host/port-without-bridge": [
		'/etc/hostname.vport0:1 "": vport0 is attached to nothing',
		"advice: Write `add vport0` into the hostname file of a veb.",
		'preferred fix Write `add vport0` into /etc/hostname.veb0: /etc/hostname.veb0:2 "" => "add vport0\\n"',
	],
	"host/overlapping-networks": [
		'/etc/hostname.em1:1 "192.0.2.66": 192.0.2.64/26 is on em0 too',
		'see /etc/hostname.em0:1 "192.0.2.2": The other interface',
	],
	"host/same-address": [
		'/etc/hostname.em1:1 "192.0.2.2": 192.0.2.2 is the address of em0 too',
		'see /etc/hostname.em0:1 "192.0.2.2": The other interface',
	],
	"host/tunnel-domain": [
		'/etc/hostname.gif0:1 "5": gif0 is refused: wg0 makes routing domain 5 later',
		'see /etc/hostname.wg0:1 "5": Made here',
	],
	"host/mygate-ignored": [
		'/etc/mygate:1 "192.0.2.1": 192.0.2.1 is ignored: em0 gets its address from outside',
		'see /etc/hostname.em0:1 "autoconf": Asked for here',
	],
	"host/mygate-unreachable": ['/etc/mygate:1 "198.51.100.1": 198.51.100.1 is in no network of this host'],
	"host/self-parent": ['/etc/hostname.aggr0:1 "aggr0": aggr0 cannot stand on itself'],
	"host/patch-without-peer": ['/etc/hostname.pair0:1 "pair1": pair1 does not exist: no /etc/hostname.pair1'],
	"host/same-vlan": ['/etc/hostname.vlan2:1 "10": Tag 10 of em1 is already that of vlan1', 'see /etc/hostname.vlan1:1 "10": The first one'],
	"host/vlan-and-parent": [
		'/etc/hostname.bridge0:1 "em1": Tag 10 never reaches bridge0: vlan10 takes it',
		'see /etc/hostname.vlan10:2 "em1": The vlan interface',
		'preferred fix Add vlan10 instead: /etc/hostname.bridge0:1 "em1" => "vlan10"',
	],
	"host/tag-taken": [
		'/etc/hostname.veb0:2 "em1": Tag 10 never reaches veb0: vlan10 takes it',
		'see /etc/hostname.vlan10:2 "em1": The vlan interface',
	],
	"host/veb-drops-tags": [
		'/etc/hostname.veb0:1 "vport1": veb0 drops the tagged frames of vport1',
		"advice: Add `link0` to /etc/hostname.veb0.",
		'see /etc/hostname.vlan10:2 "vport1": A VLAN on this interface',
		'preferred fix Add `link0`: /etc/hostname.veb0:1 "" => "link0\\n"',
	],
	"host/port-without-vlan": [
		'/etc/hostname.veb0:8 "-untagged": tap2 is in no VLAN of veb0: all that it sends is dropped',
		"advice: Write `untagged tap2 VLAN`, or `tagged tap2 VLANS`.",
	],
	"host/vlan-of-one-port": ['/etc/hostname.veb0:2 "tagged": em1 is alone in VLAN 30 of veb0'],
	"host/vlan-without-interface": [
		'/etc/hostname.veb0:4 "tagged": Nothing on vport0 takes the frames of VLAN 30',
		"advice: Create a vlan interface with `vnetid 30` and `parent vport0`.",
	],
	"host/locked-out": [
		'/etc/hostname.veb0:6 "untagged": tap1 is locked, and has no static address for "web01"',
		"advice: Add `static tap1 fe:e1:bb:d1:00:01` to /etc/hostname.veb0.",
		'see /etc/vm.conf:6 "fe:e1:bb:d1:00:01": The guest\'s address',
		'preferred fix Write `static tap1 fe:e1:bb:d1:00:01`: /etc/hostname.veb0:7 "" => "static tap1 fe:e1:bb:d1:00:01\\n"',
	],
	"host/rule-on-tagged-port": [
		'/etc/pf.conf:2 "pass on { em1 tap1 tap2 vport0 vlan20 }": pf filters no packet on em1: everything that passes it is tagged',
		"advice: Write the rule for the guests' taps, where their frames have no tag, or for a vport.",
		'see /etc/hostname.veb0:4 "tagged": Here the port gets its VLANs',
	],
	"host/guest-tags-past-pf": ['/etc/hostname.veb0:8 "tagged": What "web01" sends with a tag passes tap1 past pf'],
	"host/binding-without-port": ['/etc/hostname.veb1:2 "tap3": tap3 is not a port of veb1', "advice: Write `add tap3` above this line."],
	"host/binding-lladdr-differs": [
		'/etc/hostname.veb1:3 "fe:e1:bb:d1:00:09": "web01" has fe:e1:bb:d1:00:01 on tap3',
		'see /etc/vm.conf:6 "fe:e1:bb:d1:00:01": Its MAC address',
		'preferred fix Write fe:e1:bb:d1:00:01: /etc/hostname.veb1:3 "fe:e1:bb:d1:00:09" => "fe:e1:bb:d1:00:01"',
	],
	"host/binding-random-lladdr": [
		'/etc/hostname.veb1:3 "fe:e1:bb:d1:00:01": vm.conf gives "web01" no MAC address: it has another one at each start',
		"advice: Add `lladdr fe:e1:bb:d1:00:01` to the guest's interface.",
		'see /etc/vm.conf:6 "interface tap3 { switch \\"isolated\\" }": The guest\'s interface',
	],
	"host/binding-address-differs": [
		'/etc/hostname.veb1:3 "10.50.0.21": "web01" gets 10.50.0.20 from dhcpd',
		'see /etc/dhcpd.conf:2 "10.50.0.20": Its fixed address',
		'preferred fix Write 10.50.0.20: /etc/hostname.veb1:3 "10.50.0.21" => "10.50.0.20"',
	],
	"host/dhcp-same-address": [
		'/etc/dhcpd.conf:3 "10.50.0.20": 10.50.0.20 is the address of web01 as well',
		'see /etc/dhcpd.conf:2 "10.50.0.20": The other guest',
	],
	"host/dhcp-same-ethernet": [
		'/etc/dhcpd.conf:3 "fe:e1:bb:d1:00:01": fe:e1:bb:d1:00:01 is the MAC address of web01 as well',
		'see /etc/dhcpd.conf:2 "fe:e1:bb:d1:00:01": The other entry',
	],
	"host/dhcp-fixed-is-host": [
		'/etc/dhcpd.conf:2 "10.50.0.1": 10.50.0.1 is the host\'s own address',
		'see /etc/hostname.vport0:1 "10.50.0.1": The host\'s',
	],
	"host/dhcp-netmask-differs": [
		'/etc/dhcpd.conf:1 "255.255.255.0": vport0 has /16, not /24',
		'see /etc/hostname.vport0:1 "10.50.0.1": The interface\'s address',
	],
	"host/dhcpd-on-uplink": [
		'/etc/rc.conf.local:1 "vport0": dhcpd on vport0 also answers the network of the gateway 10.50.0.254',
		'see /etc/mygate:1 "10.50.0.254": The way outside',
	],
	"host/same-lladdr": [
		'/etc/hostname.vport1:1 "fe:e1:bb:d1:00:fe": fe:e1:bb:d1:00:fe is the MAC address of vport0 as well',
		'see /etc/hostname.vport0:1 "fe:e1:bb:d1:00:fe": The other interface',
	],
	"host/file-not-read": ['/etc/hostname.em0:1 "": /etc/hostname.em0 is not read: it is a device, a pipe or a socket'],
	"host/vmd-off": [
		'/etc/rc.conf.local:1 "": vmd is not enabled, so no guest of vm.conf starts',
		'preferred fix Enable vmd: /etc/rc.conf.local:2 "" => "vmd_flags=\\n"',
	],
	"host/rc-conf-elsewhere": [
		'/etc/rc.conf.local:1 "httpd_enable=YES": rc(8) does not read httpd_enable: it is a variable of another system',
		"advice: OpenBSD enables a daemon by `NAME_flags=`, as `rcctl enable NAME` writes it.",
		'see /etc/rc.conf.local:2 "pf_enable=YES": The same here',
	],
	"host/dhcpd-on-bridge": [
		'/etc/rc.conf.local:1 "veb0": Can\'t listen on veb0 - it has no IP address.',
		"advice: Name the host's own port of that segment: a vport in a veb, a vether in a bridge.",
		'preferred fix Name vport0: /etc/rc.conf.local:1 "veb0" => "vport0"',
	],
	"host/dhcpd-without-address": [
		'/etc/rc.conf.local:1 "em1": Can\'t listen on em1 - it has no IP address.',
		'see /etc/hostname.em1:1 "": Where its address would be',
	],
	"host/dhcpd-without-subnet": [
		'/etc/rc.conf.local:1 "em0": /etc/dhcpd.conf has no subnet declaration for em0 (192.0.2.2)',
		'see /etc/hostname.em0:1 "192.0.2.2": The address',
	],
	"host/dhcpd-two-networks": [
		'/etc/dhcpd.conf:3 "10.51.0.0": dhcpd gives out nothing of this on vport0: it takes the first network of an interface alone',
		"advice: Put both subnets into a `shared-network`.",
		'see /etc/dhcpd.conf:1 "10.50.0.0": The first one',
	],
	"host/dhcpd-rdomains": [
		'/etc/rc.conf.local:1 "em2": Interface em2 is not in rdomain 0',
		"advice: dhcpd exits here: it serves one routing domain.",
		'see /etc/rc.conf.local:1 "em1": The first interface',
	],
	"host/local-without-rad": [
		'/etc/vm.conf:1 "local inet6": Guests are not told of their IPv6 network: rad is not enabled',
		"advice: Run `rcctl enable rad` on the host, and write `interface tap` into rad.conf.",
	],
	"host/dhcpd-off": [
		'/etc/dhcpd.conf:1 "10.50.0.0": dhcpd does not serve vport0, so this subnet is never used',
		"advice: Set dhcpd_flags=vport0 in /etc/rc.conf.local.",
		'see /etc/hostname.vport0:1 "10.50.0.1": The segment\'s address',
	],
	"host/dhcp-range": ['/etc/dhcpd.conf:2 "10.51.0.9": 10.51.0.9 is not in 10.50.0.0/24', 'see /etc/dhcpd.conf:1 "10.50.0.0": The subnet'],
	"host/dhcp-fixed-in-range": [
		'/etc/dhcpd.conf:3 "10.50.0.7": 10.50.0.7 is in a range that dhcpd gives out',
		'see /etc/dhcpd.conf:2 "range 10.50.0.5 10.50.0.9;": The range',
	],
	"host/dhcp-overlapping-ranges": [
		'/etc/dhcpd.conf:3 "range 10.50.0.9 10.50.0.20;": This range overlaps with 10.50.0.5',
		'see /etc/dhcpd.conf:2 "range 10.50.0.5 10.50.0.9;": The other range',
	],
	"host/dhcp-gateway-in-range": [
		'/etc/dhcpd.conf:2 "range 10.50.0.1 10.50.0.9;": 10.50.0.1, the address of vport0, is in this range',
		'see /etc/hostname.vport0:1 "10.50.0.1": The host\'s address',
	],
	"host/dhcp-routers": [
		'/etc/dhcpd.conf:2 "10.50.0.254": vport0 has 10.50.0.1, so guests get a gateway that is not there',
		'see /etc/hostname.vport0:1 "10.50.0.1": The host\'s address',
		'preferred fix Write 10.50.0.1: /etc/dhcpd.conf:2 "10.50.0.254" => "10.50.0.1"',
	],
	"host/dhcp-no-router": [
		'/etc/dhcpd.conf:1 "10.50.0.0": Guests behind vport0 hear of no gateway',
		"advice: Add `option routers 10.50.0.1;`.",
		'see /etc/hostname.vport0:1 "10.50.0.1": The host\'s address',
		'preferred fix Add `option routers 10.50.0.1;`: /etc/dhcpd.conf:2 "" => "option routers 10.50.0.1;\\n"',
	],
	"host/dhcp-unknown-ethernet": [
		'/etc/dhcpd.conf:2 "02:00:00:00:00:01": No guest of vm.conf has the address 02:00:00:00:00:01',
		'see /etc/vm.conf:1 "\\"a\\"": The guest of that name',
	],
	"host/forwarding-off": [
		'/etc/sysctl.conf:1 "net.inet.ip.forwarding=0": Guests behind vport0 reach the host alone: net.inet.ip.forwarding is not 1',
		'see /etc/hostname.vport0:1 "10.50.0.1": The guests\' gateway',
		'preferred fix Write `net.inet.ip.forwarding=1`: /etc/sysctl.conf:1 "net.inet.ip.forwarding=0" => "net.inet.ip.forwarding=1"',
	],
	"host/forwarding6-off": [
		'/etc/sysctl.conf:1 "": Guests behind vport0 reach the host alone: net.inet6.ip6.forwarding is not 1',
		'see /etc/hostname.vport0:1 "fd00::1": The guests\' gateway',
		'preferred fix Write `net.inet6.ip6.forwarding=1`: /etc/sysctl.conf:2 "" => "net.inet6.ip6.forwarding=1\\n"',
	],
	"host/sysctl-words": [
		'/etc/sysctl.conf:1 "net.inet.ip.forwarding": This sets nothing: no blanks may stand around the equals sign',
		'preferred fix Write `net.inet.ip.forwarding=1`: /etc/sysctl.conf:1 "net.inet.ip.forwarding = 1" => "net.inet.ip.forwarding=1"',
	],
	"host/sysctl-line": [
		'/etc/sysctl.conf:1 "net.inet.ip.forwarding=1": sysctl takes this line for empty: it has a blank in front',
		'preferred fix Delete the blanks in front: /etc/sysctl.conf:1 "  " => ""',
	],
	"host/sysctl-name": [
		'/etc/sysctl.conf:1 "net.inet.ip.forwading": net.inet.ip.forwading is not a setting of the kernel',
		'preferred fix Write net.inet.ip.forwarding: /etc/sysctl.conf:1 "net.inet.ip.forwading" => "net.inet.ip.forwarding"',
	],
	"host/dhcp-wrong-segment": [
		'/etc/dhcpd.conf:2 "10.51.0.9": 10.51.0.9 is not in the network of veb0, where a is plugged in',
		'see /etc/vm.conf:6 "\\"lan\\"": The guest\'s switch',
	],
	"host/pf-off": ['/etc/rc.conf.local:1 "pf=NO": pf.conf is never loaded: pf is switched off', 'see /etc/pf.conf:1 "": The rules'],
	"host/file-mode": [
		'/etc/pf.conf:1 "": mode 0644 is more than 0600',
		"advice: On the host: chown root:wheel /etc/pf.conf && chmod 0600 /etc/pf.conf",
	],
	"host/readable-secret": [
		'/etc/hostname.carp0:1 "hunter2": Every user of the host can read what follows pass',
		"advice: On the host: chmod 0640 /etc/hostname.carp0, and change the key.",
	],
	"host/shadowed-hostname": ['/etc/hostname.em0.bak:1 "": netstart does not read /etc/hostname.em0.bak'],
	"host/rule-on-bridge": [
		'/etc/pf.conf:3 "pass in on bridge0 proto tcp to port 80": pf sees no packet on bridge0',
		"advice: Write the bridge's members, or the host's vether.",
	],
	"host/rule-in-on-veb": [
		'/etc/pf.conf:4 "pass in on veb0 proto tcp to port 80": Nothing comes in on veb0',
		"advice: Write its ports: what a guest sends comes in on its tap.",
	],
	"host/veb-without-link1": [
		'/etc/pf.conf:4 "pass out on tap3 proto tcp to port 80": pf does not filter the ports of veb0: it has no link1',
		"advice: No rule on its taps matches anything. Add `link1` to /etc/hostname.veb0.",
		'see /etc/hostname.veb0:1 "": The veb',
		'preferred fix Add link1 to /etc/hostname.veb0: /etc/hostname.veb0:1 "" => "link1\\n"',
	],
	"host/rule-on-unpinned-tap": [
		'/etc/pf.conf:4 "tap9": tap9 may be any guest\'s: vm.conf pins it nowhere',
		"advice: Write `interface tap9` into the guest's block, or give the interface a group and use that here.",
		'see /etc/vm.conf:1 "": The guests',
	],
	"host/tap-address": [
		'/etc/pf.conf:4 "pass out on tap3 proto tcp to (tap3) port 80": (tap3) has no address, so this never matches',
		"advice: Write the guest's own address.",
		'see /etc/vm.conf:6 "tap3": The guest\'s interface',
		'preferred fix Write `any`: /etc/pf.conf:4 "(tap3)" => "any"',
	],
	"host/interface-without-address": [
		'/etc/pf.conf:4 "pass in to (em1)": em1 has no address: (em1) is empty',
		"advice: Add an `inet` line to /etc/hostname.em1, or write the interface that has the address.",
		'see /etc/hostname.em1:1 "": Its hostname file',
	],
	"host/reversed-direction": [
		'/etc/pf.conf:4 "pass in on tap3 inet proto tcp to 10.50.0.20 port 80": What reaches web01 goes out on tap3, not in',
		'see /etc/vm.conf:6 "tap3": The guest\'s tap',
		'preferred fix Write `out`: /etc/pf.conf:4 "in" => "out"',
	],
	"host/routed-past-tap": [
		'/etc/pf.conf:3 "pass out on tap3 inet from 192.0.2.0/24": Packets between web01 and other networks pass vether0, not tap3',
		'see /etc/hostname.vether0:1 "": Where pf sees them',
	],
	"host/skip-on-guest": [
		'/etc/pf.conf:2 "tap3": pf lets everything pass on tap3',
		"advice: No rule for the guests there takes effect.",
		'preferred fix Remove `tap3`: /etc/pf.conf:2 "set skip on tap3\\n" => ""',
	],
	"host/floating-states": [
		'/etc/pf.conf:3 "block in on tap3 proto udp": A state made on vport0 lets packets past the rules on tap3',
		"advice: Write `set state-policy if-bound` at the top of pf.conf.",
		'preferred fix Add `set state-policy if-bound`: /etc/pf.conf:1 "" => "set state-policy if-bound\\n"',
	],
	"host/urpf-on-port": ['/etc/pf.conf:4 "block in on tap3 from urpf-failed": Every packet on tap3 fails this test'],
	"host/translation-on-port": [
		'/etc/pf.conf:4 "pass in on tap3 inet proto tcp to port 80 rdr-to 10.50.0.20": Translation on tap3 does not work: the frame keeps its MAC addresses',
	],
	"host/synproxy-on-bridge": [
		'/etc/pf.conf:3 "pass in on tap3 proto tcp to port 80 synproxy state": No connection is made by way of tap3: pf proxies none for a bridge',
		"advice: Write `keep state`.",
		'preferred fix Write `keep`: /etc/pf.conf:3 "synproxy" => "keep"',
	],
	"host/empty-group": ['/etc/pf.conf:3 "pass in on wob": No interface is in group wob'],
	"host/rule-on-missing-interface": ['/etc/pf.conf:4 "pass in on vlan7": vlan7 does not exist: no /etc/hostname.vlan7'],
	"host/rule-without-hostname-file": [
		'/etc/pf.conf:4 "igc22": There is no /etc/hostname.igc22; hostname files are there for igc1, igc2',
		"advice: No file brings igc22 up, so no packet passes there.",
		'preferred fix Write `igc2`: /etc/pf.conf:4 "igc22" => "igc2"',
	],
	"host/block-return-on-port": [
		'/etc/pf.conf:3 "block return in on tap3 proto udp": On tap3, a port of a bridge, pf can answer TCP over IPv4 alone',
		'preferred fix Write `block drop`: /etc/pf.conf:3 "block return" => "block drop"',
	],
	"host/tags-past-pf": [
		'/etc/hostname.veb0:3 "em1": Frames with a VLAN tag pass veb0 past pf',
		"advice: Bridge the vlan(4) interface that the guests shall be in, instead of em1.",
	],
	"host/anchor-of-other-guest": [
		'/etc/pf.vm/web01.conf:1 "pass out on tap2 proto tcp to port 80": tap2 is the tap of db01, in the anchor of web01',
		'see /etc/vm.conf:7 "tap2": Pinned here',
		'preferred fix Write `tap3`: /etc/pf.vm/web01.conf:1 "tap2" => "tap3"',
	],
	"host/anchor-before-block": [
		'/etc/pf.conf:2 "anchor \\"vm/*\\"": What anchor "vm/*" passes is blocked again below',
		"advice: The last matching rule wins: call the anchor after the block.",
		'see /etc/pf.conf:3 "block": The block',
		'preferred fix Call it after the block: /etc/pf.conf:2 "anchor \\"vm/*\\"\\n" => "", /etc/pf.conf:4 "" => "anchor \\"vm/*\\"\\n"',
	],
	"host/load-anchor-glob": [
		'/etc/pf.conf:4 "\\"/etc/pf.vm/*.conf\\"": pfctl opens /etc/pf.vm/*.conf as the name of one file',
		"advice: Write one `load anchor` for each file; nothing of this ruleset is loaded otherwise.",
		'preferred fix One line for each file: /etc/pf.conf:4 "load anchor \\"vm/*\\" from \\"/etc/pf.vm/*.conf\\"" => "load anchor \\"vm/web01\\" from \\"/etc/pf.vm/web01.conf\\""',
	],
	"host/load-anchor-path": [
		'/etc/pf.conf:4 "\\"/etc/pf.anchors/web01.conf\\"": /etc/pf.anchors/web01.conf: No such file or directory',
		"advice: pfctl refuses the whole ruleset without it.",
	],
	"host/anchor-not-called": [
		'/etc/pf.conf:4 "\\"vm/web01\\"": No rule calls anchor "vm/web01"',
		'advice: Write `anchor "vm/web01"` where its rules shall count.',
		'preferred fix Add `anchor "vm/web01"`: /etc/pf.conf:4 "" => "anchor \\"vm/web01\\"\\n"',
	],
	"host/anchor-empty": [
		'/etc/pf.conf:3 "anchor \\"vm/*\\"": Nothing is loaded for anchor "vm/*"',
		'preferred fix Remove this line: /etc/pf.conf:3 "anchor \\"vm/*\\"\\n" => ""',
	],
	"host/guest-without-policy": ['/etc/vm.conf:10 "\\"lan\\"": No rule of pf.conf blocks anything for "db01" here'],
	"host/anchor-file-not-loaded": [
		'/etc/pf.vm/web01.conf:1 "": pf.conf does not load /etc/pf.vm/web01.conf',
		'see /etc/pf.conf:4 "\\"/etc/pf.vm/db01.conf\\"": A file of that folder that is loaded',
		'preferred fix Add `load anchor "vm/web01" from "/etc/pf.vm/web01.conf"`: /etc/pf.conf:5 "" => "load anchor \\"vm/web01\\" from \\"/etc/pf.vm/web01.conf\\"\\n"',
	],
	"host/address-outside-segment": [
		'/etc/pf.conf:4 "block in on tap3 inet from 10.51.0.20": 10.51.0.20 is in no network of veb0',
		'see /etc/hostname.vport0:1 "10.50.0.1": The segment\'s network',
	],
	"host/anchor-address-differs": [
		'/etc/pf.vm/web01.conf:1 "pass out on tap3 inet proto tcp to 10.50.0.21 port 80": web01 has 10.50.0.20 in dhcpd.conf, 10.50.0.21 here',
		'see /etc/dhcpd.conf:2 "10.50.0.20": Its fixed address',
		'preferred fix Write `10.50.0.20`: /etc/pf.vm/web01.conf:1 "10.50.0.21" => "10.50.0.20"',
	],
	"host/nat-without-forwarding": [
		'/etc/pf.conf:2 "match out on em0 inet from any nat-to (em0)": The host does not forward: net.inet.ip.forwarding is not 1',
		'see /etc/sysctl.conf:1 "net.inet.ip.forwarding=0": The kernel\'s settings',
		'preferred fix Write `net.inet.ip.forwarding=1`: /etc/sysctl.conf:1 "net.inet.ip.forwarding=0" => "net.inet.ip.forwarding=1"',
	],
	"host/no-uplink": [
		'/etc/pf.conf:2 "em0": em0 is taken for the way outside: there is no /etc/hostname.em0',
		"advice: It is taken to get its address from there.",
		'preferred fix Create /etc/hostname.em0, with an address from outside: /etc/hostname.em0:1 "" => "inet autoconf\\n"',
	],
	"host/no-nat": [
		'/etc/hostname.vport0:1 "10.50.0.1": No rule translates what comes from 10.50.0.1/24',
		"advice: The guests behind vport0 reach the host and what knows a route back, but not the Internet.",
		'preferred fix Translate what comes from 10.50.0.0/24: /etc/pf.conf:2 "" => "match out on egress inet from 10.50.0.0/24 nat-to (egress)\\n"',
	],
	"host/endless-load": [
		'/etc/pf.vm/web01.conf:1 "\\"/etc/pf.vm/web01.conf\\"": anchor name is longer than 1023',
		"advice: /etc/pf.vm/web01.conf is being loaded already: pfctl would load it again and again, each time into an anchor below.",
	],
	"host/anchor-loaded-twice": [
		'/etc/pf.conf:5 "\\"vm/web01\\"": anchor "vm/web01" is loaded above: what /etc/pf.vm/web01.conf put there is lost',
		'see /etc/pf.conf:4 "\\"vm/web01\\"": Loaded first',
	],
	"host/anchor-file-of-other-guest": [
		'/etc/pf.conf:4 "\\"/etc/pf.vm/db01.conf\\"": /etc/pf.vm/db01.conf is the file of "db01", in the anchor of "web01"',
		'preferred fix Write `/etc/pf.vm/web01.conf`: /etc/pf.conf:4 "\\"/etc/pf.vm/db01.conf\\"" => "/etc/pf.vm/web01.conf"',
	],
	"host/anchor-without-guest": ['/etc/pf.conf:5 "\\"vm/gone\\"": vm.conf has no guest "gone"'],
	"host/anchor-address-dynamic": [
		'/etc/pf.vm/web01.conf:1 "pass out on tap3 inet proto tcp to 10.50.0.130 port 80": 10.50.0.130 is in a range of dhcpd.conf: it is not always the address of web01',
		"advice: Add `host web01` with `hardware ethernet` and `fixed-address` to dhcpd.conf.",
	],
	"host/rdr-to-dynamic": [
		'/etc/pf.conf:3 "pass in on em0 inet proto tcp to (em0) port 80 rdr-to 10.50.0.120": 10.50.0.120 is in a range of dhcpd.conf, 10.50.0.100 10.50.0.199',
	],
	"host/nat-other-network": [
		'/etc/pf.conf:2 "match out on em0 inet from 10.51.0.0/24 nat-to (em0)": No interface of the host is in 10.51.0.0/24',
	],
	"host/nat-on-inner-interface": [
		'/etc/pf.conf:2 "match out on vport0 inet from 10.50.0.0/24 nat-to (em0)": vport0 leads to guests; packets to the outside leave by em0',
	],
	"host/nat-address-at-load": [
		'/etc/pf.conf:2 "match out on em0 inet from 10.50.0.0/24 nat-to em0": em0 gets its address from outside, and this is the one that it has at load',
		"advice: Write `(em0)`.",
		'see /etc/hostname.em0:1 "autoconf": Its address',
		'preferred fix Write `(em0)`: /etc/pf.conf:2 "em0" => "(em0)"',
	],
	"host/no-sysctl-conf": [
		'/etc/hostname.vport0:1 "10.50.0.1": The host does not forward: there is no /etc/sysctl.conf',
		"advice: Without net.inet.ip.forwarding=1, packets end at the host.",
		'preferred fix Write `net.inet.ip.forwarding=1`: /etc/sysctl.conf:1 "" => "net.inet.ip.forwarding=1\\n"',
	],
	"host/sysctl-conf-elsewhere": [
		'/etc/pf.conf:2 "match out on em0 inet nat-to (em0)": /etc/sysctl.conf is not in this folder: whether the host forwards is not known',
		"advice: Without net.inet.ip.forwarding=1, packets end at the host.",
	],
	"host/no-rc-conf-local": [
		'/etc/vm.conf:4 "\\"a\\"": Nothing enables vmd: there is no /etc/rc.conf.local',
		"advice: No guest starts at boot.",
		'preferred fix Enable vmd: /etc/rc.conf.local:1 "" => "vmd_flags=\\n"',
	],
	"host/no-dhcpd-conf": ['/etc/rc.conf.local:1 "vport0": dhcpd does not start: there is no /etc/dhcpd.conf'],
	"host/no-address-at-load": [
		'/etc/pf.conf:2 "match out on em0 inet from em1:network nat-to (em0)": no IP address found for em1:network',
		"advice: /etc/hostname.em1 gives em1 no address: pfctl refuses the whole ruleset.",
		'see /etc/hostname.em1:1 "": Its hostname file',
	],
	"host/name-at-load": [
		'/etc/pf.conf:3 "pass in from www.example.com": pfctl asks for the addresses of www.example.com when it loads the rules',
		"advice: Where nobody answers, such as at boot, it refuses the whole ruleset.",
	],
	"host/file-misspelt": [
		'/etc/pf.conf:4 "\\"/etc/pf.anchors/proxy_ftp\\"": No /etc/pf.anchors/proxy_ftp is here: did you mean proxy-ftp?',
		"advice: pfctl opens exactly this path.",
		'preferred fix Write `/etc/pf.anchors/proxy-ftp`: /etc/pf.conf:4 "\\"/etc/pf.anchors/proxy_ftp\\"" => "\\"/etc/pf.anchors/proxy-ftp\\""',
	],
	"host/pair-vhid": ['/etc/hostname.carp0:1 "1": Both hosts take 192.0.2.1: carp0 of hv2 has vhid 2', "advice: Give both the same vhid."],
	"host/pair-pass": [
		'/etc/hostname.carp0:1 "secret": Both hosts take 192.0.2.1: carp0 of hv2 has another password',
		"advice: Give both the same password.",
	],
	"host/pair-addresses": ['/etc/hostname.carp0:2 "192.0.2.10": Both hosts take 192.0.2.1: carp0 of hv2 lacks 192.0.2.10'],
	"host/pair-peer": ['/etc/hostname.carp0:1 "192.0.2.4": 192.0.2.4 isn\'t an address of hv2: its em0 has 192.0.2.3'],
	"host/pair-skew": [
		'/etc/hostname.carp0:1 "1": Nothing decides which host leads for 192.0.2.1: carp0 of hv2 has advskew 0 too',
		"advice: Give the host that is to stand in a higher advskew.",
	],
	"host/pair-missing": ['/etc/hostname.carp1:1 "10.0.0.1": hv2 doesn\'t take over 10.0.0.1: none of its carp interfaces has that address'],
	"host/pair-sync-missing": [
		'/etc/hostname.pfsync0:1 "em2": hv2 hears of no states: it has no pfsync interface',
		'see /etc/hostname.carp0:1 "1": An address that it takes over',
	],
};

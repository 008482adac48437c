// Changes of a host that are deployed to a real one: the files of before, those of after, and what must become of it.
//
// IF1 and IF2 stand for two interfaces that nobody needs. A file that a change does not name is as before; null takes it away.

const KEY = "OJDGKh3wUsHrmYpNSJfXb7bP3f2KpZ0vYw1cS0r5S3U=";
const KEY_2 = "8Kk0m1xv5mPjTn0Gq2F7cYb4dWl9sRz3uEoHiA6tXVQ=";
const PEER = "0Fh2sCqSgVoUnm0kP1Nh0sHZ8JkYkqvLr0sA9hX7m1A=";
const PEER_2 = "vH0zq1h0m5c9JpYtQ4cJxvR2bK3rV9nXy6uE8wTzL0Q=";

const PSK = "mF0RkWkJ0s5yH1bCkZ7m3nV2c9uS0aXq1e4r5t6y7u8=";

/** Whether we reach the machine without a gateway: another one would take us the way there. */
const isNear = '! route -n get "$(echo $SSH_CONNECTION | cut -d " " -f 1)" | grep -q gateway:';

/** Whether vmd can run. */
export const hasVmm = "dmesg | grep -q '^vmm0 at'";

/**
 * @typedef {object} Change
 * @property {string} name
 * @property {Record<string, string>} before by their names below /etc
 * @property {Record<string, string | null>} after
 * @property {"deployed" | "differs" | "refused"} [becomes] deployed where not said; `differs` is deployed, with something else than after a start
 * @property {boolean} [interrupts] it needs `--interrupt`
 * @property {string} [needs] a command that fails on a machine where it cannot be tried
 */

/** @type {readonly Change[]} */
export const changes = [
	{
		name: "bridge with vether, both new",
		before: {},
		after: { "hostname.bridge0": "add vether0\nup\n", "hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n" },
	},
	{
		name: "bridge: a member and a rule go, another comes",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n",
			"hostname.bridge0": "add vether0\nadd IF1\nrule block in on IF1 src fe:e1:ba:d0:00:01\nup\n",
		},
		after: { "hostname.bridge0": "add vether0\nadd IF2\nrule block in on IF2 src fe:e1:ba:d0:00:02\nup\n" },
	},
	{
		name: "veb with vport, both new, and a rule",
		before: { "hostname.IF1": "up\n" },
		after: {
			"hostname.veb0": "link1\nadd vport0\nadd IF1\nrule block in on IF1 src fe:e1:ba:d0:00:01\nup\n",
			"hostname.vport0": "inet 10.62.0.1 255.255.255.0\nup\n",
		},
	},
	{
		name: "veb: link1 and a rule go, a member comes",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.vport0": "inet 10.62.0.1 255.255.255.0\nup\n",
			"hostname.veb0": "link1\nadd vport0\nadd IF1\nrule block in on IF1 src fe:e1:ba:d0:00:01\nup\n",
		},
		after: { "hostname.veb0": "add vport0\nadd IF1\nadd IF2\nup\n" },
	},
	{
		name: "vlan: address alone",
		before: { "hostname.IF1": "up\n", "hostname.vlan7": "parent IF1 vnetid 7\ninet 10.63.0.1 255.255.255.0\nup\n" },
		after: { "hostname.vlan7": "parent IF1 vnetid 7\ninet 10.63.0.2 255.255.255.0\nup\n" },
	},
	{
		name: "vlan: tag and address",
		before: { "hostname.IF1": "up\n", "hostname.vlan7": "parent IF1 vnetid 7\ninet 10.63.0.1 255.255.255.0\nup\n" },
		after: { "hostname.vlan7": "parent IF1 vnetid 8\ninet 10.63.0.2 255.255.255.0\nup\n" },
	},
	{
		name: "vlan: parent",
		before: { "hostname.IF1": "up\n", "hostname.IF2": "up\n", "hostname.vlan7": "parent IF1 vnetid 7\ninet 10.63.0.1 255.255.255.0\nup\n" },
		after: { "hostname.vlan7": "parent IF2 vnetid 7\ninet 10.63.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "trunk: a port more",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.trunk0": "trunkproto failover trunkport IF1\ninet 10.64.0.1 255.255.255.0\nup\n",
		},
		after: { "hostname.trunk0": "trunkproto failover trunkport IF1 trunkport IF2\ninet 10.64.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "aggr: a port goes, another comes",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.aggr0": "trunkport IF1\ninet 10.64.1.1 255.255.255.0\nup\n",
		},
		after: { "hostname.aggr0": "trunkport IF2\ninet 10.64.1.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "gif: another end of the tunnel",
		before: { "hostname.gif0": "tunnel 192.0.2.1 192.0.2.2\ninet 10.71.0.1 255.255.255.255 NONE\ndest 10.71.0.2\nup\n" },
		after: { "hostname.gif0": "tunnel 192.0.2.1 192.0.2.3\ninet 10.71.0.1 255.255.255.255 NONE\ndest 10.71.0.2\nup\n" },
	},
	{
		name: "gif: another address, and the tunnel goes",
		before: { "hostname.gif0": "tunnel 192.0.2.1 192.0.2.2\ninet 10.71.0.1 255.255.255.255 NONE\ndest 10.71.0.2\nup\n" },
		after: { "hostname.gif0": "inet 10.71.0.9 255.255.255.255 NONE\ndest 10.71.0.2\nup\n" },
		interrupts: true,
	},
	{
		name: "gre: another end of the tunnel",
		before: {
			"hostname.gre0": "tunnel 192.0.2.1 192.0.2.2\ninet 10.72.0.1 255.255.255.255 NONE\ndest 10.72.0.2\nup\n",
			"sysctl.conf": "net.inet.gre.allow=1\n",
		},
		after: { "hostname.gre0": "tunnel 192.0.2.1 192.0.2.3\ninet 10.72.0.1 255.255.255.255 NONE\ndest 10.72.0.2\nup\n" },
	},
	{
		name: "vxlan: vnetid and tunnel",
		// vxlan(4) binds to its own end when it comes up.
		before: {
			"hostname.IF1": "inet 192.0.2.1 255.255.255.0\nup\n",
			"hostname.vxlan0": "tunnel 192.0.2.1 192.0.2.2\nvnetid 5\ninet 10.73.0.1 255.255.255.0\nup\n",
		},
		after: { "hostname.vxlan0": "tunnel 192.0.2.1 192.0.2.3\nvnetid 6\ninet 10.73.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "lo1, new",
		before: {},
		after: { "hostname.lo1": "inet 10.74.0.1 255.255.255.255\n" },
	},
	{
		name: "an alias and a group come, with a description",
		before: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0\nup\n" },
		after: {
			"hostname.IF1":
				'inet 10.65.0.1 255.255.255.0\ninet alias 10.65.0.9 255.255.255.255\ngroup lan\ndescription "the lan of guests"\nup\n',
		},
	},
	{
		name: "the first address, with routes of others by it",
		before: {
			"hostname.IF1": "inet 10.65.0.1 255.255.255.0\ninet alias 10.75.0.1 255.255.255.0\nup\n!route -qn add 10.76.0.0/16 10.65.0.254\n",
		},
		after: {
			"hostname.IF1": "inet 10.65.0.2 255.255.255.0\ninet alias 10.75.0.1 255.255.255.0\nup\n!route -qn add 10.76.0.0/16 10.65.0.254\n",
		},
	},
	{
		name: "IPv6: addresses and a prefix of routes",
		before: { "hostname.IF1": "inet6 2001:db8:1::1 64\nup\n!route -qn add -inet6 2001:db8:f::/48 2001:db8:1::fe\n" },
		after: {
			"hostname.IF1": "inet6 2001:db8:2::1 64\ninet6 alias 2001:db8:2::2 128\nup\n!route -qn add -inet6 2001:db8:f::/48 2001:db8:2::fe\n",
		},
	},
	{
		name: "many at once: of a card, a vlan, tunnels, a loopback",
		before: {
			"hostname.IF1": "inet 10.65.0.1 255.255.255.0\nup\n",
			"hostname.vlan7": "parent IF1 vnetid 7\ninet 10.63.0.1 255.255.255.0\nup\n",
			"hostname.gif0": "tunnel 192.0.2.1 192.0.2.2\ninet 10.71.0.1 255.255.255.255 NONE\ndest 10.71.0.2\nup\n",
			"hostname.gre0": "tunnel 192.0.2.1 192.0.2.2\ninet 10.72.0.1 255.255.255.255 NONE\ndest 10.72.0.2\nup\n",
			"sysctl.conf": "net.inet.gre.allow=1\n",
		},
		after: {
			"hostname.IF1":
				'inet 10.65.0.1 255.255.255.0\ninet alias 10.65.0.9 255.255.255.255\ninet6 2001:db8:1::1 64\ngroup lan\ndescription "the lan of guests"\nup\n!route -qn add -inet6 2001:db8:f::/48 2001:db8:1::fe\n',
			"hostname.vlan7": "parent IF1 vnetid 7\ninet 10.63.0.2 255.255.255.0\nup\n",
			"hostname.gif0": "tunnel 192.0.2.1 192.0.2.3\ninet 10.71.0.1 255.255.255.255 NONE\ndest 10.71.0.2\nup\n",
			"hostname.gre0": "tunnel 192.0.2.1 192.0.2.3\ninet 10.72.0.1 255.255.255.255 NONE\ndest 10.72.0.2\nup\n",
			"hostname.lo1": "inet 10.74.0.1 255.255.255.255\n",
		},
	},
	{
		name: "two at once: a bridge's member and the address on it",
		before: {
			"hostname.IF1": "up\n",
			"hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n",
			"hostname.bridge0": "add vether0\nup\n",
		},
		after: {
			"hostname.vether0": "inet 10.61.1.1 255.255.255.0\nup\n",
			"hostname.bridge0": "add vether0\nadd IF1\nup\n",
			"sysctl.conf": "net.inet.ip.forwarding=1\n",
		},
	},
	{
		name: "interfaces on others: vlan on aggr, both new",
		before: { "hostname.IF1": "up\n" },
		after: {
			"hostname.aggr0": "trunkport IF1\nup\n",
			"hostname.vlan7": "parent aggr0 vnetid 7\ninet 10.63.0.1 255.255.255.0\nup\n",
		},
	},
	{
		name: "interfaces on others: a bridge with a vlan goes, with both",
		before: {
			"hostname.IF1": "up\n",
			"hostname.vlan7": "parent IF1 vnetid 7\nup\n",
			"hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n",
			"hostname.bridge0": "add vether0\nadd vlan7\nup\n",
		},
		after: { "hostname.vlan7": null, "hostname.vether0": null, "hostname.bridge0": null },
	},
	{
		name: "a pair patched across routing domains",
		before: {},
		after: {
			"hostname.pair7": "rdomain 7\ninet 10.77.0.1 255.255.255.0\nup\n",
			"hostname.pair8": "inet 10.77.0.2 255.255.255.0\npatch pair7\nup\n",
		},
	},
	{
		name: "aliases, a group and IPv6 go and come",
		before: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0\ninet alias 10.65.0.2 255.255.255.255\ninet6 fd00:65::1 64\ngroup lan\nup\n" },
		after: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0\ninet alias 10.65.0.3 255.255.255.255\ninet6 fd00:65::2 64\ngroup dmz\nup\n" },
	},
	{
		name: "a route of a hostname file, and mtu",
		before: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0\nup\n!route -q add 10.66.0.0/16 10.65.0.254\n" },
		after: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0 NONE mtu 1400\nup\n!route -q add 10.67.0.0/16 10.65.0.254\n" },
	},
	{
		name: "rdomain",
		before: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0\nup\n" },
		after: { "hostname.IF1": "rdomain 1\ninet 10.65.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "carp: password",
		before: {
			"hostname.IF1": "inet 10.68.0.2 255.255.255.0\nup\n",
			"hostname.carp1": "inet 10.68.0.1 255.255.255.0 10.68.0.255 vhid 1 carpdev IF1 pass one\n",
		},
		after: { "hostname.carp1": "inet 10.68.0.1 255.255.255.0 10.68.0.255 vhid 1 carpdev IF1 pass two\n" },
	},
	{
		name: "wg: a peer goes, another comes",
		before: { "hostname.wg0": `wgkey ${KEY} wgport 51820\nwgpeer ${PEER} wgaip 10.69.0.2/32\ninet 10.69.0.1/24\nup\n` },
		after: { "hostname.wg0": `wgkey ${KEY} wgport 51820\nwgpeer ${PEER_2} wgaip 10.69.0.3/32\ninet 10.69.0.1/24\nup\n` },
	},
	{
		name: "wg: another key",
		before: { "hostname.wg0": `wgkey ${KEY} wgport 51820\nwgpeer ${PEER} wgaip 10.69.0.2/32\ninet 10.69.0.1/24\nup\n` },
		after: { "hostname.wg0": `wgkey ${KEY_2} wgport 51820\nwgpeer ${PEER} wgaip 10.69.0.2/32\ninet 10.69.0.1/24\nup\n` },
	},
	{
		name: "an interface goes",
		before: { "hostname.lo7": "inet 10.70.0.1 255.255.255.255\n" },
		after: { "hostname.lo7": null },
	},
	{
		name: "pf: anchors and a table",
		before: {},
		after: {
			"pf.conf":
				'set skip on lo\ntable <friends> persist { 10.0.0.0/8 192.168.0.0/16 }\nblock return\npass from <friends>\npass out\npass in proto tcp to port 22\nanchor "vm/*"\nload anchor "vm/web" from "/etc/pf.vm/web.conf"\n',
			"pf.vm/web.conf": "block in on tap9 proto tcp to port 25\n",
		},
	},
	{
		name: "sysctl, two of them",
		before: { "sysctl.conf": "net.inet.ip.forwarding=0\n" },
		after: { "sysctl.conf": "net.inet.ip.forwarding=1\nnet.inet6.ip6.forwarding=1\n" },
	},
	{
		name: "sysctl: a line goes",
		before: { "sysctl.conf": "net.inet.ip.forwarding=1\nnet.inet6.ip6.forwarding=1\n" },
		after: { "sysctl.conf": "net.inet6.ip6.forwarding=1\n" },
	},
	{
		name: "dhcpd on a new segment",
		before: {},
		after: {
			"hostname.bridge0": "add vether0\nup\n",
			"hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n",
			"dhcpd.conf": "subnet 10.61.0.0 netmask 255.255.255.0 {\n\trange 10.61.0.100 10.61.0.199;\n\toption routers 10.61.0.1;\n}\n",
			"rc.conf.local": "dhcpd_flags=vether0\n",
		},
	},
	{
		name: "vm.conf: switches, vmd started",
		needs: hasVmm,
		before: { "hostname.veb0": "up\n" },
		after: { "vm.conf": 'switch "lan" {\n\tinterface veb0\n}\n', "rc.conf.local": "vmd_flags=\n" },
	},
	{
		name: "pf: a table's file and an anchor go",
		before: {
			"pf.conf":
				'set skip on lo\ntable <friends> persist file "/etc/pf.vm/friends"\nblock return\npass\nanchor "vm/*"\nload anchor "vm/web" from "/etc/pf.vm/web.conf"\n',
			"pf.vm/web.conf": "block in on tap9 proto tcp to port 25\n",
			"pf.vm/friends": "10.0.0.0/8\n",
		},
		after: { "pf.conf": 'set skip on lo\nblock return\npass\nanchor "vm/*"\n', "pf.vm/web.conf": null, "pf.vm/friends": null },
	},
	{
		name: "tpmr: a member goes, another comes",
		before: { "hostname.IF1": "up\n", "hostname.IF2": "up\n", "hostname.tpmr0": "add IF1\nup\n" },
		after: { "hostname.tpmr0": "add IF2\nup\n" },
	},
	{
		name: "egre: another end of the tunnel, and another vnetid",
		before: { "hostname.egre0": "tunnel 192.0.2.1 192.0.2.2\nvnetid 5\ninet 10.78.0.1 255.255.255.0\nup\n" },
		after: { "hostname.egre0": "tunnel 192.0.2.1 192.0.2.3\nvnetid 6\ninet 10.78.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "nvgre: parent and vnetid",
		before: {
			"hostname.IF1": "inet 192.0.2.1 255.255.255.0\nup\n",
			"hostname.IF2": "up\n",
			"hostname.nvgre0": "tunnel 192.0.2.1 239.1.1.1\nparent IF1\nvnetid 7\ninet 10.79.0.1 255.255.255.0\nup\n",
		},
		after: { "hostname.nvgre0": "tunnel 192.0.2.1 239.1.1.1\nparent IF2\nvnetid 8\ninet 10.79.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "mgre: another end of the tunnel",
		before: { "hostname.mgre0": "tunneladdr 192.0.2.1\nvnetid 9\ninet 10.80.0.1 255.255.255.0\nup\n" },
		after: { "hostname.mgre0": "tunneladdr 192.0.2.3\nvnetid 9\ninet 10.80.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "wg: a secret of both ends and a keepalive come",
		before: { "hostname.wg0": `wgkey ${KEY} wgport 51820\nwgpeer ${PEER} wgaip 10.69.0.2/32\ninet 10.69.0.1/24\nup\n` },
		after: {
			"hostname.wg0": `wgkey ${KEY} wgport 51820\nwgpeer ${PEER} wgpsk ${PSK} wgpka 25 wgaip 10.69.0.2/32 wgaip 10.69.1.0/24\ninet 10.69.0.1/24\nup\n`,
		},
	},
	{
		name: "interfaces on others: of a vlan in a bridge all changes at once",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.vlan7": "parent IF1 vnetid 7\nup\n",
			"hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n",
			"hostname.bridge0": "add vether0\nadd vlan7\nup\n",
		},
		after: {
			"hostname.vlan7": "parent IF2 vnetid 8\nup\n",
			"hostname.vether0": "inet 10.61.0.2 255.255.255.0\ninet6 fd00:61::1 64\nup\n",
			"hostname.bridge0": "add vether0\nadd vlan7\nadd IF1\nrule block in on vlan7 src fe:e1:ba:d0:00:01\nup\n",
		},
		interrupts: true,
	},
	{
		name: "veb: addresses of a port, with rules and a flag",
		// It starts before its veb, and has its addresses by then.
		before: {
			"hostname.pair7": "inet 10.66.0.1 255.255.255.0\ninet alias 10.66.0.5 255.255.255.255\nup\n",
			"hostname.IF1": "up\n",
			"hostname.veb0":
				"add pair7\nadd IF1\nblocknonip pair7\nrule pass in on pair7 src fe:e1:ba:d0:00:01\nrule block in on pair7\nrule block in on IF1 src fe:e1:ba:d0:00:02\nup\n",
		},
		after: { "hostname.pair7": "inet 10.66.1.1 255.255.255.0\ninet alias 10.66.1.9 255.255.255.255\nup\n" },
		interrupts: true,
	},
	{
		name: "veb: all addresses of a port go",
		before: {
			"hostname.pair7": "inet 10.66.0.1 255.255.255.0\ninet6 2001:db8:66::1 64\nup\n",
			"hostname.veb0": "add pair7\nrule block in on pair7\nup\n",
		},
		after: { "hostname.pair7": "up\n" },
	},
	{
		name: "tpmr: the first IPv6 address of a port",
		before: { "hostname.pair7": "up\n", "hostname.IF1": "up\n", "hostname.tpmr0": "add pair7\nadd IF1\nup\n" },
		after: { "hostname.pair7": "inet6 2001:db8:66::1 64\nup\n" },
		interrupts: true,
	},
	{
		name: "veb: another IPv6 address of a port that has one",
		before: { "hostname.pair7": "inet6 2001:db8:66::1 64\nup\n", "hostname.veb0": "add pair7\nup\n" },
		after: { "hostname.pair7": "inet6 2001:db8:66::2 64\nup\n" },
	},
	{
		name: "trunk: the MTU of its ports",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.trunk0": "trunkproto failover trunkport IF1 trunkport IF2\ninet 10.64.0.1 255.255.255.0\nup\n",
		},
		after: { "hostname.IF1": "mtu 1400\nup\n", "hostname.IF2": "mtu 1400\nup\n" },
		interrupts: true,
	},
	{
		name: "trunk: another first port",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.trunk0": "trunkproto failover trunkport IF1 trunkport IF2\ninet 10.64.0.1 255.255.255.0\nup\n",
		},
		after: { "hostname.trunk0": "trunkproto failover trunkport IF2 trunkport IF1\ninet 10.64.0.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "aggr: its own MTU, and that of its port",
		before: { "hostname.IF1": "up\n", "hostname.aggr0": "trunkport IF1\ninet 10.64.1.1 255.255.255.0\nup\n" },
		after: { "hostname.IF1": "mtu 1400\nup\n", "hostname.aggr0": "mtu 1400\ntrunkport IF1\ninet 10.64.1.1 255.255.255.0\nup\n" },
		interrupts: true,
	},
	{
		name: "bridge: a span port and protected domains come",
		before: {
			"hostname.IF1": "up\n",
			"hostname.IF2": "up\n",
			"hostname.vether0": "inet 10.61.0.1 255.255.255.0\nup\n",
			"hostname.bridge0": "add vether0\nadd IF1\nup\n",
		},
		after: { "hostname.bridge0": "add vether0\nadd IF1\naddspan IF2\nprotected IF1 1,2\n-learn vether0\nup\n" },
	},
	{
		name: "carp: another address",
		before: {
			"hostname.IF1": "inet 10.68.0.2 255.255.255.0\nup\n",
			"hostname.carp1": "inet 10.68.0.1 255.255.255.0 10.68.0.255 vhid 1 carpdev IF1 pass one\n",
		},
		after: { "hostname.carp1": "inet 10.68.0.9 255.255.255.0 10.68.0.255 vhid 1 carpdev IF1 pass one\n" },
	},
	{
		name: "several at once: a veb, its vport, rules by a table and a setting",
		before: {
			"hostname.IF1": "up\n",
			"hostname.veb0": "add vport0\nadd IF1\nup\n",
			"hostname.vport0": "inet 10.62.0.1 255.255.255.0\nup\n",
		},
		after: {
			"hostname.veb0": "add vport0\nadd vport1\nadd IF1\nrule block in on IF1 src fe:e1:ba:d0:00:01\nup\n",
			"hostname.vport0": "inet 10.62.0.1 255.255.255.0\ninet6 2001:db8:62::1 64\nup\n",
			"hostname.vport1": "rdomain 9\ninet 10.62.9.1 255.255.255.0\nup\n",
			"pf.conf":
				"set skip on lo\ntable <admins> { 10.62.0.0/24 2001:db8:62::/64 }\nblock return\npass\nblock in quick proto tcp from ! <admins> to port 5900\n",
			"sysctl.conf": "net.inet.ip.forwarding=1\nnet.inet6.ip6.forwarding=1\n",
		},
	},
	{
		name: "mygate: another gateway",
		needs: isNear,
		before: { "hostname.IF1": "inet 10.65.0.1 255.255.255.0\nup\n" },
		after: { mygate: "10.65.0.254\n" },
	},
	{
		name: "mygate: a route more of the other family",
		before: { "hostname.IF1": "inet6 2001:db8:1::1 64\nup\n" },
		after: { "mygate+": "2001:db8:1::fe\n" },
	},
	{ name: "faults that pfctl sees", before: {}, after: { "pf.conf": "pass in onn egress\n" }, becomes: "refused" },
	{ name: "faults that ifconfig sees", before: {}, after: { "hostname.IF1": "inet 10.65.0.999\n" }, becomes: "refused" },
];

import { expect, test } from "vitest";
import { render } from "../text/message.ts";
import { filesOf } from "./fixture.ts";
import { hostBuilder } from "./model.ts";
import { tcpdumpArguments, watchPlaces } from "./watch-places.ts";

const host = hostBuilder()({
	name: "hv1",
	files: filesOf(`//- /etc/hostname.em0
inet autoconf
//- /etc/hostname.em1
up
//- /etc/hostname.vlan10
parent em1 vnetid 10
up
//- /etc/hostname.bridge0
add vlan10
up
//- /etc/hostname.vether0
inet 10.50.0.1/24
//- /etc/hostname.bridge1
add vether0
up
//- /etc/vm.conf
switch "lan" {
	interface bridge0
}
switch "isolated" {
	interface bridge1
}
vm "web01" {
	disk "/a"
	interface tap3 { switch "lan" }
}
vm "db01" {
	disk "/b"
	interface { switch "isolated" }
}
`),
});
const commands = (taps?: Parameters<typeof watchPlaces>[1]) =>
	watchPlaces(host, taps).map((place) => `tcpdump ${tcpdumpArguments(place).join(" ")}: ${render(place.shows)}`);

test("every place of a packet's way can be watched: taps, gateways, VLANs with and without tags, uplinks, pf's log", () => {
	expect(commands()).toEqual([
		"tcpdump -n -e -ttt -i pflog0: what is blocked and passed by rules that log, with their numbers",
		"tcpdump -n -i tap3: what web01 sends (in) and gets (out)",
		"tcpdump -n -i vether0: what the guests of bridge1 and the host send each other",
		"tcpdump -n -i vlan10: VLAN 10, without its tags",
		"tcpdump -n -i em1 vlan 10: VLAN 10 on its parent, with its tags",
		"tcpdump -n -i em0: what the host has with the network outside",
	]);
});

test("where the host has told which tap is whose, those are named", () => {
	expect(commands([{ name: "tap0", guest: "db01" }])[1]).toBe("tcpdump -n -i tap0: what db01 sends (in) and gets (out)");
});

test("a trunk of a veb that tells VLANs apart is watched VLAN by VLAN", () => {
	const apart = hostBuilder()({
		name: "hv1",
		release: "7.9",
		files: filesOf(`//- /etc/hostname.em1
up
//- /etc/hostname.veb0
add em1
-untagged em1
tagged em1 10,20
add vport0
untagged vport0 10
add vport1
untagged vport1 20
up
`),
	});
	const places = watchPlaces(apart).filter((place) => place.interface === "em1");
	expect(places.map((place) => `${tcpdumpArguments(place).join(" ")}: ${render(place.shows)}`)).toEqual([
		"-n -i em1 vlan 10: VLAN 10 of veb0, with its tags",
		"-n -i em1 vlan 20: VLAN 20 of veb0, with its tags",
	]);
});

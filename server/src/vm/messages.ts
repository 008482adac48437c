import type { Message } from "../text/message.ts";

/**
 * What vmd says of its configuration, in its words (usr.sbin/vmd: parse.y, config.c, priv.c, vmd.c). `{0}` stands
 * for an argument. messages.test.ts has an example of each: one without does not compile.
 */
export const MESSAGES = [
	// The lexer
	"macro '{0}' not defined",
	"reached end of file while parsing quoted string",
	"string too long",
	'"{0}" invalid number: {1}',

	// The grammar
	"syntax error",
	"macro name cannot contain whitespace",
	"macro '{0}' not used",
	"failed to include file {0}",
	"failed to get user: {0}",
	"failed to get group: {0}",
	"invalid local prefix: {0}",
	"invalid local inet6 prefix: {0}",
	"agentx context too large",
	"agentx path too large",
	"agentx path is not absolute",

	// Switches
	'switch "{0}" is missing interface name',
	"invalid switch interface: {0}",
	"switch interface too long: {0}",
	"invalid group name: {0}",
	"invalid rdomain: {0}",

	// Guests
	"vm name too long",
	"vm {0} name too long",
	"invalid memory size: {0}: {1}",
	"memory size must be at least 1MB",
	"memory size too large (limit is {0})",
	"failed to parse size: {0}",
	"memory specified more than once",
	"argument specified more than once",
	"kernel specified more than once",
	"kernel path not found: {0}",
	"cdrom specified more than once",
	"cdrom name too long",
	"failed to parse disks: {0}",
	"too many disks",
	"disk {0}: {1}",
	"unrecognized disk format {0}",
	"interfaces specified more than once",
	"too many interfaces: {0}",
	"invalid interface: {0}",
	"interface name too long: {0}",
	"switch name too long: {0}",
	"invalid address: {0}",

	// A start
	'vm "{0}" failed: {1}',
	"invalid configuration, no devices",
	"no kernel or disk/cdrom specified",
	"invalid VM name",
	'vm "{0}" disk {1} cannot be reused',
	'vm "{0}" lladdr cannot be reused',
	'vm "{0}" {1} cannot be reused',
	'vm "{0}" user mismatch',
	'vm "{0}" group mismatch',
	'vm "{0}" cannot change instance permissions',
] as const;

/** A message of vmd: no other text passes for one. */
export type VmdMessage = Message<(typeof MESSAGES)[number]>;

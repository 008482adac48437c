/**
 * What vmd says of its configuration, in its words (usr.sbin/vmd: parse.y, config.c, priv.c, vmd.c). Each has its
 * example in messages.test.ts.
 */
export const messages = {
	// The lexer
	undefinedMacro: "macro '{0}' not defined",
	unterminatedString: "reached end of file while parsing quoted string",
	stringTooLong: "string too long",
	invalidNumber: '"{0}" invalid number: {1}',

	// The grammar
	syntaxError: "syntax error",
	macroName: "macro name cannot contain whitespace",
	unusedMacro: "macro '{0}' not used",
	include: "failed to include file {0}",
	unknownUser: "failed to get user: {0}",
	unknownGroup: "failed to get group: {0}",
	localPrefix: "invalid local prefix: {0}",
	localPrefix6: "invalid local inet6 prefix: {0}",
	agentxContext: "agentx context too large",
	agentxPath: "agentx path too large",
	relativeAgentxPath: "agentx path is not absolute",

	// Switches
	missingInterface: 'switch "{0}" is missing interface name',
	switchInterface: "invalid switch interface: {0}",
	switchInterfaceTooLong: "switch interface too long: {0}",
	groupName: "invalid group name: {0}",
	rdomain: "invalid rdomain: {0}",

	// Guests
	nameTooLong: "vm name too long",
	templateNameTooLong: "vm {0} name too long",
	memorySize: "invalid memory size: {0}: {1}",
	memoryTooSmall: "memory size must be at least 1MB",
	memoryTooLarge: "memory size too large (limit is {0})",
	unreadableSize: "failed to parse size: {0}",
	memoryTwice: "memory specified more than once",
	memoryStringTwice: "argument specified more than once",
	kernelTwice: "kernel specified more than once",
	kernelPath: "kernel path not found: {0}",
	cdromTwice: "cdrom specified more than once",
	cdromPath: "cdrom name too long",
	disks: "failed to parse disks: {0}",
	tooManyDisks: "too many disks",
	diskPath: "disk {0}: {1}",
	diskFormat: "unrecognized disk format {0}",
	interfacesTwice: "interfaces specified more than once",
	tooManyInterfaces: "too many interfaces: {0}",
	interfaceName: "invalid interface: {0}",
	interfaceNameTooLong: "interface name too long: {0}",
	switchNameTooLong: "switch name too long: {0}",
	lladdr: "invalid address: {0}",

	// A start
	failed: 'vm "{0}" failed: {1}',
	noDevices: "invalid configuration, no devices",
	noDisk: "no kernel or disk/cdrom specified",
	guestName: "invalid VM name",
	reusedDisk: 'vm "{0}" disk {1} cannot be reused',
	reusedLladdr: 'vm "{0}" lladdr cannot be reused',
	reusedInterface: 'vm "{0}" {1} cannot be reused',
	otherUser: 'vm "{0}" user mismatch',
	otherGroup: 'vm "{0}" group mismatch',
	permissions: 'vm "{0}" cannot change instance permissions',
} as const;

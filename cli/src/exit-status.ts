/** How a call can end: one status for each kind of end, told by the usage, the manual page and docs/command.md. */
export const exitStatus = { done: 0, found: 1, notRun: 2, rolledBack: 3, unreached: 4, fault: 5, differs: 6 } as const;

export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

/** What each status says, where a command does not say it more exactly. */
export const exitTexts: Readonly<Record<ExitStatus, string>> = {
	[exitStatus.done]: "all is well",
	[exitStatus.found]: "the command found what it looks for, or changed nothing",
	[exitStatus.notRun]: "it could not run: the call makes no sense, or a file cannot be read",
	[exitStatus.rolledBack]: "the host rolled back",
	[exitStatus.unreached]: "the host could not be reached or refused us, or the connection broke",
	[exitStatus.fault]: "a fault of openbsd-vnet itself; please report it with what it printed",
	[exitStatus.differs]: "what was deployed is in place, and not all runs as after a start with it, or that could not be looked at",
};

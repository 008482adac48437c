/** The server for agents by itself, as the extension carries it: `openbsd-vnet mcp` without the other commands' packages. */
import { commands } from "./commands.ts";
import { serveAgents } from "./mcp.ts";

serveAgents(commands);

/** The suite, in the order in which it runs: activation first, while nothing has been opened. */
import "./activation.ts";
import "./associations.ts";
import "./languages.ts";
import "./patterns.ts";
import "./topology.ts";
import "./policy.ts";
import "./agents.ts";
import "./server.ts";

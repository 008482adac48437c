import { testEnding } from "./interrupted.ts";

testEnding("kill", 28);

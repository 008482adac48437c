import { testEnding } from "./interrupted.ts";

testEnding("power", 20);

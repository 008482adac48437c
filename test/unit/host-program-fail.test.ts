import { testEnding } from "./interrupted.ts";

testEnding("fail", 28);

import "./suite.ts";
export async function run(): Promise<void> {}

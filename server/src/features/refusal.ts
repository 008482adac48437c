/** What a person asked for and cannot have; the message says why, in their language. */
export class Refusal extends Error {}

/** The pictures of the walkthroughs by their file names. */
export function walkthroughPictures(): Record<string, string>;

/** A program of JavaScript or Python whose comments are said in other words; one that has no other words stays. */
export const inWords = (program: string, words: Record<string, string>): string =>
  program.replace(/(?<=(?:\/\/|#) ).*/g, (comment) => words[comment] ?? comment);

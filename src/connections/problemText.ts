const PROBLEM_LENGTH_MAX = 300;

/** Makes a service's error text the end of a sentence: on one line, at most 300 characters, without a full stop at its end. */
export function problemText(text: string): string {
  return text
    .replace(/[\0-\x1f\x7f]+/g, ' ')
    .slice(0, PROBLEM_LENGTH_MAX)
    .replace(/[.\s]+$/, '');
}

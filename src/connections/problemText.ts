const PROBLEM_LENGTH_MAX = 300;

/** A service's words as the end of a sentence of ours: on one line, not too long, without a full stop of their own. */
export function problemText(text: string): string {
  return text
    .replace(/[\0-\x1f\x7f]+/g, ' ')
    .slice(0, PROBLEM_LENGTH_MAX)
    .replace(/[.\s]+$/, '');
}

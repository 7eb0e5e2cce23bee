const WORDS_LENGTH_MAX = 300;

/** A service's words as the end of a sentence of ours: on one line, not too long, without a full stop of their own. */
export function wordsOf(text: string): string {
  return text
    .replace(/[\0-\x1f\x7f]+/g, ' ')
    .slice(0, WORDS_LENGTH_MAX)
    .replace(/[.\s]+$/, '');
}

/**
 * Returns a caller's text as one line that is safe in logs and terminals: invisible characters (line ends, escape sequences,
 * bidirectional controls, unpaired surrogates) become U+FFFD, and longer text is cut.
 */
export function oneLine(text: string | undefined, lengthMax: number): string | undefined {
  return text?.slice(0, lengthMax).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\uFFFD');
}

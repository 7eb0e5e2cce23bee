/**
 * Text that a caller chose, fit for any log and terminal: what is no visible character (line ends, escape sequences,
 * characters that turn the direction of text, halves of surrogate pairs) becomes U+FFFD, and what is too long is cut.
 */
export function oneLine(text: string | undefined, lengthMax: number): string | undefined {
  return text?.slice(0, lengthMax).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, '\uFFFD');
}

/**
 * Replaces what stands between `<!-- name -->` and `<!-- /name -->`. Throws when the pair is not there exactly once, because
 * a page that lost its markers would never be written again.
 */
export function replaceSection(
  page: string,
  { name, text }: { name: string; text: string },
): string {
  const begin = `<!-- ${name} -->`;
  const end = `<!-- /${name} -->`;
  const [before, inside, ...more] = page.split(begin);
  const [, after, ...evenMore] = (inside ?? '').split(end);
  if (before === undefined || after === undefined || more.length + evenMore.length > 0) {
    throw new Error(`There must be one pair of ${begin} and ${end}.`);
  }
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}

/**
 * Replaces the text between `<!-- name -->` and `<!-- /name -->`. Throws unless the pair occurs exactly once, because a page
 * without its markers would never be updated again.
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
    throw new Error(`The page must contain exactly one pair of ${begin} and ${end}.`);
  }
  return `${before}${begin}\n\n${text}\n\n${end}${after}`;
}

import { z } from 'zod';

/**
 * Characters that cannot be seen, or that change the order or the look of their neighbors, so that two names look the same or
 * a name reads as another: control, format (zero-width, bidirectional, also ZWJ and ZWNJ), private-use and separator
 * characters, fillers and blanks. https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}\u2800]/u;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/u;
/** Emoji variation selectors, where an emoji has them: ❤️ is U+2764 U+FE0F, and 1️⃣ is 1 U+FE0F U+20E3. */
const EMOJI_STYLE = /(\p{Extended_Pictographic})[\uFE0E\uFE0F]|\uFE0F(?=\u20E3)/gu;
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** Returns why a name may not be shown to other people, as the rest of a sentence; `undefined` when it may. */
function problemOfDisplayName(name: string): string | undefined {
  if (!VISIBLE.test(name))
    return 'must contain letters or digits, and not only spaces: enter a name that people recognize';
  const rest = name.replace(EMOJI_STYLE, '$1');
  const [found] = INVISIBLE.exec(rest) ?? IGNORABLE.exec(rest) ?? [];
  if (found === undefined) return undefined;
  const code = (found.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `must not contain invisible characters or such that change the direction of text: remove U+${code}, or type the name again instead of pasting it`;
}

/** A name that other people see on pages, in lists and in mails: 1 to 100 characters, trimmed, all of them visible. */
export const displayName = z
  .string()
  .trim()
  .min(1, 'must not be empty or consist of spaces only')
  .max(100)
  .superRefine((name, context) => {
    const problem = name === '' ? undefined : problemOfDisplayName(name);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });

import { z } from 'zod';

/** The longest event type or pattern, in characters. */
export const EVENT_TYPE_LENGTH_MAX = 128;
/** Groups between dots in an event type. */
const EVENT_TYPE_GROUPS_MAX = 10;

// A dot never matches inside a group, so that neither expression can backtrack.
const GROUP = '[a-zA-Z0-9_]+';
const groups = (max: number) => `${GROUP}(?:\\.${GROUP}){0,${max - 1}}`;
const NAME = new RegExp(`^${groups(EVENT_TYPE_GROUPS_MAX)}$`);
const PATTERN = new RegExp(
  `^(?:\\*|${groups(EVENT_TYPE_GROUPS_MAX)}|${groups(EVENT_TYPE_GROUPS_MAX - 1)}\\.\\*)$`,
);

/** Types that only the hub itself publishes, so that receivers can trust them. */
const OWN = /^hub(?:\.|$)/;

/**
 * The type of an event, such as `invoice.paid`: groups of ASCII letters, digits and underscores joined by dots, see
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (event types). Case matters.
 */
export const eventTypeName = z
  .string()
  .max(EVENT_TYPE_LENGTH_MAX, { abort: true, error: tooLong('An event type') })
  .regex(NAME, { abort: true, error: ({ input }) => problemOfName(String(input)) })
  .describe('Groups of letters, digits and underscores joined by dots, such as `invoice.paid`.');

/** An event type that callers may publish. */
export const publishableType = eventTypeName.refine((name) => !OWN.test(name), {
  error: 'Event types that begin with hub. are reserved. Choose another first group.',
});

/** The events that a webhook receives: one type exactly, `prefix.*` for every type below a prefix, or `*` for all. */
export const eventPattern = z
  .string()
  .max(EVENT_TYPE_LENGTH_MAX, { abort: true, error: tooLong('An event pattern') })
  .regex(PATTERN, { error: ({ input }) => problemOfPattern(String(input)) })
  .describe('An event type, `prefix.*` for every type below a prefix, or `*` for all.');

function tooLong(what: string): string {
  return `${what} has at most ${EVENT_TYPE_LENGTH_MAX} characters.`;
}

/** Returns what is wrong with a name that `NAME` does not match. */
function problemOfName(name: string): string {
  if (name === '') return 'An event type cannot be empty: give one such as invoice.paid.';
  // Code points, so that half a surrogate pair is never quoted.
  const invalidCharacter = [...name].find((character) => !/[a-zA-Z0-9_.]/.test(character));
  if (invalidCharacter !== undefined) {
    return `An event type cannot contain ${JSON.stringify(invalidCharacter)}. Use letters A to Z, digits and underscores, in groups joined by dots.`;
  }
  if (name.split('.').includes('')) {
    return 'Every group of an event type needs at least one character: invoice.paid, not invoice..paid or invoice.';
  }
  return `An event type has at most ${EVENT_TYPE_GROUPS_MAX} groups between dots.`;
}

/** Returns what is wrong with a pattern that `PATTERN` does not match. */
function problemOfPattern(pattern: string): string {
  if (pattern === '') return 'An event pattern cannot be empty: give an event type, prefix.* or *.';
  const prefix = pattern.endsWith('.*') ? pattern.slice(0, -2) : pattern;
  if (prefix.includes('*')) {
    return 'An asterisk in an event pattern stands alone or as its last group: *, or invoice.*, not invoice* or *.paid.';
  }
  if (NAME.test(prefix)) {
    return `An event pattern has at most ${EVENT_TYPE_GROUPS_MAX} groups between dots, the asterisk included.`;
  }
  return problemOfName(prefix);
}

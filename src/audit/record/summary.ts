/** Ids, numbers, flags, dates and choices, and of all else its size. Never a secret. */
export type Summary = Readonly<Record<string, string | number | boolean>>;

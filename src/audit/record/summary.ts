/** The redacted form of a value: ids, numbers, flags, dates and choices; the size of everything else. Never a secret. */
export type Summary = Readonly<Record<string, string | number | boolean>>;

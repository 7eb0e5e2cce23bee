import type { z } from 'zod';

/** One environment variable of the hub's own server. The README's table is generated from these. */
export interface Setting<Value> {
  /** Reads the text of the variable. Its message continues the sentence "NAME must …". */
  readonly schema: z.ZodType<Value, string>;
  readonly summary: string;
  /** A valid value, shown in the README and in the message about an invalid one. */
  readonly example: string;
  /** The default, read as if the user had written it; `$NAME` stands for another variable's text. */
  readonly default?: string;
  /** For the README, where there is no default: what happens without it. */
  readonly absent?: string;
  /** Its value must not appear in messages, logs or pages. */
  readonly secret?: true;
}

import { z } from 'zod';

const HOUR_SECONDS = 60 * 60;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Attempts of a delivery before it is dead, the first one included. A schedule has one wait fewer. */
const ATTEMPTS_MAX = 30;
/** The longest wait between two attempts. */
const WAIT_SECONDS_MAX = 7 * DAY_SECONDS;
/** The longest that all waits may take together: well below the 90 days that events are kept. */
const WAITS_TOTAL_SECONDS_MAX = 30 * DAY_SECONDS;
/** The default of `maxSeconds`. */
const CAP_SECONDS = DAY_SECONDS;
const FACTOR = 2;

/**
 * The waits before each further attempt where a webhook has no setting of its own: 5 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h,
 * 20 h, 24 h; ten attempts in 75 h 35 m 5 s.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md (deliverability)
 */
export const DEFAULT_WAITS_SECONDS: readonly number[] = [
  5,
  5 * 60,
  30 * 60,
  ...[2, 5, 10, 14, 20, 24].map((hours) => hours * HOUR_SECONDS),
];

// One sentence for each rule, which names its field: within a union zod drops the path.
const attemptsRule = `attempts is a whole number from 1 to ${ATTEMPTS_MAX}, the first attempt included.`;
const backoff = {
  attempts: z
    .number(attemptsRule)
    .int(attemptsRule)
    .min(1, attemptsRule)
    .max(ATTEMPTS_MAX, attemptsRule),
  initialSeconds: seconds('initialSeconds', 1).describe('The wait before the second attempt.'),
  maxSeconds: seconds('maxSeconds', 1)
    .optional()
    .describe('No wait is longer than this. Default: 24 hours.'),
};
const factorRule = 'factor is a number from 1 to 10.';
const scheduleRule = `schedule has at most ${ATTEMPTS_MAX - 1} waits.`;

const settingShape = z.union(
  [
    z.strictObject({
      schedule: z
        .array(seconds('Each wait in schedule', 0), 'schedule is a list of seconds.')
        .max(ATTEMPTS_MAX - 1, scheduleRule)
        .describe('The wait before each further attempt; empty: one attempt only.'),
    }),
    z.strictObject({
      ...backoff,
      backoff: z.literal('exponential').describe('Each wait is the one before times `factor`.'),
      factor: z
        .number(factorRule)
        .min(1, factorRule)
        .max(10, factorRule)
        .optional()
        .describe(`Default: ${FACTOR}.`),
    }),
    z.strictObject({
      ...backoff,
      backoff: z
        .literal('linear')
        .describe('Each wait is `initialSeconds` longer than the one before.'),
    }),
  ],
  { error: ({ input, errors }) => retryProblem(input, errors) },
);

type NestedIssues = readonly (readonly { readonly message?: string }[])[];

/** Returns what is wrong with the form that was meant; zod says of a union only that no form matches. */
function retryProblem(input: unknown, errors: NestedIssues): string {
  const isObject = typeof input === 'object' && input !== null;
  const given = (isObject ? input : {}) as Readonly<Record<string, unknown>>;
  const forms = [
    'schedule' in given,
    given['backoff'] === 'exponential',
    given['backoff'] === 'linear',
  ];
  return (
    errors[forms.indexOf(true)]?.[0]?.message ??
    'Give either schedule, a list of the seconds to wait before each further attempt, or attempts, backoff (exponential or linear) and initialSeconds, with optional maxSeconds and, for exponential, factor.'
  );
}

function seconds(what: string, min: number) {
  const sentence = `${what} is a whole number of seconds from ${min} to ${WAIT_SECONDS_MAX} (7 days).`;
  return z.number(sentence).int(sentence).min(min, sentence).max(WAIT_SECONDS_MAX, sentence);
}

/** When deliveries to a webhook are attempted again, as people set it. */
export type RetrySetting = z.output<typeof settingShape>;

// `when`: with a number that was already refused, such as a billion attempts, nothing is computed.
const unlessRefused = { when: ({ issues }: { issues: readonly unknown[] }) => issues.length === 0 };

/** The parameter `retry`. Waits are in seconds. Each varies by ±20 % when it is used, as those of the default do. */
export const retrySetting = settingShape
  .refine((setting) => 'schedule' in setting || setting.initialSeconds <= capSeconds(setting), {
    ...unlessRefused,
    path: ['maxSeconds'],
    error: 'maxSeconds cannot be less than initialSeconds, the shortest wait.',
  })
  .refine((setting) => sum(waitsSeconds(setting)) <= WAITS_TOTAL_SECONDS_MAX, {
    ...unlessRefused,
    error: 'The waits add up to more than 30 days. Set fewer attempts or shorter waits.',
  });

/** Returns the wait before each further attempt, in whole seconds, before jitter; the default for `undefined`. */
export function waitsSeconds(setting: RetrySetting | undefined): readonly number[] {
  if (setting === undefined) return DEFAULT_WAITS_SECONDS;
  if ('schedule' in setting) return setting.schedule;
  const cap = capSeconds(setting);
  const { initialSeconds } = setting;
  return Array.from({ length: setting.attempts - 1 }, (_, index) => {
    const wait =
      setting.backoff === 'linear'
        ? initialSeconds * (index + 1)
        : initialSeconds * (setting.factor ?? FACTOR) ** index;
    return Math.min(Math.round(wait), cap);
  });
}

/**
 * Returns a wait up to 20 % shorter or longer, so that deliveries that failed together are not attempted together again.
 * `random` is from 0 to below 1.
 */
export function withJitter(waitMs: number, random: number): number {
  return Math.round(waitMs * (0.8 + 0.4 * random));
}

interface Backoff {
  readonly initialSeconds: number;
  readonly maxSeconds?: number | undefined;
}

function capSeconds({ initialSeconds, maxSeconds }: Backoff): number {
  return maxSeconds ?? Math.max(CAP_SECONDS, initialSeconds);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

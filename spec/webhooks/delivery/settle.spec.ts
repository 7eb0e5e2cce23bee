import fc from 'fast-check';

import type { WebhookDelivery } from '../../../schemas/index.js';
import type { RowChange } from '../../../src/platform/database/database.js';
import type { HttpOutcome } from '../../../src/platform/http/index.js';
import { mayMove } from '../../../src/webhooks/delivery/delivery.js';
import { DEFAULT_WAITS_SECONDS } from '../../../src/webhooks/delivery/retry.js';
import {
  attemptOutcome,
  isBrokenOff,
  isGone,
  type Outcome,
  settle,
} from '../../../src/webhooks/delivery/settle.js';

type FailureReason = Extract<HttpOutcome, { kind: 'failure' }>['reason'];

const now = new Date('2026-01-02T03:04:05Z');
const MINUTE = 60_000;

function response(status: number, ...headers: [string, string][]): HttpOutcome {
  return {
    kind: 'response',
    status,
    headers,
    body: Buffer.alloc(0),
    bodyTruncated: false,
    durationMs: 3,
  };
}

function failure(reason: FailureReason): HttpOutcome {
  return { kind: 'failure', reason, message: 'It failed.', sent: true, durationMs: 3 };
}

describe('isGone', () => {
  it.each([
    [response(410), true],
    [response(404), false],
    [response(200), false],
    [failure('reset'), false],
  ])('%j: %p', (http, expected) => {
    expect(isGone(http)).toBe(expected);
  });
});

describe('isBrokenOff', () => {
  it.each([
    [failure('aborted'), true],
    [failure('timeout'), false],
    [response(410), false],
  ])('%j: %p', (http, expected) => {
    expect(isBrokenOff(http)).toBe(expected);
  });
});

describe('attemptOutcome', () => {
  const retry = (retryAfterMs = 0): Outcome => ({ kind: 'retry', retryAfterMs });

  it.each([200, 201, 202, 204, 226, 299])('%d is delivered', (status) => {
    expect(attemptOutcome(response(status, ['Retry-After', '60']), now)).toEqual({
      kind: 'delivered',
    });
  });

  it('410 is gone, regardless of its headers', () => {
    expect(attemptOutcome(response(410, ['Retry-After', '60']), now)).toEqual({ kind: 'gone' });
  });

  it.each([101, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 411, 413, 422])(
    '%d is retried',
    (status) => {
      expect(attemptOutcome(response(status), now)).toEqual(retry());
    },
  );

  it.each([429, 500, 502, 503, 504, 599, 999])('%d is retried', (status) => {
    expect(attemptOutcome(response(status), now)).toEqual(retry());
  });

  it.each<FailureReason>(['timeout', 'dns', 'refused', 'tls', 'reset', 'blocked', 'protocol'])(
    'a request that failed (%s) is retried',
    (reason) => {
      expect(attemptOutcome(failure(reason), now)).toEqual(retry());
    },
  );

  it.each<[number, [string, string][], number]>([
    [429, [['Retry-After', '60']], MINUTE],
    [503, [['retry-after', '60']], MINUTE],
    [503, [['RETRY-AFTER', 'Fri, 02 Jan 2026 03:05:05 GMT']], MINUTE],
    [
      503,
      [
        ['Retry-After', '60'],
        ['Retry-After', '120'],
      ],
      2 * MINUTE,
    ],
    [
      503,
      [
        ['Retry-After', 'later'],
        ['Retry-After', '60'],
      ],
      MINUTE,
    ],
    [503, [['Retry-After', 'later']], 0],
    [503, [['Retry-After', '9999999']], 24 * 60 * MINUTE],
    [503, [['X-Retry-After', '60']], 0],
    [500, [['Retry-After', '60']], 0],
    [301, [['Retry-After', '60']], 0],
  ])('%d with %j waits for %d ms', (status, headers, retryAfterMs) => {
    expect(attemptOutcome(response(status, ...headers), now)).toEqual(retry(retryAfterMs));
  });
});

describe('settle', () => {
  const context = { waitsSeconds: [60, 600], now, random: 0.5 };
  const fresh = { attempts: 0, retriesFrom: 0 };
  const failed: Outcome = { kind: 'retry', retryAfterMs: 0 };
  const later = (ms: number) => new Date(now.getTime() + ms);
  const exhausted = { state: 'dead', dueAt: undefined, finishedAt: now, deadReason: 'exhausted' };

  it('delivered: finished, no longer due', () => {
    expect(settle({ attempts: 4, retriesFrom: 0 }, { kind: 'delivered' }, context)).toEqual({
      next: {
        state: 'delivered',
        dueAt: undefined,
        attempts: 5,
        finishedAt: now,
        deadReason: undefined,
      },
    });
  });

  it('gone: dead at the first attempt, and the webhook is to be disabled', () => {
    expect(settle(fresh, { kind: 'gone' }, context)).toEqual({
      next: { ...exhausted, deadReason: 'gone', attempts: 1 },
      disableWebhook: 'gone',
    });
  });

  it.each([
    { what: 'first failure', attempts: 0, retriesFrom: 0, waitMs: 1 * MINUTE },
    { what: 'second failure', attempts: 1, retriesFrom: 0, waitMs: 10 * MINUTE },
    { what: 'first failure since a retry by hand', attempts: 3, retriesFrom: 3, waitMs: MINUTE },
    { what: 'second one since then', attempts: 4, retriesFrom: 3, waitMs: 10 * MINUTE },
  ])('$what: waits according to the schedule', ({ attempts, retriesFrom, waitMs }) => {
    expect(settle({ attempts, retriesFrom }, failed, context)).toEqual({
      next: {
        state: 'pending',
        dueAt: later(waitMs),
        attempts: attempts + 1,
        finishedAt: undefined,
        deadReason: undefined,
      },
    });
  });

  it.each([
    { when: 'after the last wait', attempts: 2, retriesFrom: 0, waitsSeconds: [60, 600] },
    {
      when: 'after the last since a retry by hand',
      attempts: 5,
      retriesFrom: 3,
      waitsSeconds: [60, 600],
    },
    { when: 'under a schedule made shorter', attempts: 7, retriesFrom: 0, waitsSeconds: [60, 600] },
    { when: 'without any wait', attempts: 0, retriesFrom: 0, waitsSeconds: [] },
  ])('exhausted $when, regardless of Retry-After', ({ attempts, retriesFrom, waitsSeconds }) => {
    for (const retryAfterMs of [0, MINUTE]) {
      const outcome: Outcome = { kind: 'retry', retryAfterMs };
      expect(settle({ attempts, retriesFrom }, outcome, { ...context, waitsSeconds })).toEqual({
        next: { ...exhausted, attempts: attempts + 1 },
      });
    }
  });

  it.each([
    { requested: 'less than the schedule', retryAfterMs: 30_000, random: 0.5, waitMs: MINUTE },
    {
      requested: 'more than the schedule',
      retryAfterMs: 2 * MINUTE,
      random: 0.5,
      waitMs: 2 * MINUTE,
    },
    { requested: 'between it and its jitter', retryAfterMs: 50_000, random: 0, waitMs: 50_000 },
    { requested: 'nothing, least jitter', retryAfterMs: 0, random: 0, waitMs: 48_000 },
    {
      requested: 'nothing, most jitter',
      retryAfterMs: 0,
      random: 1 - Number.EPSILON,
      waitMs: 72_000,
    },
  ])('Retry-After requests $requested', ({ retryAfterMs, random, waitMs }) => {
    const { next } = settle(fresh, { kind: 'retry', retryAfterMs }, { ...context, random });
    expect(next.dueAt).toEqual(later(waitMs));
  });

  it('gives up after the ten attempts of the default schedule, three days later', () => {
    let delivery = fresh;
    let at = now;
    while (delivery.attempts < DEFAULT_WAITS_SECONDS.length) {
      const { next } = settle(delivery, failed, {
        waitsSeconds: DEFAULT_WAITS_SECONDS,
        now: at,
        random: 0.5,
      });
      expect(next.state).toBe('pending');
      at = next.dueAt ?? at;
      delivery = { ...delivery, attempts: next.attempts };
    }
    const last = { waitsSeconds: DEFAULT_WAITS_SECONDS, now: at, random: 0.5 };
    const { next } = settle(delivery, failed, last);
    expect(next).toMatchObject({ state: 'dead', attempts: 10, deadReason: 'exhausted' });
    expect(at.getTime() - now.getTime()).toBe(((75 * 60 + 35) * 60 + 5) * 1000);
  });

  it('makes only allowed transitions, counts one attempt, and is due exactly while it is pending', () => {
    const outcome = fc.oneof(
      fc.constant<Outcome>({ kind: 'delivered' }),
      fc.constant<Outcome>({ kind: 'gone' }),
      fc.nat().map((retryAfterMs): Outcome => ({ kind: 'retry', retryAfterMs })),
    );
    fc.assert(
      fc.property(
        fc.record({
          made: fc.nat(40),
          since: fc.nat(40),
          result: outcome,
          waitsSeconds: fc.array(fc.nat(604_800), { maxLength: 29 }),
          random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        }),
        ({ made, since, result, waitsSeconds, random }) => {
          const delivery = { attempts: made + since, retriesFrom: made };
          const { next, disableWebhook } = settle(delivery, result, { waitsSeconds, now, random });
          expect(mayMove('pending', next.state)).toBe(true);
          expect(next.attempts).toBe(delivery.attempts + 1);
          expect(next.dueAt !== undefined).toBe(next.state === 'pending');
          expect(next.finishedAt !== undefined).toBe(next.state !== 'pending');
          expect(next.deadReason !== undefined).toBe(next.state === 'dead');
          expect(disableWebhook).toBe(result.kind === 'gone' ? 'gone' : undefined);
          if (next.dueAt) expect(next.dueAt.getTime()).toBeGreaterThanOrEqual(now.getTime());
        },
      ),
    );
  });

  it('returns values that a row can be set to', () => {
    const set: RowChange<typeof WebhookDelivery>['set'] = settle(fresh, failed, context).next;
    expect(Object.keys(set).sort()).toEqual([
      'attempts',
      'deadReason',
      'dueAt',
      'finishedAt',
      'state',
    ]);
  });
});

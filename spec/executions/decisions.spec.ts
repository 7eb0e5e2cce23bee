import { freshSeconds } from '../../src/executions/cache/cacheControl.js';
import { waitAfter } from '../../src/executions/call/backoff.js';
import { applyRules } from '../../src/executions/call/errorRules.js';
import {
  type BreakerState,
  decideBreaker,
  recordFailure,
} from '../../src/executions/limits/breaker.js';
import {
  countCall,
  type MeterCounts,
  type NamedLimit,
  uncountCall,
} from '../../src/executions/limits/meter.js';
import { redact } from '../../src/executions/record/redact.js';

const NOW_MS = 1_800_000_000_000;

describe('the wait before the next attempt', () => {
  const policy = { attempts: 5, backoff: 'exponential', baseMs: 100, maxMs: 1_000 } as const;
  it.each([
    ['doubles', policy, [100, 200, 400, 800, undefined]],
    ['grows by the same amount', { ...policy, backoff: 'linear' }, [100, 200, 300, 400, undefined]],
    ['stays the same', { ...policy, backoff: 'fixed' }, [100, 100, 100, 100, undefined]],
    ['has a maximum', { ...policy, maxMs: 250 }, [100, 200, 250, 250, undefined]],
    ['is undefined after the only attempt', { ...policy, attempts: 1 }, [undefined]],
  ] as const)('%s', (_title, given, expected) => {
    const waits = expected.map((_wait, nth) => waitAfter(given, { attempt: nth + 1, random: 1 }));
    expect(waits).toEqual(expected);
  });

  it('is random by up to half', () => {
    expect(waitAfter(policy, { attempt: 3, random: 0 })).toBe(200);
    expect(waitAfter(policy, { attempt: 3, random: 0.5 })).toBe(300);
  });

  it('is the Retry-After of the service, if that is longer and at most maxMs', () => {
    expect(waitAfter(policy, { attempt: 1, random: 0, retryAfterMs: 700 })).toBe(700);
    expect(waitAfter(policy, { attempt: 1, random: 1, retryAfterMs: 10 })).toBe(100);
    expect(waitAfter(policy, { attempt: 1, random: 0, retryAfterMs: 1_001 })).toBeUndefined();
  });
});

describe('the breaker', () => {
  const policy = { failures: 3, openSeconds: 30 };
  const failing = (times: number, from?: BreakerState, atMs = NOW_MS): BreakerState | undefined => {
    let state = from;
    for (let n = 0; n < times; n += 1) state = recordFailure(state, policy, atMs);
    return state;
  };
  const admits = (state: BreakerState | undefined, atMs: number) =>
    decideBreaker(state, { nowMs: atMs, trialMs: 1_000 });

  it('opens after the given number of failures in a row', () => {
    expect(admits(failing(2), NOW_MS).allowed).toBe(true);
    expect(admits(failing(3), NOW_MS)).toEqual({ allowed: false, retryAtMs: NOW_MS + 30_000 });
  });

  it('then admits one trial, and another one when that takes too long', () => {
    const open = failing(3);
    const first = admits(open, NOW_MS + 30_000);
    if (!first.allowed) throw new Error('The trial was refused.');
    expect(admits(first.state, NOW_MS + 30_500)).toEqual({
      allowed: false,
      retryAtMs: NOW_MS + 31_000,
    });
    expect(admits(first.state, NOW_MS + 31_000).allowed).toBe(true);
  });

  it('stays open twice as long each time, up to five minutes', () => {
    let state = failing(3);
    const lasts: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const atMs = state?.openUntilMs ?? NOW_MS;
      state = failing(1, state, atMs);
      lasts.push(((state?.openUntilMs ?? 0) - atMs) / 1000);
    }
    expect(lasts).toEqual([60, 120, 240, 300, 300, 300]);
  });

  it('ignores failures of requests that were under way when it opened', () => {
    const open = failing(3);
    expect(failing(5, open)).toEqual(open);
  });
});

describe('how long a response is fresh', () => {
  const now = new Date(NOW_MS);
  const date = (seconds: number) => new Date(NOW_MS + seconds * 1000).toUTCString();
  it.each<[Record<string, string>, number]>([
    [{}, 60],
    [{ 'cache-control': 'no-store' }, 0],
    [{ 'cache-control': 'private, No-Cache' }, 0],
    [{ 'cache-control': 'max-age=10' }, 10],
    [{ 'cache-control': 'public, max-age="10"' }, 10],
    [{ 'cache-control': 'max-age=3600' }, 60],
    [{ 'cache-control': 'max-age=10', age: '4' }, 6],
    [{ 'cache-control': 'max-age=10', age: '400' }, 0],
    [{ 'cache-control': 'max-age=x' }, 0],
    [{ 'cache-control': 'max-age=10', expires: date(-5) }, 10],
    [{ expires: date(20) }, 20],
    [{ expires: date(-20) }, 0],
    [{ expires: '0' }, 0],
    [{ expires: '-1' }, 0],
    [{ vary: '*' }, 0],
    [{ vary: 'accept' }, 60],
  ])('%j: %i seconds of 60', (headers, expected) => {
    expect(freshSeconds({ headers }, { secondsMax: 60, now })).toBe(expected);
  });
});

describe('the stored part of a body', () => {
  it.each([
    'password',
    'PASSWORD',
    'api_key',
    'apiKey',
    'x-api-key',
    'client_secret',
    'clientSecret',
    'access_token',
    'accessToken',
    'refreshToken',
    'authorization',
    'Set-Cookie',
    'private_key',
    'secrets',
    'otp',
    'cvc',
  ])('does not contain %s', (name) => {
    expect(redact({ [name]: 'x', other: 1 })).toEqual({ [name]: '[removed]', other: 1 });
  });

  it.each(['name', 'tokens_used', 'keyboard', 'secretary', 'author', 'monkey', 'description'])(
    'contains %s',
    (name) => {
      expect(redact({ [name]: 'x' })).toEqual({ [name]: 'x' });
    },
  );

  it('does not contain what the data policy names', () => {
    const value = { a: { b: [{ c: 1, d: 2 }, { c: 3 }] }, 'x/y': 1, list: [1, 2] };
    expect(redact(value, ['/a/b/*/c', '/x~1y', '/list/0', '/no/where'])).toEqual({
      a: { b: [{ c: '[removed]', d: 2 }, { c: '[removed]' }] },
      'x/y': '[removed]',
      list: ['[removed]', 2],
    });
    expect(redact(value, [''])).toBe('[removed]');
  });
});

it('applies the first error rule that matches a failure in all its conditions', () => {
  const failure = { kind: 'provider', status: 503, code: 'busy', retryable: true } as const;
  const rules = [
    { when: { status: 503, code: 'other' }, kind: 'system' },
    { when: { kind: 'provider', status: 503 }, kind: 'conflict', message: 'Later' },
    { when: { status: 503 }, kind: 'validation', retryable: false },
  ] as const;
  expect(applyRules(failure, rules)).toEqual({ ...failure, kind: 'conflict', message: 'Later' });
  expect(applyRules({ ...failure, kind: 'system' }, rules)).toMatchObject({
    kind: 'validation',
    retryable: false,
  });
  expect(applyRules({ ...failure, status: 500 }, rules)).toEqual({ ...failure, status: 500 });
});

describe('one meter', () => {
  const named = (name: string, calls: number): NamedLimit => ({
    name,
    kind: 'limit',
    description: name,
    limit: { strategy: 'fixedWindow', calls, perSeconds: 60 },
  });

  it('counts a call in all limits, or in none', () => {
    const limits = [named('wide', 9), named('narrow', 1)];
    const first = countCall({}, limits, NOW_MS);
    expect(first.admitted).toBe(true);
    const second = countCall(first.counts, limits, NOW_MS);
    expect(second).toMatchObject({
      admitted: false,
      refusal: { reason: 'limit', name: 'narrow' },
    });
    expect(second.counts).toBe(first.counts);
  });

  it('gives back all that it counted', () => {
    const limits = [named('wide', 9), named('narrow', 1)];
    const { counts } = countCall({}, limits, NOW_MS);
    expect(countCall(uncountCall(counts, limits, NOW_MS), limits, NOW_MS).admitted).toBe(true);
  });

  it('changes nothing where there is nothing to give back', () => {
    const counts: MeterCounts = { writes: 3 };
    expect(uncountCall(counts, [named('wide', 9)], NOW_MS)).toBe(counts);
  });

  it.each<[string, MeterCounts, number]>([
    ['the service requested a pause', { pausedUntilMs: NOW_MS + 5 }, NOW_MS + 5],
    ['no request is left', { serviceRemaining: { calls: 0, untilMs: NOW_MS + 7 } }, NOW_MS + 7],
  ])('refuses calls while %s', (_title, counts, untilMs) => {
    expect(countCall(counts, [], NOW_MS)).toMatchObject({
      admitted: false,
      refusal: { reason: 'paused', retryAtMs: untilMs },
    });
    expect(countCall(counts, [], untilMs).admitted).toBe(true);
  });

  it('counts down the requests that the service says are left', () => {
    const serviceRemaining = { calls: 1, untilMs: NOW_MS + 7 };
    const { counts } = countCall({ serviceRemaining }, [], NOW_MS);
    expect(counts.serviceRemaining).toEqual({ ...serviceRemaining, calls: 0 });
    expect(countCall({}, [], NOW_MS).counts).toEqual({});
  });
});

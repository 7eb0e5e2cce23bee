import { WINDOW_START } from '../../src/webhooks/delivery/window.js';
import type { Json } from '../support/hub.js';
import { cases, client, hub, team, useWebhookTeam } from './webhookTeam.js';

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
const DEFAULT_WAITS = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400];

describe('deliveries', () => {
  useWebhookTeam();

  /** Returns bounds of the wait after the last attempt, in ms: from the end of the drain, and from its beginning. */
  async function waitAfterDrain(only: () => Promise<Json>): Promise<[number, number]> {
    const before = hub.clock.now().getTime();
    await hub.app.services.deliverDue();
    const after = hub.clock.now().getTime();
    const dueAt = Date.parse((await only()).delivery.dueAt);
    return [dueAt - after, dueAt - before];
  }
  describe('end as the receiver responds', () => {
    it.each([200, 201, 202, 204, 299])('delivered by %p', async (status) => {
      const { receiver, publish, only } = await cases.setup();
      receiver.respond({ status });
      const eventId = await publish();
      await hub.app.services.deliverDue();
      const { delivery, attempts } = await only();
      expect(delivery).toMatchObject({ eventId, state: 'delivered', attempts: 1 });
      expect(delivery.finishedAt).toBeDefined();
      expect(delivery).not.toHaveProperty('dueAt');
      expect(attempts).toEqual([
        expect.objectContaining({
          number: 1,
          outcome: 'delivered',
          status,
          url: `${receiver.url}/`,
        }),
      ]);
      expect(receiver.requests).toHaveLength(1);
    });

    it.each([300, 301, 302, 303, 307, 308, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504])(
      'retried after %p, and no redirect is followed',
      async (status) => {
        const elsewhere = await cases.newReceiver();
        const { receiver, publish, only } = await cases.setup();
        receiver.respond({ status, headers: { location: `${elsewhere.url}/next` } });
        await publish();
        const [least, max] = await waitAfterDrain(only);
        expect(least).toBeLessThanOrEqual(5 * SECOND);
        expect(max).toBeGreaterThanOrEqual(5 * SECOND);
        const { delivery, attempts } = await only();
        expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
        expect(delivery).not.toHaveProperty('finishedAt');
        expect(attempts).toEqual([expect.objectContaining({ outcome: 'retry', status })]);
        expect(elsewhere.requests).toEqual([]);
      },
    );

    it('given up after 410, with all pending deliveries, and the webhook is disabled', async () => {
      const { organizationId } = team;
      const { receiver, webhookId, update, deliveries, publish } = await cases.setup();
      receiver.respond((_request, nth) => ({ status: nth === 1 ? 500 : 410 }));
      const waiting = await publish();
      await hub.app.services.deliverDue();
      const gone = await publish();
      await hub.app.services.deliverDue();
      expect(receiver.requests).toHaveLength(2);
      const { webhook } = await client.getWebhook({ organizationId, webhookId });
      expect(webhook).toMatchObject({
        status: 'disabled',
        disabledReason: 'The receiver responded 410 Gone.',
      });
      expect(hub.logLines.some((line) => line.includes('webhook.disabled'))).toBe(true);
      // New events skip the webhook, and pending deliveries are given up when they are due.
      await publish();
      hub.clock.advance(5 * SECOND);
      await hub.app.services.deliverDue();
      expect(receiver.requests).toHaveLength(2);
      const ends = (await deliveries()).map(({ eventId, state, deadReason }) => [
        ...[eventId, state, deadReason],
      ]);
      expect(ends).toEqual([
        [gone, 'dead', 'gone'],
        [waiting, 'dead', 'disabled'],
      ]);
      // Until a person activates it again.
      receiver.respond({ status: 200 });
      expect((await update({ status: 'active' })).webhook).not.toHaveProperty('disabledReason');
      await publish();
      await hub.app.services.deliverDue();
      expect(await deliveries({ state: 'delivered' })).toHaveLength(1);
    });

    it('sends nothing more once the receiver has responded 410 to one of many', async () => {
      const { receiver, deliveries, publish } = await cases.setup();
      receiver.respond({ status: 410 });
      for (let n = 0; n < 5 * WINDOW_START; n += 1) await publish();
      await hub.app.services.deliverDue();
      expect(receiver.requests.length).toBeLessThanOrEqual(WINDOW_START);
      const ends = (await deliveries()).map(({ deadReason }) => deadReason);
      expect(new Set(ends)).toEqual(new Set(['gone', 'disabled']));
    });

    it.each([
      ['429 and seconds', 429, () => '3600', HOUR],
      ['503 and seconds', 503, () => '60', 60 * SECOND],
      ['429 and a date', 429, () => inTwoHours(), 2 * HOUR],
      ['429 and more than a day', 429, () => '999999', 24 * HOUR],
      ['429 and less than the schedule says', 429, () => '1', 5 * SECOND],
      ['429 and a value that is neither', 429, () => 'soon', 5 * SECOND],
      ['500, for which it is ignored', 500, () => '3600', 5 * SECOND],
    ])(
      'retried after the time in Retry-After, with %s',
      async (_how, status, retryAfter, waitMs) => {
        const { receiver, publish, only } = await cases.setup();
        receiver.respond(() => ({ status, headers: { 'retry-after': retryAfter() } }));
        await publish();
        const [least, max] = await waitAfterDrain(only);
        // A date has no milliseconds.
        expect(least - SECOND).toBeLessThanOrEqual(waitMs);
        expect(max + SECOND).toBeGreaterThanOrEqual(waitMs);
      },
    );
    const inTwoHours = () => new Date(hub.clock.now().getTime() + 2 * HOUR).toUTCString();
  });

  describe('keep the outcome of each attempt', () => {
    it('status, headers and body, as received', async () => {
      const { receiver, publish, only } = await cases.setup();
      const headers = { 'Content-Type': 'text/plain', 'X-Custom': 'a b' };
      receiver.respond({ status: 500, headers, body: 'Straße kaputt 🚧' });
      await publish();
      const before = hub.clock.now();
      await hub.app.services.deliverDue();
      const [attempt] = (await only()).attempts;
      expect(attempt).toMatchObject({ status: 500, responseBody: 'Straße kaputt 🚧' });
      expect(attempt?.responseHeaders).toEqual(
        expect.arrayContaining([
          ['Content-Type', 'text/plain'],
          ['X-Custom', 'a b'],
        ]),
      );
      expect(Date.parse(attempt?.startedAt ?? '')).toBeGreaterThanOrEqual(before.getTime() - 5);
      expect(attempt?.durationMs).toBeGreaterThanOrEqual(0);
      expect(attempt).not.toHaveProperty('problem');
    });

    it.each([
      ['empty', '', ''],
      ['16 KiB long', Buffer.alloc(16_384, 'x'), 'x'.repeat(16_384)],
      ['longer, and is truncated', Buffer.alloc(100_000, 'x'), 'x'.repeat(16_384)],
      ['text with NUL bytes', Buffer.from('a\0b\0'), 'a\uFFFDb\uFFFD'],
      ['not UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x62]), 'a\uFFFD\uFFFDb'],
      ['an unpaired surrogate', Buffer.from([0xed, 0xa0, 0x80]), '\uFFFD\uFFFD\uFFFD'],
      ['compressed bytes', Buffer.from([0x1f, 0x8b, 0x08]), '\u001f\uFFFD\b'],
      [
        'JSON that Parse reads as a type',
        '{"__type":"Date","iso":"x"}',
        '{"__type":"Date","iso":"x"}',
      ],
    ])('with a body that is %s', async (_what, body, kept) => {
      const { receiver, publish, only } = await cases.setup();
      receiver.respond({ status: 200, body });
      await publish();
      await hub.app.services.deliverDue();
      const { delivery, attempts } = await only();
      expect(delivery.state).toBe('delivered');
      expect(attempts[0]?.responseBody).toBe(kept);
    });

    it.each([
      ['hangs', 'hang', 'The receiver did not respond within 1 seconds.'],
      ['breaks off', 'reset', 'The receiver closed the connection without a response.'],
    ] as const)('at a receiver that %s', async (_how, reply, problem) => {
      const { receiver, publish, only } = await cases.setup({ timeoutSeconds: 1 });
      receiver.respond(reply);
      await publish();
      await hub.app.services.deliverDue();
      const { delivery, attempts } = await only();
      expect(delivery).toMatchObject({ state: 'pending', attempts: 1 });
      expect(attempts).toEqual([expect.objectContaining({ outcome: 'retry', problem })]);
      expect(attempts[0]).not.toHaveProperty('status');
    });

    it('at a receiver that refuses connections', async () => {
      const { receiver, publish, only } = await cases.setup();
      await receiver.close();
      await publish();
      await hub.app.services.deliverDue();
      expect((await only()).attempts).toEqual([
        expect.objectContaining({
          outcome: 'retry',
          problem: 'The receiver refused the connection, or no route leads to it.',
        }),
      ]);
    });
  });

  describe('are retried', () => {
    it.each([
      ['the default schedule', undefined, DEFAULT_WAITS],
      ['a custom schedule', { schedule: [0, 7, 3] }, [0, 7, 3]],
      ['an empty schedule', { schedule: [] }, []],
      ['linear backoff', { attempts: 4, backoff: 'linear', initialSeconds: 10 }, [10, 20, 30]],
      [
        'exponential backoff',
        { attempts: 5, backoff: 'exponential', initialSeconds: 10, maxSeconds: 60 },
        [10, 20, 40, 60],
      ],
    ])('by %s, then given up', async (_which, retry, waits) => {
      const { receiver, publish, only } = await cases.setup(retry && { retry });
      receiver.respond({ status: 500 });
      await publish();
      for (const [index, waitSeconds] of waits.entries()) {
        if (waitSeconds === 0) continue;
        const [least, max] = await waitAfterDrain(only);
        // The random number is in the middle of its range here, so there is no jitter.
        expect(least).toBeLessThanOrEqual(waitSeconds * SECOND);
        expect(max).toBeGreaterThanOrEqual(waitSeconds * SECOND);
        expect((await only()).delivery).toMatchObject({ state: 'pending', attempts: index + 1 });
        hub.clock.advance(waitSeconds * SECOND);
      }
      await hub.app.services.deliverDue();
      const { delivery, attempts } = await only();
      const total = waits.length + 1;
      expect(delivery).toMatchObject({ state: 'dead', deadReason: 'exhausted', attempts: total });
      expect(delivery).not.toHaveProperty('dueAt');
      expect(attempts.map(({ number, outcome }) => [number, outcome])).toEqual(
        Array.from({ length: total }, (_, i) => [i + 1, i + 1 < total ? 'retry' : 'dead']),
      );
      hub.clock.advance(48 * HOUR);
      await hub.app.services.deliverDue();
      const ids = receiver.requests.map(({ headers }) => headers['webhook-id']);
      expect(ids).toEqual(Array(total).fill(delivery.eventId));
    });

    it('not before they are due', async () => {
      const { receiver, publish } = await cases.setup({ retry: { schedule: [60] } });
      receiver.respond({ status: 500 });
      await publish();
      await hub.app.services.deliverDue();
      hub.clock.advance(30 * SECOND);
      await hub.app.services.deliverDue();
      expect(receiver.requests).toHaveLength(1);
    });

    it('by hand when they are dead, with the whole schedule again', async () => {
      const { receiver, publish, only, retry } = await cases.setup({ retry: { schedule: [60] } });
      receiver.respond({ status: 500 });
      await publish();
      await hub.app.services.deliverDue();
      hub.clock.advance(60 * SECOND);
      await hub.app.services.deliverDue();
      expect((await only()).delivery).toMatchObject({ state: 'dead', attempts: 2 });
      const { delivery } = await retry();
      expect(delivery).toMatchObject({ state: 'pending', attempts: 2 });
      expect(delivery).not.toHaveProperty('deadReason');
      const [least, max] = await waitAfterDrain(only);
      expect(least).toBeLessThanOrEqual(60 * SECOND);
      expect(max).toBeGreaterThanOrEqual(60 * SECOND);
      receiver.respond({ status: 200 });
      hub.clock.advance(60 * SECOND);
      await hub.app.services.deliverDue();
      const done = await only();
      expect(done.delivery).toMatchObject({ state: 'delivered', attempts: 4 });
      expect(done.attempts.map(({ number }) => number)).toEqual([1, 2, 3, 4]);
    });

    it('by hand when they were delivered, as the same message', async () => {
      const { receiver, publish, only, retry } = await cases.setup();
      const eventId = await publish();
      await hub.app.services.deliverDue();
      await retry();
      await hub.app.services.deliverDue();
      expect((await only()).delivery).toMatchObject({ state: 'delivered', attempts: 2 });
      const [first, second] = receiver.requests;
      expect([first, second].map((request) => request?.headers['webhook-id'])).toEqual([
        eventId,
        eventId,
      ]);
      expect(second?.body).toEqual(first?.body);
    });

    it('by hand while they are pending, at once and to the current URL of the webhook', async () => {
      const { receiver, publish, only, retry, update } = await cases.setup();
      receiver.respond({ status: 500 });
      await publish();
      await hub.app.services.deliverDue();
      const moved = await cases.newReceiver();
      await update({ url: `${moved.url}/new`, headers: { 'X-New': 'yes' } });
      await retry();
      await hub.app.services.deliverDue();
      const { delivery, attempts } = await only();
      expect(delivery).toMatchObject({ state: 'delivered', attempts: 2 });
      expect(attempts.map(({ url }) => url)).toEqual([`${receiver.url}/`, `${moved.url}/new`]);
      expect(moved.requests[0]?.headers['x-new']).toBe('yes');
      expect(receiver.requests).toHaveLength(1);
    });
  });
});

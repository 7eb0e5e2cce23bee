import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';

import { jest } from '@jest/globals';
import { Webhook } from 'standardwebhooks';

import { generateSecret } from '../../src/webhooks/delivery/secret.js';
import type { Received } from '../support/receiver.js';
import { cases, hub, team, useWebhookTeam } from './webhookTeam.js';

const HOUR = 3_600_000;

describe('the request to a receiver', () => {
  useWebhookTeam();

  const rotate = async (webhookId: string, params: object = {}) => {
    const { organizationId, owner } = team;
    const rotated = await hub
      .as(owner)
      .rotateWebhookSecret({ organizationId, webhookId, ...params });
    return rotated.secret;
  };

  /** Verifies a request with the receivers' library, by the hub's clock: the library refuses a time that is minutes off. */
  function verified(secret: string, { body, headers }: Received): unknown {
    const now = jest.spyOn(Date, 'now').mockReturnValue(hub.clock.now().getTime());
    try {
      return new Webhook(secret).verify(body, headers as Record<string, string>);
    } finally {
      now.mockRestore();
    }
  }
  const signaturesOf = ({ headers }: Received) => (headers['webhook-signature'] ?? '').split(' ');
  const signedOf = ({ headers, body }: Received) =>
    Buffer.concat([Buffer.from(`${headers['webhook-id']}.${headers['webhook-timestamp']}.`), body]);

  it('is a POST of the published JSON, which the receivers’ library verifies', async () => {
    const { type, receiver, secret, publish } = await cases.setup();
    const data = { order: { id: 'o_17', total: '12,50 €' }, tags: ['ü', '🚧', null, 1.5, true] };
    const before = hub.clock.now().getTime();
    const eventId = await publish(data);
    await hub.app.services.deliverDue();
    const [request] = await receiver.received(1);
    const { event } = await hub.as(team.owner).getEvent({ ...ids(), eventId });
    expect(request?.method).toBe('POST');
    expect(request?.path).toBe('/');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'parse-integration-hub',
      'accept-encoding': 'identity',
      'webhook-id': eventId,
      'content-length': String(Buffer.byteLength(event.body)),
    });
    expect(request?.body.toString()).toBe(event.body);
    const payload = verified(secret, must(request)) as { timestamp: string };
    expect(payload).toEqual({ type, timestamp: expect.any(String), data });
    expect(Date.parse(payload.timestamp)).toBeGreaterThanOrEqual(before - 5);
    expect(Number(request?.headers['webhook-timestamp']) * 1000).toBeGreaterThan(before - 1_005);
  });

  it('is refused by that library with another secret, or when one byte has changed', async () => {
    const { receiver, secret, publish } = await cases.setup();
    await publish({ amount: 1 });
    await hub.app.services.deliverDue();
    const request = must((await receiver.received(1))[0]);
    expect(() => verified(generateSecret(), request)).toThrow(/No matching signature/);
    const body = Buffer.from(request.body.toString().replace('"amount":1', '"amount":9'));
    expect(() => verified(secret, { ...request, body })).toThrow(/No matching signature/);
    const headers = { ...request.headers, 'webhook-id': 'another' };
    expect(() => verified(secret, { ...request, headers })).toThrow(/No matching signature/);
  });

  it('is signed again for each attempt, with the same bytes and the same id', async () => {
    const { receiver, secret, publish } = await cases.setup({ retry: { schedule: [600] } });
    receiver.respond((_request, nth) => ({ status: nth === 1 ? 503 : 204 }));
    await publish({ n: 1 });
    await hub.app.services.deliverDue();
    const first = must((await receiver.received(1))[0]);
    verified(secret, first);
    hub.clock.advance(600_000);
    await hub.app.services.deliverDue();
    const second = must((await receiver.received(2))[1]);
    verified(secret, second);
    expect(second.body).toEqual(first.body);
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    const seconds = [first, second].map(({ headers }) => Number(headers['webhook-timestamp']));
    expect((seconds[1] ?? 0) - (seconds[0] ?? 0)).toBeGreaterThanOrEqual(599);
  });

  it('is signed with the new and the previous secret until the overlap ends', async () => {
    const { receiver, webhookId, secret: old, publish } = await cases.setup();
    const renewed = await rotate(webhookId, { overlapHours: 2 });
    await publish();
    await hub.app.services.deliverDue();
    const during = must((await receiver.received(1))[0]);
    expect(signaturesOf(during)).toHaveLength(2);
    for (const secret of [old, renewed]) expect(() => verified(secret, during)).not.toThrow();
    hub.clock.advance(2 * HOUR);
    await publish();
    await hub.app.services.deliverDue();
    const after = must((await receiver.received(2))[1]);
    expect(signaturesOf(after)).toHaveLength(1);
    expect(() => verified(renewed, after)).not.toThrow();
    expect(() => verified(old, after)).toThrow(/No matching signature/);
  });

  it('is signed with the new secret only after a rotation without overlap', async () => {
    const { receiver, webhookId, secret: old, publish } = await cases.setup();
    const renewed = await rotate(webhookId, { overlapHours: 0 });
    await publish();
    await hub.app.services.deliverDue();
    const request = must((await receiver.received(1))[0]);
    expect(signaturesOf(request)).toHaveLength(1);
    expect(() => verified(renewed, request)).not.toThrow();
    expect(() => verified(old, request)).toThrow(/No matching signature/);
  });

  it('is signed with ed25519, which the returned public key verifies, also after a rotation', async () => {
    const { receiver, webhookId, secret: old, publish } = await cases.setup({ signature: 'v1a' });
    const renewed = await rotate(webhookId);
    await publish({ text: '€' });
    await hub.app.services.deliverDue();
    const request = must((await receiver.received(1))[0]);
    const signatures = signaturesOf(request);
    expect(signatures).toHaveLength(2);
    for (const [i, publicKey] of [renewed, old].entries()) {
      const [scheme, signature = ''] = signatures[i]?.split(',') ?? [];
      expect(scheme).toBe('v1a');
      const isGood = verify(
        null,
        signedOf(request),
        keyOf(publicKey),
        Buffer.from(signature, 'base64'),
      );
      expect(isGood).toBe(true);
    }
  });

  it('has the legacy signature header only while the webhook sets it', async () => {
    const { receiver, secret, publish, update } = await cases.setup({
      legacySignatureHeader: 'X-Webhook-Signature',
    });
    await publish({ n: 1 });
    await hub.app.services.deliverDue();
    await update({ legacySignatureHeader: null });
    await publish({ n: 2 });
    await hub.app.services.deliverDue();
    const [first, second] = await receiver.received(2);
    expect(first?.headers['x-webhook-signature']).toBe(
      createHmac('sha256', secret).update(must(first).body).digest('hex'),
    );
    expect(() => verified(secret, must(first))).not.toThrow();
    expect(second?.headers).not.toHaveProperty('x-webhook-signature');
  });

  it('has the extra headers that are set at the time of the attempt', async () => {
    const headers = { Authorization: 'Bearer k-1', 'X-Empty': '', 'X-Tab': 'a\tb' };
    const { receiver, publish, update } = await cases.setup({ headers });
    await publish();
    await hub.app.services.deliverDue();
    await update({ headers: { 'X-Other': 'o' } });
    await publish();
    await hub.app.services.deliverDue();
    const [first, second] = await receiver.received(2);
    expect(first?.headers).toMatchObject({
      authorization: 'Bearer k-1',
      'x-empty': '',
      'x-tab': 'a\tb',
    });
    expect(second?.headers).toMatchObject({ 'x-other': 'o' });
    expect(second?.headers).not.toHaveProperty('authorization');
  });

  it('has the path and the query of the URL', async () => {
    const { receiver, publish, update } = await cases.setup();
    await update({ url: `${receiver.url}/a%20b/ü?x=1&y=%2F&z` });
    await publish();
    await hub.app.services.deliverDue();
    expect((await receiver.next()).path).toBe('/a%20b/%C3%BC?x=1&y=%2F&z');
  });

  it('is complete with a body of 256 KiB', async () => {
    const { type, receiver, secret, publish } = await cases.setup();
    const overhead = Buffer.byteLength(
      JSON.stringify({ type, timestamp: new Date(0).toISOString(), data: { text: '' } }),
    );
    const text = '€'.repeat(Math.floor((256 * 1024 - overhead) / 3));
    await publish({ text });
    await hub.app.services.deliverDue();
    const request = must((await receiver.received(1))[0]);
    const digest = (value: string) => createHash('sha256').update(value).digest('hex');
    const { data } = verified(secret, request) as { data: { text: string } };
    expect(digest(data.text)).toBe(digest(text));
    expect(request.body.length).toBeGreaterThan(256 * 1024 - 3);
  });

  const ids = () => ({ organizationId: team.organizationId });
});

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('It is not there.');
  return value;
}

/** `whpk_…` as a key object. https://www.rfc-editor.org/rfc/rfc8410#section-4 */
function keyOf(publicKey: string) {
  const raw = Buffer.from(publicKey.slice('whpk_'.length), 'base64');
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), raw]);
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

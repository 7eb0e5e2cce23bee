import { manifest } from '../../cloud/manifest.js';
import { type AnyFunction, commonErrors, GRANTS } from '../../src/contract/index.js';
import { callsFor, startSubjects, type Subjects } from '../cloud/calls.js';
import { startProvider } from '../connections/provider.js';
import {
  anonymous,
  type Caller,
  type Json,
  master,
  readOnlyMaster,
  startHub,
  type TestHub,
} from '../support/hub.js';
import { chainName, entriesOf } from './auditLog.js';

const functions: readonly AnyFunction[] = manifest;
const changing = functions.filter(({ reads }) => !reads).map((spec) => [spec.name, spec] as const);
const byName = functions.map((spec) => [spec.name, spec] as const);

describe('the audit log', () => {
  let hub: TestHub;
  let subjects: Subjects;
  let calls: ReturnType<typeof callsFor>;
  beforeAll(async () => {
    const provider = await startProvider();
    hub = await startHub({ hub: { connectors: [provider.connector] } });
    subjects = await startSubjects(hub, provider);
    calls = callsFor(hub, subjects);
  });
  afterAll(async () => {
    await subjects.receiver.close();
    subjects.provider.close();
    await hub.stop();
  });

  async function paramsOf(spec: AnyFunction): Promise<Record<string, unknown>> {
    const params = await calls[spec.name as keyof typeof calls]();
    const { organizationId } = subjects.team;
    return spec.access.kind === 'permission' ? { organizationId, ...params } : params;
  }

  let made = 0;
  /** Returns the entries that a call has added. */
  async function addedBy(
    name: string,
    params: Record<string, unknown>,
    as: Caller,
  ): Promise<{ readonly status: number; readonly body: Json; readonly added: Json[] }> {
    const requestId = `audited-call-${String(++made)}`;
    const headers = { ...as.headers, 'x-request-id': requestId };
    const response = await hub.call(name, params, { ...as, headers });
    return { ...response, added: await entriesOf(hub, { function: name, requestId }) };
  }

  it.each(changing)('has one entry of a call of %s', async (name, spec) => {
    const as = spec.access.kind === 'master' ? master : subjects.team.owner;
    const params = await paramsOf(spec);
    const { status, body, added } = await addedBy(name, params, as);
    expect([status, body.error]).toEqual([200, undefined]);
    if (spec.audit === 'refusals') return expect(added).toEqual([]);
    const { organizationId } = subjects.team;
    const chains: Readonly<Record<string, string>> = {
      createOrganization: chainName(body.result.organization?.id),
      rotateEncryptionKey: 'hub',
      deleteOrganization: 'hub',
      setDefaultOrganization: 'hub',
      acceptOrganizationInvitation: chainName(body.result.organization?.id),
      declineOrganizationInvitation: chainName(body.result.organizationId),
      leaveOrganization: chainName(body.result.organizationId),
    };
    expect(added).toEqual([
      expect.objectContaining({
        chain: chains[name] ?? chainName(organizationId),
        outcome: 'ok',
        ...(as === master
          ? { actor: 'master' }
          : { actor: 'user', actorId: subjects.team.owner.id }),
        address: expect.stringContaining('127.0.0.1'),
        agent: 'node',
      }),
    ]);
    const [{ rowIds }] = added;
    const ids = Object.entries(params).flatMap(([key, value]) =>
      /Ids?$/.test(key) ? (value as string | string[]) : [],
    );
    expect(rowIds).toEqual(expect.arrayContaining(ids));
  });

  it.each(byName)('has one entry of each refusal of %s', async (name, spec) => {
    const { team } = subjects;
    const isOrganizations = spec.access.kind === 'permission';
    const refusals: readonly (readonly [Caller, keyof typeof commonErrors, string])[] = [
      [anonymous, 'NotSignedIn', 'anonymous'],
      ...(isOrganizations ? [[team.outsider, 'OrganizationNotFound', 'user'] as const] : []),
      ...(spec.reads ? [] : [[readOnlyMaster, 'ReadOnlyCaller', 'readOnlyMaster'] as const]),
      ...(spec.access.kind === 'master'
        ? [[team.owner, 'MasterKeyRequired', 'user'] as const]
        : []),
    ];
    const params = await paramsOf(spec);
    // The first refusals of anonymous callers in each minute get an entry each.
    hub.clock.advance(60_000);
    for (const [as, error, actor] of refusals) {
      const { body, added } = await addedBy(name, params, as);
      const { code } = commonErrors[error].spec;
      expect(body.code).toBe(code);
      // Outsiders do not write to the audit log of an organization.
      const entry = { chain: 'hub', outcome: 'refused', actor, error, code };
      expect([error, added]).toEqual([error, [expect.objectContaining(entry)]]);
    }
    if (spec.access.kind !== 'permission' || GRANTS.viewer.includes(spec.access.permission)) return;
    const { added } = await addedBy(name, params, team.viewer);
    const entry = { outcome: 'refused', actorId: team.viewer.id, error: 'PermissionDenied' };
    expect(added).toEqual([
      expect.objectContaining({ chain: chainName(team.organizationId), ...entry }),
    ]);
  });

  it('has an entry for what was not found in the organization, also for functions that read', async () => {
    const { organizationId, developer } = subjects.team;
    for (const [name, param] of [
      ['getWebhook', 'webhookId'],
      ['deleteIntegration', 'integrationId'],
      ['getEvent', 'eventId'],
    ] as const) {
      const as = name === 'deleteIntegration' ? subjects.team.owner : developer;
      const params = { organizationId, [param]: 'abc123' };
      const { added } = await addedBy(name, params, as);
      const entry = { outcome: 'refused', error: expect.stringMatching(/NotFound$/) };
      expect(added).toEqual([expect.objectContaining(entry)]);
      expect(JSON.parse(added[0].rows)).toEqual({ organizationId, [param]: 'abc123' });
    }
  });

  it('has an entry for a failed change, and none for calls that are not valid or only read', async () => {
    const { organizationId, owner } = subjects.team;
    const { connectionId } = subjects;
    const failed = await addedBy(
      'createWebhook',
      { organizationId, name: 'x', url: 'https://10.0.0.1/', events: ['*'] },
      owner,
    );
    expect(failed.added).toEqual([
      expect.objectContaining({
        outcome: 'failed',
        error: 'TargetNotAllowed',
        code: failed.body.code,
      }),
    ]);
    const wrong = await addedBy('testConnection', { organizationId, connectionId, x: 1 }, owner);
    expect([wrong.body.code, wrong.added]).toEqual([7001, []]);
    const read = await addedBy('getWebhooks', { organizationId }, owner);
    expect([read.status, read.added]).toEqual([200, []]);
  });

  it('takes the address and the actor from the connection, not from the caller’s claims', async () => {
    const { organizationId, owner } = subjects.team;
    const evil = 'agent\u009b31m "x" {{y}} '.repeat(30);
    const response = await fetch(`${hub.url}/parse/functions/updateOrganization`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-parse-application-id': hub.appId,
        'x-parse-session-token': owner.sessionToken,
        'x-forwarded-for': '203.0.113.99',
        'x-request-id': 'request-of-mine',
        'x-parse-cloud-context': JSON.stringify({ actor: 'hub', userId: 'other', master: true }),
        'user-agent': evil,
      },
      body: JSON.stringify({ organizationId, name: 'Acme' }),
    });
    expect(response.status).toBe(200);
    const [entry] = await entriesOf(hub, { requestId: 'request-of-mine' });
    expect(entry).toMatchObject({ actor: 'user', actorId: owner.id });
    expect(entry.address).not.toContain('203.0.113.99');
    expect(entry.agent.length).toBe(200);
    expect(entry.agent).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('records choices, and of other text the length', async () => {
    const { organizationId, owner } = subjects.team;
    const { webhookId } = subjects;
    const params = { organizationId, webhookId, status: 'paused', name: 'renamed' };
    const { added } = await addedBy('updateWebhook', params, owner);
    expect(JSON.parse(added[0].params)).toEqual({
      organizationId,
      webhookId,
      status: 'paused',
      name: '[7 characters]',
    });
    expect(JSON.parse(added[0].result)).toMatchObject({
      'webhook.id': webhookId,
      'webhook.status': 'paused',
      'webhook.name': '[7 characters]',
      'webhook.createdAt': expect.stringMatching(/Z$/),
    });
  });

  it('verifies in every chain after all of this', async () => {
    const { organizationId, admin } = subjects.team;
    const { result } = (await hub.call('verifyAuditLog', { organizationId }, admin)).body;
    const entries = await entriesOf(hub, { chain: chainName(organizationId) });
    expect(result).toMatchObject({ isWhole: true, hasMore: false, checked: entries.length });
    expect(entries.length).toBeGreaterThan(changing.length);
    const ofHub = (await hub.call('verifyHubAuditLog', {}, master)).body.result;
    expect(ofHub).toMatchObject({ isWhole: true, hasMore: false });
    expect(ofHub.checked).toBeGreaterThan(functions.length);
  });
});

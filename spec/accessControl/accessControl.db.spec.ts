import { addMember, startTeam, type Team } from '../cloud/team.js';
import { KEY, type Provider, startProvider } from '../connections/provider.js';
import { type Caller, type Json, startHub, type TestHub, type TestUser } from '../support/hub.js';

const NOT_FOUND = 7801;
const DENIED = 8402;

describe('access control', () => {
  let provider: Provider;
  let hub: TestHub;
  let team: Team;
  /** A second developer. */
  let named: TestUser;
  beforeAll(async () => {
    provider = await startProvider();
    hub = await startHub({ hub: { connectors: [provider.connector] } });
    team = await startTeam(hub);
    named = await hub.signUp();
    const { organizationId } = team;
    await addMember(hub, { organizationId, userId: named.id, role: 'developer' });
  });
  afterAll(async () => {
    provider.close();
    await hub.stop();
  });

  /** Returns the error code of a call, or its result. */
  async function call(name: string, params: object, as: Caller): Promise<Json> {
    const { body } = await hub.call(name, params, as);
    return body.code ?? body.result;
  }
  const connect = async (accessControl?: object): Promise<string> => {
    const credential = { token: KEY };
    const given = { connector: 'acme', authMethod: 'key', name: 'c', credential, accessControl };
    return (await call('createConnection', given, team.owner)).connection.id;
  };
  const make = async (accessControl?: object, more: object = {}): Promise<string> => {
    const given = { name: 'i', connector: 'acme', connectionId: await connect(), allowProxy: true };
    const made = await call('createIntegration', { ...given, accessControl, ...more }, team.owner);
    return made.integration.id;
  };
  const read = (integrationId: string) => ({
    integrationId,
    action: 'getThing',
    input: { id: 't1' },
  });
  const execute = (integrationId: string, as: Caller) =>
    call('executeIntegration', read(integrationId), as);
  const open = { kind: 'organization' };
  const forNamed = () => ({ kind: 'listed', members: [named.id] });
  const setAccess = (integrationId: string, accessControl: object) =>
    call('updateIntegration', { integrationId, accessControl }, team.owner);
  const idsOf = async (as: Caller, className: string) => {
    const { body } = await hub.rest('GET', `/classes/${className}?limit=1000`, as);
    return body.results.map(({ objectId }: Json) => objectId) as string[];
  };
  const key = async (scopes: string[]) => {
    const made = await call('createApiKey', { name: 'k', scopes }, team.owner);
    return { id: made.apiKey.id as string, as: { headers: { 'x-api-key': made.key as string } } };
  };

  it('hides an integration, its calls and its rows from those who are not listed', async () => {
    const id = await make(forNamed());
    const { executionId } = await execute(id, named);
    expect(executionId).toEqual(expect.any(String));
    for (const name of ['getIntegration', 'getIntegrationStatistics', 'checkRateLimit']) {
      expect([name, await call(name, { integrationId: id }, team.developer)]).toEqual([
        name,
        NOT_FOUND,
      ]);
      expect(await call(name, { integrationId: id }, named)).toBeInstanceOf(Object);
    }
    const { developer } = team;
    expect(await execute(id, developer)).toBe(NOT_FOUND);
    expect(await call('explainExecution', read(id), developer)).toBe(NOT_FOUND);
    expect(await call('proxyRequest', { integrationId: id, path: '/me' }, developer)).toBe(
      NOT_FOUND,
    );
    expect(await call('getIntegrationExecution', { executionId }, developer)).toBe(8019);
    const executions = { integrationId: id };
    expect((await call('getIntegrationExecutions', executions, developer)).items).toEqual([]);
    expect((await call('getIntegrationExecutions', executions, named)).items).toHaveLength(1);
    expect(await idsOf(developer, 'Integration')).not.toContain(id);
    expect(await idsOf(developer, 'IntegrationExecution')).not.toContain(executionId);
    expect(await idsOf(team.admin, 'IntegrationExecution')).toContain(executionId);

    await setAccess(id, open);
    expect(await execute(id, developer)).toMatchObject({ state: 'succeeded' });
    expect(await call('getIntegrationExecution', { executionId }, developer)).toBeInstanceOf(
      Object,
    );
    expect(await idsOf(developer, 'Integration')).toContain(id);
    expect(await idsOf(developer, 'IntegrationExecution')).toContain(executionId);

    await setAccess(id, { kind: 'listed', roles: ['viewer'] });
    expect(await execute(id, developer)).toBe(NOT_FOUND);
    expect(await idsOf(developer, 'IntegrationExecution')).not.toContain(executionId);
    expect(await idsOf(team.viewer, 'IntegrationExecution')).toContain(executionId);
    // A deleted integration does not show its calls to those who could not see it.
    await call('deleteIntegration', { integrationId: id }, team.owner);
    expect(await call('getIntegrationExecution', { executionId }, developer)).toBe(8019);
    expect(await call('getIntegrationExecution', { executionId }, team.viewer)).toBeInstanceOf(
      Object,
    );
  });

  it('lists pages that are full, whatever is hidden between', async () => {
    const made: string[] = [];
    for (const access of [open, forNamed(), forNamed(), open, forNamed(), open]) {
      made.push(await make(access, { tags: ['paged'] }));
    }
    const pagesOf = async (as: Caller) => {
      const pages: string[][] = [];
      let cursor: string | undefined;
      do {
        const page = await call('getIntegrations', { tag: 'paged', limit: 2, cursor }, as);
        pages.push(page.items.map(({ id }: Json) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);
      return pages;
    };
    const [a, b, c, d, e, f] = made;
    expect(await pagesOf(team.developer)).toEqual([[f, d], [a]]);
    expect(await pagesOf(named)).toEqual([
      [f, e],
      [d, c],
      [b, a],
    ]);
    for (const id of made) await execute(id, named);
    const { items, nextCursor } = await call(
      'getIntegrationExecutions',
      { limit: 2 },
      team.developer,
    );
    expect(items.map(({ integrationId }: Json) => integrationId)).toEqual([f, d]);
    const next = await call(
      'getIntegrationExecutions',
      { limit: 2, cursor: nextCursor },
      team.developer,
    );
    expect(next.items[0].integrationId).toBe(a);
  });

  it('lets owners use everything, and admins see and change it', async () => {
    const id = await make(forNamed());
    expect(await execute(id, team.owner)).toMatchObject({ state: 'succeeded' });
    expect(await call('getIntegration', { integrationId: id }, team.admin)).toBeInstanceOf(Object);
    expect(await execute(id, team.admin)).toBe(DENIED);
    expect(await call('proxyRequest', { integrationId: id, path: '/me' }, team.admin)).toBe(DENIED);
    expect(await call('explainExecution', read(id), team.admin)).toMatchObject({
      wouldSend: false,
    });
    const opened = { integrationId: id, accessControl: { kind: 'listed', roles: ['admin'] } };
    expect(await call('updateIntegration', opened, team.admin)).toBeInstanceOf(Object);
    expect(await execute(id, team.admin)).toMatchObject({ state: 'succeeded' });
    expect(await execute(id, named)).toBe(NOT_FOUND);
  });

  it('matches programs by their own id, not by that of their owner', async () => {
    const scopes = ['integrations:execute', 'integrations:read', 'integrations:write'];
    const [one, other] = [await key(scopes), await key(scopes)];
    const id = await make({ kind: 'listed', roles: ['owner'], apiKeys: [one.id] });
    expect(await execute(id, one.as)).toMatchObject({ state: 'succeeded' });
    expect(await execute(id, other.as)).toBe(NOT_FOUND);
    const wider = { integrationId: id, accessControl: open };
    expect(await call('updateIntegration', wider, other.as)).toBe(NOT_FOUND);
    expect((await call('getIntegrations', { limit: 100 }, other.as)).items).not.toContainEqual(
      expect.objectContaining({ id }),
    );
    // A revoked key stays in the list without effect, and cannot be listed again.
    await call('revokeApiKey', { apiKeyId: one.id }, team.owner);
    expect(await execute(id, one.as)).toBe(7009);
    expect(
      (await call('getIntegration', { integrationId: id }, team.owner)).integration,
    ).toMatchObject({
      accessControl: { kind: 'listed', roles: ['owner'], apiKeys: [one.id] },
    });
    expect(await setAccess(id, { kind: 'listed', apiKeys: [one.id] })).toBe(8401);
  });

  it('guards a connection, also behind an integration that is open', async () => {
    const connectionId = await connect(forNamed());
    const id = await make(open, { connectionId });
    expect(await execute(id, team.developer)).toBe(8403);
    expect(await execute(id, team.admin)).toBe(8403);
    expect(await execute(id, named)).toMatchObject({ state: 'succeeded' });
    const program = await key([
      ...['connections:read', 'connections:write', 'integrations:write', 'integrations:execute'],
    ]);
    const idsListed = async (as: Caller) =>
      (await call('getConnections', { limit: 100 }, as)).items.map((each: Json) => each.id);
    expect(await idsListed(team.developer)).not.toContain(connectionId);
    expect(await idsListed(program.as)).not.toContain(connectionId);
    expect(await idsListed(named)).toContain(connectionId);
    expect(await idsOf(team.developer, 'ServiceConnection')).not.toContain(connectionId);
    const own = { name: 'own', connector: 'acme', connectionId };
    expect(await call('createIntegration', own, program.as)).toBe(7701);
    expect(await call('createIntegration', own, team.admin)).toBe(8403);
    for (const name of ['testConnection', 'disconnectConnection', 'reconnectConnection']) {
      expect([name, await call(name, { connectionId }, program.as)]).toEqual([name, 7701]);
    }
    const wider = { connectionId, accessControl: open };
    expect(await call('updateConnection', wider, program.as)).toBe(7701);
    expect(await call('updateConnection', wider, team.admin)).toBeInstanceOf(Object);
    expect(await execute(id, team.developer)).toMatchObject({ state: 'succeeded' });
    expect(await idsOf(team.developer, 'ServiceConnection')).toContain(connectionId);
  });

  it('makes no queued call of a caller who was removed from the list meanwhile', async () => {
    const rules = [{ strategy: 'fixedWindow', calls: 1, perSeconds: 60 }];
    const id = await make(forNamed(), { limits: { rules, whenReached: 'queue' } });
    await execute(id, named);
    const { executionId, state } = await execute(id, named);
    expect(state).toBe('queued');
    await setAccess(id, { kind: 'listed', roles: ['owner'] });
    hub.clock.advance(61_000);
    const before = provider.requests.length;
    await hub.drain();
    expect(provider.requests).toHaveLength(before);
    const { execution } = await call('getIntegrationExecution', { executionId }, team.owner);
    expect(execution).toMatchObject({
      state: 'refused',
      problem: expect.stringContaining('accessControl'),
    });
  });

  it.each([
    ['the owner', 'owner', 'integrations:execute', true, 'owner'],
    ['an admin who reads', 'admin', 'integrations:read', true, 'admin'],
    ['an admin who executes', 'admin', 'integrations:execute', false, 'notListed'],
    ['a developer', 'developer', 'integrations:execute', false, 'notListed'],
    ['a viewer', 'viewer', 'integrations:execute', false, 'permissionMissing'],
    ['an outsider', 'outsider', 'integrations:read', false, 'notMember'],
  ] as const)('explains the access of %s', async (_name, who, permission, allowed, reason) => {
    const params = { integrationId: await make(forNamed()), permission, userId: team[who].id };
    expect(await call('checkAccessControl', params, named)).toEqual({ allowed, reason });
  });

  it('explains one’s own access, and that of others to those who may read members', async () => {
    const question = { integrationId: await make(forNamed()), permission: 'integrations:execute' };
    const mine = await call('checkAccessControl', question, named);
    expect(mine).toEqual({ allowed: true, reason: 'member' });
    expect(await call('checkAccessControl', question, team.developer)).toBe(NOT_FOUND);
    const program = await key(['integrations:read', 'integrations:execute']);
    const listed = { kind: 'listed', apiKeys: [program.id] };
    const theirs = { ...question, integrationId: await make(listed) };
    expect(await call('checkAccessControl', theirs, program.as)).toMatchObject({
      reason: 'apiKey',
    });
    expect(await call('checkAccessControl', { ...theirs, userId: named.id }, program.as)).toBe(
      7003,
    );
    const connectionId = await connect({ kind: 'listed', roles: ['viewer'] });
    const behind = { ...question, integrationId: await make(open, { connectionId }) };
    expect(await call('checkAccessControl', behind, named)).toEqual({
      allowed: false,
      reason: 'connectionNotListed',
    });
  });
});

import { accessListOf } from '../../src/accessControl/accessControl.js';
import {
  type AccessControl,
  accessControl,
  accessControlOf,
  decideAccess,
} from '../../src/accessControl/index.js';
import type { Actor, Role } from '../../src/contract/index.js';
import { type OrganizationResolver, tenancyOf } from '../../src/organizations/index.js';

const user = (userId: string): Actor => ({ kind: 'user', userId });
const credential = { organizationId: 'o1', ownerId: 'u1', scopes: [] };
const apiKey: Actor = { kind: 'apiKey', apiKeyId: 'k1', ...credential };
const token: Actor = { kind: 'oauthToken', appId: 'a1', ...credential };
const master: Actor = { kind: 'master', readOnly: false };
const EVERYONE = undefined;

describe('access to an integration', () => {
  it.each<[string, Actor, Role | undefined, readonly string[] | undefined, string, string]>([
    ['the master key', master, undefined, ['user:u9'], 'masterKey', 'masterKey'],
    ['an owner', user('u1'), 'owner', ['user:u9'], 'owner', 'owner'],
    ['an admin', user('u1'), 'admin', ['user:u9'], 'admin', 'notListed'],
    ['an admin of a listed role', user('u1'), 'admin', ['role:admin'], 'role', 'role'],
    ['everyone', user('u1'), 'viewer', EVERYONE, 'organization', 'organization'],
    ['a member of a listed role', user('u1'), 'developer', ['role:developer'], 'role', 'role'],
    ['a listed member', user('u1'), 'developer', ['user:u1'], 'member', 'member'],
    ['another member', user('u2'), 'developer', ['user:u1'], 'notListed', 'notListed'],
    ['a stronger role', user('u1'), 'developer', ['role:viewer'], 'notListed', 'notListed'],
    ['a listed key', apiKey, 'developer', ['apiKey:k1'], 'apiKey', 'apiKey'],
    [
      'a key of a listed owner',
      apiKey,
      'owner',
      ['user:u1', 'role:owner'],
      'notListed',
      'notListed',
    ],
    ['an app of that id', token, 'developer', ['apiKey:a1'], 'notListed', 'notListed'],
    ['a listed app', token, 'developer', ['oauthApp:a1'], 'oauthApp', 'oauthApp'],
    ['a key, for everyone', apiKey, 'viewer', EVERYONE, 'organization', 'organization'],
    ['a user named as a role', user('owner'), 'viewer', ['role:owner'], 'notListed', 'notListed'],
    ['no one, by an empty list', user('u1'), 'developer', [], 'notListed', 'notListed'],
  ])('%s', (_name, actor, role, list, see, use) => {
    const allowed = (reason: string) => reason !== 'notListed';
    expect(decideAccess({ actor, role }, list, 'see')).toEqual({
      allowed: allowed(see),
      reason: see,
    });
    expect(decideAccess({ actor, role }, list, 'use')).toEqual({
      allowed: allowed(use),
      reason: use,
    });
  });

  it.each<[AccessControl]>([
    [{ kind: 'organization' }],
    [{ kind: 'listed', roles: ['developer', 'viewer'] }],
    [{ kind: 'listed', members: ['a:b', 'role:owner'], apiKeys: ['k'], oauthApps: ['o'] }],
  ])('is shown as it was set: %j', (given) => {
    expect(accessControlOf(accessListOf(accessControl.parse(given)))).toEqual(given);
  });

  it.each([
    [{ kind: 'listed' }],
    [{ kind: 'listed', roles: [], members: [] }],
    [{ kind: 'listed', roles: ['root'] }],
    [{ kind: 'listed', members: Array.from({ length: 101 }, (_, n) => `u${String(n)}`) }],
    [{ kind: 'listed', members: [''] }],
    [{ kind: 'organization', roles: ['owner'] }],
    [{ roles: ['owner'] }],
    [null],
  ])('cannot be set to %j', (given) => {
    expect(accessControl.safeParse(given).success).toBe(false);
  });

  describe('through Parse itself', () => {
    const resolver: OrganizationResolver = {
      className: 'Team',
      membershipsOf: () => Promise.resolve([]),
      exists: () => Promise.resolve(true),
      readersOf: (id) => [`team-${id}`],
    };
    const consents = {
      addedTo: () => Promise.resolve(new Set<string>()),
      defaultOf: () => Promise.resolve(undefined),
      setDefault: () => Promise.resolve(),
    };
    it('is for no one but the master key where the host does not say which Parse roles have a role', () => {
      const { readersOf } = tenancyOf(resolver, consents);
      expect(readersOf('t1')).toEqual(['team-t1']);
      expect(readersOf('t1', ['role:developer', 'user:u1'])).toEqual([]);
    });
    it('is for owners, admins and the listed roles where it does', () => {
      const readersWithRole = (id: string, roles: readonly Role[]) =>
        roles.map((role) => `team-${id}-${role}`);
      const { readersOf } = tenancyOf({ ...resolver, readersWithRole }, consents);
      expect(readersOf('t1', ['role:viewer', 'user:u1'])).toEqual([
        ...['team-t1-owner', 'team-t1-admin', 'team-t1-viewer'],
      ]);
    });
  });
});

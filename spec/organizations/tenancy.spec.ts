import { type Actor, PERMISSIONS, type Role } from '../../src/contract/index.js';
import { type OrganizationResolver, tenancyOf } from '../../src/organizations/index.js';

const MEMBERSHIPS: Readonly<Record<string, readonly { organizationId: string; role: Role }[]>> = {
  none: [],
  one: [{ organizationId: 'acme', role: 'developer' }],
  two: [
    { organizationId: 'acme', role: 'viewer' },
    { organizationId: 'globex', role: 'owner' },
  ],
};
for (const like of ['chooser', 'former', 'added', 'addedTwice'])
  Object.assign(MEMBERSHIPS, { [like]: MEMBERSHIPS['two'] });

/** Organizations that the host manages itself. */
const host: OrganizationResolver = {
  className: 'Company',
  membershipsOf: (userId) => Promise.resolve(MEMBERSHIPS[userId] ?? []),
  exists: (organizationId) => Promise.resolve(['acme', 'globex'].includes(organizationId)),
  readersOf: (organizationId) => [`company-${organizationId}`],
};
/** What each user has chosen and not consented to. */
const DEFAULTS: Readonly<Record<string, string>> = { chooser: 'globex', former: 'elsewhere' };
const ADDED: Readonly<Record<string, readonly string[]>> = {
  added: ['globex'],
  addedTwice: ['acme', 'globex'],
};
const consents = {
  defaultOf: (userId: string) => Promise.resolve(DEFAULTS[userId]),
  addedTo: (userId: string) => Promise.resolve(new Set(ADDED[userId])),
  setDefault: () => Promise.resolve(),
};
const tenancy = tenancyOf(host, consents);
const user = (userId: string): Actor => ({ kind: 'user', userId });
const MASTER: Actor = { kind: 'master', readOnly: false };

describe('tenancyOf', () => {
  it.each([
    ['a member of none, naming nothing', user('none'), undefined, 7004],
    ['a member of two, naming nothing', user('two'), undefined, 7004],
    ['a member of two who chose a third that they left', user('former'), undefined, 7004],
    ['a user whom a host added to two', user('addedTwice'), undefined, 7004],
    ['the master key, naming nothing', MASTER, undefined, 7004],
    ['a member of none', user('none'), 'acme', 7005],
    ['a member of another one', user('one'), 'globex', 7005],
    ['a member, of one that does not exist', user('one'), 'nowhere', 7005],
    ['the master key, of one that does not exist', MASTER, 'nowhere', 7005],
  ])('refuses %s', async (_name, actor, organizationId, code) => {
    await expect(tenancy.membershipOf(actor, organizationId)).rejects.toMatchObject({
      spec: { code },
    });
  });

  it.each([
    [
      'the only organization of a member who names none',
      user('one'),
      undefined,
      'acme',
      'developer',
    ],
    ['the chosen one of two', user('chooser'), undefined, 'globex', 'owner'],
    ['the one that a user did not get from a host', user('added'), undefined, 'acme', 'viewer'],
    ['the one that is named', user('one'), 'acme', 'acme', 'developer'],
    ['one of two', user('two'), 'globex', 'globex', 'owner'],
    ['the other of two, with the role there', user('two'), 'acme', 'acme', 'viewer'],
    ['any for the master key, without a role', MASTER, 'globex', 'globex', undefined],
  ] as const)('finds %s', async (_name, actor, named, organizationId, role) => {
    const membership = await tenancy.membershipOf(actor, named);
    expect(membership).toMatchObject({ organizationId, role });
    expect(membership.permissions.has('webhooks:read')).toBe(true);
    expect(membership.permissions.has('webhooks:write')).toBe(role !== 'viewer');
  });

  it('gives the master key every permission', async () => {
    const { permissions } = await tenancy.membershipOf(MASTER, 'acme');
    expect([...permissions]).toEqual([...PERMISSIONS]);
  });

  it('returns the readers that the host names', () => {
    expect(tenancy.readersOf('acme')).toEqual(['company-acme']);
  });
});

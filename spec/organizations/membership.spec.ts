import { GRANTS, parseRoleName, PERMISSIONS, ROLES } from '../../src/contract/index.js';
import {
  isStronger,
  organizationRoles,
  permissionsOf,
  readersOf,
} from '../../src/organizations/membership.js';

describe('organizationRoles', () => {
  it('reads what parseRoleName writes', () => {
    for (const role of ROLES) {
      expect(organizationRoles([parseRoleName('0mhc6xwzk3v9', role)])).toEqual([
        { organizationId: '0mhc6xwzk3v9', role },
      ]);
    }
  });

  it('uses the strongest of several roles in one organization, in any order', () => {
    expect(organizationRoles(['org_a_viewer', 'org_a_admin', 'org_a_developer'])).toEqual([
      { organizationId: 'a', role: 'admin' },
    ]);
    expect(organizationRoles(['org_a_owner', 'org_a_viewer'])).toEqual([
      { organizationId: 'a', role: 'owner' },
    ]);
  });

  it('separates organizations', () => {
    expect(organizationRoles(['org_a_viewer', 'org_b_owner'])).toEqual([
      { organizationId: 'a', role: 'viewer' },
      { organizationId: 'b', role: 'owner' },
    ]);
  });

  it.each([
    'admin',
    'org_a',
    'org__owner',
    'org_a_root',
    'org_a_OWNER',
    'xorg_a_owner',
    'org_a_owner2',
    'org_a_b_owner',
    'org_a-b_owner',
    'org_a_owner\n',
    ' org_a_owner',
    '',
  ])('ignores roles of the host: %j', (name) => {
    expect(organizationRoles([name])).toEqual([]);
  });
});

describe('isStronger', () => {
  it('orders the roles as ROLES does', () => {
    for (const [i, role] of ROLES.entries()) {
      for (const [j, other] of ROLES.entries()) expect(isStronger(role, other)).toBe(i < j);
    }
  });
});

describe('permissionsOf', () => {
  it('gives each role its permissions, and the master key all', () => {
    for (const role of ROLES) expect([...permissionsOf(role)]).toEqual([...GRANTS[role]]);
    expect([...permissionsOf(undefined)]).toEqual([...PERMISSIONS]);
  });

  it('never gives a weaker role what a stronger one lacks', () => {
    for (const [i, role] of ROLES.entries()) {
      for (const weaker of ROLES.slice(i + 1)) {
        const missing = [...permissionsOf(weaker)].filter((each) => !permissionsOf(role).has(each));
        expect(missing).toEqual([]);
      }
    }
  });

  it('lets a viewer read everything except the audit log, and change nothing', () => {
    const reads = PERMISSIONS.filter(
      (permission) => permission.endsWith(':read') && permission !== 'audit:read',
    );
    expect([...permissionsOf('viewer')].sort()).toEqual([...reads].sort());
  });

  it('lets only owners and admins manage members', () => {
    const mayManage = ROLES.filter((role) => permissionsOf(role).has('members:write'));
    expect(mayManage).toEqual(['owner', 'admin']);
  });
});

describe('readersOf', () => {
  it('names all roles of the organization', () => {
    expect(readersOf('a')).toEqual([
      'org_a_owner',
      'org_a_admin',
      'org_a_developer',
      'org_a_viewer',
    ]);
  });
});

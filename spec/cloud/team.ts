import type { ROLES } from '../../src/contract/index.js';
import {
  anonymous,
  type Caller,
  master,
  readOnlyMaster,
  type TestHub,
  type TestUser,
} from '../support/hub.js';

/** An organization with a member in each role, and a user without an organization. */
export interface Team extends Readonly<Record<(typeof ROLES)[number], TestUser>> {
  readonly organizationId: string;
  readonly outsider: TestUser;
}

/** Creates users and their organization. This takes a while, so most files share one team. */
export async function startTeam(hub: TestHub): Promise<Team> {
  const [owner, admin, developer, viewer, outsider] = await Promise.all([
    hub.signUp(),
    hub.signUp(),
    hub.signUp(),
    hub.signUp(),
    hub.signUp(),
  ]);
  const { organization } = await hub.as(owner).createOrganization({ name: 'Acme' });
  const organizationId = organization.id;
  for (const [role, { id }] of Object.entries({ admin, developer, viewer })) {
    await hub
      .as(owner)
      .addOrganizationMember({ organizationId, userId: id, role: role as 'viewer' });
  }
  return { organizationId, owner, admin, developer, viewer, outsider };
}

/** Creates another organization of the owner's, for a case that must not see the rows of others. Returns its id. */
export async function anotherOrganization(hub: TestHub, { owner }: Team): Promise<string> {
  return (await hub.as(owner).createOrganization({ name: 'Another' })).organization.id;
}

/** Returns every kind of caller. */
export function callersOf({ owner, admin, developer, viewer, outsider }: Team) {
  return {
    owner,
    admin,
    developer,
    viewer,
    outsider,
    anonymous,
    master,
    readOnlyMaster,
  } satisfies Record<string, Caller>;
}

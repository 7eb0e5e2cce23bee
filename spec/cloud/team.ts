import type { ROLES } from '../../src/contract/index.js';
import {
  anonymous,
  type Caller,
  master,
  readOnlyMaster,
  type TestHub,
  type TestUser,
} from '../support/hub.js';

/** An organization with somebody in each role, and somebody who belongs to nothing. */
export interface Team extends Readonly<Record<(typeof ROLES)[number], TestUser>> {
  readonly organizationId: string;
  readonly outsider: TestUser;
}

/** Signing up takes a while: one team a file will do for most. */
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

/** One more organization of the owner's, where a case must not meet the rows of others. */
export async function anotherOrganization(hub: TestHub, { owner }: Team): Promise<string> {
  return (await hub.as(owner).createOrganization({ name: 'Another' })).organization.id;
}

/** Everybody who can call. */
export function callersOf({ owner, admin, developer, viewer, outsider }: Team) {
  return {
    owner,
    admin,
    developer,
    viewer,
    outsider,
    nobody: anonymous,
    master,
    readOnlyMaster,
  } satisfies Record<string, Caller>;
}

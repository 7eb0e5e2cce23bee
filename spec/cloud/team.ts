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
    await addMember(hub, { organizationId, userId: id, role });
  }
  return { organizationId, owner, admin, developer, viewer, outsider };
}

/** Adds a user to an organization, as a host does. Throws for an error. */
export async function addMember(
  hub: TestHub,
  member: { organizationId: string; userId: string; role: string },
): Promise<void> {
  const { status, body } = await hub.call('addOrganizationMember', member, master);
  if (status !== 200) throw new Error(`addOrganizationMember: ${body.error}`);
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

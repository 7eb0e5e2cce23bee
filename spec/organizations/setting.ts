import { type Caller, type Json, master, type TestHub, type TestUser } from '../support/hub.js';

export const DAY_MS = 86_400_000;

/** Functions of the specs about organizations and invitations. */
export function organizationCalls(hub: () => TestHub) {
  let addresses = 0;
  const outcomeOf = async (name: string, params: object, as: Caller): Promise<'ok' | number> => {
    const { status, body } = await hub().call(name, params, as);
    return status === 200 ? 'ok' : body.code;
  };
  return {
    /** Returns `ok` or the error code. */
    outcomeOf,
    async ownOrganization(owner: TestUser, name = 'Own'): Promise<string> {
      return (await hub().as(owner).createOrganization({ name })).organization.id;
    },
    async invite(organizationId: string, by: TestUser, more: object = {}) {
      const email = `person${String(++addresses)}@example.com`;
      const params = { organizationId, email, role: 'viewer' as const, ...more };
      const { invitation, link } = await hub().as(by).inviteOrganizationMember(params);
      return { invitation, token: tokenOf(link), link };
    },
    async membersOf(organizationId: string): Promise<Json[]> {
      const params = { organizationId, limit: 100 };
      return (await hub().call('getOrganizationMembers', params, master)).body.result.items;
    },
  };
}

export function tokenOf(link = ''): string {
  return new URL(link).searchParams.get('invitation') ?? '';
}

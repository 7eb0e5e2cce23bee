import { startHub, type TestHub, type TestUser } from '../support/hub.js';

describe('organisations', () => {
  let hub: TestHub;
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(() => hub.stop());

  async function setup() {
    const [owner, other, outsider] = [await hub.signUp(), await hub.signUp(), await hub.signUp()];
    const { organization } = await hub.as(owner).createOrganization({ name: 'Acme' });
    return { owner, other, outsider, organizationId: organization.id };
  }
  const members = async (as: TestUser, organizationId: string) =>
    (await hub.as(as).getOrganizationMembers({ organizationId })).items;

  it('makes the creator its owner', async () => {
    const { owner, organizationId } = await setup();
    expect(await members(owner, organizationId)).toEqual([
      { userId: owner.id, username: owner.username, role: 'owner' },
    ]);
    const { items } = await hub.as(owner).getOrganizations();
    expect(items).toEqual([
      expect.objectContaining({ id: organizationId, name: 'Acme', role: 'owner' }),
    ]);
  });

  it('adds, changes and removes members', async () => {
    const { owner, other, organizationId } = await setup();
    const { member } = await hub
      .as(owner)
      .addOrganizationMember({ email: `${other.username}@example.com`, role: 'viewer' });
    expect(member).toEqual({ userId: other.id, username: other.username, role: 'viewer' });
    await hub.as(owner).setOrganizationMemberRole({ userId: other.id, role: 'developer' });
    expect(await members(other, organizationId)).toContainEqual({ ...member, role: 'developer' });
    await hub.as(owner).removeOrganizationMember({ userId: other.id });
    expect(await members(owner, organizationId)).toHaveLength(1);
  });
});

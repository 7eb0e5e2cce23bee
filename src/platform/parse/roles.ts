import type { ParseSdk } from './sdk.js';

/** Parse roles and their users. Roles created here have an empty ACL: only the server reads or changes them. */
export interface Roles {
  /** Creates the role, with its first users in the same step; an existing role is not changed. */
  create(name: string, userIds?: readonly string[]): Promise<void>;
  add(name: string, userId: string): Promise<void>;
  remove(name: string, userId: string): Promise<void>;
  /** Removes all users of the role. A missing role has none. */
  clear(name: string): Promise<void>;
  /** Deletes the role, if there is one. Rows whose ACL names it may then be read by the members of a new role of that name. */
  delete(name: string): Promise<void>;
  /** Returns users of a role by ascending id, after `afterId`. */
  usersOf(
    name: string,
    options: { afterId?: string | undefined; limit: number },
  ): Promise<RoleUser[]>;
  countUsers(name: string): Promise<number>;
  /** Returns `undefined` when there is no such user. */
  findUser(
    by: { id: string } | { username: string } | { email: string },
  ): Promise<RoleUser | undefined>;
}

export interface RoleUser {
  readonly id: string;
  readonly username: string;
}

const asMaster = { useMasterKey: true } as const;

/** Users that one change removes from a role. */
const CLEARED_AT_ONCE = 200;

export function parseRoles(Parse: ParseSdk): Roles {
  const userOf = (id: string) => Parse.User.createWithoutData<InstanceType<ParseSdk['User']>>(id);
  const roleUser = (user: InstanceType<ParseSdk['User']>): RoleUser => ({
    id: user.id ?? '',
    username: String(user.get('username') ?? ''),
  });
  const loadRole = async (name: string) =>
    new Parse.Query(Parse.Role).equalTo('name', name).first(asMaster);

  async function getRole(name: string) {
    const role = await loadRole(name);
    if (!role) throw new Error(`The role ${name} is missing.`);
    return role;
  }

  return {
    async create(name, userIds = []) {
      if (await loadRole(name)) return;
      const role = new Parse.Role(name, new Parse.ACL());
      for (const id of userIds) role.getUsers().add(userOf(id));
      await role.save(null, asMaster);
    },
    async add(name, userId) {
      const role = await getRole(name);
      role.getUsers().add(userOf(userId));
      await role.save(null, asMaster);
    },
    async remove(name, userId) {
      const role = await getRole(name);
      role.getUsers().remove(userOf(userId));
      await role.save(null, asMaster);
    },
    ...roleEndings(loadRole),
    async usersOf(name, { afterId, limit }) {
      const role = await loadRole(name);
      if (!role) return [];
      const query = role.getUsers().query().ascending('objectId').limit(limit);
      if (afterId !== undefined) query.greaterThan('objectId', afterId);
      return (await query.find(asMaster)).map(roleUser);
    },
    async countUsers(name) {
      const role = await loadRole(name);
      return role ? role.getUsers().query().count(asMaster) : 0;
    },
    async findUser(by) {
      const [field, value] = Object.entries(by)[0] as [string, string];
      const query = new Parse.Query(Parse.User).equalTo(field === 'id' ? 'objectId' : field, value);
      const user = await query.first(asMaster);
      return user && roleUser(user);
    },
  };
}

type Role = InstanceType<ParseSdk['Role']>;

function roleEndings(
  loadRole: (name: string) => Promise<Role | undefined>,
): Pick<Roles, 'clear' | 'delete'> {
  return {
    async clear(name) {
      for (;;) {
        const role = await loadRole(name);
        const users = role && (await role.getUsers().query().limit(CLEARED_AT_ONCE).find(asMaster));
        if (!role || !users || users.length === 0) return;
        for (const user of users) role.getUsers().remove(user);
        await role.save(null, asMaster);
      }
    },
    async delete(name) {
      const role = await loadRole(name);
      await role?.destroy(asMaster);
    },
  };
}

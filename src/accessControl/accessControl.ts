import { z } from 'zod';

import { type Role, ROLES } from '../contract/index.js';

/** Entries of one kind. */
const ENTRIES_MAX = 100;

const ids = z.array(z.string().min(1).max(64)).max(ENTRIES_MAX);

/** Who may use an integration or a connection, as functions take and return it. */
export const accessControl = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('organization') }),
    z
      .strictObject({
        kind: z.literal('listed'),
        roles: z.array(z.enum(ROLES)).max(ROLES.length).optional(),
        members: ids.optional().describe('User ids of members.'),
        apiKeys: ids.optional().describe('Ids of API keys.'),
        oauthApps: ids.optional().describe('Ids of OAuth apps.'),
      })
      .refine(
        ({ roles, members, apiKeys, oauthApps }) =>
          [roles, members, apiKeys, oauthApps].some((entries) => (entries?.length ?? 0) > 0),
        {
          error:
            'must list at least one role, member, API key or OAuth app; roles: ["owner"] leaves it to owners',
        },
      ),
  ])
  .describe(
    'Who may use it: everyone in the organization whose permissions allow it (the default), or only those listed. Owners always may; owners and admins always see and change it. API keys and OAuth apps must be listed themselves.',
  );

export type AccessControl = z.output<typeof accessControl>;

/** The stored form: entries such as `role:developer` or `apiKey:<id>`; `undefined`: everyone in the organization. */
export type AccessList = readonly string[] | undefined;

/** Returns the stored form, each entry once. */
export function accessListOf(given: AccessControl): AccessList {
  if (given.kind === 'organization') return undefined;
  const entries = (kind: string, names: readonly string[] = []) =>
    names.map((name) => `${kind}:${name}`);
  return [
    ...new Set([
      ...entries('role', given.roles),
      ...entries('user', given.members),
      ...entries('apiKey', given.apiKeys),
      ...entries('oauthApp', given.oauthApps),
    ]),
  ];
}

/** Returns the form of functions. Entries of members, keys and apps that are gone stay until the list is replaced. */
export function accessControlOf(list: AccessList): AccessControl {
  if (list === undefined) return { kind: 'organization' };
  const named = (kind: string) => {
    const prefix = `${kind}:`;
    return list
      .filter((entry) => entry.startsWith(prefix))
      .map((entry) => entry.slice(prefix.length));
  };
  const lists = {
    roles: rolesIn(list),
    members: named('user'),
    apiKeys: named('apiKey'),
    oauthApps: named('oauthApp'),
  };
  const filled = Object.entries(lists).filter(([, entries]) => entries.length > 0);
  return { kind: 'listed', ...(Object.fromEntries(filled) as typeof lists) };
}

/** Returns the roles that a list names. */
export function rolesIn(list: readonly string[]): Role[] {
  return ROLES.filter((role) => list.includes(`role:${role}`));
}

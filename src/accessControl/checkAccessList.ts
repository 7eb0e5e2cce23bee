import { type AccessControl, type AccessList, accessListOf } from './accessControl.js';
import { accessControlErrors } from './errors.js';

/** Whether an organization has these; each returns false for one that is gone, revoked or another organization's. */
export interface KnownCallers {
  isMember(organizationId: string, userId: string): Promise<boolean>;
  isApiKey(organizationId: string, apiKeyId: string): Promise<boolean>;
  isOAuthApp(organizationId: string, appId: string): Promise<boolean>;
}

/** Returns the stored form of an access control after each entry was found. Throws AccessControlNotUsable. */
export type CheckAccessList = (
  organizationId: string,
  given: AccessControl | undefined,
) => Promise<AccessList>;

export function createCheckAccessList(known: KnownCallers): CheckAccessList {
  return async (organizationId, given) => {
    if (given?.kind !== 'listed') return undefined;
    const { members = [], apiKeys = [], oauthApps = [] } = given;
    const missingOf = async (
      ids: readonly string[],
      isKnown: (organizationId: string, id: string) => Promise<boolean>,
    ) => {
      const found = await Promise.all(ids.map((id) => isKnown(organizationId, id)));
      return found.flatMap((isFound, nth) => (isFound ? [] : [nth]));
    };
    const [users, keys, apps] = await Promise.all([
      missingOf(members, known.isMember),
      missingOf(apiKeys, known.isApiKey),
      missingOf(oauthApps, known.isOAuthApp),
    ]);
    const problems = [
      ...users.map((nth) => `members.${String(nth)} is no member of the organization`),
      ...keys.map((nth) => `apiKeys.${String(nth)} is no active API key of the organization`),
      ...apps.map((nth) => `oauthApps.${String(nth)} is no OAuth app of the organization`),
    ];
    if (problems.length > 0) {
      throw accessControlErrors.AccessControlNotUsable({
        problems: problems.slice(0, 5).join('; '),
      });
    }
    return accessListOf(given);
  };
}

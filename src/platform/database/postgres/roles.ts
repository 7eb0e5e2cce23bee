import type { Database } from '../database.js';
import { byUser, ROLE, ROLE_USERS, type RoleMember, USER } from '../roleMembers.js';
import { storableText } from '../storable.js';
import { name } from './rows.js';
import type { PostgresSession } from './session.js';

export function postgresRoles({ run }: PostgresSession): Pick<Database, 'roleNames'> {
  return {
    async roleNames(userIds) {
      const members = await run(
        `select j."relatedId" as "user", r."name" as "role" from ${name(ROLE_USERS)} j
           join ${name(ROLE)} r on r."objectId" = j."owningId"
           join ${name(USER)} u on u."objectId" = j."relatedId" where j."relatedId" = any($1)`,
        [userIds.map(storableText)],
      );
      return byUser(members as unknown as RoleMember[]);
    },
  };
}

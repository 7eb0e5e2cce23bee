import type { Database } from '../database.js';
import { byUser, ROLE, ROLE_USERS, type RoleMember, USER } from '../roleMembers.js';
import { storableText } from '../storable.js';
import type { MongodbSession } from './session.js';

export function mongodbRoles({ collection }: MongodbSession): Pick<Database, 'roleNames'> {
  return {
    async roleNames(userIds) {
      const members = await collection(ROLE_USERS)
        .aggregate<RoleMember>([
          { $match: { relatedId: { $in: userIds.map(storableText) } } },
          {
            $lookup: {
              from: collection(ROLE).collectionName,
              localField: 'owningId',
              foreignField: '_id',
              as: 'roles',
            },
          },
          { $unwind: '$roles' },
          {
            $lookup: {
              from: collection(USER).collectionName,
              localField: 'relatedId',
              foreignField: '_id',
              as: 'users',
              pipeline: [{ $project: { _id: 1 } }],
            },
          },
          { $match: { users: { $ne: [] } } },
          { $project: { _id: 0, user: '$relatedId', role: '$roles.name' } },
        ])
        .toArray();
      return byUser(members);
    },
  };
}

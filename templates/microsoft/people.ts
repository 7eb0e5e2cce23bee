import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  filter,
  GRAPH,
  listOf,
  odata,
  orderby,
  ownerPath,
  PAGES,
  REFERENCE,
  search,
  select,
  topOf,
  userId,
} from './shapes.js';

const user = z.looseObject({
  id: z.string(),
  displayName: z.string().nullable().optional(),
  mail: z.string().nullable().optional(),
  userPrincipalName: z.string().nullable().optional(),
});

export const ADELE = {
  businessPhones: ['+1 425 555 0109'],
  displayName: 'Adele Vance',
  givenName: 'Adele',
  jobTitle: 'Retail Manager',
  mail: 'AdeleV@contoso.com',
  mobilePhone: '+1 425 555 0109',
  officeLocation: '18/2111',
  preferredLanguage: 'en-US',
  surname: 'Vance',
  userPrincipalName: 'AdeleV@contoso.com',
  id: '87d349ed-44d7-43e1-9a83-5f2406dee5bd',
};

export const getUser = defineAction({
  name: 'getUser',
  summary: 'Reads the profile of the account, or of another person of the organization.',
  docs: `${REFERENCE}/user-get`,
  risk: 'read',
  scopes: [['User.Read', 'User.ReadBasic.All']],
  input: () => z.strictObject({ userId, select }),
  output: () => user,
  request: ({ userId: of, ...given }) => ({
    method: 'GET',
    path: ownerPath(of),
    query: odata(given),
  }),
  example: {
    input: { userId: '87d349ed-44d7-43e1-9a83-5f2406dee5bd' },
    sends: { method: 'GET', url: `${GRAPH}/users/87d349ed-44d7-43e1-9a83-5f2406dee5bd` },
    response: { body: ADELE },
  },
});

export const listUsers = defineAction({
  name: 'listUsers',
  summary: 'Lists the people, rooms and guests of the organization.',
  docs: `${REFERENCE}/user-list`,
  risk: 'read',
  scopes: ['User.ReadBasic.All'],
  input: () =>
    z.strictObject({
      select,
      orderby,
      filter: filter.describe("Such as `startswith(displayName,'a')`."),
      search: search.describe('In double quotes: `"displayName:wa"`.'),
      top: topOf(999).describe('100 unless told.'),
    }),
  output: () => listOf(user),
  // Searching, and much of filtering with sorting, is answered with these alone: https://learn.microsoft.com/graph/aad-advanced-queries
  request: (given) => {
    const isAdvanced =
      given.search !== undefined || (given.filter !== undefined && given.orderby !== undefined);
    return {
      method: 'GET',
      path: path`/users`,
      query: { ...odata(given), $count: isAdvanced ? true : undefined },
      headers: { ConsistencyLevel: isAdvanced ? 'eventual' : undefined },
    };
  },
  pages: PAGES,
  example: {
    input: { filter: "startswith(displayName,'a')", orderby: 'displayName', top: 1 },
    sends: {
      method: 'GET',
      url: `${GRAPH}/users?%24filter=startswith%28displayName%2C%27a%27%29&%24orderby=displayName&%24top=1&%24count=true`,
      headers: { ConsistencyLevel: 'eventual' },
    },
    response: { body: { '@odata.count': 1, value: [ADELE] } },
  },
});

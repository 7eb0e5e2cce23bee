import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  BUG,
  direction,
  HERE,
  HERE_URL,
  issue,
  LIST_PAGES,
  number,
  OCTOCAT,
  owner,
  page,
  repo,
  REPO_SCOPES,
  time,
} from './shapes.js';

const logins = z
  .array(z.string().min(1))
  .max(10)
  .optional()
  .describe('The logins of the assignees.');
const labels = z.array(z.string().min(1)).optional();
const milestone = z.int().nullable().optional().describe('Its number; null for none.');

const comment = z.looseObject({
  id: z.number(),
  body: z.string(),
  html_url: z.string(),
  created_at: z.string(),
});
const ME_TOO = {
  id: 1,
  node_id: 'MDEyOklzc3VlQ29tbWVudDE=',
  html_url: 'https://github.com/octocat/Hello-World/issues/1347#issuecomment-1',
  body: 'Me too',
  user: OCTOCAT,
  created_at: '2011-04-14T16:00:49Z',
  updated_at: '2011-04-14T16:00:49Z',
  issue_url: 'https://api.github.com/repos/octocat/Hello-World/issues/1347',
  author_association: 'COLLABORATOR',
};

export const listIssues = defineAction({
  name: 'listIssues',
  summary: 'Lists the issues of a repository; pull requests are among them, with pull_request.',
  docs: 'https://docs.github.com/rest/issues/issues#list-repository-issues',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      state: z.enum(['open', 'closed', 'all']).optional(),
      labels: z.string().optional().describe('Names with commas between: `bug,ui`.'),
      assignee: z.string().optional().describe('A login, `none` or `*`.'),
      creator: z.string().optional(),
      mentioned: z.string().optional(),
      milestone: z.string().optional().describe('A number, `none` or `*`.'),
      sort: z.enum(['created', 'updated', 'comments']).optional(),
      direction,
      since: time.optional().describe('Changed since then.'),
      ...page,
    }),
  output: () => z.array(issue),
  request: ({ owner: of, repo: name, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/issues`,
    query,
  }),
  pages: LIST_PAGES,
  example: {
    input: { ...HERE, state: 'all', labels: 'bug,ui', since: '2011-04-01T00:00:00Z' },
    sends: {
      method: 'GET',
      url: `${HERE_URL}/issues?state=all&labels=bug%2Cui&since=2011-04-01T00%3A00%3A00Z`,
    },
    response: {
      headers: {
        link: '<https://api.github.com/repositories/1296269/issues?state=all&page=2>; rel="next", <https://api.github.com/repositories/1296269/issues?state=all&page=5>; rel="last"',
      },
      body: [BUG],
    },
  },
});

export const getIssue = defineAction({
  name: 'getIssue',
  summary: 'Reads one issue.',
  docs: 'https://docs.github.com/rest/issues/issues#get-an-issue',
  risk: 'read',
  input: () => z.strictObject({ owner, repo, issue_number: number }),
  output: () => issue,
  request: (input) => ({
    method: 'GET',
    path: path`/repos/${input.owner}/${input.repo}/issues/${input.issue_number}`,
  }),
  example: {
    input: { ...HERE, issue_number: 1347 },
    sends: { method: 'GET', url: `${HERE_URL}/issues/1347` },
    response: { body: BUG },
  },
});

export const createIssue = defineAction({
  name: 'createIssue',
  summary: 'Opens an issue.',
  docs: 'https://docs.github.com/rest/issues/issues#create-an-issue',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      title: z.string().min(1),
      body: z.string().max(65_536).optional(),
      assignees: logins,
      milestone,
      labels,
      type: z.string().optional(),
    }),
  output: () => issue,
  request: ({ owner: of, repo: name, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/issues`,
    body: { json },
  }),
  example: {
    input: {
      ...HERE,
      title: 'Found a bug',
      body: "I'm having a problem with this.",
      assignees: ['octocat'],
      milestone: 1,
      labels: ['bug'],
    },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/issues`,
      json: {
        title: 'Found a bug',
        body: "I'm having a problem with this.",
        assignees: ['octocat'],
        milestone: 1,
        labels: ['bug'],
      },
    },
    response: { status: 201, body: BUG },
  },
});

export const updateIssue = defineAction({
  name: 'updateIssue',
  summary: 'Changes, closes or reopens an issue.',
  docs: 'https://docs.github.com/rest/issues/issues#update-an-issue',
  risk: 'write',
  idempotent: true,
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      issue_number: number,
      title: z.string().min(1).optional(),
      body: z.string().max(65_536).nullable().optional(),
      state: z.enum(['open', 'closed']).optional(),
      state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).optional(),
      assignees: logins,
      milestone,
      labels: labels.describe('All labels: those not named are removed.'),
    }),
  output: () => issue,
  request: ({ owner: of, repo: name, issue_number, ...json }) => ({
    method: 'PATCH',
    path: path`/repos/${of}/${name}/issues/${issue_number}`,
    body: { json },
  }),
  example: {
    input: { ...HERE, issue_number: 1347, state: 'closed', state_reason: 'completed' },
    sends: {
      method: 'PATCH',
      url: `${HERE_URL}/issues/1347`,
      json: { state: 'closed', state_reason: 'completed' },
    },
    response: { body: { ...BUG, state: 'closed', state_reason: 'completed' } },
  },
});

export const addLabels = defineAction({
  name: 'addLabels',
  summary: 'Adds labels to an issue or pull request.',
  docs: 'https://docs.github.com/rest/issues/labels#add-labels-to-an-issue',
  risk: 'write',
  idempotent: true,
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      issue_number: number,
      // An empty list would remove all labels.
      labels: z.array(z.string().min(1)).min(1),
    }),
  output: () => z.array(z.looseObject({ id: z.number(), name: z.string() })),
  request: ({ owner: of, repo: name, issue_number, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/issues/${issue_number}/labels`,
    body: { json },
  }),
  example: {
    input: { ...HERE, issue_number: 1347, labels: ['bug', 'enhancement'] },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/issues/1347/labels`,
      json: { labels: ['bug', 'enhancement'] },
    },
    response: {
      body: [
        { id: 208_045_946, name: 'bug', color: 'f29513', default: true },
        { id: 208_045_947, name: 'enhancement', color: 'a2eeef', default: false },
      ],
    },
  },
});

export const createComment = defineAction({
  name: 'createComment',
  summary: 'Comments on an issue or pull request.',
  docs: 'https://docs.github.com/rest/issues/comments#create-an-issue-comment',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      issue_number: number,
      body: z.string().min(1).max(65_536),
    }),
  output: () => comment,
  request: ({ owner: of, repo: name, issue_number, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/issues/${issue_number}/comments`,
    body: { json },
  }),
  example: {
    input: { ...HERE, issue_number: 1347, body: 'Me too' },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/issues/1347/comments`,
      json: { body: 'Me too' },
    },
    response: { status: 201, body: ME_TOO },
  },
});

export const listComments = defineAction({
  name: 'listComments',
  summary: 'Lists the comments on an issue or pull request, oldest first.',
  docs: 'https://docs.github.com/rest/issues/comments#list-issue-comments',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      issue_number: number,
      since: time.optional().describe('Changed since then.'),
      ...page,
    }),
  output: () => z.array(comment),
  request: ({ owner: of, repo: name, issue_number, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/issues/${issue_number}/comments`,
    query,
  }),
  pages: LIST_PAGES,
  example: {
    input: { ...HERE, issue_number: 1347 },
    sends: { method: 'GET', url: `${HERE_URL}/issues/1347/comments` },
    response: { body: [ME_TOO] },
  },
});

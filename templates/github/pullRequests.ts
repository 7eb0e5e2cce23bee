import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
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
} from './shapes.js';

const end = z.looseObject({ ref: z.string(), sha: z.string() });
const pullRequest = issue.extend({ head: end, base: end });

const SHA = '6dcb09b5b57875f334f61aebed695e2e4193db5e';
const AMAZING = {
  id: 1,
  node_id: 'MDExOlB1bGxSZXF1ZXN0MQ==',
  url: 'https://api.github.com/repos/octocat/Hello-World/pulls/1347',
  html_url: 'https://github.com/octocat/Hello-World/pull/1347',
  number: 1347,
  state: 'open',
  locked: true,
  title: 'Amazing new feature',
  user: OCTOCAT,
  body: 'Please pull these awesome changes in!',
  created_at: '2011-01-26T19:01:12Z',
  updated_at: '2011-01-26T19:01:12Z',
  closed_at: null,
  merged_at: null,
  merge_commit_sha: 'e5bd3914e2e596debea16f433f57875b5b90bcd6',
  head: { label: 'octocat:new-topic', ref: 'new-topic', sha: SHA },
  base: { label: 'octocat:master', ref: 'master', sha: SHA },
  draft: false,
};

export const listPullRequests = defineAction({
  name: 'listPullRequests',
  summary: 'Lists the pull requests of a repository.',
  docs: 'https://docs.github.com/rest/pulls/pulls#list-pull-requests',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      state: z.enum(['open', 'closed', 'all']).optional(),
      head: z.string().optional().describe('From whose branch: `octocat:new-topic`.'),
      base: z.string().optional().describe('Into which branch.'),
      sort: z.enum(['created', 'updated', 'popularity', 'long-running']).optional(),
      direction,
      ...page,
    }),
  output: () => z.array(pullRequest),
  request: ({ owner: of, repo: name, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/pulls`,
    query,
  }),
  pages: LIST_PAGES,
  example: {
    input: { ...HERE, state: 'open', head: 'octocat:new-topic' },
    sends: {
      method: 'GET',
      url: `${HERE_URL}/pulls?state=open&head=octocat%3Anew-topic`,
    },
    response: { body: [AMAZING] },
  },
});

export const getPullRequest = defineAction({
  name: 'getPullRequest',
  summary: 'Reads one pull request, and whether it can be merged.',
  docs: 'https://docs.github.com/rest/pulls/pulls#get-a-pull-request',
  risk: 'read',
  input: () => z.strictObject({ owner, repo, pull_number: number }),
  output: () => pullRequest.extend({ merged: z.boolean(), mergeable: z.boolean().nullable() }),
  request: (input) => ({
    method: 'GET',
    path: path`/repos/${input.owner}/${input.repo}/pulls/${input.pull_number}`,
  }),
  example: {
    input: { ...HERE, pull_number: 1347 },
    sends: { method: 'GET', url: `${HERE_URL}/pulls/1347` },
    response: { body: { ...AMAZING, merged: false, mergeable: true, comments: 10, commits: 3 } },
  },
});

export const createPullRequest = defineAction({
  name: 'createPullRequest',
  summary: 'Opens a pull request to merge a branch into another.',
  docs: 'https://docs.github.com/rest/pulls/pulls#create-a-pull-request',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z
      .strictObject({
        owner,
        repo,
        title: z.string().min(1).optional(),
        head: z
          .string()
          .min(1)
          .describe('The branch with the changes; of a fork, `octocat:topic`.'),
        base: z.string().min(1).describe('The branch to merge into.'),
        head_repo: z.string().optional(),
        body: z.string().max(65_536).optional(),
        draft: z.boolean().optional(),
        maintainer_can_modify: z.boolean().optional(),
        issue: number.optional().describe('The issue that becomes the pull request.'),
      })
      .refine(({ title, issue: from }) => title !== undefined || from !== undefined, {
        error: 'Give title or issue.',
      }),
  output: () => pullRequest,
  request: ({ owner: of, repo: name, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/pulls`,
    body: { json },
  }),
  example: {
    input: {
      ...HERE,
      title: 'Amazing new feature',
      body: 'Please pull these awesome changes in!',
      head: 'octocat:new-feature',
      base: 'master',
    },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/pulls`,
      json: {
        title: 'Amazing new feature',
        body: 'Please pull these awesome changes in!',
        head: 'octocat:new-feature',
        base: 'master',
      },
    },
    response: { status: 201, body: AMAZING },
  },
});

export const mergePullRequest = defineAction({
  name: 'mergePullRequest',
  summary: 'Merges a pull request.',
  docs: 'https://docs.github.com/rest/pulls/pulls#merge-a-pull-request',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      pull_number: number,
      commit_title: z.string().optional(),
      commit_message: z.string().optional(),
      sha: z.string().optional().describe('Merges only if the head is this commit.'),
      merge_method: z.enum(['merge', 'squash', 'rebase']).optional(),
    }),
  output: () => z.looseObject({ sha: z.string(), merged: z.boolean(), message: z.string() }),
  request: ({ owner: of, repo: name, pull_number, ...json }) => ({
    method: 'PUT',
    path: path`/repos/${of}/${name}/pulls/${pull_number}/merge`,
    body: { json },
  }),
  example: {
    input: {
      ...HERE,
      pull_number: 1347,
      commit_title: 'Expand enum',
      commit_message: 'Add a new value to the merge_method enum',
    },
    sends: {
      method: 'PUT',
      url: `${HERE_URL}/pulls/1347/merge`,
      json: {
        commit_title: 'Expand enum',
        commit_message: 'Add a new value to the merge_method enum',
      },
    },
    response: { body: { sha: SHA, merged: true, message: 'Pull Request successfully merged' } },
  },
});

export const reviewPullRequest = defineAction({
  name: 'reviewPullRequest',
  summary: 'Approves a pull request, requests changes, or comments on it.',
  docs: 'https://docs.github.com/rest/pulls/reviews#create-a-review-for-a-pull-request',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z
      .strictObject({
        owner,
        repo,
        pull_number: number,
        event: z.enum(['APPROVE', 'REQUEST_CHANGES', 'COMMENT']),
        body: z.string().max(65_536).optional().describe('Required unless it approves.'),
        commit_id: z.string().optional(),
      })
      .refine(({ event, body }) => event === 'APPROVE' || body !== undefined, {
        error: 'Requesting changes needs a body.',
      }),
  output: () => z.looseObject({ id: z.number(), state: z.string() }),
  request: ({ owner: of, repo: name, pull_number, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/pulls/${pull_number}/reviews`,
    body: { json },
  }),
  example: {
    input: {
      ...HERE,
      pull_number: 12,
      event: 'REQUEST_CHANGES',
      body: 'This is close to perfect! Please address the suggested inline change.',
    },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/pulls/12/reviews`,
      json: {
        event: 'REQUEST_CHANGES',
        body: 'This is close to perfect! Please address the suggested inline change.',
      },
    },
    response: {
      body: {
        id: 80,
        user: OCTOCAT,
        body: 'This is close to perfect! Please address the suggested inline change.',
        state: 'CHANGES_REQUESTED',
        html_url: 'https://github.com/octocat/Hello-World/pull/12#pullrequestreview-80',
        commit_id: 'ecdd80bb57125d7ba9641ffaa4d7d2c19d3f3091',
      },
    },
  },
});

import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  commit,
  HERE,
  HERE_URL,
  LIST_PAGES,
  OCTOCAT,
  owner,
  page,
  repo,
  REPO_SCOPES,
  sha,
  time,
} from './shapes.js';

const SHA = '6dcb09b5b57875f334f61aebed695e2e4193db5e';

export const listCommits = defineAction({
  name: 'listCommits',
  summary: 'Lists commits, newest first.',
  docs: 'https://docs.github.com/rest/commits/commits#list-commits',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      sha: z.string().optional().describe('A branch or commit to start from.'),
      path: z.string().optional().describe('Only those that changed this file or directory.'),
      author: z.string().optional(),
      committer: z.string().optional(),
      since: time.optional(),
      until: time.optional(),
      ...page,
    }),
  output: () =>
    z.array(z.looseObject({ sha: z.string(), commit: z.looseObject({ message: z.string() }) })),
  request: ({ owner: of, repo: name, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/commits`,
    query,
  }),
  pages: LIST_PAGES,
  example: {
    input: { ...HERE, sha: 'master', per_page: 1 },
    sends: { method: 'GET', url: `${HERE_URL}/commits?sha=master&per_page=1` },
    response: {
      body: [
        {
          sha: SHA,
          html_url: `https://github.com/octocat/Hello-World/commit/${SHA}`,
          commit: {
            author: {
              name: 'Monalisa Octocat',
              email: 'support@github.com',
              date: '2011-04-14T16:00:49Z',
            },
            message: 'Fix all the bugs',
            comment_count: 0,
          },
          author: OCTOCAT,
          committer: OCTOCAT,
        },
      ],
    },
  },
});

export const listBranches = defineAction({
  name: 'listBranches',
  summary: 'Lists branches and the commits they are at.',
  docs: 'https://docs.github.com/rest/branches/branches#list-branches',
  risk: 'read',
  input: () => z.strictObject({ owner, repo, protected: z.boolean().optional(), ...page }),
  output: () => z.array(z.looseObject({ name: z.string(), commit, protected: z.boolean() })),
  request: ({ owner: of, repo: name, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/branches`,
    query,
  }),
  pages: LIST_PAGES,
  example: {
    input: { ...HERE, protected: true },
    sends: { method: 'GET', url: `${HERE_URL}/branches?protected=true` },
    response: {
      body: [
        {
          name: 'master',
          commit: {
            sha: 'c5b97d5ae6c19d5c5df71a34c7fbeeda2479ccbc',
            url: `${HERE_URL}/commits/c5b97d5ae6c19d5c5df71a34c7fbeeda2479ccbc`,
          },
          protected: true,
        },
      ],
    },
  },
});

export const createBranch = defineAction({
  name: 'createBranch',
  summary: 'Creates a branch at a commit.',
  docs: 'https://docs.github.com/rest/git/refs#create-a-reference',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      branch: z.string().regex(/^(?!refs\/)[^/\s]/),
      sha,
    }),
  output: () => z.looseObject({ ref: z.string(), object: z.looseObject({ sha: z.string() }) }),
  request: (input) => ({
    method: 'POST',
    path: path`/repos/${input.owner}/${input.repo}/git/refs`,
    body: { json: { ref: `refs/heads/${input.branch}`, sha: input.sha } },
  }),
  example: {
    input: { ...HERE, branch: 'featureA', sha: 'aa218f56b14c9653891f9e74264a383fa43fefbd' },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/git/refs`,
      json: { ref: 'refs/heads/featureA', sha: 'aa218f56b14c9653891f9e74264a383fa43fefbd' },
    },
    response: {
      status: 201,
      body: {
        ref: 'refs/heads/featureA',
        node_id: 'MDM6UmVmcmVmcy9oZWFkcy9mZWF0dXJlQQ==',
        url: `${HERE_URL}/git/refs/heads/featureA`,
        object: { type: 'commit', sha: 'aa218f56b14c9653891f9e74264a383fa43fefbd' },
      },
    },
  },
});

import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  account,
  direction,
  HELLO_WORLD,
  HERE,
  HERE_URL,
  LIST_PAGES,
  OCTOCAT,
  owner,
  page,
  repo,
  REPO_SCOPES,
  repository,
  time,
} from './shapes.js';

export const listRepositories = defineAction({
  name: 'listRepositories',
  summary: 'Lists the repositories that the account can access: own, shared, of organizations.',
  docs: 'https://docs.github.com/rest/repos/repos#list-repositories-for-the-authenticated-user',
  risk: 'read',
  input: () =>
    z.strictObject({
      visibility: z.enum(['all', 'public', 'private']).optional(),
      affiliation: z
        .string()
        .optional()
        .describe('`owner`, `collaborator`, `organization_member`, separated by commas.'),
      sort: z.enum(['created', 'updated', 'pushed', 'full_name']).optional(),
      direction,
      since: time.optional().describe('Changed since then.'),
      before: time.optional(),
      ...page,
    }),
  output: () => z.array(repository),
  request: (query) => ({ method: 'GET', path: path`/user/repos`, query }),
  pages: LIST_PAGES,
  example: {
    input: { sort: 'updated', per_page: 2, page: 3 },
    sends: {
      method: 'GET',
      url: 'https://api.github.com/user/repos?sort=updated&per_page=2&page=3',
      headers: {
        Accept: 'application/vnd.github+json',
        'X-GitHub-Api-Version': '2022-11-28',
      },
    },
    response: { body: [HELLO_WORLD] },
  },
});

export const getRepository = defineAction({
  name: 'getRepository',
  summary: 'Reads one repository.',
  docs: 'https://docs.github.com/rest/repos/repos#get-a-repository',
  risk: 'read',
  input: () => z.strictObject({ owner, repo }),
  output: () => repository,
  request: (input) => ({ method: 'GET', path: path`/repos/${input.owner}/${input.repo}` }),
  example: {
    input: HERE,
    sends: { method: 'GET', url: HERE_URL },
    response: { body: HELLO_WORLD },
  },
});

const about = {
  name: repo,
  description: z.string().max(350).optional(),
  homepage: z.string().optional(),
  private: z.boolean().optional(),
  has_issues: z.boolean().optional(),
  has_projects: z.boolean().optional(),
  has_wiki: z.boolean().optional(),
  is_template: z.boolean().optional(),
  auto_init: z
    .boolean()
    .optional()
    .describe('Whether to create a README, so that the repository has a branch.'),
  gitignore_template: z.string().optional().describe('Such as `Node`.'),
  license_template: z.string().optional().describe('Such as `mit`.'),
  allow_squash_merge: z.boolean().optional(),
  allow_merge_commit: z.boolean().optional(),
  allow_rebase_merge: z.boolean().optional(),
  delete_branch_on_merge: z.boolean().optional(),
};

export const createRepository = defineAction({
  name: 'createRepository',
  summary: 'Creates a repository for the account or for an organization.',
  docs: 'https://docs.github.com/rest/repos/repos#create-a-repository-for-the-authenticated-user',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      org: owner.optional().describe('The organization. Default: the account itself.'),
      ...about,
    }),
  output: () => repository,
  request: ({ org, ...json }) => ({
    method: 'POST',
    path: org === undefined ? path`/user/repos` : path`/orgs/${org}/repos`,
    body: { json },
  }),
  example: {
    input: {
      name: 'Hello-World',
      description: 'This is your first repo!',
      homepage: 'https://github.com',
      private: false,
      is_template: true,
    },
    sends: {
      method: 'POST',
      url: 'https://api.github.com/user/repos',
      json: {
        name: 'Hello-World',
        description: 'This is your first repo!',
        homepage: 'https://github.com',
        private: false,
        is_template: true,
      },
    },
    response: { status: 201, body: { ...HELLO_WORLD, is_template: true } },
  },
});

export const listCollaborators = defineAction({
  name: 'listCollaborators',
  summary: 'Lists the people who may work on a repository.',
  docs: 'https://docs.github.com/rest/collaborators/collaborators#list-repository-collaborators',
  risk: 'read',
  scopes: ['read:org', 'repo'],
  input: () =>
    z.strictObject({
      owner,
      repo,
      affiliation: z.enum(['outside', 'direct', 'all']).optional(),
      permission: z.enum(['pull', 'triage', 'push', 'maintain', 'admin']).optional(),
      ...page,
    }),
  output: () => z.array(account),
  request: ({ owner: of, repo: name, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/collaborators`,
    query,
  }),
  pages: LIST_PAGES,
  example: {
    input: { ...HERE, affiliation: 'direct' },
    sends: { method: 'GET', url: `${HERE_URL}/collaborators?affiliation=direct` },
    response: {
      body: [
        { ...OCTOCAT, permissions: { pull: true, push: true, admin: false }, role_name: 'write' },
      ],
    },
  },
});

export const createRelease = defineAction({
  name: 'createRelease',
  summary: 'Publishes a release of a tag, and creates the tag if needed.',
  docs: 'https://docs.github.com/rest/releases/releases#create-a-release',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      tag_name: z.string().min(1),
      target_commitish: z.string().optional().describe('A branch or commit for a new tag.'),
      name: z.string().optional(),
      body: z.string().optional(),
      draft: z.boolean().optional(),
      prerelease: z.boolean().optional(),
      generate_release_notes: z.boolean().optional(),
      make_latest: z.enum(['true', 'false', 'legacy']).optional(),
    }),
  output: () => z.looseObject({ id: z.number(), tag_name: z.string(), html_url: z.string() }),
  request: ({ owner: of, repo: name, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/releases`,
    body: { json },
  }),
  example: {
    input: { ...HERE, tag_name: 'v1.0.0', target_commitish: 'master', name: 'v1.0.0' },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/releases`,
      json: { tag_name: 'v1.0.0', target_commitish: 'master', name: 'v1.0.0' },
    },
    response: {
      status: 201,
      body: {
        id: 1,
        html_url: 'https://github.com/octocat/Hello-World/releases/v1.0.0',
        tag_name: 'v1.0.0',
        target_commitish: 'master',
        name: 'v1.0.0',
        body: 'Description of the release',
        draft: false,
        prerelease: false,
        created_at: '2013-02-27T19:35:32Z',
        author: OCTOCAT,
      },
    },
  },
});

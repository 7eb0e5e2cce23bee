import { z } from 'zod';

import { defineAction, path, pathOf } from '../../src/contract/index.js';
import { commit, HERE, HERE_URL, owner, repo, REPO_SCOPES, sha } from './shapes.js';

const filePath = z
  .string()
  .regex(/^[^/]/)
  .describe('The path from the root of the repository, without a leading slash.');
const branch = z.string().min(1).optional().describe('Default: the default branch.');
const person = z.strictObject({ name: z.string().min(1), email: z.email() }).optional();

const entry = z.looseObject({
  type: z.string(),
  name: z.string(),
  path: z.string(),
  sha: z.string(),
  size: z.number(),
});

const README = {
  type: 'file',
  size: 5362,
  name: 'README.md',
  path: 'README.md',
  sha: '3d21ec53a331a6f037a91c368710b99387d012c1',
  url: `${HERE_URL}/contents/README.md`,
  html_url: 'https://github.com/octocat/Hello-World/blob/master/README.md',
};
const HELLO_SHA = '95b966ae1c166bd92f8ae7d1c313e738c731dfc3';
const COMMIT_SHA = '7638417db6d59f3c431d3e1f261cc637155684cd';

export const getFile = defineAction({
  name: 'getFile',
  summary: 'Reads one file; its content comes as base64, up to one megabyte.',
  docs: 'https://docs.github.com/rest/repos/contents#get-repository-content',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      path: filePath,
      ref: z.string().optional().describe('A branch, tag or commit.'),
    }),
  output: () => entry.extend({ content: z.string(), encoding: z.string() }),
  request: (input) => ({
    method: 'GET',
    path: pathOf(path`/repos/${input.owner}/${input.repo}/contents`, input.path),
    query: { ref: input.ref },
  }),
  example: {
    input: { ...HERE, path: 'docs/the guide.md', ref: 'master' },
    sends: { method: 'GET', url: `${HERE_URL}/contents/docs/the%20guide.md?ref=master` },
    response: {
      body: { ...README, encoding: 'base64', content: 'ZW5jb2RlZCBjb250ZW50IC4uLg==\n' },
    },
  },
});

export const listFiles = defineAction({
  name: 'listFiles',
  summary: 'Lists the entries of a directory, up to 1,000.',
  docs: 'https://docs.github.com/rest/repos/contents#get-repository-content',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      path: filePath.optional().describe('Default: the root of the repository.'),
      ref: z.string().optional(),
    }),
  output: () => z.array(entry),
  request: (input) => {
    const top = path`/repos/${input.owner}/${input.repo}/contents`;
    return {
      method: 'GET',
      path: input.path === undefined ? top : pathOf(top, input.path),
      query: { ref: input.ref },
    };
  },
  example: {
    input: HERE,
    sends: { method: 'GET', url: `${HERE_URL}/contents` },
    response: { body: [README] },
  },
});

export const putFile = defineAction({
  name: 'putFile',
  summary: 'Creates a file, or replaces the one whose sha is given, with a commit.',
  docs: 'https://docs.github.com/rest/repos/contents#create-or-update-file-contents',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      path: filePath,
      message: z.string().min(1),
      content: z.base64().describe('The whole file, as base64.'),
      sha: sha.optional().describe('The sha of the file to replace.'),
      branch,
      committer: person,
      author: person,
    }),
  output: () => z.looseObject({ content: entry, commit }),
  request: ({ owner: of, repo: name, path: at, ...json }) => ({
    method: 'PUT',
    path: pathOf(path`/repos/${of}/${name}/contents`, at),
    body: { json },
  }),
  example: {
    input: {
      ...HERE,
      path: 'notes/hello.txt',
      message: 'my commit message',
      committer: { name: 'Monalisa Octocat', email: 'octocat@github.com' },
      content: 'bXkgbmV3IGZpbGUgY29udGVudHM=',
    },
    sends: {
      method: 'PUT',
      url: `${HERE_URL}/contents/notes/hello.txt`,
      json: {
        message: 'my commit message',
        committer: { name: 'Monalisa Octocat', email: 'octocat@github.com' },
        content: 'bXkgbmV3IGZpbGUgY29udGVudHM=',
      },
    },
    response: {
      status: 201,
      body: {
        content: { ...README, name: 'hello.txt', path: 'notes/hello.txt', sha: HELLO_SHA, size: 9 },
        commit: { sha: COMMIT_SHA, message: 'my commit message' },
      },
    },
  },
});

export const deleteFile = defineAction({
  name: 'deleteFile',
  summary: 'Deletes a file with a commit.',
  docs: 'https://docs.github.com/rest/repos/contents#delete-a-file',
  risk: 'write',
  scopes: REPO_SCOPES,
  input: () =>
    z.strictObject({
      owner,
      repo,
      path: filePath,
      message: z.string().min(1),
      sha,
      branch,
      committer: person,
      author: person,
    }),
  output: () => z.looseObject({ content: z.null(), commit }),
  request: ({ owner: of, repo: name, path: at, ...json }) => ({
    method: 'DELETE',
    path: pathOf(path`/repos/${of}/${name}/contents`, at),
    body: { json },
  }),
  example: {
    input: { ...HERE, path: 'notes/hello.txt', message: 'my commit message', sha: HELLO_SHA },
    sends: {
      method: 'DELETE',
      url: `${HERE_URL}/contents/notes/hello.txt`,
      json: { message: 'my commit message', sha: HELLO_SHA },
    },
    response: {
      body: { content: null, commit: { sha: COMMIT_SHA, message: 'my commit message' } },
    },
  },
});

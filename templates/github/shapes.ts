import { z } from 'zod';

// Shapes shared by several operations of GitHub. https://docs.github.com/rest

/** Either will do: `public_repo` for public repositories, `repo` for all. */
export const REPO_SCOPES = [['repo', 'public_repo']] as const;

/** https://docs.github.com/rest/using-the-rest-api/using-pagination-in-the-rest-api */
export const LIST_PAGES = { kind: 'link', items: '' } as const;
export const SEARCH_PAGES = { kind: 'link', items: '/items' } as const;

export const owner = z.string().min(1).max(100).describe('The user or organization it belongs to.');
export const repo = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,100}$/)
  .describe('Its name, without .git.');

export const number = z.int().min(1).describe('The number that the web pages show after #.');

export const page = {
  per_page: z.int().min(1).max(100).optional().describe('How many on a page; default 30.'),
  page: z.int().min(1).optional(),
};

export const time = z.iso.datetime({ offset: true }).describe('Such as 2026-01-31T12:00:00Z.');

export const direction = z.enum(['asc', 'desc']).optional();

/** SHA-1, or SHA-256 in repositories that use it. */
export const sha = z.string().regex(/^[0-9a-f]{40}(?:[0-9a-f]{24})?$/);

export const commit = z.looseObject({ sha: z.string() });

export const account = z.looseObject({ login: z.string(), id: z.number() });

/** https://docs.github.com/rest/search/search: at most 1,000 results, `incomplete_results` when it took too long. */
export const found = <Item extends z.ZodType>(item: Item) =>
  z.looseObject({
    total_count: z.number(),
    incomplete_results: z.boolean(),
    items: z.array(item),
  });

export const repository = z.looseObject({
  id: z.number(),
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  html_url: z.string(),
});

export const issue = z.looseObject({
  id: z.number(),
  number: z.number(),
  title: z.string(),
  state: z.string(),
  html_url: z.string(),
});

export const OCTOCAT = {
  login: 'octocat',
  id: 1,
  node_id: 'MDQ6VXNlcjE=',
  html_url: 'https://github.com/octocat',
  type: 'User',
  site_admin: false,
};

export const HELLO_WORLD = {
  id: 1_296_269,
  node_id: 'MDEwOlJlcG9zaXRvcnkxMjk2MjY5',
  name: 'Hello-World',
  full_name: 'octocat/Hello-World',
  owner: OCTOCAT,
  private: false,
  html_url: 'https://github.com/octocat/Hello-World',
  description: 'This your first repo!',
  fork: false,
  default_branch: 'master',
  visibility: 'public',
  pushed_at: '2011-01-26T19:06:43Z',
  created_at: '2011-01-26T19:01:12Z',
  updated_at: '2011-01-26T19:14:43Z',
};

export const BUG = {
  id: 1,
  node_id: 'MDU6SXNzdWUx',
  url: 'https://api.github.com/repos/octocat/Hello-World/issues/1347',
  html_url: 'https://github.com/octocat/Hello-World/issues/1347',
  number: 1347,
  state: 'open',
  title: 'Found a bug',
  body: "I'm having a problem with this.",
  user: OCTOCAT,
  labels: [{ id: 208_045_946, name: 'bug', color: 'f29513', default: true }],
  assignee: OCTOCAT,
  assignees: [OCTOCAT],
  locked: true,
  active_lock_reason: 'too heated',
  comments: 0,
  closed_at: null,
  created_at: '2011-04-22T13:33:48Z',
  updated_at: '2011-04-22T13:33:48Z',
};

export const HERE = { owner: 'octocat', repo: 'Hello-World' };
export const HERE_URL = 'https://api.github.com/repos/octocat/Hello-World';

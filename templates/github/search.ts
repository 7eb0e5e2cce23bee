import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  BUG,
  direction,
  found,
  HELLO_WORLD,
  issue,
  page,
  repository,
  SEARCH_PAGES,
} from './shapes.js';

const q = z
  .string()
  .min(1)
  .describe('https://docs.github.com/rest/search/search#constructing-a-search-query');

export const searchIssues = defineAction({
  name: 'searchIssues',
  summary: 'Finds issues and pull requests anywhere.',
  docs: 'https://docs.github.com/rest/search/search#search-issues-and-pull-requests',
  risk: 'read',
  input: () =>
    z.strictObject({
      q,
      sort: z.enum(['comments', 'reactions', 'interactions', 'created', 'updated']).optional(),
      order: direction,
      ...page,
    }),
  output: () => found(issue),
  request: (query) => ({ method: 'GET', path: path`/search/issues`, query }),
  pages: SEARCH_PAGES,
  example: {
    input: {
      q: 'windows label:bug language:python state:open',
      sort: 'created',
      order: 'asc',
    },
    sends: {
      method: 'GET',
      url: 'https://api.github.com/search/issues?q=windows+label%3Abug+language%3Apython+state%3Aopen&sort=created&order=asc',
    },
    response: { body: { total_count: 280, incomplete_results: false, items: [BUG] } },
  },
});

export const searchRepositories = defineAction({
  name: 'searchRepositories',
  summary: 'Finds repositories anywhere.',
  docs: 'https://docs.github.com/rest/search/search#search-repositories',
  risk: 'read',
  input: () =>
    z.strictObject({
      q,
      sort: z.enum(['stars', 'forks', 'help-wanted-issues', 'updated']).optional(),
      order: direction,
      ...page,
    }),
  output: () => found(repository),
  request: (query) => ({ method: 'GET', path: path`/search/repositories`, query }),
  pages: SEARCH_PAGES,
  example: {
    input: { q: 'tetris language:assembly', sort: 'stars', order: 'desc' },
    sends: {
      method: 'GET',
      url: 'https://api.github.com/search/repositories?q=tetris+language%3Aassembly&sort=stars&order=desc',
    },
    response: { body: { total_count: 40, incomplete_results: false, items: [HELLO_WORLD] } },
  },
});

export const searchCode = defineAction({
  name: 'searchCode',
  summary: 'Finds files by what they contain, on default branches.',
  docs: 'https://docs.github.com/rest/search/search#search-code',
  risk: 'read',
  input: () => z.strictObject({ q, ...page }),
  output: () =>
    found(
      z.looseObject({ name: z.string(), path: z.string(), sha: z.string(), html_url: z.string() }),
    ),
  request: (query) => ({ method: 'GET', path: path`/search/code`, query }),
  pages: SEARCH_PAGES,
  example: {
    input: { q: 'addClass in:file language:js repo:jquery/jquery' },
    sends: {
      method: 'GET',
      url: 'https://api.github.com/search/code?q=addClass+in%3Afile+language%3Ajs+repo%3Ajquery%2Fjquery',
    },
    response: {
      body: {
        total_count: 7,
        incomplete_results: false,
        items: [
          {
            name: 'classes.js',
            path: 'src/attributes/classes.js',
            sha: 'd7212f9dee2dcc18f084d7df8f417b80846ded5a',
            html_url:
              'https://github.com/jquery/jquery/blob/825ac3773694e0cd23ee74895fd5aeb535b27da4/src/attributes/classes.js',
            score: 1,
          },
        ],
      },
    },
  },
});

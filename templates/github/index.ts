import { defineConnector, path } from '../../src/contract/index.js';
import { deleteFile, getFile, listFiles, putFile } from './contents.js';
import { failures, limits, triggers } from './facts.js';
import { createBranch, listBranches, listCommits } from './history.js';
import {
  addLabels,
  createComment,
  createIssue,
  getIssue,
  listComments,
  listIssues,
  updateIssue,
} from './issues.js';
import {
  createPullRequest,
  getPullRequest,
  listPullRequests,
  mergePullRequest,
  reviewPullRequest,
} from './pullRequests.js';
import {
  createRelease,
  createRepository,
  getRepository,
  listCollaborators,
  listRepositories,
} from './repositories.js';
import { searchCode, searchIssues, searchRepositories } from './search.js';
import { OCTOCAT } from './shapes.js';
import { dispatchWorkflow, listWorkflowRuns } from './workflows.js';

export const github = defineConnector({
  key: 'github',
  name: 'GitHub',
  category: 'development',
  description:
    'Work with repositories, issues, pull requests, files and workflows, and be told what happens to them.',
  docs: 'https://docs.github.com/rest',
  support: 'official',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'By OAuth: at https://github.com/settings/developers choose New OAuth app, and give the redirect URL that the hub shows as Authorization callback URL.',
    'Copy the Client ID, choose Generate a new client secret, and copy that too: it is shown once.',
    'Or with a token: at https://github.com/settings/personal-access-tokens choose Generate new token, the repositories it may reach, and under Repository permissions Contents, Issues, Pull requests and Actions as you need them.',
    'For events: in the settings of the repository choose Webhooks, Add webhook, content type application/json, and a secret.',
  ],
  servers: { api: 'https://api.github.com' },
  headers: {
    Accept: 'application/vnd.github+json',
    // https://docs.github.com/rest/about-the-rest-api/api-versions
    'X-GitHub-Api-Version': '2022-11-28',
  },
  auth: {
    // https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps
    oauth: {
      kind: 'oauth2Code',
      authorizeUrl: 'https://github.com/login/oauth/authorize',
      tokenUrl: 'https://github.com/login/oauth/access_token',
      // https://github.blog/changelog/2025-07-14-pkce-support-for-oauth-and-github-app-authentication
      pkce: true,
      // https://docs.github.com/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
      scopes: {
        repo: 'Read and write everything in public and private repositories',
        public_repo: 'Read and write in public repositories only',
        workflow: 'Change the files of workflows',
        'read:org': 'See organizations, their teams and members',
        'read:user': 'See the profile',
        'user:email': 'See the addresses of the profile',
      },
      defaultScopes: ['repo', 'read:user'],
      token: {
        grantedSeparator: ',',
        // It answers 200 to a wrong code: {"error":"bad_verification_code"}.
        failsWhen: { at: '/error', code: '/error' },
      },
      // Tokens of OAuth apps do not expire, but are revoked when unused for a year.
      refresh: 'none',
    },
    token: {
      kind: 'bearer',
      title: 'Personal access token',
      token: {
        title: 'Personal access token',
        pattern: '(?:github_pat|gh[a-z])_[A-Za-z0-9_]+|[0-9a-f]{40}',
        help: 'Settings, Developer settings, Personal access tokens',
        example: 'github_pat_…',
      },
    },
  },
  // https://docs.github.com/rest/users/users#get-the-authenticated-user
  test: {
    request: { method: 'GET', path: path`/user` },
    identity: { id: '/id', name: '/login' },
    grantedScopes: { header: 'x-oauth-scopes', separator: ',' },
    example: {
      url: 'https://api.github.com/user',
      headers: { 'x-oauth-scopes': 'repo, user' },
      body: { ...OCTOCAT, name: 'monalisa octocat', email: 'octocat@github.com' },
    },
  },
  actions: [
    listRepositories,
    getRepository,
    createRepository,
    listCollaborators,
    createRelease,
    listIssues,
    getIssue,
    createIssue,
    updateIssue,
    addLabels,
    createComment,
    listComments,
    listPullRequests,
    getPullRequest,
    createPullRequest,
    mergePullRequest,
    reviewPullRequest,
    getFile,
    listFiles,
    putFile,
    deleteFile,
    listCommits,
    listBranches,
    createBranch,
    dispatchWorkflow,
    listWorkflowRuns,
    searchIssues,
    searchRepositories,
    searchCode,
  ],
  triggers,
  sync: [
    {
      name: 'repositories',
      action: 'listRepositories',
      id: '/id',
      changed: { at: '/updated_at', param: 'since' },
    },
    {
      name: 'issues',
      action: 'listIssues',
      id: '/id',
      changed: { at: '/updated_at', param: 'since' },
    },
    { name: 'pullRequests', action: 'listPullRequests', id: '/id', changed: { at: '/updated_at' } },
    {
      name: 'comments',
      action: 'listComments',
      id: '/id',
      changed: { at: '/updated_at', param: 'since' },
    },
    { name: 'commits', action: 'listCommits', id: '/sha' },
    { name: 'branches', action: 'listBranches', id: '/name' },
  ],
  limits,
  failures,
});

import type { ConnectorSpec, TriggerSign, TriggerSpec } from '../../src/contract/index.js';

// GitHub's limits, errors and events.

/** Actions whose results notify people. */
const CONTENT = [
  'createRepository',
  'createRelease',
  'createIssue',
  'updateIssue',
  'addLabels',
  'createComment',
  'createPullRequest',
  'mergePullRequest',
  'reviewPullRequest',
  'putFile',
  'deleteFile',
  'createBranch',
  'dispatchWorkflow',
] as const;

export const limits = {
  docs: 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api',
  budgets: [
    { requests: 5000, perSeconds: 3600, scope: 'connection' },
    // 900 points a minute to one endpoint, a read being one point.
    { requests: 900, perSeconds: 60, scope: 'connection' },
    { requests: 80, perSeconds: 60, scope: 'connection', actions: CONTENT },
    { requests: 500, perSeconds: 3600, scope: 'connection', actions: CONTENT },
    {
      requests: 30,
      perSeconds: 60,
      scope: 'connection',
      actions: ['searchIssues', 'searchRepositories'],
    },
    { requests: 10, perSeconds: 60, scope: 'connection', actions: ['searchCode'] },
  ],
  headers: [
    { name: 'Retry-After', kind: 'wait', unit: 'seconds' },
    { name: 'X-RateLimit-Limit', kind: 'limit' },
    { name: 'X-RateLimit-Remaining', kind: 'remaining' },
    { name: 'X-RateLimit-Reset', kind: 'reset', unit: 'epochSeconds' },
  ],
} as const satisfies ConnectorSpec['limits'];

/** https://docs.github.com/rest/using-the-rest-api/troubleshooting-the-rest-api */
export const failures = {
  code: ['/errors/0/code'],
  message: ['/errors/0/message', '/message'],
  codes: { missing: 'notFound', already_exists: 'conflict' },
  // 405: a pull request that cannot be merged. 451: taken down for legal reasons.
  statuses: { 405: 'conflict', 451: 'permission' },
  // A primary or secondary limit may be signaled with 403: the same page, "Rate limit errors".
  tooMany: {
    statuses: [403],
    headers: [{ name: 'Retry-After' }, { name: 'X-RateLimit-Remaining', is: '0' }],
    messageHas: 'rate limit',
  },
} as const satisfies ConnectorSpec['failures'];

/** Each is an event with its action: https://docs.github.com/webhooks/webhook-events-and-payloads */
export const triggers: readonly TriggerSpec[] = [
  event('pushed', 'push', 'Commits were pushed to a branch or tag.'),
  event('issueOpened', 'issues.opened', 'An issue was opened.'),
  event('issueClosed', 'issues.closed', 'An issue was closed.'),
  event('issueCommented', 'issue_comment.created', 'An issue or pull request has a comment.'),
  event('pullRequestOpened', 'pull_request.opened', 'A pull request was opened.'),
  event('pullRequestClosed', 'pull_request.closed', 'A pull request was closed or merged.'),
  event('reviewSubmitted', 'pull_request_review.submitted', 'A pull request was reviewed.'),
  event('releasePublished', 'release.published', 'A release was published.'),
  event('workflowCompleted', 'workflow_run.completed', 'A workflow has run.'),
  event('repositoryStarred', 'star.created', 'The repository was starred.'),
];

function event(name: string, typeAndAction: string, summary: string): TriggerSpec {
  const [type = '', action] = typeAndAction.split('.');
  const signs: TriggerSign[] = [{ header: 'x-github-event', is: type }];
  if (action !== undefined) signs.push({ at: '/action', is: action });
  return {
    name,
    summary,
    docs: `https://docs.github.com/webhooks/webhook-events-and-payloads#${type}`,
    match: signs,
  };
}

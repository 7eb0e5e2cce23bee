import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { HERE, HERE_URL, owner, page, repo } from './shapes.js';

export const dispatchWorkflow = defineAction({
  name: 'dispatchWorkflow',
  summary: 'Starts a workflow that has the trigger workflow_dispatch.',
  docs: 'https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event',
  risk: 'write',
  scopes: ['repo'],
  input: () =>
    z.strictObject({
      owner,
      repo,
      workflow_id: z
        .union([z.int().min(1), z.string().regex(/^[\w.-]+$/)])
        .describe('Its id, or the name of its file: `main.yaml`.'),
      ref: z.string().min(1).describe('The branch or tag it runs on.'),
      inputs: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
    }),
  output: () => z.looseObject({}),
  request: ({ owner: of, repo: name, workflow_id, ...json }) => ({
    method: 'POST',
    path: path`/repos/${of}/${name}/actions/workflows/${workflow_id}/dispatches`,
    body: { json },
  }),
  // 204 without a body; newer responses name the run.
  response: ({ body }) => body ?? {},
  example: {
    input: {
      ...HERE,
      workflow_id: 'main.yaml',
      ref: 'topic-branch',
      inputs: { name: 'Mona the Octocat', home: 'San Francisco, CA' },
    },
    sends: {
      method: 'POST',
      url: `${HERE_URL}/actions/workflows/main.yaml/dispatches`,
      json: {
        ref: 'topic-branch',
        inputs: { name: 'Mona the Octocat', home: 'San Francisco, CA' },
      },
    },
    response: { status: 204, body: null },
  },
});

export const listWorkflowRuns = defineAction({
  name: 'listWorkflowRuns',
  summary: 'Lists the runs of workflows, newest first.',
  docs: 'https://docs.github.com/rest/actions/workflow-runs#list-workflow-runs-for-a-repository',
  risk: 'read',
  input: () =>
    z.strictObject({
      owner,
      repo,
      actor: z.string().optional(),
      branch: z.string().optional(),
      event: z.string().optional().describe('The event that started it, such as `push`.'),
      status: z.string().optional().describe('A status or conclusion: `completed`, `failure`.'),
      created: z.string().optional().describe('A date or range: `>=2026-01-01`.'),
      head_sha: z.string().optional(),
      ...page,
    }),
  output: () =>
    z.looseObject({
      total_count: z.number(),
      workflow_runs: z.array(
        z.looseObject({
          id: z.number(),
          status: z.string().nullable(),
          conclusion: z.string().nullable(),
          html_url: z.string(),
        }),
      ),
    }),
  request: ({ owner: of, repo: name, ...query }) => ({
    method: 'GET',
    path: path`/repos/${of}/${name}/actions/runs`,
    query,
  }),
  pages: { kind: 'link', items: '/workflow_runs' },
  example: {
    input: { ...HERE, branch: 'master', status: 'queued' },
    sends: { method: 'GET', url: `${HERE_URL}/actions/runs?branch=master&status=queued` },
    response: {
      body: {
        total_count: 1,
        workflow_runs: [
          {
            id: 30_433_642,
            name: 'Build',
            head_branch: 'master',
            head_sha: 'acb5820ced9479c074f688cc328bf03f341a511d',
            run_number: 562,
            event: 'push',
            status: 'queued',
            conclusion: null,
            workflow_id: 159_038,
            html_url: 'https://github.com/octo-org/octo-repo/actions/runs/30433642',
            created_at: '2020-01-22T19:33:08Z',
            updated_at: '2020-01-22T19:33:08Z',
          },
        ],
      },
    },
  },
});

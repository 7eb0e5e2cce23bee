import { defineConnector, path, type TriggerSpec } from '../../src/contract/index.js';
import { createSpeech, transcribeAudio, translateAudio } from './audio.js';
import { createChatCompletion, streamChatCompletion } from './chat.js';
import { createEmbedding } from './embeddings.js';
import { deleteFile, downloadFile, getFile, listFiles, uploadFile } from './files.js';
import { editImage, generateImage } from './images.js';
import { getModel, listModels, MODELS } from './knownModels.js';
import { createModeration } from './moderation.js';
import {
  cancelResponse,
  createResponse,
  deleteResponse,
  getResponse,
  streamResponse,
} from './responses.js';

/** https://platform.openai.com/docs/api-reference/webhook-events */
const triggers: readonly TriggerSpec[] = [
  event('responseCompleted', 'response.completed', 'A response in the background is ready.'),
  event('responseFailed', 'response.failed', 'A response in the background has failed.'),
  event('responseIncomplete', 'response.incomplete', 'A response in the background was cut off.'),
  event('responseCancelled', 'response.cancelled', 'A response in the background was stopped.'),
  event('batchCompleted', 'batch.completed', 'A batch is ready.'),
  event('batchFailed', 'batch.failed', 'A batch has failed.'),
  event('fineTuningSucceeded', 'fine_tuning.job.succeeded', 'A model was tuned.'),
  event('fineTuningFailed', 'fine_tuning.job.failed', 'A model could not be tuned.'),
];

function event(name: string, type: string, summary: string): TriggerSpec {
  const docs = `https://platform.openai.com/docs/api-reference/webhook-events/${type.replaceAll('.', '/')}`;
  return { name, summary, docs, match: { at: '/type', is: type } };
}

export const openai = defineConnector({
  key: 'openai',
  name: 'OpenAI',
  category: 'ai',
  description:
    'Generate text, images and speech with models, transcribe audio, compare texts, and store files.',
  docs: 'https://platform.openai.com/docs/api-reference',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'At https://platform.openai.com/api-keys choose a project, then Create new secret key.',
    'Under Permissions choose Restricted and what you need: for the test of the connection, List models with Read.',
    'Copy the key, which is shown once, and paste it here. The organization needs a means of payment, or every request fails.',
  ],
  servers: { api: 'https://api.openai.com/v1' },
  auth: {
    apiKey: {
      kind: 'bearer',
      title: 'API key',
      token: {
        title: 'API key',
        pattern: 'sk-[A-Za-z0-9_-]{20,}',
        help: 'https://platform.openai.com/api-keys',
        example: 'sk-proj-…',
      },
    },
    // For keys of users, which work in several organizations: https://platform.openai.com/docs/api-reference/authentication
    projectOfUserKey: {
      kind: 'custom',
      title: "A person's key, for one organization and project",
      fields: {
        key: { title: 'API key', type: 'secret', pattern: 'sk-[A-Za-z0-9_-]{20,}' },
        organization: {
          title: 'Organization',
          type: 'text',
          pattern: 'org-[A-Za-z0-9]+',
          help: 'Settings, Organization, General',
          example: 'org-…',
        },
        project: {
          title: 'Project',
          type: 'text',
          pattern: 'proj_[A-Za-z0-9]+',
          help: 'Settings, Project, General',
          example: 'proj_…',
        },
      },
      headers: {
        authorization: 'Bearer {key}',
        'openai-organization': '{organization}',
        'openai-project': '{project}',
      },
    },
  },
  test: {
    request: { method: 'GET', path: path`/models` },
    // No operation identifies the owner of an ordinary key, but each response does:
    // https://platform.openai.com/docs/api-reference/debugging-requests
    identity: { id: { header: 'openai-organization' } },
    expect: { at: '/object', is: 'list' },
    example: {
      url: 'https://api.openai.com/v1/models',
      headers: { 'openai-organization': 'organization-owner', 'openai-version': '2020-10-01' },
      body: MODELS,
    },
  },
  actions: [
    createResponse,
    streamResponse,
    getResponse,
    cancelResponse,
    deleteResponse,
    createChatCompletion,
    streamChatCompletion,
    createEmbedding,
    createModeration,
    generateImage,
    editImage,
    transcribeAudio,
    translateAudio,
    createSpeech,
    uploadFile,
    listFiles,
    getFile,
    downloadFile,
    deleteFile,
    listModels,
    getModel,
  ],
  triggers,
  sync: [
    { name: 'files', action: 'listFiles', id: '/id' },
    { name: 'models', action: 'listModels', id: '/id' },
  ],
  limits: {
    docs: 'https://platform.openai.com/docs/guides/rate-limits',
    // Limits depend on the model and on what the organization has paid so far; only the headers report them.
    budgets: [],
    headers: [
      { name: 'Retry-After', kind: 'wait', unit: 'retryAfter' },
      { name: 'x-ratelimit-limit-requests', kind: 'limit' },
      { name: 'x-ratelimit-remaining-requests', kind: 'remaining' },
      { name: 'x-ratelimit-reset-requests', kind: 'reset', unit: 'duration' },
    ],
  },
  // https://platform.openai.com/docs/guides/error-codes
  failures: {
    code: ['/error/code', '/error/type'],
    message: ['/error/message'],
    codes: {
      invalid_api_key: 'authentication',
      invalid_organization: 'authentication',
      mismatched_organization: 'authentication',
      // These two have status 429, but waiting does not help.
      insufficient_quota: 'permission',
      credit_balance_exhausted: 'permission',
      billing_not_active: 'permission',
      unsupported_country_region_territory: 'permission',
      model_not_found: 'notFound',
      rate_limit_exceeded: 'rateLimit',
      context_length_exceeded: 'validation',
      content_policy_violation: 'validation',
      moderation_blocked: 'validation',
      server_error: 'provider',
    },
  },
});

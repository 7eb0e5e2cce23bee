import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { deleted, metadata, model, open, text } from './shapes.js';

const input = {
  model,
  input: z.union([text, z.array(open)]).describe('Text, or items: messages, files, tool outputs.'),
  instructions: z.string().optional().describe('Instructions of the developer to the model.'),
  previous_response_id: text.optional().describe('The response to continue from.'),
  conversation: z.union([text, z.strictObject({ id: text })]).optional(),
  max_output_tokens: z.int().min(1).optional(),
  max_tool_calls: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  reasoning: z.looseObject({ effort: z.string().optional() }).optional(),
  text: z
    .looseObject({ format: open.optional() })
    .optional()
    .describe('The format, such as JSON by a schema.'),
  tools: z.array(open).optional(),
  tool_choice: z.union([text, open]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  include: z.array(text).optional(),
  truncation: z.enum(['auto', 'disabled']).optional(),
  service_tier: text.optional(),
  store: z.boolean().optional().describe('Whether it can be read again; default true.'),
  safety_identifier: z
    .string()
    .max(64)
    .optional()
    .describe('Distinguishes your users; not a name.'),
  prompt_cache_key: text.optional(),
  metadata,
};

const response = z.looseObject({
  id: z.string(),
  created_at: z.number(),
  status: z.string(),
  model: z.string(),
  output: z.array(z.looseObject({ type: z.string() })),
});

const UNICORN = {
  id: 'resp_67ccd2bed1ec8190b14f964abc0542670bb6a6b452d3795b',
  object: 'response',
  created_at: 1_741_476_542,
  status: 'completed',
  completed_at: 1_741_476_543,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  model: 'gpt-5.4',
  output: [
    {
      type: 'message',
      id: 'msg_67ccd2bf17f0819081ff3bb2cf6508e60bb6a6b452d3795b',
      status: 'completed',
      role: 'assistant',
      content: [
        {
          type: 'output_text',
          text: 'In a peaceful grove beneath a silver moon, a unicorn named Lumina discovered a hidden pool that reflected the stars.',
          annotations: [],
        },
      ],
    },
  ],
  parallel_tool_calls: true,
  previous_response_id: null,
  store: true,
  temperature: 1,
  usage: { input_tokens: 36, output_tokens: 87, total_tokens: 123 },
  metadata: {},
};

export const createResponse = defineAction({
  name: 'createResponse',
  summary: 'Creates a model response, optionally with tools and files.',
  docs: 'https://platform.openai.com/docs/api-reference/responses/create',
  risk: 'write',
  input: () =>
    z.strictObject({
      ...input,
      background: z
        .boolean()
        .optional()
        .describe('Returns at once; getResponse returns the result later.'),
    }),
  output: () => response,
  request: (json) => ({ method: 'POST', path: path`/responses`, body: { json } }),
  example: {
    input: {
      model: 'gpt-5.4',
      input: 'Tell me a three sentence bedtime story about a unicorn.',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/responses',
      json: {
        model: 'gpt-5.4',
        input: 'Tell me a three sentence bedtime story about a unicorn.',
      },
    },
    response: { body: UNICORN },
  },
});

export const streamResponse = defineAction({
  name: 'streamResponse',
  summary: 'Streams a model response; response.completed is the last event.',
  docs: 'https://platform.openai.com/docs/api-reference/responses-streaming',
  risk: 'write',
  input: () => z.strictObject(input),
  output: () => z.looseObject({ type: z.string() }),
  request: (json) => ({
    method: 'POST',
    path: path`/responses`,
    headers: { accept: 'text/event-stream' },
    body: { json: { ...json, stream: true } },
  }),
  stream: { kind: 'sse' },
  example: {
    input: {
      model: 'gpt-5.4',
      instructions: 'You are a helpful assistant.',
      input: 'Hello!',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/responses',
      json: {
        model: 'gpt-5.4',
        instructions: 'You are a helpful assistant.',
        input: 'Hello!',
        stream: true,
      },
    },
    response: {
      headers: { 'content-type': 'text/event-stream' },
      body: {
        type: 'response.output_text.delta',
        item_id: 'msg_67c9fdcf37fc8190ba82116e33fb28c507b8b0ad4e5eb654',
        output_index: 0,
        content_index: 0,
        delta: 'Hi',
      },
    },
  },
});

export const getResponse = defineAction({
  name: 'getResponse',
  summary: 'Reads a response that is stored or generated in the background.',
  docs: 'https://platform.openai.com/docs/api-reference/responses/get',
  risk: 'read',
  input: () => z.strictObject({ response_id: text, include: z.array(text).optional() }),
  output: () => response,
  request: ({ response_id, include }) => ({
    method: 'GET',
    path: path`/responses/${response_id}`,
    query: { 'include[]': include },
  }),
  example: {
    input: { response_id: 'resp_123' },
    sends: { method: 'GET', url: 'https://api.openai.com/v1/responses/resp_123' },
    response: { body: UNICORN },
  },
});

export const cancelResponse = defineAction({
  name: 'cancelResponse',
  summary: 'Stops a response that is generated in the background.',
  docs: 'https://platform.openai.com/docs/api-reference/responses/cancel',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ response_id: text }),
  output: () => response,
  request: ({ response_id }) => ({
    method: 'POST',
    path: path`/responses/${response_id}/cancel`,
  }),
  example: {
    input: { response_id: 'resp_123' },
    sends: { method: 'POST', url: 'https://api.openai.com/v1/responses/resp_123/cancel' },
    response: { body: { ...UNICORN, background: true, completed_at: null, status: 'cancelled' } },
  },
});

export const deleteResponse = defineAction({
  name: 'deleteResponse',
  summary: 'Deletes a stored response.',
  docs: 'https://platform.openai.com/docs/api-reference/responses/delete',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ response_id: text }),
  output: () => deleted,
  request: ({ response_id }) => ({ method: 'DELETE', path: path`/responses/${response_id}` }),
  example: {
    input: { response_id: 'resp_123' },
    sends: { method: 'DELETE', url: 'https://api.openai.com/v1/responses/resp_123' },
    response: {
      body: {
        id: 'resp_6786a1bec27481909a17d673315b29f6',
        object: 'response',
        deleted: true,
      },
    },
  },
});

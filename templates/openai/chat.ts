import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { metadata, model, open, text } from './shapes.js';

const input = {
  model,
  messages: z
    .array(
      z.looseObject({
        role: z.enum(['developer', 'system', 'user', 'assistant', 'tool', 'function']),
      }),
    )
    .min(1)
    .describe('The conversation so far.'),
  max_completion_tokens: z.int().min(1).optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().min(0).max(1).optional(),
  n: z.int().min(1).max(128).optional(),
  stop: z.union([text, z.array(text).max(4)]).optional(),
  frequency_penalty: z.number().min(-2).max(2).optional(),
  presence_penalty: z.number().min(-2).max(2).optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().min(0).max(20).optional(),
  logit_bias: z.record(z.string(), z.number().min(-100).max(100)).optional(),
  reasoning_effort: text
    .optional()
    .describe('Such as `low`; the allowed values depend on the model.'),
  verbosity: z.enum(['low', 'medium', 'high']).optional(),
  response_format: open.optional().describe('The format, such as JSON by a schema.'),
  tools: z.array(open).optional(),
  tool_choice: z.union([text, open]).optional(),
  parallel_tool_calls: z.boolean().optional(),
  modalities: z.array(z.enum(['text', 'audio'])).optional(),
  audio: z.looseObject({ format: z.string() }).optional(),
  seed: z.int().optional(),
  service_tier: text.optional(),
  store: z.boolean().optional(),
  safety_identifier: z.string().max(64).optional(),
  prompt_cache_key: text.optional(),
  metadata,
};

const common = {
  id: z.string(),
  created: z.number(),
  model: z.string(),
};

const HELLO = {
  messages: [
    { role: 'developer', content: 'You are a helpful assistant.' },
    { role: 'user', content: 'Hello!' },
  ],
} as const;

export const createChatCompletion = defineAction({
  name: 'createChatCompletion',
  summary: 'Creates a model’s reply to a conversation.',
  docs: 'https://platform.openai.com/docs/api-reference/chat/create',
  risk: 'write',
  input: () => z.strictObject(input),
  output: () =>
    z.looseObject({
      ...common,
      choices: z.array(
        z.looseObject({
          index: z.number(),
          message: z.looseObject({ role: z.string(), content: z.string().nullable().optional() }),
          finish_reason: z.string(),
        }),
      ),
    }),
  request: (json) => ({ method: 'POST', path: path`/chat/completions`, body: { json } }),
  example: {
    input: { model: 'gpt-5.4', messages: [...HELLO.messages] },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/chat/completions',
      json: {
        model: 'gpt-5.4',
        messages: [
          { role: 'developer', content: 'You are a helpful assistant.' },
          { role: 'user', content: 'Hello!' },
        ],
      },
    },
    response: {
      headers: {
        'x-ratelimit-limit-requests': '60',
        'x-ratelimit-remaining-requests': '59',
        'x-ratelimit-reset-requests': '1s',
        'x-ratelimit-limit-tokens': '150000',
        'x-ratelimit-remaining-tokens': '149984',
        'x-ratelimit-reset-tokens': '6m0s',
      },
      body: {
        id: 'chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT',
        object: 'chat.completion',
        created: 1_741_569_952,
        model: 'gpt-5.4',
        choices: [
          {
            index: 0,
            message: {
              role: 'assistant',
              content: 'Hello! How can I assist you today?',
              refusal: null,
              annotations: [],
            },
            logprobs: null,
            finish_reason: 'stop',
          },
        ],
        usage: { prompt_tokens: 19, completion_tokens: 10, total_tokens: 29 },
        service_tier: 'default',
      },
    },
  },
});

export const streamChatCompletion = defineAction({
  name: 'streamChatCompletion',
  summary: 'Streams a model’s reply to a conversation.',
  docs: 'https://platform.openai.com/docs/api-reference/chat-streaming',
  risk: 'write',
  input: () =>
    z.strictObject({
      ...input,
      stream_options: z
        .strictObject({
          include_usage: z
            .boolean()
            .optional()
            .describe('Whether another event returns the usage.'),
          include_obfuscation: z.boolean().optional(),
        })
        .optional(),
    }),
  output: () =>
    z.looseObject({
      ...common,
      choices: z.array(
        z.looseObject({
          index: z.number(),
          delta: z.looseObject({ content: z.string().nullable().optional() }),
          finish_reason: z.string().nullable().optional(),
        }),
      ),
    }),
  request: (json) => ({
    method: 'POST',
    path: path`/chat/completions`,
    headers: { accept: 'text/event-stream' },
    body: { json: { ...json, stream: true } },
  }),
  stream: { kind: 'sse', done: '[DONE]' },
  example: {
    input: { model: 'gpt-5.4', messages: [...HELLO.messages] },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/chat/completions',
      json: {
        model: 'gpt-5.4',
        messages: [
          { role: 'developer', content: 'You are a helpful assistant.' },
          { role: 'user', content: 'Hello!' },
        ],
        stream: true,
      },
    },
    response: {
      headers: { 'content-type': 'text/event-stream' },
      body: {
        id: 'chatcmpl-123',
        object: 'chat.completion.chunk',
        created: 1_694_268_190,
        model: 'gpt-4o-mini',
        system_fingerprint: 'fp_44709d6fcb',
        choices: [{ index: 0, delta: { content: 'Hello' }, logprobs: null, finish_reason: null }],
      },
    },
  },
});

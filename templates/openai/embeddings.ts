import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { model, text } from './shapes.js';

export const createEmbedding = defineAction({
  name: 'createEmbedding',
  summary: 'Turns texts into vectors that tell how alike they are.',
  docs: 'https://platform.openai.com/docs/api-reference/embeddings/create',
  // It changes nothing: the same text is answered the same.
  risk: 'read',
  input: () =>
    z.strictObject({
      model,
      input: z.union([
        text,
        z.array(text).min(1).max(2048),
        z.array(z.int()).min(1).max(2048),
        z.array(z.array(z.int()).min(1)).min(1).max(2048),
      ]),
      dimensions: z.int().min(1).optional(),
      encoding_format: z.enum(['float', 'base64']).optional(),
      user: z.string().optional(),
    }),
  output: () =>
    z.looseObject({
      data: z.array(
        z.looseObject({
          index: z.number(),
          embedding: z.union([z.array(z.number()), z.string()]),
        }),
      ),
      model: z.string(),
      usage: z.looseObject({ total_tokens: z.number() }),
    }),
  request: (json) => ({ method: 'POST', path: path`/embeddings`, body: { json } }),
  example: {
    input: {
      input: 'The food was delicious and the waiter...',
      model: 'text-embedding-ada-002',
      encoding_format: 'float',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/embeddings',
      json: {
        input: 'The food was delicious and the waiter...',
        model: 'text-embedding-ada-002',
        encoding_format: 'float',
      },
    },
    response: {
      body: {
        object: 'list',
        data: [
          {
            object: 'embedding',
            embedding: [0.002_306_425_5, -0.009_327_292, -0.002_884_222_2],
            index: 0,
          },
        ],
        model: 'text-embedding-ada-002',
        usage: { prompt_tokens: 8, total_tokens: 8 },
      },
    },
  },
});

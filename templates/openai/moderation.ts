import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { model, open, text } from './shapes.js';

export const createModeration = defineAction({
  name: 'createModeration',
  summary: 'Tells whether texts or pictures may do harm, and of what kind.',
  docs: 'https://platform.openai.com/docs/api-reference/moderations/create',
  risk: 'read',
  input: () =>
    z.strictObject({
      input: z.union([text, z.array(text).min(1), z.array(open).min(1)]),
      model: model.optional(),
    }),
  output: () =>
    z.looseObject({
      id: z.string(),
      model: z.string(),
      results: z.array(
        z.looseObject({
          flagged: z.boolean(),
          categories: z.record(z.string(), z.boolean()),
          category_scores: z.record(z.string(), z.number()),
        }),
      ),
    }),
  request: (json) => ({ method: 'POST', path: path`/moderations`, body: { json } }),
  example: {
    input: { input: 'I want to kill them.' },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/moderations',
      json: { input: 'I want to kill them.' },
    },
    response: {
      body: {
        id: 'modr-AB8CjOTu2jiq12hp1AQPfeqFWaORR',
        model: 'text-moderation-007',
        results: [
          {
            flagged: true,
            categories: { hate: false, harassment: true, 'self-harm': false, violence: true },
            category_scores: {
              hate: 0.227_066_636_085_510_25,
              harassment: 0.521_563_529_968_261_7,
              'self-harm': 2.227_119_921_371_923e-6,
              violence: 0.997_113_466_262_817_4,
            },
          },
        ],
      },
    },
  },
});

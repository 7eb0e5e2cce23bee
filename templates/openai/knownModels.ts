import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { model } from './shapes.js';

const known = z.looseObject({ id: z.string(), created: z.number(), owned_by: z.string() });

export const MODELS = {
  object: 'list',
  data: [
    {
      id: 'model-id-0',
      object: 'model',
      created: 1_686_935_002,
      owned_by: 'organization-owner',
      shutdown_date: null,
    },
    {
      id: 'model-id-2',
      object: 'model',
      created: 1_686_935_002,
      owned_by: 'openai',
      shutdown_date: '2026-10-23',
    },
  ],
};

export const listModels = defineAction({
  name: 'listModels',
  summary: 'Lists the models that the key may use.',
  docs: 'https://platform.openai.com/docs/api-reference/models/list',
  risk: 'read',
  input: () => z.strictObject({}),
  output: () => z.looseObject({ data: z.array(known) }),
  request: () => ({ method: 'GET', path: path`/models` }),
  example: {
    input: {},
    sends: { method: 'GET', url: 'https://api.openai.com/v1/models' },
    response: { body: MODELS },
  },
});

export const getModel = defineAction({
  name: 'getModel',
  summary: 'Reads one model: whether the key may use it, and until when.',
  docs: 'https://platform.openai.com/docs/api-reference/models/retrieve',
  risk: 'read',
  input: () => z.strictObject({ model }),
  output: () => known,
  request: (input) => ({ method: 'GET', path: path`/models/${input.model}` }),
  example: {
    input: { model: 'gpt-5.4' },
    sends: { method: 'GET', url: 'https://api.openai.com/v1/models/gpt-5.4' },
    response: {
      body: { id: 'gpt-5.4', object: 'model', created: 1_686_935_002, owned_by: 'openai' },
    },
  },
});

import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { filePart, model, text, textParts, upload } from './shapes.js';

const look = {
  model: model.optional(),
  n: z.int().min(1).max(10).optional(),
  size: text.optional().describe('`auto`, or such as `1024x1024`.'),
  quality: z.enum(['standard', 'hd', 'low', 'medium', 'high', 'auto']).optional(),
  background: z.enum(['transparent', 'opaque', 'auto']).optional(),
  output_format: z.enum(['png', 'jpeg', 'webp']).optional(),
  output_compression: z.int().min(0).max(100).optional(),
  response_format: z
    .enum(['url', 'b64_json'])
    .optional()
    .describe('Only for dall-e-2 and dall-e-3: other models return b64_json.'),
  user: z.string().optional(),
};

const images = z.looseObject({
  created: z.number(),
  data: z.array(z.looseObject({ b64_json: z.string().optional(), url: z.string().optional() })),
});

const RESPONSE = {
  created: 1_713_833_628,
  data: [{ b64_json: '...' }],
  usage: {
    total_tokens: 100,
    input_tokens: 50,
    output_tokens: 50,
    input_tokens_details: { text_tokens: 10, image_tokens: 40 },
  },
};

export const generateImage = defineAction({
  name: 'generateImage',
  summary: 'Generates images from a text prompt.',
  docs: 'https://platform.openai.com/docs/api-reference/images/create',
  risk: 'write',
  input: () =>
    z.strictObject({
      prompt: z.string().min(1).max(32_000),
      ...look,
      moderation: z.enum(['low', 'auto']).optional(),
      style: z.enum(['vivid', 'natural']).optional(),
    }),
  output: () => images,
  request: (json) => ({ method: 'POST', path: path`/images/generations`, body: { json } }),
  example: {
    input: {
      model: 'gpt-image-1.5',
      prompt: 'A cute baby sea otter',
      n: 1,
      size: '1024x1024',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/images/generations',
      json: {
        model: 'gpt-image-1.5',
        prompt: 'A cute baby sea otter',
        n: 1,
        size: '1024x1024',
      },
    },
    response: { body: RESPONSE },
  },
});

export const editImage = defineAction({
  name: 'editImage',
  summary: 'Edits images by a text prompt.',
  docs: 'https://platform.openai.com/docs/api-reference/images/createEdit',
  risk: 'write',
  input: () =>
    z.strictObject({
      image: z.array(upload).min(1).max(16),
      mask: upload
        .optional()
        .describe('A PNG; its transparent areas of the first image are edited.'),
      prompt: z.string().min(1).max(32_000),
      ...look,
      input_fidelity: z.enum(['high', 'low']).optional(),
    }),
  output: () => images,
  request: ({ image, mask, ...fields }) => ({
    method: 'POST',
    path: path`/images/edits`,
    body: {
      multipart: [
        ...textParts(fields),
        ...image.map((one) => filePart('image[]', one)),
        ...(mask ? [filePart('mask', mask)] : []),
      ],
    },
  }),
  example: {
    input: {
      model: 'gpt-image-1.5',
      image: [
        { filename: 'body-lotion.png', base64: 'iVBORw0KGgo=', contentType: 'image/png' },
        { filename: 'bath-bomb.png', base64: 'iVBORw0KGgoA', contentType: 'image/png' },
      ],
      prompt: 'Create a lovely gift basket with these four items in it',
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/images/edits',
      parts: [
        {
          name: 'prompt',
          content: { text: 'Create a lovely gift basket with these four items in it' },
        },
        { name: 'model', content: { text: 'gpt-image-1.5' } },
        {
          name: 'image[]',
          filename: 'body-lotion.png',
          contentType: 'image/png',
          content: { base64: 'iVBORw0KGgo=' },
        },
        {
          name: 'image[]',
          filename: 'bath-bomb.png',
          contentType: 'image/png',
          content: { base64: 'iVBORw0KGgoA' },
        },
      ],
    },
    response: { body: RESPONSE },
  },
});

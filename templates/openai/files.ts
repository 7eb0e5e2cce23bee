import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { deleted, filePart, text, textParts, upload } from './shapes.js';

const file = z.looseObject({
  id: z.string(),
  bytes: z.number(),
  created_at: z.number(),
  filename: z.string(),
  purpose: z.string(),
});

const MY_DATA = {
  id: 'file-abc123',
  object: 'file',
  bytes: 120_000,
  created_at: 1_677_610_602,
  expires_at: 1_677_614_202,
  filename: 'mydata.jsonl',
  purpose: 'fine-tune',
};

export const uploadFile = defineAction({
  name: 'uploadFile',
  summary: 'Uploads a file for responses, batches and fine-tuning.',
  docs: 'https://platform.openai.com/docs/api-reference/files/create',
  risk: 'write',
  input: () =>
    z.strictObject({
      file: upload,
      purpose: z.enum(['assistants', 'batch', 'fine-tune', 'vision', 'user_data', 'evals']),
      expires_after: z
        .strictObject({
          anchor: z.literal('created_at'),
          seconds: z.int().min(3600).max(2_592_000),
        })
        .optional(),
    }),
  output: () => file,
  request: ({ file: sent, ...fields }) => ({
    method: 'POST',
    path: path`/files`,
    // The purpose comes first, as in the documentation, so that a streaming server knows it before the file.
    body: { multipart: [...textParts(fields), filePart('file', sent)] },
  }),
  example: {
    input: {
      file: { filename: 'mydata.jsonl', base64: 'eyJhIjoxfQo=' },
      purpose: 'fine-tune',
      expires_after: { anchor: 'created_at', seconds: 2_592_000 },
    },
    sends: {
      method: 'POST',
      url: 'https://api.openai.com/v1/files',
      parts: [
        { name: 'purpose', content: { text: 'fine-tune' } },
        { name: 'expires_after[anchor]', content: { text: 'created_at' } },
        { name: 'expires_after[seconds]', content: { text: '2592000' } },
        { name: 'file', filename: 'mydata.jsonl', content: { text: '{"a":1}\n' } },
      ],
    },
    response: { body: MY_DATA },
  },
});

export const listFiles = defineAction({
  name: 'listFiles',
  summary: 'Lists files, by default newest first.',
  docs: 'https://platform.openai.com/docs/api-reference/files/list',
  risk: 'read',
  input: () =>
    z.strictObject({
      purpose: text.optional(),
      limit: z.int().min(1).max(10_000).optional(),
      order: z.enum(['asc', 'desc']).optional(),
      after: text.optional().describe('The id of the last item of the previous page.'),
    }),
  output: () => z.looseObject({ data: z.array(file), has_more: z.boolean() }),
  request: (query) => ({ method: 'GET', path: path`/files`, query }),
  pages: { kind: 'lastId', items: '/data', id: '/id', param: 'after', hasMore: '/has_more' },
  example: {
    input: { limit: 2, order: 'desc' },
    sends: { method: 'GET', url: 'https://api.openai.com/v1/files?limit=2&order=desc' },
    response: {
      body: {
        object: 'list',
        data: [MY_DATA, { ...MY_DATA, id: 'file-abc456', bytes: 140, filename: 'puppy.jsonl' }],
        first_id: 'file-abc123',
        last_id: 'file-abc456',
        has_more: false,
      },
    },
  },
});

export const getFile = defineAction({
  name: 'getFile',
  summary: 'Reads the metadata of a file.',
  docs: 'https://platform.openai.com/docs/api-reference/files/retrieve',
  risk: 'read',
  input: () => z.strictObject({ file_id: text }),
  output: () => file,
  request: ({ file_id }) => ({ method: 'GET', path: path`/files/${file_id}` }),
  example: {
    input: { file_id: 'file-abc123' },
    sends: { method: 'GET', url: 'https://api.openai.com/v1/files/file-abc123' },
    response: { body: MY_DATA },
  },
});

export const downloadFile = defineAction({
  name: 'downloadFile',
  summary: 'Reads the content of a file: text as text, JSON as json, anything else as base64.',
  docs: 'https://platform.openai.com/docs/api-reference/files/retrieve-contents',
  risk: 'read',
  input: () => z.strictObject({ file_id: text }),
  output: () =>
    z.looseObject({
      text: z.string().optional(),
      json: z.unknown().optional(),
      base64: z.string().optional(),
      contentType: z.string().optional(),
    }),
  request: ({ file_id }) => ({
    method: 'GET',
    path: path`/files/${file_id}/content`,
    headers: { accept: 'application/octet-stream' },
  }),
  response: ({ body }) => {
    if (typeof body === 'string') return { text: body };
    const isBytes = typeof body === 'object' && body !== null && 'base64' in body;
    return isBytes ? body : { json: body };
  },
  example: {
    input: { file_id: 'file-abc123' },
    sends: { method: 'GET', url: 'https://api.openai.com/v1/files/file-abc123/content' },
    response: {
      headers: { 'content-type': 'application/octet-stream' },
      body: { base64: 'eyJhIjoxfQo=', contentType: 'application/octet-stream' },
    },
  },
});

export const deleteFile = defineAction({
  name: 'deleteFile',
  summary: 'Deletes a file.',
  docs: 'https://platform.openai.com/docs/api-reference/files/delete',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ file_id: text }),
  output: () => deleted,
  request: ({ file_id }) => ({ method: 'DELETE', path: path`/files/${file_id}` }),
  example: {
    input: { file_id: 'file-abc123' },
    sends: { method: 'DELETE', url: 'https://api.openai.com/v1/files/file-abc123' },
    response: { body: { id: 'file-abc123', object: 'file', deleted: true } },
  },
});

import { z } from 'zod';

import {
  type ActionRequest,
  defineAction,
  type ProviderResponse,
} from '../../../src/contract/index.js';
import { address, addressAndBody, bodyFrom, pathFrom } from './input.js';

const output = z.looseObject({
  status: z.int(),
  headers: z.record(z.string(), z.string()).describe('Names in lower case.'),
  body: z
    .unknown()
    .refine((value) => value !== undefined)
    .describe('JSON as JSON, text as text, anything else as { base64 }; null without a body.'),
});

/** Returns the whole response, because the needs of the caller are unknown. Cookies are credentials and are omitted. */
function response({ status, headers, body }: ProviderResponse) {
  const { 'set-cookie': _cookie, ...rest } = headers;
  return { status, headers: rest, body };
}

type Written = Pick<ActionRequest, 'query' | 'headers'>;

function requestFor(method: ActionRequest['method'], input: z.output<typeof addressAndBody>) {
  const { query, headers } = input;
  const body = bodyFrom(input.body);
  const written: Written = { ...(query && { query }), ...(headers && { headers }) };
  return { method, path: pathFrom(input), ...written, ...(body && { body }) };
}

export const get = defineAction({
  name: 'get',
  summary: 'Reads something.',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.1',
  risk: 'read',
  input: () => address,
  output: () => output,
  request: (input) => requestFor('GET', input),
  response,
  example: {
    input: {
      path: '/users/{id}/orders',
      params: { id: 'a/b' },
      query: { limit: 10, tag: ['new', 'paid'] },
      headers: { 'Accept-Language': 'en' },
    },
    sends: {
      method: 'GET',
      url: 'https://api.example.com/v1/users/a%2Fb/orders?limit=10&tag=new&tag=paid',
      headers: { 'accept-language': 'en', accept: 'application/json' },
    },
    response: { headers: { 'content-type': 'application/json' }, body: [{ id: 1 }] },
  },
});

export const post = defineAction({
  name: 'post',
  summary: 'Creates something or starts an operation.',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.3',
  risk: 'write',
  input: () => addressAndBody,
  output: () => output,
  request: (input) => requestFor('POST', input),
  response,
  example: {
    input: { path: '/users', body: { json: { name: 'Grace' } } },
    sends: {
      method: 'POST',
      url: 'https://api.example.com/v1/users',
      json: { name: 'Grace' },
    },
    response: { status: 201, body: { id: 7, name: 'Grace' } },
  },
});

export const put = defineAction({
  name: 'put',
  summary: 'Replaces something.',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4',
  risk: 'write',
  idempotent: true,
  input: () => addressAndBody,
  output: () => output,
  request: (input) => requestFor('PUT', input),
  response,
  example: {
    input: { path: '/notes/7', body: { text: 'Hello', contentType: 'text/markdown' } },
    sends: {
      method: 'PUT',
      url: 'https://api.example.com/v1/notes/7',
      headers: { 'content-type': 'text/markdown' },
      text: 'Hello',
    },
    response: { status: 204, body: null },
  },
});

export const patch = defineAction({
  name: 'patch',
  summary: 'Changes a part of something.',
  docs: 'https://www.rfc-editor.org/rfc/rfc5789',
  risk: 'write',
  input: () => addressAndBody,
  output: () => output,
  request: (input) => requestFor('PATCH', input),
  response,
  example: {
    input: { path: '/users/7', body: { form: { name: 'Grace H.', tags: ['a', 'b'] } } },
    sends: {
      method: 'PATCH',
      url: 'https://api.example.com/v1/users/7',
      form: 'name=Grace+H.&tags%5B0%5D=a&tags%5B1%5D=b',
    },
    response: { body: { id: 7, name: 'Grace H.' } },
  },
});

/** `delete` is a reserved word in JavaScript. */
export const remove = defineAction({
  name: 'delete',
  summary: 'Deletes something.',
  docs: 'https://www.rfc-editor.org/rfc/rfc9110#section-9.3.5',
  risk: 'write',
  idempotent: true,
  input: () => addressAndBody,
  output: () => output,
  request: (input) => requestFor('DELETE', input),
  response,
  example: {
    input: { path: '/users/7' },
    sends: { method: 'DELETE', url: 'https://api.example.com/v1/users/7' },
    response: { status: 204, body: null },
  },
});

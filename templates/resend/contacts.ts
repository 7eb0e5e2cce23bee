import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { id, pageInput, pageOf, PAGES, reference } from './shapes.js';

const contactId = id.describe('The id of a contact, or its address.');

const details = {
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  unsubscribed: z.boolean().optional().describe('From all broadcasts.'),
  properties: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
};

const contact = z.looseObject({
  id,
  email: z.string(),
  first_name: z.string().nullish(),
  last_name: z.string().nullish(),
  created_at: z.string(),
  unsubscribed: z.boolean(),
});

const STEVE = {
  id: 'e169aa45-1ecf-4183-9955-b1499d5701d3',
  email: 'steve.wozniak@gmail.com',
  first_name: 'Steve',
  last_name: 'Wozniak',
  created_at: '2023-10-06 23:47:56.678+00',
  unsubscribed: false,
};

const CREATED = '479e3145-dd38-476b-932c-529ceb705947';

export const createContact = defineAction({
  name: 'createContact',
  summary: 'Adds a contact.',
  docs: 'https://resend.com/docs/api-reference/contacts/create-contact',
  risk: 'write',
  input: () =>
    z.strictObject({
      email: z.string().min(1),
      ...details,
      segments: z.array(id).optional().describe('The segments to add the contact to.'),
    }),
  output: () => reference,
  request: (json) => ({ method: 'POST', path: path`/contacts`, body: { json } }),
  example: {
    input: { email: STEVE.email, first_name: 'Steve', last_name: 'Wozniak', unsubscribed: false },
    sends: {
      method: 'POST',
      url: 'https://api.resend.com/contacts',
      json: {
        email: 'steve.wozniak@gmail.com',
        first_name: 'Steve',
        last_name: 'Wozniak',
        unsubscribed: false,
      },
    },
    response: { status: 201, body: { object: 'contact', id: CREATED } },
  },
});

export const getContact = defineAction({
  name: 'getContact',
  summary: 'Reads a contact by its id or its address.',
  docs: 'https://resend.com/docs/api-reference/contacts/get-contact',
  risk: 'read',
  input: () => z.strictObject({ contact: contactId }),
  output: () => contact,
  request: (input) => ({ method: 'GET', path: path`/contacts/${input.contact}` }),
  example: {
    input: { contact: STEVE.email },
    sends: { method: 'GET', url: 'https://api.resend.com/contacts/steve.wozniak%40gmail.com' },
    response: { body: { object: 'contact', ...STEVE } },
  },
});

export const listContacts = defineAction({
  name: 'listContacts',
  summary: 'Lists contacts: all, or those of a segment.',
  docs: 'https://resend.com/docs/api-reference/contacts/list-contacts',
  risk: 'read',
  input: () => z.strictObject({ segment_id: id.optional(), ...pageInput }),
  output: () => pageOf(contact),
  request: (query) => ({ method: 'GET', path: path`/contacts`, query }),
  pages: PAGES,
  example: {
    input: { limit: 30 },
    sends: { method: 'GET', url: 'https://api.resend.com/contacts?limit=30' },
    response: { body: { object: 'list', has_more: false, data: [STEVE] } },
  },
});

export const updateContact = defineAction({
  name: 'updateContact',
  summary: 'Changes a contact, such as whether it wants broadcasts.',
  docs: 'https://resend.com/docs/api-reference/contacts/update-contact',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ contact: contactId, ...details }),
  output: () => reference,
  request: ({ contact: which, ...json }) => ({
    method: 'PATCH',
    path: path`/contacts/${which}`,
    body: { json },
  }),
  example: {
    input: { contact: CREATED, unsubscribed: true },
    sends: {
      method: 'PATCH',
      url: `https://api.resend.com/contacts/${CREATED}`,
      json: { unsubscribed: true },
    },
    response: { body: { object: 'contact', id: CREATED } },
  },
});

export const deleteContact = defineAction({
  name: 'deleteContact',
  summary: 'Deletes a contact.',
  docs: 'https://resend.com/docs/api-reference/contacts/delete-contact',
  risk: 'write',
  input: () => z.strictObject({ contact: contactId }),
  output: () => z.looseObject({ object: z.string(), deleted: z.boolean() }),
  request: ({ contact: which }) => ({ method: 'DELETE', path: path`/contacts/${which}` }),
  example: {
    input: { contact: '520784e2-887d-4c25-b53c-4ad46ad38100' },
    sends: {
      method: 'DELETE',
      url: 'https://api.resend.com/contacts/520784e2-887d-4c25-b53c-4ad46ad38100',
    },
    response: {
      body: { object: 'contact', id: '520784e2-887d-4c25-b53c-4ad46ad38100', deleted: true },
    },
  },
});

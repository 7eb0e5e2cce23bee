import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  DRIVE,
  DRIVE_READ,
  DRIVE_REFERENCE,
  DRIVE_WRITE,
  FIELDS,
  fields,
  file,
  name,
  parents,
  properties,
  REPORT,
  supportsAllDrives,
} from './driveShapes.js';
import { content, contentOf, id } from './shapes.js';

/** 5 MB, counted in base64: https://developers.google.com/workspace/drive/api/guides/manage-uploads */
const BASE64_LENGTH_MAX = Math.ceil((5 * 1024 * 1024) / 3) * 4;

export const uploadFile = defineAction({
  name: 'uploadFile',
  summary: 'Uploads a file of up to 5 MB to Drive; with a mimeType of Google it is converted.',
  docs: 'https://developers.google.com/workspace/drive/api/guides/manage-uploads#multipart',
  risk: 'write',
  scopes: DRIVE_WRITE,
  input: () =>
    z.strictObject({
      name,
      base64: z.base64().max(BASE64_LENGTH_MAX),
      contentType: z
        .string()
        .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?charset=[\w-]+)?$/)
        .describe('The type of the content, such as text/csv.'),
      mimeType: z
        .string()
        .optional()
        .describe('The type to convert to, such as application/vnd.google-apps.spreadsheet.'),
      parents,
      description: z.string().optional(),
      properties,
      fields,
      supportsAllDrives,
    }),
  output: () => file,
  request: ({ base64, contentType, fields: fieldMask, supportsAllDrives: all, ...metadata }) => ({
    method: 'POST',
    server: 'upload',
    path: path`/files`,
    query: { uploadType: 'multipart', fields: fieldMask, supportsAllDrives: all },
    body: {
      multipart: [
        {
          name: 'metadata',
          contentType: 'application/json; charset=UTF-8',
          content: { text: JSON.stringify(metadata) },
        },
        { name: 'media', contentType, content: { base64 } },
      ],
      subtype: 'related',
    },
  }),
  example: {
    input: { name: 'report.csv', base64: 'YSxiCjEsMgo=', contentType: 'text/csv' },
    sends: {
      method: 'POST',
      url: `https://www.googleapis.com/upload/drive/v3/files?uploadType=multipart&${FIELDS}&supportsAllDrives=true`,
      related: [
        {
          contentType: 'application/json; charset=UTF-8',
          content: { text: '{"name":"report.csv"}' },
        },
        { contentType: 'text/csv', content: { text: 'a,b\n1,2\n' } },
      ],
    },
    response: { body: REPORT },
  },
});

export const downloadFile = defineAction({
  name: 'downloadFile',
  summary: 'Reads the content of a file: text as text, JSON as json, anything else as base64.',
  docs: 'https://developers.google.com/workspace/drive/api/guides/manage-downloads',
  risk: 'read',
  scopes: DRIVE_READ,
  input: () =>
    z.strictObject({
      fileId: id,
      acknowledgeAbuse: z
        .boolean()
        .optional()
        .describe('Whether to read the file even if Google found malware in it.'),
      supportsAllDrives,
    }),
  output: () => content,
  request: ({ fileId, ...query }) => ({
    method: 'GET',
    server: 'drive',
    path: path`/files/${fileId}`,
    query: { alt: 'media', ...query },
    headers: { accept: '*/*' },
  }),
  response: contentOf,
  example: {
    input: { fileId: REPORT.id },
    sends: {
      method: 'GET',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX?alt=media&supportsAllDrives=true`,
      headers: { Accept: '*/*' },
    },
    response: { headers: { 'content-type': 'text/csv' }, body: 'a,b\n1,2\n' },
  },
});

export const exportFile = defineAction({
  name: 'exportFile',
  summary: 'Reads a document, sheet or presentation of Google in another format, up to 10 MB.',
  docs: `${DRIVE_REFERENCE}/files/export`,
  risk: 'read',
  scopes: DRIVE_READ,
  input: () =>
    z.strictObject({
      fileId: id,
      mimeType: z.string().min(1).describe('Such as application/pdf or text/csv.'),
    }),
  output: () => content,
  request: ({ fileId, ...query }) => ({
    method: 'GET',
    server: 'drive',
    path: path`/files/${fileId}/export`,
    query,
    headers: { accept: '*/*' },
  }),
  response: contentOf,
  example: {
    input: {
      fileId: '1ZdR3L3Kek7szMkTNHOd5cNLqA3vEbHgoYhNOCfB2CHg',
      mimeType: 'application/pdf',
    },
    sends: {
      method: 'GET',
      url: `${DRIVE}/files/1ZdR3L3Kek7szMkTNHOd5cNLqA3vEbHgoYhNOCfB2CHg/export?mimeType=application%2Fpdf`,
    },
    response: {
      headers: { 'content-type': 'application/pdf' },
      body: { base64: 'JVBERi0xLjQK', contentType: 'application/pdf' },
    },
  },
});

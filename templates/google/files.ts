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
  FILE_FIELDS,
  FOLDER,
  name,
  parents,
  properties,
  REPORT,
  supportsAllDrives,
} from './driveShapes.js';
import { done, id, nextPageToken, nothing, pageToken, time } from './shapes.js';

export const listFiles = defineAction({
  name: 'listFiles',
  summary:
    'Lists files and folders that match a query; with the scope drive.file only those of this app.',
  docs: `${DRIVE_REFERENCE}/files/list`,
  risk: 'read',
  scopes: DRIVE_READ,
  input: () =>
    z.strictObject({
      q: z
        .string()
        .optional()
        .describe(
          "Such as `'FOLDER_ID' in parents and trashed = false` or `name contains 'plan'`.",
        ),
      orderBy: z.string().optional().describe('Such as `folder,modifiedTime desc`.'),
      pageSize: z.int().min(1).max(1000).optional().describe('Default 100.'),
      corpora: z.enum(['user', 'domain', 'drive', 'allDrives']).optional(),
      driveId: id.optional().describe('With corpora drive.'),
      includeItemsFromAllDrives: z.boolean().optional(),
      spaces: z.string().optional(),
      fields: z
        .string()
        .min(1)
        .default(`nextPageToken,incompleteSearch,files(${FILE_FIELDS})`)
        .describe('Without nextPageToken in it there is only one page.'),
      supportsAllDrives,
      pageToken,
    }),
  output: () => z.looseObject({ files: z.array(file), nextPageToken }),
  request: (query) => ({ method: 'GET', server: 'drive', path: path`/files`, query }),
  pages: { kind: 'cursor', items: '/files', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: {
      q: "mimeType='text/csv'",
      spaces: 'drive',
      fields: 'nextPageToken, files(id, name, mimeType)',
    },
    sends: {
      method: 'GET',
      url: `${DRIVE}/files?q=mimeType%3D%27text%2Fcsv%27&spaces=drive&fields=nextPageToken%2C+files%28id%2C+name%2C+mimeType%29&supportsAllDrives=true`,
    },
    response: {
      body: {
        files: [{ id: REPORT.id, name: 'report.csv', mimeType: 'text/csv' }],
        nextPageToken: '~!!~AI9FV7Tc4k5BiAr1Ckwyu',
      },
    },
  },
});

export const getFile = defineAction({
  name: 'getFile',
  summary: 'Reads the metadata of a file or folder; downloadFile reads the content.',
  docs: `${DRIVE_REFERENCE}/files/get`,
  risk: 'read',
  scopes: DRIVE_READ,
  input: () => z.strictObject({ fileId: id, fields, supportsAllDrives }),
  output: () => file,
  request: ({ fileId, ...query }) => ({
    method: 'GET',
    server: 'drive',
    path: path`/files/${fileId}`,
    query,
  }),
  example: {
    input: { fileId: REPORT.id },
    sends: {
      method: 'GET',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX?${FIELDS}&supportsAllDrives=true`,
    },
    response: { body: REPORT },
  },
});

export const createFolder = defineAction({
  name: 'createFolder',
  summary: 'Creates a folder; Drive allows several of the same name.',
  docs: 'https://developers.google.com/workspace/drive/api/guides/folder',
  risk: 'write',
  scopes: DRIVE_WRITE,
  input: () =>
    z.strictObject({
      name,
      parents,
      description: z.string().optional(),
      properties,
      fields,
      supportsAllDrives,
    }),
  output: () => file,
  request: ({ fields: fieldMask, supportsAllDrives: all, ...metadata }) => ({
    method: 'POST',
    server: 'drive',
    path: path`/files`,
    query: { fields: fieldMask, supportsAllDrives: all },
    body: { json: { ...metadata, mimeType: FOLDER } },
  }),
  example: {
    input: { name: 'Invoices' },
    sends: {
      method: 'POST',
      url: `${DRIVE}/files?${FIELDS}&supportsAllDrives=true`,
      json: { name: 'Invoices', mimeType: 'application/vnd.google-apps.folder' },
    },
    response: {
      body: {
        id: '1sTWaJ_j7PkjzaBWtNc3IzovK5hQf21FbOw9yLeeLPNQ',
        name: 'Invoices',
        mimeType: 'application/vnd.google-apps.folder',
      },
    },
  },
});

export const updateFile = defineAction({
  name: 'updateFile',
  summary: 'Renames, moves, describes or bins a file or folder; its content stays.',
  docs: `${DRIVE_REFERENCE}/files/update`,
  risk: 'write',
  idempotent: true,
  scopes: DRIVE_WRITE,
  input: () =>
    z.strictObject({
      fileId: id,
      name: name.optional(),
      description: z.string().optional(),
      starred: z.boolean().optional(),
      trashed: z.boolean().optional(),
      modifiedTime: time.optional(),
      properties,
      addParents: z.string().optional().describe('The id of the target folder.'),
      removeParents: z.string().optional().describe('The id of the folder to remove it from.'),
      fields,
      supportsAllDrives,
    }),
  output: () => file,
  request: ({ fileId, addParents, removeParents, fields: fieldMask, ...rest }) => {
    const { supportsAllDrives: all, ...json } = rest;
    return {
      method: 'PATCH',
      server: 'drive',
      path: path`/files/${fileId}`,
      query: { addParents, removeParents, fields: fieldMask, supportsAllDrives: all },
      body: { json },
    };
  },
  example: {
    input: {
      fileId: REPORT.id,
      name: 'report 2026.csv',
      addParents: '1sTWaJ_j7PkjzaBWtNc3IzovK5hQf21FbOw9yLeeLPNQ',
      removeParents: '0AOrTheRootFolderPVA',
      fields: 'id,name,mimeType,parents',
    },
    sends: {
      method: 'PATCH',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX?addParents=1sTWaJ_j7PkjzaBWtNc3IzovK5hQf21FbOw9yLeeLPNQ&removeParents=0AOrTheRootFolderPVA&fields=id%2Cname%2CmimeType%2Cparents&supportsAllDrives=true`,
      json: { name: 'report 2026.csv' },
    },
    response: {
      body: {
        id: REPORT.id,
        name: 'report 2026.csv',
        mimeType: 'text/csv',
        parents: ['1sTWaJ_j7PkjzaBWtNc3IzovK5hQf21FbOw9yLeeLPNQ'],
      },
    },
  },
});

export const copyFile = defineAction({
  name: 'copyFile',
  summary: 'Copies a file, such as a template. Folders cannot be copied.',
  docs: `${DRIVE_REFERENCE}/files/copy`,
  risk: 'write',
  scopes: DRIVE_WRITE,
  input: () =>
    z.strictObject({
      fileId: id,
      name: name.optional(),
      parents,
      mimeType: z.string().optional().describe('A type of Google converts the file.'),
      fields,
      supportsAllDrives,
    }),
  output: () => file,
  request: ({ fileId, fields: fieldMask, supportsAllDrives: all, ...json }) => ({
    method: 'POST',
    server: 'drive',
    path: path`/files/${fileId}/copy`,
    query: { fields: fieldMask, supportsAllDrives: all },
    body: { json },
  }),
  example: {
    input: { fileId: REPORT.id, name: 'Copy of the report' },
    sends: {
      method: 'POST',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX/copy?${FIELDS}&supportsAllDrives=true`,
      json: { name: 'Copy of the report' },
    },
    response: {
      body: { ...REPORT, id: '1ZdR3L3Kek7szMkTNHOd5cNLqA3vEbHgo', name: 'Copy of the report' },
    },
  },
});

export const deleteFile = defineAction({
  name: 'deleteFile',
  summary:
    'Deletes a file, or a folder with its content, permanently; updateFile with trashed can be undone.',
  docs: `${DRIVE_REFERENCE}/files/delete`,
  risk: 'write',
  idempotent: true,
  scopes: DRIVE_WRITE,
  input: () => z.strictObject({ fileId: id, supportsAllDrives }),
  output: () => nothing,
  request: ({ fileId, ...query }) => ({
    method: 'DELETE',
    server: 'drive',
    path: path`/files/${fileId}`,
    query,
  }),
  response: done,
  example: {
    input: { fileId: REPORT.id },
    sends: {
      method: 'DELETE',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX?supportsAllDrives=true`,
    },
    response: { status: 204, body: null },
  },
});

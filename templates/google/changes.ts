import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { channel, channelInput, OPENED } from './channels.js';
import {
  DRIVE,
  DRIVE_READ,
  DRIVE_REFERENCE,
  file,
  FILE_FIELDS,
  REPORT,
  supportsAllDrives,
} from './driveShapes.js';
import { id, nextPageToken } from './shapes.js';

const from = id.describe('startPageToken, newStartPageToken or nextPageToken.');

const which = {
  driveId: id.optional().describe('The shared drive; default My Drive.'),
  includeItemsFromAllDrives: z.boolean().optional(),
  includeRemoved: z.boolean().optional(),
  restrictToMyDrive: z.boolean().optional(),
  supportsAllDrives,
};

export const getStartPageToken = defineAction({
  name: 'getStartPageToken',
  summary: 'Returns the token from which listChanges lists later changes.',
  docs: `${DRIVE_REFERENCE}/changes/getStartPageToken`,
  risk: 'read',
  scopes: DRIVE_READ,
  input: () => z.strictObject({ driveId: id.optional(), supportsAllDrives }),
  output: () => z.looseObject({ startPageToken: z.string() }),
  request: (query) => ({
    method: 'GET',
    server: 'drive',
    path: path`/changes/startPageToken`,
    query,
  }),
  example: {
    input: {},
    sends: { method: 'GET', url: `${DRIVE}/changes/startPageToken?supportsAllDrives=true` },
    response: { body: { kind: 'drive#startPageToken', startPageToken: '1432' } },
  },
});

export const listChanges = defineAction({
  name: 'listChanges',
  summary:
    'Lists changes of files since a token. Continue later with newStartPageToken of the last page.',
  docs: `${DRIVE_REFERENCE}/changes/list`,
  risk: 'read',
  scopes: DRIVE_READ,
  input: () =>
    z.strictObject({
      pageToken: from,
      pageSize: z.int().min(1).max(1000).optional().describe('Default 100.'),
      fields: z
        .string()
        .min(1)
        .default(
          `nextPageToken,newStartPageToken,changes(changeType,removed,time,fileId,file(${FILE_FIELDS}))`,
        ),
      ...which,
    }),
  output: () =>
    z.looseObject({
      changes: z.array(
        z.looseObject({
          fileId: z.string().optional(),
          removed: z.boolean().optional(),
          time: z.string().optional(),
          file: file.optional(),
        }),
      ),
      nextPageToken,
      newStartPageToken: z.string().optional(),
    }),
  request: (query) => ({ method: 'GET', server: 'drive', path: path`/changes`, query }),
  pages: { kind: 'cursor', items: '/changes', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: { pageToken: '1432', fields: '*' },
    sends: {
      method: 'GET',
      url: `${DRIVE}/changes?pageToken=1432&fields=*&supportsAllDrives=true`,
    },
    response: {
      body: {
        kind: 'drive#changeList',
        newStartPageToken: '1440',
        changes: [
          {
            kind: 'drive#change',
            changeType: 'file',
            removed: false,
            time: '2026-05-02T08:00:00.000Z',
            fileId: REPORT.id,
            file: REPORT,
          },
        ],
      },
    },
  },
});

export const watchChanges = defineAction({
  name: 'watchChanges',
  summary: 'Subscribes to notifications of changes in Drive; listChanges returns the changes.',
  docs: `${DRIVE_REFERENCE}/changes/watch`,
  risk: 'write',
  scopes: DRIVE_READ,
  input: () => z.strictObject({ pageToken: from, ...which, ...channelInput }),
  output: () => channel,
  request: ({ id: channelId, address, token, expiration, ...query }) => ({
    method: 'POST',
    server: 'drive',
    path: path`/changes/watch`,
    query,
    body: { json: { id: channelId, type: 'web_hook', address, token, expiration } },
  }),
  example: {
    // https://developers.google.com/workspace/drive/api/guides/push#make-watch-requests
    input: {
      pageToken: '1432',
      id: '4ba78bf0-6a47-11e2-bcfd-0800200c9a77',
      address: 'https://www.example.com/notifications',
      token: 'target=myApp-myChangesChannelDest',
      expiration: 1_426_325_213_000,
    },
    sends: {
      method: 'POST',
      url: `${DRIVE}/changes/watch?pageToken=1432&supportsAllDrives=true`,
      json: {
        id: '4ba78bf0-6a47-11e2-bcfd-0800200c9a77',
        type: 'web_hook',
        address: 'https://www.example.com/notifications',
        token: 'target=myApp-myChangesChannelDest',
        expiration: 1_426_325_213_000,
      },
    },
    response: { body: { ...OPENED, id: '4ba78bf0-6a47-11e2-bcfd-0800200c9a77' } },
  },
});

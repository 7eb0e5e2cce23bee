import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import {
  DRIVE,
  DRIVE_READ,
  DRIVE_REFERENCE,
  DRIVE_WRITE,
  REPORT,
  supportsAllDrives,
} from './driveShapes.js';
import { done, id, nextPageToken, nothing, pageToken, time } from './shapes.js';

const permission = z.looseObject({ id: z.string(), type: z.string(), role: z.string() });

export const shareFile = defineAction({
  name: 'shareFile',
  summary: 'Lets a person, group, domain or anyone see, comment on or change a file or folder.',
  docs: `${DRIVE_REFERENCE}/permissions/create`,
  risk: 'write',
  scopes: DRIVE_WRITE,
  input: () =>
    z
      .strictObject({
        fileId: id,
        type: z.enum(['user', 'group', 'domain', 'anyone']),
        role: z.enum(['owner', 'organizer', 'fileOrganizer', 'writer', 'commenter', 'reader']),
        emailAddress: z.email().optional().describe('The address of the person or group.'),
        domain: z.string().optional(),
        allowFileDiscovery: z.boolean().optional(),
        expirationTime: time.optional(),
        sendNotificationEmail: z.boolean().optional(),
        emailMessage: z.string().optional(),
        transferOwnership: z.boolean().optional().describe('With role owner it must be true.'),
        supportsAllDrives,
      })
      .refine(
        ({ type, emailAddress, domain }) =>
          (emailAddress !== undefined) === (type === 'user' || type === 'group') &&
          (domain !== undefined) === (type === 'domain'),
        { error: 'A user or group needs emailAddress, a domain needs domain, anyone neither.' },
      ),
  output: () => permission,
  request: ({ fileId, ...given }) => {
    const { sendNotificationEmail, emailMessage, transferOwnership, ...rest } = given;
    const { supportsAllDrives: all, ...json } = rest;
    return {
      method: 'POST',
      server: 'drive',
      path: path`/files/${fileId}/permissions`,
      query: { sendNotificationEmail, emailMessage, transferOwnership, supportsAllDrives: all },
      body: { json },
    };
  },
  example: {
    input: {
      fileId: REPORT.id,
      type: 'user',
      role: 'commenter',
      emailAddress: 'sam@example.com',
      sendNotificationEmail: false,
    },
    sends: {
      method: 'POST',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX/permissions?sendNotificationEmail=false&supportsAllDrives=true`,
      json: { type: 'user', role: 'commenter', emailAddress: 'sam@example.com' },
    },
    response: {
      body: {
        kind: 'drive#permission',
        id: '18394857384638473849',
        type: 'user',
        role: 'commenter',
      },
    },
  },
});

export const listPermissions = defineAction({
  name: 'listPermissions',
  summary: 'Lists the permissions of a file or folder.',
  docs: `${DRIVE_REFERENCE}/permissions/list`,
  risk: 'read',
  scopes: DRIVE_READ,
  input: () =>
    z.strictObject({
      fileId: id,
      pageSize: z.int().min(1).max(100).optional(),
      fields: z
        .string()
        .min(1)
        .optional()
        .describe('Such as `nextPageToken,permissions(id,type,role,emailAddress)`.'),
      supportsAllDrives,
      pageToken,
    }),
  output: () => z.looseObject({ permissions: z.array(permission), nextPageToken }),
  request: ({ fileId, ...query }) => ({
    method: 'GET',
    server: 'drive',
    path: path`/files/${fileId}/permissions`,
    query,
  }),
  pages: { kind: 'cursor', items: '/permissions', next: '/nextPageToken', param: 'pageToken' },
  example: {
    input: { fileId: REPORT.id },
    sends: {
      method: 'GET',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX/permissions?supportsAllDrives=true`,
    },
    response: {
      body: {
        kind: 'drive#permissionList',
        permissions: [
          { kind: 'drive#permission', id: '18394857384638473849', type: 'user', role: 'owner' },
        ],
      },
    },
  },
});

export const unshareFile = defineAction({
  name: 'unshareFile',
  summary: 'Removes a permission.',
  docs: `${DRIVE_REFERENCE}/permissions/delete`,
  risk: 'write',
  idempotent: true,
  scopes: DRIVE_WRITE,
  input: () => z.strictObject({ fileId: id, permissionId: id, supportsAllDrives }),
  output: () => nothing,
  request: ({ fileId, permissionId, ...query }) => ({
    method: 'DELETE',
    server: 'drive',
    path: path`/files/${fileId}/permissions/${permissionId}`,
    query,
  }),
  response: done,
  example: {
    input: { fileId: REPORT.id, permissionId: '18394857384638473849' },
    sends: {
      method: 'DELETE',
      url: `${DRIVE}/files/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX/permissions/18394857384638473849?supportsAllDrives=true`,
    },
    response: { status: 204, body: null },
  },
});

import { z } from 'zod';

import { id, SCOPE } from './shapes.js';

export const DRIVE_REFERENCE =
  'https://developers.google.com/workspace/drive/api/reference/rest/v3';
export const DRIVE = 'https://www.googleapis.com/drive/v3';
export const DRIVE_READ = [[SCOPE.driveFile, SCOPE.driveRead, SCOPE.drive]] as const;
export const DRIVE_WRITE = [[SCOPE.driveFile, SCOPE.drive]] as const;

export const FOLDER = 'application/vnd.google-apps.folder';

/** By default Drive returns only the id, name and type: https://developers.google.com/workspace/drive/api/guides/fields-parameter */
export const FILE_FIELDS =
  'id,name,mimeType,parents,size,createdTime,modifiedTime,trashed,webViewLink';

export const fields = z
  .string()
  .min(1)
  .default(FILE_FIELDS)
  .describe('The members to return, or `*`.');

/** Required to find files on shared drives: https://developers.google.com/workspace/drive/api/guides/enable-shareddrives */
export const supportsAllDrives = z.boolean().default(true);

export const file = z.looseObject({
  id: z.string(),
  name: z.string(),
  mimeType: z.string(),
  modifiedTime: z.string().optional(),
  trashed: z.boolean().optional(),
  webViewLink: z.string().optional(),
});

export const name = z.string().min(1);
export const parents = z.array(id).max(1).optional().describe('The id of the target folder.');
export const properties = z.record(z.string(), z.string()).optional();

/** Returns the default fields of responses for a query. */
export const FIELDS =
  'fields=id%2Cname%2CmimeType%2Cparents%2Csize%2CcreatedTime%2CmodifiedTime%2Ctrashed%2CwebViewLink';

export const REPORT = {
  id: '1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX',
  name: 'report.csv',
  mimeType: 'text/csv',
  parents: ['0AOrTheRootFolderPVA'],
  size: '1024',
  createdTime: '2026-05-01T08:00:00.000Z',
  modifiedTime: '2026-05-02T08:00:00.000Z',
  trashed: false,
  webViewLink: 'https://drive.google.com/file/d/1oAOr9MbAlQ3mVwvUfCXQkzZeXAJxLlTX/view',
};

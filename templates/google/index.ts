import { defineConnector, path } from '../../src/contract/index.js';
import { listCalendars, queryFreeBusy } from './calendars.js';
import { batchGetValues, clearValues, getValues } from './cellValues.js';
import { appendValues, batchUpdateValues, updateValues } from './cellWrites.js';
import { getStartPageToken, listChanges, watchChanges } from './changes.js';
import { stopChannel, unwatchMailbox, watchEvents, watchMailbox } from './channels.js';
import { createEvent, deleteEvent, getEvent, listEvents, updateEvent } from './events.js';
import { defaultScopes, failures, limits, scopes, triggers } from './facts.js';
import { downloadFile, exportFile, uploadFile } from './fileContents.js';
import { copyFile, createFolder, deleteFile, getFile, listFiles, updateFile } from './files.js';
import {
  createDraft,
  createLabel,
  getAttachment,
  getThread,
  listHistory,
  listLabels,
  sendDraft,
} from './mailbox.js';
import {
  getMessage,
  listMessages,
  modifyMessage,
  sendMessage,
  sendRawMessage,
  trashMessage,
} from './messages.js';
import { listPermissions, shareFile, unshareFile } from './permissions.js';
import { batchUpdateSpreadsheet, createSpreadsheet, getSpreadsheet } from './spreadsheets.js';

export const google = defineConnector({
  key: 'google',
  name: 'Google Workspace',
  category: 'productivity',
  description:
    'Send and read mail, plan meetings, keep files and fill spreadsheets: Gmail, Calendar, Drive and Sheets.',
  docs: 'https://developers.google.com/workspace',
  support: 'official',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: [
    'At https://console.cloud.google.com choose or create a project, and under APIs & Services, Library enable the APIs that you use: Gmail API, Google Calendar API, Google Drive API, Google Sheets API.',
    'Under Google Auth Platform fill in Branding, choose the Audience, and under Data Access add the scopes that you need. Publish the app: while it is in testing, a consent lasts seven days.',
    'Under Clients choose Create client, Web application, and add the redirect URL that the hub shows under Authorized redirect URIs. Copy the client ID and the client secret.',
    'Or with a service account: create one under IAM & Admin, Service accounts, and under Keys a JSON key: client_email is the service account, private_key the private key. Share with its address the calendars, files and spreadsheets it may access.',
    'A service account has no mailbox. To act for the people of a Google Workspace, an administrator allows its client ID the scopes under Security, API controls, Domain-wide delegation, and you fill in the user it acts for.',
  ],
  servers: {
    gmail: 'https://gmail.googleapis.com/gmail/v1',
    calendar: 'https://www.googleapis.com/calendar/v3',
    drive: 'https://www.googleapis.com/drive/v3',
    upload: 'https://www.googleapis.com/upload/drive/v3',
    sheets: 'https://sheets.googleapis.com/v4',
    openid: 'https://openidconnect.googleapis.com/v1',
  },
  fields: {
    subject: {
      title: 'User that a service account acts for',
      type: 'text',
      required: false,
      pattern: '[^\\s@]+@[^\\s@]+',
      help: 'The address of a person of your Google Workspace. Needs domain-wide delegation',
      example: 'jane@example.com',
    },
  },
  auth: {
    // https://developers.google.com/identity/protocols/oauth2/web-server
    oauth: {
      kind: 'oauth2Code',
      authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      // https://accounts.google.com/.well-known/openid-configuration has code_challenge_methods_supported.
      pkce: true,
      // Google gives a refresh token only with the first consent, unless consent is requested again.
      authorizeParams: { access_type: 'offline', prompt: 'consent' },
      scopes,
      defaultScopes: ['openid', ...defaultScopes],
      refresh: { singleUse: false },
      revoke: { url: 'https://oauth2.googleapis.com/revoke', by: 'token' },
    },
    // https://developers.google.com/identity/protocols/oauth2/service-account
    serviceAccount: {
      kind: 'jwtServiceAccount',
      title: 'Service account',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      audience: 'https://oauth2.googleapis.com/token',
      algorithm: 'RS256',
      subjectField: 'subject',
      scopes,
      defaultScopes: [...defaultScopes],
      lifetimeSeconds: 3600,
    },
  },
  // Each method has a list of scopes, any of which will do: https://developers.google.com/workspace/gmail/api/auth/scopes
  scopesDecide: true,
  // https://developers.google.com/identity/openid-connect/reference: a service account has no name.
  test: {
    request: { method: 'GET', server: 'openid', path: path`/userinfo` },
    identity: { id: '/sub', name: '/email' },
    example: {
      url: 'https://openidconnect.googleapis.com/v1/userinfo',
      body: {
        sub: '110169484474386276334',
        picture: 'https://lh3.googleusercontent.com/a-/AOh14Gj',
        email: 'jane@example.com',
        email_verified: true,
      },
    },
  },
  actions: [
    sendMessage,
    sendRawMessage,
    listMessages,
    getMessage,
    modifyMessage,
    trashMessage,
    createDraft,
    sendDraft,
    listLabels,
    createLabel,
    getThread,
    getAttachment,
    listHistory,
    watchMailbox,
    unwatchMailbox,
    listCalendars,
    queryFreeBusy,
    listEvents,
    getEvent,
    createEvent,
    updateEvent,
    deleteEvent,
    watchEvents,
    stopChannel,
    listFiles,
    getFile,
    createFolder,
    updateFile,
    copyFile,
    deleteFile,
    uploadFile,
    downloadFile,
    exportFile,
    shareFile,
    listPermissions,
    unshareFile,
    getStartPageToken,
    listChanges,
    watchChanges,
    getSpreadsheet,
    createSpreadsheet,
    batchUpdateSpreadsheet,
    getValues,
    batchGetValues,
    updateValues,
    batchUpdateValues,
    appendValues,
    clearValues,
  ],
  triggers,
  sync: [
    { name: 'messages', action: 'listMessages', id: '/id' },
    {
      name: 'calendars',
      action: 'listCalendars',
      id: '/id',
      deleted: { at: '/deleted', is: true },
    },
    {
      name: 'events',
      action: 'listEvents',
      id: '/id',
      changed: { at: '/updated', param: 'updatedMin' },
      deleted: { at: '/status', is: 'cancelled' },
    },
    {
      name: 'files',
      action: 'listFiles',
      id: '/id',
      changed: { at: '/modifiedTime' },
      deleted: { at: '/trashed', is: true },
    },
  ],
  limits,
  failures,
});

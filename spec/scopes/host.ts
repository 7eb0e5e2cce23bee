import { type KeySetting, startKeys } from '../apiKeys/setting.js';
import { type Caller, type Json, master, type TestHubOptions } from '../support/hub.js';

/** A host with posts, some of which its keys have access to. */
export interface HostSetting extends KeySetting {
  /** Creates a row with the master key; returns its id. */
  row(className: string, fields: Json): Promise<string>;
  pointer(className: string, objectId: string): Json;
  request(method: string, path: string, as: Caller, body?: Json): Promise<HostResponse>;
}
export interface HostResponse {
  readonly status: number;
  readonly body: Json;
}

const SCOPES = {
  'posts:read': {
    description: 'Read posts',
    classes: { Post: ['get', 'find', 'count'], Comment: ['get'] },
    functions: ['listPosts', 'whoCalls'],
  },
  'posts:write': {
    description: 'Write posts',
    classes: { Post: ['create', 'update', 'delete'] },
    roles: ['owner', 'admin'],
  },
  'posts:count': { description: 'Count posts', classes: { Post: ['count'] } },
  'labels:read': { description: 'Read labels', classes: { Label: ['get', 'find'] } },
} as const;

interface Request {
  readonly user?: { readonly id: string; get(name: string): unknown };
  readonly headers?: object;
  readonly master?: boolean;
  readonly params?: Json;
  readonly object: { set(name: string, value: unknown): void; get(name: string): Json };
}

export const PUBLIC = { '*': { read: true, write: true } };
const OPEN = { '*': true };
const PERMISSIONS = Object.fromEntries(
  ['find', 'get', 'count', 'create', 'update', 'delete'].map((verb) => [verb, OPEN]),
);

export async function startHost(options: TestHubOptions = {}): Promise<HostSetting> {
  const registered: { callerOf?: (request: { headers?: object }) => Promise<Json> } = {};
  const keys = await startKeys({
    ...options,
    hub: { scopes: SCOPES, ...options.hub },
    host: { cloud: hostCloud(registered), protectedFieldsTriggerExempt: true, ...options.host },
  });
  registered.callerOf = keys.hub.callerOf;
  const { rest } = keys.hub;
  const toSecret = { type: 'Pointer', targetClass: 'Secret' };
  const text = { type: 'String' };
  const classes: Record<string, Json> = {
    Secret: { word: text },
    Post: {
      title: text,
      hidden: text,
      stampedBy: text,
      byKey: text,
      secret: toSecret,
      secrets: { type: 'Array' },
      author: { type: 'Pointer', targetClass: '_User' },
      related: { type: 'Relation', targetClass: 'Secret' },
    },
    Comment: { words: text, post: { type: 'Pointer', targetClass: 'Post' } },
    Label: { name: text, posts: { type: 'Relation', targetClass: 'Post' } },
    Diary: { line: text, posts: { type: 'Relation', targetClass: 'Post' } },
    Locked: { word: text },
  };
  for (const [className, fields] of Object.entries(classes)) {
    const classLevelPermissions = {
      ...(className !== 'Diary' && className !== 'Locked' && PERMISSIONS),
      protectedFields: { '*': className === 'Post' ? ['hidden'] : [] },
    };
    await rest('POST', `/schemas/${className}`, master, { fields, classLevelPermissions });
  }
  return {
    ...keys,
    async row(className, fields) {
      const given = { ACL: PUBLIC, ...fields };
      return (await rest('POST', `/classes/${className}`, master, given)).body.objectId;
    },
    pointer: (className, objectId) => ({ __type: 'Pointer', className, objectId }),
    request: rest,
  };
}

/** The host's own functions: with the master key, and as the caller. */
function hostCloud(registered: { callerOf?: (request: { headers?: object }) => Promise<Json> }) {
  return (Parse: Json) => {
    Parse.Cloud.define('listPosts', async () => {
      const found = await new Parse.Query('Post').include('secret').find({ useMasterKey: true });
      return found.map((each: Json) => [each.get('title'), each.get('secret')?.get('word')]);
    });
    Parse.Cloud.define('whoCalls', async (request: Request) => {
      const caller = await registered.callerOf?.(request);
      const { user, master: isMaster } = request;
      return {
        user: user?.id,
        username: user?.get('username'),
        isMaster,
        caller: caller && { ...caller, permissions: [...caller.permissions] },
      };
    });
    Parse.Cloud.define('closed', () => 'open after all');
    Parse.Cloud.beforeSave('Post', async (request: Request) => {
      const { object, user } = request;
      object.set('stampedBy', user?.id ?? 'nobody');
      object.set('byKey', (await registered.callerOf?.(request))?.apiKeyId ?? 'none');
      await new Parse.Object('Diary', { line: 'saved' }).save(null, { useMasterKey: true });
    });
    Parse.Cloud.afterDelete('Post', async () => {
      await new Parse.Object('Diary', { line: 'deleted' }).save(null, { useMasterKey: true });
    });
  };
}

import type { HubOptions } from '../../index.js';
import { createHub } from '../../src/app/hub.js';
import { KEY_SCOPES, PERMISSIONS } from '../../src/contract/index.js';
import { createScopes, hostScopes, PERMISSION_DESCRIPTIONS } from '../../src/scopes/index.js';

const options: HubOptions = {
  secret: 'hub-secret-of-the-spec-0123456789abcdef',
  publicUrl: 'http://127.0.0.1:1/hub',
};
const hubWith = (scopes: object) => () =>
  createHub({ ...options, scopes: scopes as HubOptions['scopes'] }, {});

const scopes = createScopes(
  hostScopes.parse({
    'posts:read': {
      description: 'Read posts',
      classes: { Post: ['get', 'find'], Comment: ['get'] },
      functions: ['listPosts'],
    },
    'posts:moderate': {
      description: 'Take posts away',
      classes: { Post: ['get', 'delete'] },
      roles: ['owner', 'admin'],
    },
  }),
  { classes: new Set(['Webhook']), functions: new Set(['createWebhook']) },
);

describe('descriptions', () => {
  it('describe each permission once', () => {
    const descriptions = Object.values(PERMISSION_DESCRIPTIONS);
    expect(Object.keys(PERMISSION_DESCRIPTIONS)).toEqual([...PERMISSIONS]);
    expect(new Set(descriptions).size).toBe(descriptions.length);
    for (const sentence of descriptions) expect(sentence).toMatch(/^[A-Z][^.]{10,80}$/);
  });
});

describe('a registry', () => {
  it('lists the grantable scopes: permissions of the hub, then scopes of the host', () => {
    expect(scopes.all.map(({ name }) => name)).toEqual([
      ...KEY_SCOPES,
      'posts:read',
      'posts:moderate',
    ]);
    expect(scopes.all.at(-2)).toEqual({
      name: 'posts:read',
      description: 'Read posts',
      isHosts: true,
    });
    const given = ['webhooks:read', 'posts:read', 'members:write', 'apiKeys:write', 'constructor'];
    expect(given.map((name) => scopes.isGrantable(name))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['owner', true],
    ['admin', true],
    ['developer', false],
    ['viewer', false],
    [undefined, true],
  ] as const)('grants %s what the host says', (role, moderates) => {
    const granted = scopes.grantedTo(role);
    expect([granted.has('posts:read'), granted.has('posts:moderate')]).toEqual([true, moderates]);
    expect(granted.has('webhooks:read')).toBe(true);
  });

  it('opens the union of the scopes, and nothing else', () => {
    const { functions, classes } = scopes.hostAccessOf([
      'posts:read',
      'posts:moderate',
      'events:read',
    ]);
    expect([...functions]).toEqual(['listPosts']);
    expect([...classes].map(([name, verbs]) => [name, [...verbs]])).toEqual([
      ['Post', ['get', 'find', 'delete']],
      ['Comment', ['get']],
    ]);
    const none = scopes.hostAccessOf(['webhooks:read', 'toString', '__proto__']);
    expect([none.functions.size, none.classes.size]).toEqual([0, 0]);
  });
});

describe('scopes of a host', () => {
  const scope = { description: 'Read posts' };

  it.each<[string, object, string]>([
    ['is no noun:verb', { posts: scope }, 'must be noun:verb'],
    ['begins with a capital letter', { 'Posts:read': scope }, 'must be noun:verb'],
    ['is a wildcard', { '*:*': scope }, 'must be noun:verb'],
    ['is a permission of the hub', { 'webhooks:read': scope }, 'is a permission of the hub'],
    ['has no description', { 'posts:read': { description: ' ' } }, 'description'],
    ['has something else', { 'posts:read': { ...scope, class: 'Post' } }, 'class'],
    ['opens the hub’s class', { 'a:b': { ...scope, classes: { APIKey: ['get'] } } }, 'APIKey'],
    ['opens users', { 'a:b': { ...scope, classes: { _User: ['get'] } } }, '_User'],
    ['opens joins', { 'a:b': { ...scope, classes: { '_Join:x:Y': ['find'] } } }, '_Join'],
    ['has another verb', { 'a:b': { ...scope, classes: { Post: ['addField'] } } }, 'classes'],
    ['has no verb', { 'a:b': { ...scope, classes: { Post: [] } } }, 'classes'],
    ['opens the hub’s function', { 'a:b': { ...scope, functions: ['createApiKey'] } }, 'createApi'],
    ['opens a path', { 'a:b': { ...scope, functions: ['../classes/Post'] } }, 'functions'],
    ['is for no role', { 'a:b': { ...scope, roles: [] } }, 'roles'],
    ['is for other roles', { 'a:b': { ...scope, roles: ['boss'] } }, 'roles'],
  ])('keep the hub from starting when one %s', (_what, given, message) => {
    expect(hubWith(given)).toThrow(message);
    expect(hubWith(given)).toThrow(/^The options of createIntegrationHub are not valid\. scopes/);
  });

  it('can name a class of the host that replaces one of the hub’s', () => {
    const organizations = {
      className: 'Company',
      membershipsOf: () => Promise.resolve([]),
      exists: () => Promise.resolve(false),
      readersOf: () => [],
    };
    const given = { 'a:b': { ...scope, classes: { Organization: ['get'] } } } as const;
    expect(() => createHub({ ...options, scopes: given, organizations }, {})).not.toThrow();
    expect(hubWith(given)).toThrow('Organization');
  });
});

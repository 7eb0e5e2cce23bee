import {
  type AuthSpec,
  type ConnectorSpec,
  type FailureSpec,
  parseUrl,
} from '../../contract/index.js';
import { secretFieldsOf } from '../request/authorize.js';
import type { OpenApiDocument } from './document.js';
import { listOf, memberOf, textOf } from './json.js';

export interface Description {
  readonly key: string;
  readonly docs: string;
  readonly authMethods: Readonly<Record<string, AuthSpec>>;
  readonly name?: string | undefined;
  readonly category?: ConnectorSpec['category'] | undefined;
  readonly version?: string | undefined;
  readonly checkedOn?: string | undefined;
}

/** The members of an error that services use most; documents seldom say what theirs mean. */
const FAILURES: FailureSpec = {
  code: ['/error/code', '/code', '/error/type', '/errors/0/code', '/error'],
  message: [
    ...(['/error/message', '/message', '/error_description', '/detail', '/title'] as const),
    ...(['/errors/0/message', '/errors/0/detail', '/error'] as const),
  ],
};

/** Returns the parts of a connector that do not affect its requests. */
export function aboutDocument(
  { root }: OpenApiDocument,
  { key, docs, authMethods, ...options }: Description,
) {
  const info = memberOf(root, 'info');
  const name = options.name ?? plain(memberOf(info, 'title'), 100) ?? key;
  const description = plain(memberOf(info, 'description'), 300) ?? `Calls ${name}`;
  return {
    key,
    name,
    docs,
    category: options.category ?? 'generic',
    description: `${description.replace(/[.\s]+$/, '')}.`,
    support: 'community',
    version: options.version ?? '1.0.0',
    checkedOn: options.checkedOn ?? '1970-01-01',
    setup: setupOf(name, docs, authMethods),
    limits: { docs, budgets: [] },
    failures: FAILURES,
  } as const;
}

/** Returns the documentation page of the service, if the document names one. */
export function docsOf({ root }: OpenApiDocument, server: string): string {
  const info = memberOf(root, 'info');
  const origins = listOf(memberOf(info, 'x-origin'));
  const [page] = [
    memberOf(memberOf(root, 'externalDocs'), 'url'),
    memberOf(memberOf(info, 'contact'), 'url'),
    memberOf(info, 'termsOfService'),
    ...origins.map((origin) => memberOf(origin, 'url')),
  ].flatMap((url) => pageOf(url) ?? []);
  return page ?? (server.startsWith('https://') ? server : 'https://spec.openapis.org/oas/');
}

/** Returns the URL of a page that is safe to show to users. */
export function pageOf(url: unknown): string | undefined {
  const isPage = typeof url === 'string' && /^https:\/\/[\w.-]+[\x21-\x7e]{0,2000}$/.test(url);
  return isPage && parseUrl(url) ? url : undefined;
}

function setupOf(name: string, docs: string, authMethods: Description['authMethods']): string[] {
  const [authMethod] = Object.values(authMethods);
  const filledIn = authMethod
    ? Object.values(secretFieldsOf(authMethod)).map(({ title }) => title)
    : [];
  if (filledIn.length === 0) return [`No credential is needed to call ${name}.`];
  const isGrant = authMethod !== undefined && 'tokenUrl' in authMethod;
  return [
    isGrant
      ? `Register an application with ${name}: see ${docs}.`
      : `Create a credential for ${name}: see ${docs}.`,
    `Enter: ${filledIn.join(', ')}.`,
    ...(authMethod?.kind === 'oauth2Code' ? ['Choose the scopes, then connect.'] : []),
  ];
}

/** Removes markup and line breaks, and keeps whole sentences up to a length. */
function plain(value: unknown, lengthMax: number): string | undefined {
  const text = textOf(value)
    ?.slice(0, 5_000)
    .replace(/<[^<>]*>/g, ' ')
    .replace(/[#*`_]+/g, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (text === undefined || text === '') return undefined;
  const [sentence = ''] = text.split(/(?<=[.!?]) /);
  return sentence.slice(0, lengthMax);
}

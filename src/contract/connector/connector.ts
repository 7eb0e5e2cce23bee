import type { AnyAction } from './action.js';
import type { AuthSpec, JsonPointer } from './auth.js';
import type { FieldSpecs } from './field.js';
import type { ActionRequest } from './request.js';

/** The kinds of failures between the hub and a service: the few that a caller can act on. */
export const FAILURE_KINDS = [
  'connection',
  'rateLimit',
  'validation',
  'authentication',
  'permission',
  'notFound',
  'conflict',
  'provider',
  'system',
] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

/** How a service reports a failure, beyond the status. */
export interface FailureSpec {
  /** Recognizes a response with a good status that is a failure. Without `is`: when there is a value at `at`. */
  readonly when?: { readonly at: JsonPointer; readonly is?: unknown };
  /** Where its own code and its message are; the first location with a value counts. */
  readonly code?: readonly JsonPointer[];
  readonly message?: readonly JsonPointer[];
  /** The meaning of its codes. */
  readonly codes?: Readonly<Record<string, FailureKind>>;
  /** Where a status has another meaning than in HTTP. */
  readonly statuses?: Readonly<Record<number, FailureKind>>;
  /** Default 408, 425, 429, 500, 502, 503, 504. */
  readonly retryStatuses?: readonly number[];
  /**
   * Recognizes a bad status other than 429 as too many requests: by any one of the headers, or by a text in the
   * message. A code in `codes` takes precedence.
   */
  readonly tooMany?: {
    readonly statuses: readonly number[];
    /** Without `is`: when the header is present. */
    readonly headers?: readonly { readonly name: string; readonly is?: string }[];
    /** In lower case. */
    readonly messageHas?: string;
  };
}

/** A rate limit from the service's own documentation. Several apply at once. */
export interface Budget {
  readonly requests: number;
  readonly perSeconds: number;
  /** Whether all connections of the app share it, or each has its own. */
  readonly scope: 'app' | 'connection';
  /** Only these actions; default all. */
  readonly actions?: readonly string[];
}

/** How a response header reports the limit. */
export type LimitHeader =
  | { readonly name: string; readonly kind: 'limit' | 'remaining' }
  | { readonly name: string; readonly kind: 'wait'; readonly unit: TimeUnit }
  | { readonly name: string; readonly kind: 'reset'; readonly unit: TimeUnit };
/**
 * `seconds` and `milliseconds` from now, `epoch…` since 1970, `httpDate` as in RFC 9110 §5.6.7, `retryAfter` seconds or
 * such a date, `duration` amounts with their units, such as `6m0s`, `1.5s` or `12ms`.
 */
export type TimeUnit =
  | 'seconds'
  | 'milliseconds'
  | 'epochSeconds'
  | 'epochMilliseconds'
  | 'httpDate'
  | 'retryAfter'
  | 'duration';

/** One cheap request that proves a credential and identifies its account. */
export interface ConnectionTest {
  readonly request: ActionRequest;
  /** Conditions in addition to a good status and `failures`. */
  readonly expect?: { readonly at: JsonPointer; readonly is?: unknown };
  /** Omitted only where no response identifies the account, as for an arbitrary API. */
  readonly identity?: { readonly id: IdentityLocation; readonly name?: IdentityLocation };
  /** The header with the scopes of the token, and their separator: GitHub and Slack send one. */
  readonly grantedScopes?: { readonly header: string; readonly separator: ',' | ' ' };
  /** From the provider's documentation. */
  readonly example: {
    readonly url: string;
    /** Names in lower case. */
    readonly headers?: Readonly<Record<string, string>>;
    readonly body: unknown;
  };
}

/**
 * Where a response identifies the account: in its body, in a part of a text in its body, or in a header, which is all
 * that OpenAI has. `matches` is a regular expression whose first group is that part.
 */
export type IdentityLocation =
  | JsonPointer
  | { readonly header: string }
  | { readonly at: JsonPointer; readonly matches: string };

/** An event that the service sends. Declared here; received by the hub's inbound endpoints. */
export interface TriggerSpec {
  readonly name: string;
  readonly summary: string;
  readonly docs: string;
  /** Where the payload or a header has the type, and its value there; of several, all must match. */
  readonly match?: TriggerSign | readonly TriggerSign[];
}

export type TriggerSign =
  | { readonly at: JsonPointer; readonly is: string }
  /** In lower case. */
  | { readonly header: string; readonly is: string };

/** A list that can be synchronized. */
export interface SyncEntity {
  readonly name: string;
  /** The action that lists it. */
  readonly action: string;
  readonly id: JsonPointer;
  /** The member that shows when an item changed, and the action's parameter that requests the items changed since. */
  readonly changed?: { readonly at: JsonPointer; readonly param?: string };
  /** How a deleted item is recognized. Without it only a full run finds deletions. */
  readonly deleted?: { readonly at: JsonPointer; readonly is: unknown };
}

export const CATEGORIES = [
  'ai',
  'cloud',
  'communication',
  'crm',
  'development',
  'generic',
  'marketing',
  'payments',
  'productivity',
  'storage',
] as const;

export interface ConnectorSpec {
  /** camelCase; never changes: connections name it. */
  readonly key: string;
  readonly name: string;
  readonly category: (typeof CATEGORIES)[number];
  /** One sentence: what the connector is used for. */
  readonly description: string;
  /** The provider's API documentation. */
  readonly docs: string;
  /** `official`: tested by us against an emulator or the service. `verified`: reviewed. `community`: not reviewed. */
  readonly support: 'community' | 'verified' | 'official';
  /** Semantic version of this template. */
  readonly version: string;
  /** When it was last compared with the provider's documentation: `YYYY-MM-DD`. */
  readonly checkedOn: string;
  /** Other connectors that must be installed first. */
  readonly dependsOn?: readonly string[];
  /** The steps for the user to connect. */
  readonly setup: readonly string[];
  /**
   * Server URLs by name; the first is the default. `{field}` is a field of type `host`, `url` or `choice`. In the path
   * of the test it is one of type `path`.
   */
  readonly servers: Readonly<Record<string, string>>;
  /** Sent with each request, such as a version header. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The fields to fill in besides the credential. */
  readonly fields?: FieldSpecs;
  /** The auth methods, the recommended one first. */
  readonly auth: Readonly<Record<string, AuthSpec>>;
  /**
   * Whether the service refuses each action whose scopes a token lacks, for every resource. Then the hub refuses it
   * before anything is sent, if it knows every granted scope. Omitted where some resources are public, as repositories
   * at GitHub, or where other scopes may also be enough: then callers get a warning, and the service decides.
   */
  readonly scopesDecide?: boolean;
  readonly test: ConnectionTest;
  /** Tests for single auth methods, by name, where `test` does not work: an app without a user has no `/me`. */
  readonly tests?: Readonly<Record<string, ConnectionTest>>;
  readonly actions: readonly AnyAction[];
  readonly triggers?: readonly TriggerSpec[];
  readonly sync?: readonly SyncEntity[];
  readonly limits: {
    readonly docs: string;
    readonly budgets: readonly Budget[];
    readonly headers?: readonly LimitHeader[];
  };
  readonly failures?: FailureSpec;
  /**
   * Converts the body of each response before anything else reads it, such as XML into an object. Pure; returns
   * unchanged what it does not recognize. Default: the body.
   */
  read?(body: unknown): unknown;
  /** Field values with which the documented requests are compared. */
  readonly example?: Readonly<Record<string, string>>;
}

/** Declares a connector. Throws an Error that lists what is wrong with it. */
export function defineConnector<const Spec extends ConnectorSpec>(spec: Spec): Spec {
  const problems = problemsOfConnector(spec);
  if (problems.length > 0) throw new Error(`Connector ${spec.key}: ${problems.join('; ')}.`);
  return spec;
}

/** Returns every problem that can be found without a request to the service. */
export function problemsOfConnector(spec: ConnectorSpec): string[] {
  return [
    ...problemsOfNames(spec),
    ...problemsOfServers(spec),
    ...problemsOfTest(spec),
    ...problemsOfAuth(spec),
    ...problemsOfReferences(spec),
  ];
}

function problemsOfNames({ key, version, checkedOn, docs, actions }: ConnectorSpec): string[] {
  const names = actions.map(({ name }) => name);
  return [
    ...claim(/^[a-z][A-Za-z0-9]*$/.test(key), 'its key must be camelCase'),
    ...claim(/^\d+\.\d+\.\d+$/.test(version), 'its version must be like 1.0.0'),
    ...claim(/^\d{4}-\d\d-\d\d$/.test(checkedOn), 'checkedOn must be like 2026-01-31'),
    ...claim(docs.startsWith('https://'), 'docs must be an https URL'),
    ...claim(actions.length > 0, 'it has no action'),
    ...repeatedOf(names).map((name) => `it has the action ${name} twice`),
  ];
}

/** Connectors made from OpenAPI documents have up to tens of thousands of actions. */
function repeatedOf(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.filter((name) => seen.size === seen.add(name).size);
}

function problemsOfServers({ servers, fields = {} }: ConnectorSpec): string[] {
  const inUrl = new Set(['host', 'url', 'choice']);
  return [
    ...claim(Object.keys(servers).length > 0, 'it has no server'),
    ...Object.entries(servers).flatMap(([name, url]) => [
      ...claim(
        /^(?:https?:\/\/|\{)/.test(url),
        `its server ${name} must begin with https://, or http:// where the hub's options let it through`,
      ),
      ...claim(!url.endsWith('/'), `its server ${name} must not end with a slash`),
      ...slotsOf(url).flatMap((slot) =>
        claim(
          inUrl.has(fields[slot]?.type ?? ''),
          `{${slot}} in its server ${name} must be a field of type host, url or choice`,
        ),
      ),
    ]),
  ];
}

function problemsOfTest({ test, fields = {} }: ConnectorSpec): string[] {
  return slotsOf(test.request.path).flatMap((slot) =>
    claim(
      fields[slot]?.type === 'path',
      `{${slot}} in the path of its test must be a field of type path`,
    ),
  );
}

function problemsOfAuth({ auth, tests = {}, fields = {}, servers }: ConnectorSpec): string[] {
  return [
    ...claim(Object.keys(auth).length > 0, 'it has no auth method'),
    ...Object.keys(tests)
      .filter((name) => !(name in auth))
      .map((name) => `it has a test for the unknown auth method ${name}`),
    ...Object.entries(auth).flatMap(([name, authMethod]) => {
      if (authMethod.kind === 'awsSigV4') {
        return [
          ...claim(
            authMethod.regionField in fields,
            `auth ${name} must name a field for the region`,
          ),
          ...Object.keys(authMethod.services ?? {}).flatMap((server) =>
            claim(server in servers, `auth ${name} signs for the unknown server ${server}`),
          ),
        ];
      }
      if (!('defaultScopes' in authMethod)) return [];
      const subject = authMethod.kind === 'jwtServiceAccount' ? authMethod.subjectField : undefined;
      return [
        ...claim(
          subject === undefined || subject in fields,
          `auth ${name} must name a field for the user on whose behalf it acts`,
        ),
        ...authMethod.defaultScopes
          .filter((scope) => !(scope in authMethod.scopes))
          .map((scope) => `auth ${name} requests the scope ${scope} but does not describe it`),
      ];
    }),
  ];
}

function problemsOfReferences({
  actions,
  sync = [],
  limits,
  servers,
  auth,
}: ConnectorSpec): string[] {
  const names = new Set(actions.map(({ name }) => name));
  const scopes = new Set(
    Object.values(auth).flatMap((authMethod) =>
      'scopes' in authMethod ? Object.keys(authMethod.scopes) : [],
    ),
  );
  return [
    ...sync
      .filter(({ action }) => !names.has(action))
      .map(({ name, action }) => `its sync entity ${name} names the unknown action ${action}`),
    ...limits.budgets
      .flatMap((budget) => budget.actions ?? [])
      .filter((action) => !names.has(action))
      .map((action) => `a budget names the unknown action ${action}`),
    ...actions.flatMap(({ name, scopes: needed = [] }) =>
      needed
        .flat()
        .filter((scope: string) => !scopes.has(scope))
        .map((scope: string) => `its action ${name} needs the unknown scope ${scope}`),
    ),
    ...claim(
      Object.keys(servers).every((name) => /^[a-z]\w*$/.test(name)),
      'a server has no name',
    ),
  ];
}

function claim(holds: boolean, otherwise: string): string[] {
  return holds ? [] : [otherwise];
}

/** Returns the `{names}` in a text. */
export function slotsOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
}

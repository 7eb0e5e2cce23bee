import { secretFieldsOf } from '../../src/connectors/index.js';
import {
  type AuthSpec,
  type Budget,
  type ConnectorSpec,
  type FieldSpec,
  type FieldSpecs,
  type LimitHeader,
  needsConsent,
} from '../../src/contract/index.js';
import { code, prose, table } from './markdown.js';

const KINDS: Readonly<Record<AuthSpec['kind'], string>> = {
  oauth2Code: 'a person consents at the service (OAuth 2)',
  oauth2ClientCredentials: 'an app for itself (OAuth 2, client credentials)',
  apiKey: 'an API key',
  bearer: 'a token',
  basic: 'user name and password (HTTP Basic)',
  jwtServiceAccount: 'a service account that signs assertions',
  awsSigV4: 'an access key that signs each request (AWS Signature Version 4)',
  oauth1: 'a person consents at the service (OAuth 1.0a)',
  custom: 'values in headers or in the query',
  none: 'no credential',
};

/** Returns the auth methods with the fields of each and the meaning of its scopes. */
export function authMethodSections({ auth, fields = {} }: ConnectorSpec): string[] {
  const common = Object.keys(fields).length > 0;
  return [
    '**Auth methods**',
    ...(common ? ['For every method, in the parameter `fields`:', fieldTable(fields)] : []),
    ...Object.entries(auth).flatMap(([name, authMethod], nth) => [
      `${nth + 1}. ${code(name)}${authMethod.title === undefined ? '' : ` “${prose(authMethod.title)}”`}: ${KINDS[authMethod.kind]}.${clientNote(authMethod)}`,
      ...credentialTable(authMethod),
      ...scopeSections(name, authMethod),
    ]),
  ];
}

function clientNote(authMethod: AuthSpec): string {
  return needsConsent(authMethod)
    ? ' The OAuth client is the operator’s, or the organization’s own.'
    : '';
}

function credentialTable(authMethod: AuthSpec): string[] {
  const fields = secretFieldsOf(authMethod);
  return Object.keys(fields).length > 0
    ? ['In the parameter `credential`:', fieldTable(fields)]
    : [];
}

function fieldTable(fields: FieldSpecs): string {
  return table(
    ['Field', 'What it is', 'Type', 'Required', 'Where to find it', 'Example'],
    Object.entries(fields).map(([name, field]) => [
      code(name),
      prose(field.title),
      typeOf(field),
      field.required === false ? 'no' : 'yes',
      prose(field.help ?? ''),
      code(field.example ?? ''),
    ]),
  );
}

function typeOf({ type, choices = [] }: FieldSpec): string {
  switch (type) {
    case 'choice':
      return `one of ${choices.map(code).join(', ')}`;
    case 'host':
      return 'part of a host name';
    case 'url':
      return 'https URL, or http where `allowedTargets` allows it';
    case 'path':
      return 'path of a URL';
    case 'secret':
    case 'text':
      return type;
  }
}

function scopeSections(name: string, authMethod: AuthSpec): string[] {
  if (!('scopes' in authMethod) || Object.keys(authMethod.scopes).length === 0) return [];
  const scopes = Object.entries(authMethod.scopes);
  const rows = scopes.map(([scope, meaning]) => [
    code(scope),
    prose(meaning),
    authMethod.defaultScopes.includes(scope) ? 'yes' : 'no',
  ]);
  return folded(
    `Scopes of ${name} (${scopes.length})`,
    table(['Scope', 'What it allows', 'Requested by default'], rows),
  );
}

/** Returns a collapsed section. */
export function folded(title: string, ...inside: readonly string[]): string[] {
  return [`<details><summary>${title}</summary>`, ...inside, '</details>'];
}

/** Returns the limits of the service, and the response headers that report them. */
export function limitSections({ limits }: ConnectorSpec): string[] {
  const { docs, budgets, headers = [] } = limits;
  return [
    `**Limits** ([docs](${docs}))`,
    [
      ...(budgets.length > 0 ? budgets.map(budgetLine) : ['- None that apply to every account.']),
      ...(headers.length > 0
        ? [`- Responses report ${headers.map(describeHeader).join(', ')}.`]
        : []),
    ].join('\n'),
  ];
}

/** Describes a budget, for example `25 requests a second for each connection`. */
export function describeBudget({ requests, perSeconds, scope }: Budget): string {
  const count = `${requests.toLocaleString('en-GB')} ${requests === 1 ? 'request' : 'requests'}`;
  const whose = scope === 'app' ? 'for all connections together' : 'for each connection';
  return `${count} ${periodOf(perSeconds)} ${whose}`;
}

function budgetLine(budget: Budget): string {
  const only = budget.actions;
  const text = describeBudget(budget);
  return only === undefined ? `- ${text}.` : `- ${text}, of ${only.map(code).join(', ')}.`;
}

const UNITS = [
  { seconds: 86_400, one: 'a day', many: 'days' },
  { seconds: 3_600, one: 'an hour', many: 'hours' },
  { seconds: 60, one: 'a minute', many: 'minutes' },
  { seconds: 1, one: 'a second', many: 'seconds' },
];

function periodOf(perSeconds: number): string {
  const unit = UNITS.find(({ seconds }) => perSeconds % seconds === 0);
  if (unit === undefined) return `in ${perSeconds} seconds`;
  const count = perSeconds / unit.seconds;
  return count === 1 ? unit.one : `in ${count} ${unit.many}`;
}

function describeHeader(header: LimitHeader): string {
  const description = {
    limit: 'the limit',
    remaining: 'what is left',
    wait: 'how long to wait',
    reset: 'when it resets',
  }[header.kind];
  return `${description} in ${code(header.name)}`;
}

import { z } from 'zod';

import {
  type AwsSigV4,
  type ConnectionTest,
  type FailureKind,
  type FieldSpecs,
  path,
} from '../../src/contract/index.js';

// Parts shared by the connectors for AWS.

export const text = z.string().min(1);

/** Regions of the partitions `aws` and `aws-us-gov`: those of China have other host names. */
export const fields = {
  region: {
    title: 'Region',
    type: 'host',
    pattern: '(?!cn-)[a-z]{2}(?:-[a-z]+)+-\\d',
    help: 'The region of the resources that you use, such as eu-central-1: https://docs.aws.amazon.com/general/latest/gr/rande.html',
    example: 'us-east-1',
  },
} as const satisfies FieldSpecs;

export const STS = 'https://sts.{region}.amazonaws.com';

export const accessKey = <Service extends string>(service: Service) =>
  ({
    kind: 'awsSigV4',
    title: 'Access key',
    service,
    regionField: 'region',
    services: { sts: 'sts' },
  }) as const satisfies AwsSigV4;

export const setup = (actions: string) => [
  'In the IAM console, https://console.aws.amazon.com/iam, choose Users, Create user, without access to the console.',
  `Attach a policy that allows the actions you need on the resources you use: ${actions}.`,
  'Open the user, Security credentials, Create access key, Application running outside AWS.',
  'Copy the access key id and the secret access key, which is shown once. A session token is needed only with temporary credentials, which expire.',
  'The region is that of the resources you use, such as eu-central-1; connect again for another region.',
];

/** Needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const test = {
  request: {
    method: 'POST',
    server: 'sts',
    path: path`/`,
    headers: { Accept: 'application/xml' },
    body: { form: { Action: 'GetCallerIdentity', Version: '2011-06-15' } },
  },
  identity: {
    id: '/GetCallerIdentityResponse/GetCallerIdentityResult/Arn',
    name: {
      at: '/GetCallerIdentityResponse/GetCallerIdentityResult/Arn',
      matches: '([^:/]+)$',
    },
  },
  example: {
    url: 'https://sts.us-east-1.amazonaws.com/',
    body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <GetCallerIdentityResult>
   <Arn>arn:aws:iam::123456789012:user/Alice</Arn>
    <UserId>AIDACKCEVSQ6C2EXAMPLE</UserId>
    <Account>123456789012</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata>
    <RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId>
  </ResponseMetadata>
</GetCallerIdentityResponse>`,
  },
} as const satisfies ConnectionTest;

/**
 * Codes of all services, with and without the suffix that some give them.
 * https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html
 */
export const CODES = {
  AccessDenied: 'permission',
  AccessDeniedException: 'permission',
  NotAuthorized: 'permission',
  OptInRequired: 'permission',
  ExpiredToken: 'authentication',
  ExpiredTokenException: 'authentication',
  IncompleteSignature: 'authentication',
  IncompleteSignatureException: 'authentication',
  InvalidClientTokenId: 'authentication',
  InvalidSignatureException: 'authentication',
  MissingAuthenticationToken: 'authentication',
  MissingAuthenticationTokenException: 'authentication',
  SignatureDoesNotMatch: 'authentication',
  UnrecognizedClientException: 'authentication',
  // The clock of this host is wrong.
  RequestExpired: 'system',
  RequestTimeTooSkewed: 'system',
  RequestLimitExceeded: 'rateLimit',
  Throttling: 'rateLimit',
  ThrottlingException: 'rateLimit',
  InternalError: 'provider',
  InternalFailure: 'provider',
  ServiceUnavailable: 'provider',
} as const satisfies Readonly<Record<string, FailureKind>>;

/** Returns the content of an element of a response, or the body itself without such an element. */
export function within(body: unknown, ...names: readonly string[]): unknown {
  let value = body;
  for (const name of names) {
    const inner = memberOf(value, name);
    if (inner === undefined) return body;
    value = inner;
  }
  return value;
}

/** Returns the elements of a list, also when there is only one or none. */
export function listIn(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const found = names.reduce(memberOf, value);
  if (Array.isArray(found)) return found;
  return typeof found === 'object' && found !== null ? [found] : [];
}

export function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

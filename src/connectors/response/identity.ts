import type {
  ConnectionTest,
  ConnectorSpec,
  IdentityLocation,
  ProviderResponse,
} from '../../contract/index.js';
import { textAt } from './pointer.js';

/** The account that a credential belongs to, as read from the response to the connection test. */
export interface Identity {
  readonly id: string;
  readonly name?: string;
}

/** Returns the connection test of an auth method. */
export function testOf(
  { test, tests }: Pick<ConnectorSpec, 'test' | 'tests'>,
  authMethodName: string,
): ConnectionTest {
  return (
    (tests && Object.hasOwn(tests, authMethodName) ? tests[authMethodName] : undefined) ?? test
  );
}

/** Returns `undefined` when the response does not identify the account, or the connector does not declare where. */
export function identityOf(
  { identity }: Pick<ConnectionTest, 'identity'>,
  response: Pick<ProviderResponse, 'headers' | 'body'>,
): Identity | undefined {
  if (!identity) return undefined;
  const id = found(identity.id, response);
  const name = identity.name === undefined ? undefined : found(identity.name, response);
  return id === undefined ? undefined : { id, ...(name !== undefined && { name }) };
}

function found(
  location: IdentityLocation,
  { headers, body }: Pick<ProviderResponse, 'headers' | 'body'>,
): string | undefined {
  if (typeof location === 'string') return textAt(body, location);
  const value =
    'at' in location
      ? new RegExp(location.matches).exec(textAt(body, location.at) ?? '')?.[1]
      : headers[location.header.toLowerCase()]?.trim();
  return value === '' ? undefined : value;
}

import type {
  ConnectionTest,
  ConnectorSpec,
  IdentityPlace,
  ProviderAnswer,
} from '../../contract/index.js';
import { textAt } from './pointer.js';

/** Whose a credential is, as the answer to the connection test says. */
export interface Identity {
  readonly id: string;
  readonly name?: string;
}

/** The test of a way to connect. */
export function testOf(
  { test, tests }: Pick<ConnectorSpec, 'test' | 'tests'>,
  wayName: string,
): ConnectionTest {
  return (tests && Object.hasOwn(tests, wayName) ? tests[wayName] : undefined) ?? test;
}

/** `undefined` when the answer does not say, or the connector does not know where it would. */
export function identityOf(
  { identity }: Pick<ConnectionTest, 'identity'>,
  answer: Pick<ProviderAnswer, 'headers' | 'body'>,
): Identity | undefined {
  if (!identity) return undefined;
  const id = found(identity.id, answer);
  const name = identity.name === undefined ? undefined : found(identity.name, answer);
  return id === undefined ? undefined : { id, ...(name !== undefined && { name }) };
}

function found(
  place: IdentityPlace,
  { headers, body }: Pick<ProviderAnswer, 'headers' | 'body'>,
): string | undefined {
  if (typeof place === 'string') return textAt(body, place);
  const value =
    'at' in place
      ? new RegExp(place.matches).exec(textAt(body, place.at) ?? '')?.[1]
      : headers[place.header.toLowerCase()]?.trim();
  return value === '' ? undefined : value;
}

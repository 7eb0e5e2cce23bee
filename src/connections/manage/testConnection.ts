import {
  buildRequest,
  type Connectors,
  type Identity,
  identityOf,
  type ProviderFailure,
  testOf,
  valueAt,
} from '../../connectors/index.js';
import type { ConnectionTest, ProviderResponse } from '../../contract/index.js';
import type { SendAsConnection } from '../call/sendAsConnection.js';
import type { ConnectionChange, ConnectionRow } from '../store.js';

/** The result of a connection test. */
export type TestResult =
  | {
      readonly kind: 'works';
      /** Where the connector declares how to read it. */
      readonly identity?: Identity;
      readonly grantedScopes?: readonly string[];
    }
  | { readonly kind: 'fails'; readonly failure: ProviderFailure };

const LIMITS = { timeoutMs: 15_000, bodyBytesMax: 1024 * 1024 };

/** Sends the connector's test request, and reads from the response which account the credential belongs to. */
export async function runTest(
  { connectors, call }: { readonly connectors: Connectors; readonly call: SendAsConnection },
  connection: ConnectionRow,
  { renew }: { readonly renew: boolean },
): Promise<TestResult> {
  const connector = connectors.get(connection.connector);
  const test = testOf(connector, connection.authMethod);
  const request = buildRequest(connector, test.request, connection.fields);
  const outcome = await call(connection, request, { ...LIMITS, renew });
  if (outcome.kind === 'failure') return { kind: 'fails', failure: outcome.failure };
  return checkResponse(test, outcome.response);
}

/** Returns the change that stores a test result on the connection. */
export function testChange(result: TestResult, testedAt: Date): ConnectionChange {
  if (result.kind === 'fails') {
    return {
      testedAt,
      testProblem:
        result.failure.message ?? `The service responded with status ${result.failure.status}.`,
    };
  }
  const { identity, grantedScopes } = result;
  return {
    testedAt,
    testProblem: undefined,
    identityId: identity?.id,
    identityName: identity?.name,
    ...(grantedScopes && { grantedScopes }),
  };
}

/**
 * Returns the result of a test response. A successful response that is not the expected one is a failure: a wrong URL
 * may return 200 as well.
 */
function checkResponse(test: ConnectionTest, response: ProviderResponse): TestResult {
  const { expect, grantedScopes } = test;
  const found = expect && valueAt(response.body, expect.at);
  const isExpected =
    !expect || ('is' in expect ? found === expect.is : found !== undefined && found !== null);
  const identity = identityOf(test, response);
  if (!isExpected || (test.identity && !identity)) {
    const message = 'its response is not the documented one; check that the address is right';
    return {
      kind: 'fails',
      failure: { kind: 'provider', status: response.status, message, retryable: false },
    };
  }
  const scopes = grantedScopes && response.headers[grantedScopes.header.toLowerCase()];
  return {
    kind: 'works',
    ...(identity && { identity }),
    ...(scopes !== undefined && {
      grantedScopes: scopes
        .split(grantedScopes?.separator ?? ',')
        .map((scope) => scope.trim())
        .filter((scope) => scope !== ''),
    }),
  };
}

import {
  buildRequest,
  type Connectors,
  type Identity,
  identityOf,
  type ProviderFailure,
  testOf,
  valueAt,
} from '../../connectors/index.js';
import type { ConnectionTest, ProviderAnswer } from '../../contract/index.js';
import type { CallService } from '../call/sendAsConnection.js';
import type { ConnectionChange, ConnectionRow } from '../store.js';

/** What a test found. */
export type TestResult =
  | {
      readonly kind: 'works';
      /** Where the connector knows how to tell. */
      readonly identity?: Identity;
      readonly grantedScopes?: readonly string[];
    }
  | { readonly kind: 'fails'; readonly failure: ProviderFailure };

const LIMITS = { timeoutMs: 15_000, bodyBytesMax: 1024 * 1024 };

/** Sends the connector's test request and reads from its answer whose the credential is. */
export async function runTest(
  { connectors, call }: { readonly connectors: Connectors; readonly call: CallService },
  connection: ConnectionRow,
  { renew }: { readonly renew: boolean },
): Promise<TestResult> {
  const connector = connectors.get(connection.connector);
  const test = testOf(connector, connection.way);
  const request = buildRequest(connector, test.request, connection.fields);
  const outcome = await call(connection, request, { ...LIMITS, renew });
  if (outcome.kind === 'failure') return { kind: 'fails', failure: outcome.failure };
  return judge(test, outcome.answer);
}

/** What a connection keeps of a test. */
export function keptOf(result: TestResult, testedAt: Date): ConnectionChange {
  if (result.kind === 'fails') {
    return {
      testedAt,
      testProblem: result.failure.message ?? `It answered ${result.failure.status}.`,
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

/** An answer that is good but not what was expected is a failure: a wrong address answers 200 as well. */
function judge(test: ConnectionTest, answer: ProviderAnswer): TestResult {
  const { expect, grantedScopes } = test;
  const found = expect && valueAt(answer.body, expect.at);
  const isExpected =
    !expect || ('is' in expect ? found === expect.is : found !== undefined && found !== null);
  const identity = identityOf(test, answer);
  if (!isExpected || (test.identity && !identity)) {
    const message = 'its answer is not what its documentation says: is the address right?';
    return {
      kind: 'fails',
      failure: { kind: 'provider', status: answer.status, message, retryable: false },
    };
  }
  const scopes = grantedScopes && answer.headers[grantedScopes.header.toLowerCase()];
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

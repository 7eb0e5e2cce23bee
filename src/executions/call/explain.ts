import { authorize, missingScopes, type Outgoing, secretFieldsOf } from '../../connectors/index.js';
import { AppError, type AuthSpec } from '../../contract/index.js';
import { headerNamesOf, type IntegrationRow } from '../../integrations/index.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import type { Meters } from '../../platform/limits/index.js';
import { loadRateLimitStatus, type RateLimitStatus } from '../limits/rateLimitStatus.js';
import { redact } from '../record/redact.js';
import { cacheSeconds } from './carryOut.js';
import { type ExecutionRequest, makePlan, type Plan, type PlanDeps } from './plan.js';

/** One step of a call, and what it would do now. */
interface ExplanationStep {
  readonly step:
    'plan' | 'scopes' | 'limits' | 'cache' | 'connection' | 'request' | 'retry' | 'response';
  readonly ok: boolean;
  readonly message: string;
}

/** The result of `explain`: the effects of a call, without making it. */
export interface Explanation {
  /** Whether it would be sent now. */
  readonly wouldSend: boolean;
  readonly steps: readonly ExplanationStep[];
  /** The input as the action takes it, after the transform. */
  readonly input?: unknown;
  /** The request, with `[name]` for secret parts. */
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

const BODY_LENGTH_MAX = 32_768;

/** Plans a call as `execute` does and describes each step. Sends nothing, counts nothing, records nothing. */
export async function explain(
  deps: PlanDeps & { readonly meters: Meters; readonly clock: Clock },
  request: ExecutionRequest,
): Promise<Explanation> {
  let plan: Plan;
  try {
    plan = await makePlan({ ...deps, openHeaders: placeholdersOf }, request, newId());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { wouldSend: false, steps: [{ step: 'plan', ok: false, message: error.message }] };
  }
  const { settings, connector, connection, action } = plan;
  const limitStatus = await loadRateLimitStatus(deps.meters, plan);
  const now = deps.clock.now();
  const full = limitStatus.limits.find(({ remaining }) => remaining === 0);
  const steps: ExplanationStep[] = [
    { step: 'plan', ok: true, message: `${connector.name}: ${action.summary}` },
    ...scopesSteps(plan),
    limitsStep(limitStatus, full?.description),
    { step: 'cache', ok: true, message: describeCache(plan) },
    {
      step: 'connection',
      ok: connection.state === 'connected',
      message: `${connection.name} is ${connection.state}${describeExpiry(connection.expiresAt, now)}.`,
    },
    { step: 'request', ok: true, message: `${plan.outgoing.method} ${plan.outgoing.url.host}` },
    {
      step: 'retry',
      ok: true,
      message: plan.isRepeatable
        ? `Sent up to ${String(settings.retry.attempts)} times while failures may pass.`
        : 'Sent once, because the service could do it twice; sent again only if it did not reach the service.',
    },
    {
      step: 'response',
      ok: true,
      message: settings.response
        ? `The ${settings.response.kind} transform makes the output.`
        : 'The output is that of the action.',
    },
  ];
  return {
    wouldSend: steps.every(({ ok }) => ok),
    steps,
    input: redact(plan.input),
    request: describeRequest(deps, plan, now),
  };
}

/** Returns `[name]` for each of the integration's own headers, whose values are often credentials. */
function placeholdersOf(row: IntegrationRow): Promise<Readonly<Record<string, string>>> {
  const entries = headerNamesOf(row).map((name) => [name, `[${name}]`]);
  return Promise.resolve(Object.fromEntries(entries) as Record<string, string>);
}

/** Scopes that may be missing. Scopes that are certainly missing end the plan with ScopesMissing. */
function scopesSteps({ connector, connection, action }: Plan): ExplanationStep[] {
  const { grantedScopes } = connection;
  const missing = missingScopes(connector, action, grantedScopes);
  if (!missing) return [];
  const message = `The connection was not granted ${missing.description}: ${connector.name} may refuse this.`;
  return [{ step: 'scopes', ok: true, message }];
}

function limitsStep(
  { limits, pausedUntil, serviceRemaining: left, breaker }: RateLimitStatus,
  full: string | undefined,
): ExplanationStep {
  const problem =
    breaker === 'open'
      ? 'The circuit breaker is open: the service failed too often in a row.'
      : pausedUntil
        ? `The service requested a pause until ${pausedUntil.toISOString()}.`
        : left?.calls === 0
          ? `The service reported that no request is left until ${left.until.toISOString()}.`
          : full === undefined
            ? undefined
            : `Nothing is left of ${full}.`;
  const descriptions = limits.map(
    ({ description: limit, remaining }) => `${limit}, ${String(remaining)} left`,
  );
  return {
    step: 'limits',
    ok: problem === undefined,
    message:
      problem ?? (descriptions.length > 0 ? `${descriptions.join('; ')}.` : 'There are none.'),
  };
}

function describeCache(plan: Plan): string {
  const { settings, action } = plan;
  const { cache } = settings;
  if (!cache) return 'Responses are not cached.';
  if (action.risk === 'write') return 'A write: cached responses from before it become stale.';
  const seconds = cacheSeconds(plan);
  if (seconds === 0) return 'Responses of this action are not cached.';
  return `A cached response may be up to ${String(seconds)} seconds old.`;
}

function describeExpiry(expiresAt: Date | undefined, now: Date): string {
  if (!expiresAt) return '';
  return expiresAt <= now ? '; its token has expired and is renewed first' : '';
}

function describeRequest(
  { connectors }: Pick<PlanDeps, 'connectors'>,
  { connector, connection, outgoing }: Plan,
  now: Date,
): NonNullable<Explanation['request']> {
  const { authMethod } = connectors.getAuthMethod(connector, connection.authMethod);
  const { method, url, headers, body } = withPlaceholders(outgoing, authMethod, {
    fields: connection.fields,
    now,
  });
  const text = body?.toString('utf8') ?? '';
  return {
    method,
    url: url.href,
    headers: { ...headers },
    ...(text !== '' && { body: bodyText(text) }),
  };
}

/** Returns the request with `[name]` instead of each secret. */
function withPlaceholders(
  outgoing: Outgoing,
  authMethod: AuthSpec,
  { fields, now }: { readonly fields: Readonly<Record<string, string>>; readonly now: Date },
): Outgoing {
  const names = [...Object.keys(secretFieldsOf(authMethod)), 'accessToken', 'tokenSecret', 'token'];
  const credential = Object.fromEntries(names.map((name) => [name, `[${name}]`]));
  return authorize(outgoing, { authMethod, credential, fields, now });
}

function bodyText(text: string): string {
  try {
    return JSON.stringify(redact(JSON.parse(text))).slice(0, BODY_LENGTH_MAX);
  } catch {
    // Not JSON: a form, or bytes.
    return text.slice(0, BODY_LENGTH_MAX);
  }
}

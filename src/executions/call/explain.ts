import { authorise, missingScopes, type Outgoing, secretFieldsOf } from '../../connectors/index.js';
import { AppError, type AuthSpec } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { newId } from '../../platform/ids.js';
import type { Gate, Standings } from '../limits/gate.js';
import { redacted } from '../record/redact.js';
import { cacheSeconds } from './carryOut.js';
import { type Asked, type Plan, type PlanDeps, planned } from './plan.js';

/** One step of a call, as it would go now. */
interface Step {
  readonly step:
    'plan' | 'scopes' | 'limits' | 'cache' | 'connection' | 'request' | 'retry' | 'answer';
  readonly ok: boolean;
  /** In words. */
  readonly says: string;
}

/** What a call would do, without doing it. */
export interface Explanation {
  /** Whether it would be sent now. */
  readonly wouldSend: boolean;
  readonly steps: readonly Step[];
  /** The input as the action takes it, after the transform. */
  readonly input?: unknown;
  /** What would be sent, with `[name]` for what is secret. */
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

const BODY_LENGTH_MAX = 32_768;

/** Goes through a call as `execute` does, sends nothing, counts nothing and records nothing. */
export async function explain(
  deps: PlanDeps & { readonly gate: Gate; readonly clock: Clock },
  asked: Asked,
): Promise<Explanation> {
  let plan: Plan;
  try {
    plan = await planned(deps, asked, newId());
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { wouldSend: false, steps: [{ step: 'plan', ok: false, says: error.message }] };
  }
  const { settings, connector, connection, action } = plan;
  const standings = await deps.gate.standings(plan, action.name);
  const now = deps.clock.now();
  const full = standings.limits.find(({ remaining }) => remaining === 0);
  const steps: Step[] = [
    { step: 'plan', ok: true, says: `${connector.name}: ${action.summary}` },
    ...scopesSteps(plan),
    limitsStep(standings, full?.words),
    { step: 'cache', ok: true, says: cacheWords(plan) },
    {
      step: 'connection',
      ok: connection.state === 'connected',
      says: `${connection.name} is ${connection.state}${expiryWords(connection.expiresAt, now)}.`,
    },
    { step: 'request', ok: true, says: `${plan.outgoing.method} ${plan.outgoing.url.host}` },
    {
      step: 'retry',
      ok: true,
      says: plan.isRepeatable
        ? `Sent up to ${String(settings.retry.attempts)} times when that may help.`
        : 'Sent once: the service could do it twice. Only what did not reach it is sent again.',
    },
    {
      step: 'answer',
      ok: true,
      says: settings.response
        ? `By the ${settings.response.kind} transform.`
        : 'As the action gives it.',
    },
  ];
  return {
    wouldSend: steps.every(({ ok }) => ok),
    steps,
    input: redacted(plan.input),
    request: shown(deps, plan, now),
  };
}

/** What is missing for sure ends the plan; this is what the service decides. */
function scopesSteps({ connector, connection, action }: Plan): Step[] {
  const { grantedScopes } = connection;
  const missing = missingScopes(connector, action, grantedScopes);
  if (!missing) return [];
  const says = `The connection was not granted ${missing.words}: ${connector.name} may refuse this.`;
  return [{ step: 'scopes', ok: true, says }];
}

function limitsStep(
  { limits, pausedUntil, left, breaker }: Standings,
  full: string | undefined,
): Step {
  const problem =
    breaker === 'open'
      ? 'The service failed too often in a row.'
      : pausedUntil
        ? `The service asked to wait until ${pausedUntil.toISOString()}.`
        : left?.calls === 0
          ? `The service said that nothing is left until ${left.until.toISOString()}.`
          : full === undefined
            ? undefined
            : `Nothing is left of ${full}.`;
  const words = limits.map(({ words: limit, remaining }) => `${limit}, ${String(remaining)} left`);
  return {
    step: 'limits',
    ok: problem === undefined,
    says: problem ?? (words.length > 0 ? `${words.join('; ')}.` : 'There is none.'),
  };
}

function cacheWords(plan: Plan): string {
  const { settings, action } = plan;
  const { cache } = settings;
  if (!cache) return 'Answers are not cached.';
  if (action.risk === 'write') return 'A write: answers from before it are no longer given.';
  const seconds = cacheSeconds(plan);
  if (seconds === 0) return 'Answers of this action are not cached.';
  return `An answer may be up to ${String(seconds)} seconds old.`;
}

function expiryWords(expiresAt: Date | undefined, now: Date): string {
  if (!expiresAt) return '';
  return expiresAt <= now ? ', its token has expired and is renewed first' : '';
}

function shown(
  { connectors }: Pick<PlanDeps, 'connectors'>,
  { connector, connection, outgoing }: Plan,
  now: Date,
): NonNullable<Explanation['request']> {
  const [, way] = connectors.getWay(connector, connection.way);
  const { method, url, headers, body } = placeheld(outgoing, way, {
    fields: connection.fields,
    now,
  });
  const text = body?.toString('utf8') ?? '';
  return {
    ...{ method, url: url.href },
    headers: { ...headers },
    ...(text !== '' && { body: bodyText(text) }),
  };
}

/** The request with `[name]` in the place of each secret. */
function placeheld(
  outgoing: Outgoing,
  way: AuthSpec,
  { fields, now }: { readonly fields: Readonly<Record<string, string>>; readonly now: Date },
): Outgoing {
  const names = [...Object.keys(secretFieldsOf(way)), 'accessToken', 'tokenSecret', 'token'];
  const credential = Object.fromEntries(names.map((name) => [name, `[${name}]`]));
  return authorise(outgoing, { way, credential, fields, now });
}

function bodyText(text: string): string {
  try {
    return JSON.stringify(redacted(JSON.parse(text))).slice(0, BODY_LENGTH_MAX);
  } catch {
    // No JSON: a form, or bytes.
    return text.slice(0, BODY_LENGTH_MAX);
  }
}

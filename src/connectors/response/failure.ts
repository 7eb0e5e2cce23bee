import type {
  ConnectorSpec,
  FailureKind,
  FailureSpec,
  JsonPointer,
  ProviderResponse,
} from '../../contract/index.js';
import { textAt, valueAt } from './pointer.js';

/** A failure, as read from a service's response. */
export interface ProviderFailure {
  readonly kind: FailureKind;
  readonly status: number;
  /** The service's own code. */
  readonly code?: string;
  /** The service's own message, truncated; it may repeat what was sent. */
  readonly message?: string;
  /** Whether the same request may go through later. */
  readonly retryable: boolean;
}

const RETRY_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504];
/**
 * Kinds that a service's own code can name so clearly that waiting does not help: a used-up quota also comes with 429.
 */
const FINAL_KINDS: ReadonlySet<FailureKind | undefined> = new Set([
  'validation',
  'authentication',
  'permission',
  'notFound',
]);
const MESSAGE_LENGTH_MAX = 500;

/** Returns the failure in a response; `undefined` when it is a success. */
export function failureOf(
  { failures = {} }: Pick<ConnectorSpec, 'failures'>,
  response: ProviderResponse,
): ProviderFailure | undefined {
  const { status, body } = response;
  const isGood = status >= 200 && status < 300;
  if (isGood && !indicatesFailure(failures.when, body)) return undefined;
  const code = firstText(body, failures.code ?? []);
  const message = firstText(body, failures.message ?? []) ?? plainText(body);
  const named = code === undefined ? undefined : ownEntry(failures.codes, code);
  const kind =
    named ??
    (isTooMany(failures, response, message) ? 'rateLimit' : failures.statuses?.[status]) ??
    kindOfStatus(status);
  const statusRetries = !isGood && (failures.retryStatuses ?? RETRY_STATUSES).includes(status);
  const retryable = kind === 'rateLimit' || (statusRetries && !FINAL_KINDS.has(named));
  return {
    kind,
    status,
    retryable,
    ...(code !== undefined && { code: code.slice(0, 100) }),
    ...(message !== undefined && { message: message.slice(0, MESSAGE_LENGTH_MAX) }),
  };
}

function indicatesFailure(
  when: { readonly at: JsonPointer; readonly is?: unknown } | undefined,
  body: unknown,
): boolean {
  if (!when) return false;
  const value = valueAt(body, when.at);
  return 'is' in when ? value === when.is : value !== undefined && value !== null;
}

function isTooMany(
  { tooMany }: FailureSpec,
  { status, headers }: ProviderResponse,
  message: string | undefined,
): boolean {
  if (tooMany?.statuses.includes(status) !== true) return false;
  const { headers: signs = [], messageHas } = tooMany;
  return (
    signs.some(({ name, is }) => {
      const value = headers[name.toLowerCase()];
      return is === undefined ? value !== undefined : value === is;
    }) ||
    (messageHas !== undefined && message?.toLowerCase().includes(messageHas) === true)
  );
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-15 */
function kindOfStatus(status: number): FailureKind {
  switch (status) {
    case 401:
      return 'authentication';
    case 402:
    case 403:
      return 'permission';
    case 404:
    case 410:
      return 'notFound';
    case 409:
    case 412:
      return 'conflict';
    case 429:
      return 'rateLimit';
    case 408:
      return 'provider';
    default:
      return status >= 400 && status < 500 ? 'validation' : 'provider';
  }
}

function firstText(body: unknown, pointers: readonly JsonPointer[]): string | undefined {
  for (const pointer of pointers) {
    const text = textAt(body, pointer);
    if (text !== undefined) return text;
  }
  return undefined;
}

function plainText(body: unknown): string | undefined {
  return typeof body === 'string' && !body.trimStart().startsWith('<') ? body : undefined;
}

function ownEntry<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table && Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The guarantees of an error to callers: a stable number, an HTTP status, a public message. */
export interface ErrorSpec {
  readonly code: number;
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503;
  /** The message for the caller. `{name}` is replaced by the value of that name given when it is raised. */
  readonly message: string;
}

export interface RaiseOptions {
  /** For the log only, never for the caller. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** The only error class that may cross a module boundary: `message` is public, `detail` and `cause` are for logs. */
export class AppError extends Error {
  readonly detail: Readonly<Record<string, unknown>> | undefined;

  constructor(
    readonly kind: string,
    readonly spec: ErrorSpec,
    { values = {}, detail, cause }: RaiseOptions & { readonly values?: MessageValues } = {},
  ) {
    const message = spec.message.replace(/\{(\w+)\}/g, (slot, slotName: string) =>
      String(values[slotName] ?? slot),
    );
    super(message, { cause });
    this.name = kind;
    this.detail = detail;
  }
}

/** The values of the slots of a public message. */
export type MessageValues = Readonly<Record<string, string | number>>;

type Raise = (values?: MessageValues, options?: RaiseOptions) => AppError;

/** The errors that a function lists under `errors`: the constructors, each with its spec for the reference. */
export type Raisable = Readonly<Record<string, Raise & { readonly spec: ErrorSpec }>>;

export type ErrorTable<T extends Record<string, ErrorSpec>> = {
  readonly [K in keyof T & string]: Raise & { readonly spec: T[K] };
};

/** Turns a table of specs into a table of constructors, so that the table is the documentation. */
export function defineErrors<const T extends Record<string, ErrorSpec>>(specs: T): ErrorTable<T> {
  const entries = Object.entries(specs).map(([kind, spec]) => {
    const raise: Raise = (values, options) =>
      new AppError(kind, spec, { ...options, ...(values && { values }) });
    return [kind, Object.assign(raise, { spec })];
  });
  return Object.fromEntries(entries) as ErrorTable<T>;
}

/**
 * Errors that any function may fail with. Numbers 7000 to 7099; each domain has a hundred of its own from 7100, except
 * `Internal`, which is Parse's number 1 so that Parse Server responds with HTTP 500.
 */
export const commonErrors = defineErrors({
  Internal: {
    code: 1,
    status: 500,
    message: 'Something failed on our side. Quote request {requestId} when you ask for help.',
  },
  InvalidParameters: { code: 7001, status: 400, message: '{problems}' },
  NotSignedIn: {
    code: 7002,
    status: 401,
    message:
      'This function needs {credentials}. Cloud code passes {option} to createHubClient, or as the last argument of Parse.Cloud.run.',
  },
  PermissionDenied: {
    code: 7003,
    status: 403,
    message: 'The permission {permission} is missing: {reason}.',
  },
  OrganizationRequired: {
    code: 7004,
    status: 400,
    message:
      'Pass organizationId: getOrganizations lists yours, createOrganization creates one. It may be omitted by a user who has created or accepted exactly one, or has chosen one with setDefaultOrganization; never with the master key.',
  },
  OrganizationNotFound: {
    code: 7005,
    status: 404,
    message: 'There is no such organization, or you are not a member of it.',
  },
  ReadOnlyCaller: {
    code: 7006,
    status: 403,
    message:
      'The read-only master key cannot call this function, because it changes data. Use the master key.',
  },
  InvalidCursor: {
    code: 7007,
    status: 400,
    message:
      'The cursor does not belong to this list. Pass nextCursor of the previous page unchanged, with the same parameters.',
  },
  MasterKeyRequired: { code: 7008, status: 403, message: 'This function needs the master key.' },
  ApiKeyNotValid: {
    code: 7009,
    status: 401,
    message:
      'This API key is not valid: it is unknown, expired or revoked, or its owner is no longer a member of the organization.',
  },
  PersonRequired: {
    code: 7010,
    status: 403,
    message:
      'This function needs a session token: it cannot be called with an API key or an access token.',
  },
  OAuthTokenNotValid: {
    code: 7011,
    status: 401,
    message:
      'This access token is not valid: it is unknown, expired or revoked, or the user who approved it is no longer a member of the organization.',
  },
  TooManyCalls: {
    code: 7012,
    status: 429,
    message:
      'Too many calls of this caller or organization are in progress. Try again in {seconds} seconds, with fewer at once.',
  },
  RequestTooLarge: {
    code: 7013,
    status: 413,
    message: 'The request body has more than {max} {what}. Send less at once, in several requests.',
  },
  RequestNotReadable: {
    code: 7014,
    status: 400,
    message: 'The request body must be JSON in UTF-8: {problem}.',
  },
  EvaluationBusy: {
    code: 7015,
    status: 429,
    message:
      'Too many expressions or JSON Schemas of this organization are waiting to be evaluated. Try again in some seconds, send fewer at once, or make them cheaper.',
  },
});

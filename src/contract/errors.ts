/** What one error promises to a caller: a stable number, an HTTP status, a public sentence. */
export interface ErrorSpec {
  readonly code: number;
  readonly status: 400 | 401 | 403 | 404 | 409 | 410 | 413 | 422 | 429 | 500 | 502 | 503;
  /** The sentence a caller reads. `{name}` is replaced by the value of that name given when it is raised. */
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
    { values: words = {}, detail, cause }: RaiseOptions & { readonly values?: MessageValues } = {},
  ) {
    const message = spec.message.replace(/\{(\w+)\}/g, (slot, slotName: string) =>
      String(words[slotName] ?? slot),
    );
    super(message, { cause });
    this.name = kind;
    this.detail = detail;
  }
}

/** What fills the slots of a public sentence. */
export type MessageValues = Readonly<Record<string, string | number>>;

type Raise = (values?: MessageValues, options?: RaiseOptions) => AppError;

/** What a function lists under `errors`: the constructors, each with its spec for the reference. */
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
 * Errors that every function may answer with, whatever it declares. Numbers 7000 to 7099; each domain has a hundred of
 * its own from 7100, except `Internal`, which is Parse's number 1 so that Parse Server answers it with HTTP 500.
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
      'Sign in first: this function needs a session token. Cloud code passes one as the last argument, { sessionToken }; or { useMasterKey: true }, with organizationId among the parameters.',
  },
  PermissionDenied: {
    code: 7003,
    status: 403,
    message:
      'This needs the permission {permission}, which your role in the organization does not have.',
  },
  OrganizationRequired: {
    code: 7004,
    status: 400,
    message:
      'Say which organization: pass organizationId. It may be left out only by a caller who belongs to exactly one, so never with the master key.',
  },
  OrganizationNotFound: {
    code: 7005,
    status: 404,
    message: 'There is no such organization, or you are not a member of it.',
  },
  ReadOnlyCaller: {
    code: 7006,
    status: 403,
    message: 'The read-only master key may call functions that read, not this one.',
  },
  InvalidCursor: {
    code: 7007,
    status: 400,
    message:
      'That cursor is not one of ours, or belongs to another list. Pass nextCursor of the page before as it came.',
  },
  MasterKeyRequired: { code: 7008, status: 403, message: 'This function needs the master key.' },
  ApiKeyNotValid: {
    code: 7009,
    status: 401,
    message:
      'This API key does not work: it is unknown, expired or revoked, or its keeper is no longer a member of the organization.',
  },
  PersonRequired: {
    code: 7010,
    status: 403,
    message:
      'This function is for people: call it with a session token, not with an API key or an access token.',
  },
  OAuthTokenNotValid: {
    code: 7011,
    status: 401,
    message:
      'This access token does not work: it is unknown, expired or revoked, or whoever approved it is no longer a member of the organization.',
  },
});

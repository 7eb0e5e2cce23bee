import type { KeyMail, KeyNotice } from '../apiKeys/index.js';
import type { ConnectorSpec } from '../contract/index.js';
import type { HostPages, PagesBranding as Branding, Resource } from '../oauth/index.js';
import type {
  InvitationMail,
  InvitationNotice,
  OrganizationResolver,
} from '../organizations/index.js';
import type { TrustedProxies } from '../platform/http/index.js';
import type { HostScopes } from '../scopes/index.js';
import type { HostVaultClass, Kms } from '../vault/index.js';

/** The options of `createIntegrationHub`. */
export interface HubOptions {
  /**
   * The secret that encryption keys are derived from: at least 32 characters, ideally random. Every process on one
   * database needs the same one; values encrypted under another cannot be decrypted.
   */
  readonly secret: string;
  /**
   * Previous values of `secret`, while it changes: values encrypted under them can still be decrypted. See
   * src/vault/README.md.
   */
  readonly previousSecrets?: readonly string[] | undefined;
  /** Iterations of PBKDF2-HMAC-SHA256 for new keys. Default 600,000, at least 100,000. */
  readonly keyIterations?: number | undefined;
  /** A key management service of the host's, which then keeps the keys instead of `secret`. */
  readonly kms?: Kms | undefined;
  /** The public URL of the hub, where `hub.router` is mounted: `https://api.example.com/hub`. */
  readonly publicUrl: string;
  /**
   * The proxies before this server whose `X-Forwarded-For` is believed, as Express's `trust proxy`: their number, or their
   * addresses, CIDR ranges, `loopback`, `linklocal` or `uniquelocal`. Default: the `trust proxy` of the Express app. See
   * src/http/README.md.
   */
  readonly trustProxy?: TrustedProxies | undefined;
  /**
   * Private hosts, addresses or CIDR ranges, comma-separated, that may be called, also by http://. For development, and
   * for receivers in the same network. Default none.
   */
  readonly allowedTargets?: string | undefined;
  /** Whether webhooks and connections may use http:// URLs for every target. Default false. */
  readonly allowHttp?: boolean | undefined;
  /** Whether this process delivers and runs schedules. Default true; with false only the jobs do. */
  readonly loops?: boolean | undefined;
  /** The log level of the JSON lines on standard output: silent, error, warn, info or debug. Default info. */
  readonly logLevel?: 'silent' | 'error' | 'warn' | 'info' | 'debug' | undefined;
  /** A prefix for the names of the hub's cloud functions, where a host has functions of the same name. Default none. */
  readonly functionPrefix?: string | undefined;
  /**
   * A prefix for the names of the hub's classes, where a host has classes of the same name: with `Hub`, webhooks are
   * rows of `HubWebhook`. Set it before the first start: existing rows keep their class names. Default none.
   */
  readonly classPrefix?: string | undefined;
  /** A prefix for the names of the hub's jobs, where a host has jobs of the same name. Default none. */
  readonly jobPrefix?: string | undefined;
  /** Organizations of the host's own; without it the hub has its own and functions to manage them. */
  readonly organizations?: OrganizationResolver | undefined;
  /**
   * Invitations to organizations of the hub's own: the page of yours that receives the token as `?invitation=…` (default a
   * page of the hub), and the texts of e-mails, which are sent where Parse Server has an e-mail adapter (`undefined`:
   * none is sent). See src/organizations/README.md.
   */
  readonly invitations?:
    | {
        readonly url?: string | undefined;
        readonly mail?: ((notice: InvitationNotice) => InvitationMail | undefined) | undefined;
      }
    | undefined;
  /** Connectors of the host's own, made with `defineConnector`, in addition to the hub's. */
  readonly connectors?: readonly ConnectorSpec[] | undefined;
  /** OAuth clients that you have registered with services, by the key of the connector. */
  readonly oauthClients?:
    | Readonly<Record<string, { readonly clientId: string; readonly clientSecret: string }>>
    | undefined;
  /**
   * URL prefixes that users may be redirected to after consent: `https://app.example.com/settings`. Pages of their
   * origins may start a consent without a confirmation page, and receive the result by postMessage.
   */
  readonly returnUrls?: readonly string[] | undefined;
  /**
   * How long history is kept, in days. Default 90 for events and deliveries, 30 for attempts, 365 for the audit log.
   */
  readonly retention?:
    | {
        readonly eventDays?: number | undefined;
        readonly attemptDays?: number | undefined;
        readonly auditDays?: number | undefined;
      }
    | undefined;
  /**
   * API keys: the prefix of new ones (2 to 20 lower-case letters and digits, beginning with a letter; default `hub`),
   * the environments whose keys this hub accepts (default both), after how many days a key should be rotated (default
   * 90), and the texts of e-mails to owners, which are sent where Parse Server has an e-mail adapter (`undefined`:
   * none).
   */
  readonly apiKeys?:
    | {
        readonly prefix?: string | undefined;
        readonly environments?: readonly ('live' | 'test')[] | undefined;
        readonly rotateAfterDays?: number | undefined;
        readonly mail?: ((notice: KeyNotice) => KeyMail | undefined) | undefined;
      }
    | undefined;
  /**
   * Scopes of your own, in addition to the hub's permissions, by names such as `posts:read`: their descriptions, which
   * of your classes and functions they open to API keys and OAuth apps, and which roles of an organization have them
   * (default all).
   */
  readonly scopes?: HostScopes | undefined;
  /**
   * Brute-force protection for keys, client secrets, codes and passwords: how many failed attempts are free, the first
   * wait after them, which doubles with each further failure, its maximum, and the time without failures after which
   * all is reset. Defaults: 5 attempts, 1 s, 15 minutes and a day for each account; 30 attempts, 10 s, an hour and an
   * hour for each address. See src/security/README.md.
   */
  readonly bruteForce?:
    | {
        readonly perAccount?: BruteForceRuleOption | undefined;
        readonly perAddress?: BruteForceRuleOption | undefined;
        /** New users from one network in an hour. Default 300. */
        readonly signUpsPerHour?: number | undefined;
        /** E-mails for passwords and verification to one address in an hour. Default 10; ten times that from one network. */
        readonly emailsPerHour?: number | undefined;
      }
    | undefined;
  /** The look of the pages on which users log in and approve apps. See src/oauth/pages/README.md. */
  readonly branding?: Branding | undefined;
  /** Pages of your own in place of the hub's: functions that return HTML, or a URL. See src/oauth/pages/README.md. */
  readonly pages?: HostPages | undefined;
  /**
   * Your classes that store values of `hub.vault`, with the fields and the context of each. With it, these values are
   * re-encrypted with the hub's own, and keys that none of them needs retire: name every class. Without it, keys that
   * encrypted values of `hub.vault` never retire. See src/vault/README.md.
   */
  readonly vault?: { readonly classes: readonly HostVaultClass[] } | undefined;
  /**
   * How many calls of the hub's functions run and wait at once in this process, of all organizations, of one organization and
   * of one caller; the others wait in turns, at most `waitMs`, and are then refused with 429. `costly`: verifications and
   * exports; `outgoing`: calls that wait for another service; `ordinary`: all others. The master key is not limited. See
   * src/platform/callGate/README.md.
   */
  readonly gate?:
    | {
        readonly ordinary?: CallsInFlightOption | undefined;
        readonly costly?: CallsInFlightOption | undefined;
        readonly outgoing?: CallsInFlightOption | undefined;
        readonly waitingMax?: number | undefined;
        readonly waitingPerOrganizationMax?: number | undefined;
        readonly waitingPerCallerMax?: number | undefined;
        readonly waitMs?: number | undefined;
      }
    | undefined;
  /**
   * What the body of a request to a function of the hub may have at most before Parse Server parses it: bytes, levels of nesting,
   * and members of objects and elements of lists, weighted by what they cost; in a batch that calls one, `batchKeysMax`. With
   * `hostRequests` the limits hold for every request to Parse Server. `false`: no limits. Defaults: 20 MiB, 1,000, 500,000,
   * 1,000,000, false. See src/authentication/README.md.
   */
  readonly requestLimits?:
    | false
    | {
        readonly bytesMax?: number | undefined;
        readonly depthMax?: number | undefined;
        readonly keysMax?: number | undefined;
        readonly batchKeysMax?: number | undefined;
        readonly hostRequests?: boolean | undefined;
      }
    | undefined;
  /**
   * Services of your own that accept the hub's access tokens: their URLs, which clients request as `resource` and which are
   * the `aud` of the tokens, and the scopes that such tokens can have. See src/oauth/README.md. Default none.
   */
  readonly resources?: readonly Resource[] | undefined;
  /**
   * What happens to a request to Parse Server with a bearer token that is not the hub's, and without a session token, master
   * key or `userFromJWT`: it gets 401, or passes unchanged, for hosts that check tokens of another issuer themselves. Default
   * `refuse`.
   */
  readonly foreignBearers?: 'refuse' | 'pass' | undefined;
  /** The number of deliveries in flight at once in this process. Default 200. */
  readonly inFlightMax?: number | undefined;
}

/** One rule of `bruteForce`; omitted members keep their defaults. */
interface BruteForceRuleOption {
  readonly freeAttempts?: number | undefined;
  readonly firstWaitMs?: number | undefined;
  readonly longestWaitMs?: number | undefined;
  readonly forgetAfterMs?: number | undefined;
}

/** The limits of one cost of calls; omitted members keep their defaults. */
interface CallsInFlightOption {
  readonly inFlightMax?: number | undefined;
  readonly inFlightPerOrganizationMax?: number | undefined;
  readonly inFlightPerCallerMax?: number | undefined;
}

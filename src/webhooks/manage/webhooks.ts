import type { Membership, Page, PageRequest } from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { HOUR_MS } from '../../platform/durations.js';
import {
  checkHeaderName,
  checkHeaders,
  checkResolvable,
  type Lookup,
  type TargetPolicy,
} from '../../platform/http/index.js';
import { newId } from '../../platform/ids.js';
import type { Vault } from '../../vault/index.js';
import { encryptionContextOf } from '../delivery/message.js';
import { type RetrySetting, waitsSeconds } from '../delivery/retry.js';
import { generateSecret, generateSigningKeyPair, parseSecret } from '../delivery/secret.js';
import { webhookErrors } from '../errors.js';
import type { SealedSecret, WebhookRow, WebhookStore } from '../store.js';

/** Webhooks of one organization. */
export const WEBHOOKS_MAX = 500;
/** The default overlap of a rotation. */
const OVERLAP_HOURS = 24;
/** Secrets of a webhook that sign at once. Every message carries one signature for each. */
const SECRETS_MAX = 10;

type WebhookStatus = 'active' | 'paused' | 'disabled';

/** The settings that users set. In a change, an absent setting stays and `null` removes it. */
interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly status?: WebhookStatus | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly retry?: RetrySetting | null | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly legacySignatureHeader?: string | null | undefined;
}

type WebhookChange = {
  readonly [K in keyof WebhookSettings]?: WebhookSettings[K] | undefined;
};

interface NewWebhook extends WebhookSettings {
  readonly signature: 'v1' | 'v1a';
  readonly secret?: string | undefined;
}

/** A webhook with the secret, or for `v1a` the public key, that its receiver verifies with. Shown once. */
interface WebhookWithSecret {
  readonly webhook: WebhookRow;
  readonly secret: string;
}

interface SecretRotation {
  /** How long the earlier secret signs as well. Default 24 hours. */
  readonly overlapHours?: number | undefined;
  /** Default: a new one. */
  readonly secret?: string | undefined;
}

export interface WebhookAdmin {
  create(membership: Membership, webhook: NewWebhook): Promise<WebhookWithSecret>;
  list(membership: Membership, request: PageRequest): Promise<Page<WebhookRow>>;
  get(membership: Membership, webhookId: string): Promise<WebhookRow>;
  update(membership: Membership, webhookId: string, change: WebhookChange): Promise<WebhookRow>;
  remove(membership: Membership, webhookId: string): Promise<void>;
  rotateSecret(
    membership: Membership,
    webhookId: string,
    rotation: SecretRotation,
  ): Promise<WebhookWithSecret>;
}

export interface WebhookAdminDeps {
  readonly store: WebhookStore;
  readonly vault: Vault;
  readonly clock: Clock;
  readonly targets: TargetPolicy;
  readonly lookup: Lookup;
  readersOf(organizationId: string): readonly string[];
  wakeLoop(): void;
}

export function createWebhookAdmin(deps: WebhookAdminDeps): WebhookAdmin {
  const { store } = deps;

  async function get({ organizationId }: Membership, webhookId: string): Promise<WebhookRow> {
    const webhook = await store.findWebhook(organizationId, webhookId);
    if (!webhook) throw webhookErrors.WebhookNotFound();
    return webhook;
  }

  return {
    get,
    list: ({ organizationId }, request) => store.pageWebhooks(organizationId, request),
    create: (membership, given) => createWebhook(deps, membership, given),
    async update(membership, webhookId, given) {
      return updateWebhook(deps, await get(membership, webhookId), given);
    },
    async remove(membership, webhookId) {
      await store.removeWebhook(await get(membership, webhookId));
      // The worker of its lane ends its pending deliveries as dead.
      await wakeLane(deps, webhookId);
    },
    async rotateSecret(membership, webhookId, rotation) {
      return rotateSecret(deps, await get(membership, webhookId), rotation);
    },
  };
}

async function updateWebhook(
  deps: WebhookAdminDeps,
  webhook: WebhookRow,
  given: WebhookChange,
): Promise<WebhookRow> {
  const { name, events, status } = given;
  const url = given.url === undefined ? undefined : await checkUrl(deps, given.url);
  const set = {
    ...(name !== undefined && { name }),
    ...(url !== undefined && { url }),
    ...(events !== undefined && { events }),
    ...(status !== undefined && {
      status,
      disabledReason: status === 'disabled' ? 'By a person.' : undefined,
    }),
    ...(await settingsChange(deps, webhook, given)),
  };
  checkLegacyHeader({ ...webhook, ...set });
  return changeWebhook(deps, webhook, set);
}

async function rotateSecret(
  deps: WebhookAdminDeps,
  webhook: WebhookRow,
  { overlapHours = OVERLAP_HOURS, secret }: SecretRotation,
): Promise<WebhookWithSecret> {
  const now = deps.clock.now();
  const signature = webhook.asymmetric ? 'v1a' : 'v1';
  const { shown, stored } = await newSecret(deps, webhook, { signature, secret });
  const older = expireSecrets(webhook.secrets, { now, overlapHours });
  const change = { secrets: [stored, ...older], secretChangedAt: now };
  return { webhook: await changeWebhook(deps, webhook, change), secret: shown };
}

/** Throws WebhookChanged when the webhook was changed since it was read. */
async function changeWebhook(
  deps: WebhookAdminDeps,
  webhook: WebhookRow,
  set: Parameters<WebhookStore['changeWebhook']>[1],
): Promise<WebhookRow> {
  if (!(await deps.store.changeWebhook(webhook, set))) throw webhookErrors.WebhookChanged();
  // The worker of its lane decides what the change means for pending deliveries: it may have been activated or disabled.
  await wakeLane(deps, webhook.id);
  return {
    ...webhook,
    ...set,
    revision: webhook.revision + 1,
    updatedAt: deps.clock.now(),
  } as WebhookRow;
}

async function wakeLane({ store, wakeLoop }: WebhookAdminDeps, webhookId: string): Promise<void> {
  await store.wakeLanes([{ kind: 'webhook', key: webhookId }]);
  wakeLoop();
}

async function createWebhook(
  deps: WebhookAdminDeps,
  { organizationId }: Membership,
  given: NewWebhook,
): Promise<WebhookWithSecret> {
  const url = await checkUrl(deps, given.url);
  if ((await deps.store.countWebhooks(organizationId)) >= WEBHOOKS_MAX) {
    throw webhookErrors.WebhookLimitReached({ limit: WEBHOOKS_MAX });
  }
  const id = newId();
  const createdAt = deps.clock.now();
  const identity = { id, organization: organizationId };
  const { shown, stored } = await newSecret(deps, identity, given);
  const row = {
    ...identity,
    ...(await settingsOf(deps, identity, given)),
    name: given.name,
    url,
    events: given.events,
    status: given.status ?? 'active',
    asymmetric: given.signature === 'v1a',
    secrets: [stored],
    secretChangedAt: createdAt,
    revision: 0,
    createdAt,
  };
  checkLegacyHeader(row);
  await deps.store.insertWebhook({ ...row, readers: deps.readersOf(organizationId) });
  return { webhook: { ...row, updatedAt: createdAt }, secret: shown };
}

/** Returns the URL in the form that was checked. */
async function checkUrl({ targets, lookup }: WebhookAdminDeps, url: string): Promise<string> {
  return (await checkResolvable(url, targets, lookup)).href;
}

/** Returns the earlier secrets that still sign: the current one until this overlap ends, older ones until theirs does. */
function expireSecrets(
  secrets: readonly SealedSecret[],
  { now, overlapHours }: { now: Date; overlapHours: number },
): SealedSecret[] {
  const expiresAt = new Date(now.getTime() + overlapHours * HOUR_MS).toISOString();
  return secrets
    .map((secret) => ({ ...secret, expiresAt: secret.expiresAt ?? expiresAt }))
    .filter((secret) => secret.expiresAt > now.toISOString())
    .slice(0, SECRETS_MAX - 1);
}

/** Returns the secret in two forms: `shown` for the receiver, and `stored`, encrypted, for signing. */
async function newSecret(
  { vault }: WebhookAdminDeps,
  webhook: WebhookIdentity,
  { signature, secret }: { signature: 'v1' | 'v1a'; secret?: string | undefined },
): Promise<{ shown: string; stored: SealedSecret }> {
  const text = secret ?? (signature === 'v1' ? generateSecret() : generateSigningKeyPair().secret);
  const parsed = parseSecret(text);
  if (parsed.scheme !== signature) {
    const wanted = signature === 'v1' ? 'whsec_' : 'whsk_';
    throw webhookErrors.SecretNotUsable({
      problem: `a webhook with the signature ${signature} needs one that starts with ${wanted}.`,
    });
  }
  return {
    shown: parsed.scheme === 'v1' ? text : parsed.publicKey,
    stored: {
      scheme: signature,
      sealed: await vault.seal(text, encryptionContextOf(webhook, 'secrets')),
    },
  };
}

/** The identity that an encrypted value of a webhook is bound to. */
type WebhookIdentity = Pick<WebhookRow, 'id' | 'organization'>;

type StoredSettings = Pick<
  WebhookRow,
  | 'headerNames'
  | 'sealedHeaders'
  | 'retry'
  | 'retryWaitsSeconds'
  | 'timeoutSeconds'
  | 'legacySignatureHeader'
>;
type OptionalSettings = Pick<
  WebhookSettings,
  'headers' | 'retry' | 'timeoutSeconds' | 'legacySignatureHeader'
>;

const DEFAULT_TIMEOUT_SECONDS = 15;

async function settingsOf(
  deps: WebhookAdminDeps,
  webhook: WebhookIdentity,
  given: OptionalSettings,
): Promise<StoredSettings> {
  return {
    headerNames: [],
    timeoutSeconds: DEFAULT_TIMEOUT_SECONDS,
    retryWaitsSeconds: waitsSeconds(undefined),
    ...(await settingsChange(deps, webhook, given)),
  };
}

async function settingsChange(
  { vault }: WebhookAdminDeps,
  webhook: WebhookIdentity,
  { headers, retry, timeoutSeconds, legacySignatureHeader }: OptionalSettings,
): Promise<Partial<StoredSettings>> {
  if (headers) checkHeaders(headers);
  return {
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    ...(retry !== undefined && {
      retry: retry ?? undefined,
      retryWaitsSeconds: waitsSeconds(retry ?? undefined),
    }),
    ...(legacySignatureHeader !== undefined && {
      legacySignatureHeader: legacySignatureHeader ?? undefined,
    }),
    ...(headers !== undefined && {
      headerNames: Object.keys(headers),
      sealedHeaders: await vault.seal(
        JSON.stringify(headers),
        encryptionContextOf(webhook, 'sealedHeaders'),
      ),
    }),
  };
}

function checkLegacyHeader({
  legacySignatureHeader: name,
  headerNames,
  asymmetric,
}: Pick<WebhookRow, 'legacySignatureHeader' | 'headerNames' | 'asymmetric'>): void {
  if (name === undefined) return;
  checkHeaderName(name);
  if (asymmetric) {
    throw webhookErrors.SignatureHeaderNotAllowed({
      name,
      problem:
        'a webhook with the signature v1a has no secret to compute it with. Use the signature v1, or no legacySignatureHeader.',
    });
  }
  if (headerNames.some((taken) => taken.toLowerCase() === name.toLowerCase())) {
    throw webhookErrors.SignatureHeaderNotAllowed({
      name,
      problem:
        'the webhook has an extra header of that name. Choose another name, or remove it from headers.',
    });
  }
}

import { randomBytes } from 'node:crypto';

import {
  commonErrors,
  type Membership,
  type Page,
  type PageRequest,
  type Role,
} from '../../contract/index.js';
import type { Clock } from '../../platform/clock.js';
import { createPeppers, type Peppers, type Secrets } from '../../platform/crypto/index.js';
import { deleteInBatches, type DeletionOptions } from '../../platform/deleteInBatches.js';
import { DAY_MS } from '../../platform/durations.js';
import { newId } from '../../platform/ids.js';
import type { Meters } from '../../platform/limits/index.js';
import type { Log } from '../../platform/log.js';
import { organizationErrors } from '../errors.js';
import { checkMayTouchOwner, permissionsOf } from '../membership.js';
import type { OrganizationRow, OrganizationStore } from '../store.js';
import { checkMailAllowed, type InvitationMail, type InvitationNotice } from './mail.js';
import { type InvitationRow, type InvitationStore, PENDING_MAX } from './store.js';

/** Names an invitation: by the token of its link, or by its id for the user whose verified e-mail address it is for. */
interface InvitationReference {
  readonly token?: string | undefined;
  readonly invitationId?: string | undefined;
}

/** An invitation, with the name of the organization. */
export interface InvitationView {
  readonly row: InvitationRow;
  readonly organization: Pick<OrganizationRow, 'id' | 'name'>;
}

export interface Invitations {
  /**
   * Invites an address, mails the link or returns it, and replaces a pending invitation of the same address. Looks no user up.
   * Throws OwnersOnly, InvitationCountReached, InvitationMailsLimited or InvitationNotMailed.
   */
  invite(
    caller: Membership & { readonly userId: string | undefined },
    request: { readonly email: string; readonly role: Role; readonly expiresInDays: number },
  ): Promise<InvitationView & { readonly link?: string }>;
  /** Throws InvitationNotFound or OwnersOnly. */
  revoke(caller: Membership, invitationId: string): Promise<void>;
  /** Makes the user a member. A member keeps their role. Throws InvitationNotValid. */
  accept(
    userId: string,
    reference: InvitationReference,
  ): Promise<{
    readonly organization: OrganizationRow;
    readonly role: Role;
  }>;
  /** Returns the id of the organization. Throws InvitationNotValid. */
  decline(userId: string, reference: InvitationReference): Promise<string>;
  /** Returns the valid invitation of a token. Throws InvitationNotValid. */
  preview(token: string): Promise<InvitationView>;
  /** Those that an organization has sent, newest first. */
  listSent(organizationId: string, request: PageRequest): Promise<Page<InvitationView>>;
  /** The valid ones to the verified e-mail address of a user, newest first; a page may have fewer items than its limit. */
  listReceived(userId: string, request: PageRequest): Promise<Page<InvitationView>>;
  /** Ends the pending invitations by a member that their new role does not allow; `undefined`: they have left. */
  revokeOf(organizationId: string, userId: string, role: Role | undefined): Promise<void>;
  /** Deletes invitations that ended long ago. */
  prune(options: DeletionOptions): Promise<number>;
}

export interface InvitationDeps {
  readonly organizations: OrganizationStore;
  readonly store: InvitationStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly meters: Meters;
  /** The hub's secret, then the previous ones. */
  readonly secrets: Secrets;
  /** The page that receives `?invitation=<token>`. */
  readonly url: string;
  readonly mailOf: (notice: InvitationNotice) => InvitationMail | undefined;
  readonly mail: {
    canSend(): boolean;
    sendTo(message: InvitationMail & { readonly to: string }): Promise<boolean>;
  };
  loadUser(
    userId: string,
  ): Promise<
    { readonly email?: string | undefined; readonly isEmailVerified: boolean } | undefined
  >;
}

type Deps = InvitationDeps & { readonly peppers: Peppers };

const { InvitationCountReached, InvitationNotFound, InvitationNotMailed, InvitationNotValid } =
  organizationErrors;

const TOKEN_BYTES = 32;
/** How long an invitation is kept after it could have been accepted. */
const KEPT_DAYS = 30;

/** Returns the form in which addresses are compared. Other letters stay: U+212A, of the kelvin, would become the letter k. */
function normalEmail(email: string): string {
  return email.trim().replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function createInvitations(given: InvitationDeps): Invitations {
  const deps: Deps = { ...given, peppers: createPeppers(given.secrets, 'organization invitation') };
  const { store, clock, organizations } = deps;
  return {
    invite: (caller, request) => invite(deps, caller, request),
    async revoke(caller, invitationId) {
      const row = await store.load(invitationId);
      if (row?.organization !== caller.organizationId) throw InvitationNotFound();
      checkMayTouchOwner(caller, [row.role as Role]);
      if (!(await store.settle(row, { status: 'revoked' }))) throw InvitationNotFound();
    },
    accept: (userId, reference) => accept(deps, userId, reference),
    async decline(userId, reference) {
      const { row } = await getValid(deps, await find(deps, userId, reference));
      if (!(await store.settle(row, { status: 'declined', by: userId })))
        throw InvitationNotValid();
      return row.organization;
    },
    preview: async (token) => getValid(deps, await findByToken(deps, token)),
    async listSent(organizationId, request) {
      const [organization] = await organizations.loadMany([organizationId]);
      const page = await store.pageSent(organizationId, request);
      const shown = organization ?? { id: organizationId, name: '' };
      return { ...page, items: page.items.map((row) => ({ row, organization: shown })) };
    },
    async listReceived(userId, request) {
      // No invitation is to the empty address.
      const email = (await verifiedEmail(deps, userId)) ?? '';
      const page = await store.pageReceived(email, clock.now(), request);
      const views = await Promise.all(page.items.map((row) => loadValid(deps, row)));
      return { ...page, items: views.filter((view) => view !== undefined) };
    },
    async revokeOf(organizationId, invitedBy, role) {
      const rows = await store.pending(organizationId, clock.now(), { invitedBy });
      for (const row of rows) {
        if (!mayInvite(role, row.role)) await store.settle(row, { status: 'revoked' });
      }
    },
    prune: (options) => {
      const before = new Date(clock.now().getTime() - KEPT_DAYS * DAY_MS);
      return deleteInBatches((limit) => store.prune(before, limit), options);
    },
  };
}

async function invite(
  deps: Deps,
  caller: Parameters<Invitations['invite']>[0],
  { email: given, role, expiresInDays }: Parameters<Invitations['invite']>[1],
): Promise<InvitationView & { readonly link?: string }> {
  checkMayTouchOwner(caller, [role]);
  const { organizationId, userId } = caller;
  const email = normalEmail(given);
  const isMailed = deps.mail.canSend();
  if (isMailed) await checkMailAllowed(deps.meters, { organizationId, inviterId: userId, email });
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const { hash: tokenHash, pepper } = deps.peppers.hash(token);
  const createdAt = deps.clock.now();
  const row = {
    id: newId(),
    organization: organizationId,
    email,
    role,
    tokenHash,
    pepper,
    status: 'pending',
    expiresAt: new Date(createdAt.getTime() + expiresInDays * DAY_MS),
    createdAt,
    ...(userId !== undefined && { invitedBy: userId }),
  };
  const organization = await replace(deps, caller, row);
  const url = new URL(deps.url);
  url.searchParams.set('invitation', token);
  const view = { organization, row: { ...row, updatedAt: createdAt } };
  if (!isMailed) return { ...view, link: url.href };
  await mailLink(deps, view, url.href);
  return view;
}

/** Stores an invitation instead of the pending one to the same address. */
async function replace(
  { organizations, store, clock }: Deps,
  caller: Membership,
  row: Parameters<InvitationStore['insert']>[0],
): Promise<OrganizationRow> {
  return organizations.alone(row.organization, async () => {
    const organization = await organizations.get(row.organization);
    // Once more: the caller may have lost the role while this call waited.
    if (row.invitedBy !== undefined) {
      const held = await organizations.roleOf(row.organization, row.invitedBy);
      if (!mayInvite(held, row.role)) throw commonErrors.OrganizationNotFound();
    }
    const pending = await store.pending(row.organization, clock.now());
    const replaced = pending.filter(({ email }) => email === row.email);
    checkMayTouchOwner(
      caller,
      replaced.map(({ role }) => role as Role),
    );
    if (pending.length - replaced.length >= PENDING_MAX) {
      throw InvitationCountReached({ max: PENDING_MAX });
    }
    for (const each of replaced) await store.settle(each, { status: 'revoked' });
    await store.insert(row);
    return organization;
  });
}

/** Sends the link. An invitation whose message the adapter refuses is revoked, because no one has its link. */
async function mailLink(
  { mail, mailOf, store, log }: Deps,
  { row, organization }: InvitationView,
  link: string,
): Promise<void> {
  const { email, expiresAt } = row;
  const { id, name } = organization;
  try {
    const role = row.role as Role;
    const message = mailOf({ organization: { id, name }, email, role, link, expiresAt });
    if (message) await mail.sendTo({ ...message, to: email });
  } catch (error) {
    log.error({ invitationId: row.id, organizationId: id, err: error }, 'invitation.mailFailed');
    await store.settle(row, { status: 'revoked' });
    throw InvitationNotMailed();
  }
}

async function accept(
  deps: Deps,
  userId: string,
  reference: InvitationReference,
): Promise<{ organization: OrganizationRow; role: Role }> {
  const { organizations, store } = deps;
  const found = await getValid(deps, await find(deps, userId, reference));
  const { organization: organizationId } = found.row;
  return organizations.alone(organizationId, async () => {
    // Once more: the inviter may have been removed, or the organization deleted, while this call waited.
    const { row, organization } = await getValid(deps, await store.load(found.row.id));
    if (!(await store.settle(row, { status: 'accepted', by: userId }))) throw InvitationNotValid();
    const held = await organizations.roleOf(organizationId, userId);
    await organizations.accepted(organizationId, userId);
    const role = held ?? (row.role as Role);
    if (held === undefined) await organizations.setRole(organizationId, userId, role);
    return { organization, role };
  });
}

/** Finds the invitation that a caller names. The one with an id must be for their verified e-mail address. */
async function find(
  deps: Deps,
  userId: string,
  { token, invitationId }: InvitationReference,
): Promise<InvitationRow | undefined> {
  if (token !== undefined) return findByToken(deps, token);
  const [row, email] = await Promise.all([
    deps.store.load(invitationId ?? ''),
    verifiedEmail(deps, userId),
  ]);
  return email !== undefined && row?.email === email ? row : undefined;
}

function findByToken({ store, peppers }: Deps, token: string): Promise<InvitationRow | undefined> {
  return store.loadByHashes(peppers.hashes(token).map(({ hash }) => hash));
}

async function verifiedEmail({ loadUser }: Deps, userId: string): Promise<string | undefined> {
  const user = await loadUser(userId);
  return user?.isEmailVerified && user.email !== undefined ? normalEmail(user.email) : undefined;
}

async function getValid(deps: Deps, row: InvitationRow | undefined) {
  const view = row && (await loadValid(deps, row));
  if (!view) throw InvitationNotValid();
  return view;
}

/** Returns an invitation that can be accepted: its inviter may still invite into that role. */
async function loadValid({ organizations, clock }: Deps, row: InvitationRow) {
  if (row.status !== 'pending' || row.expiresAt <= clock.now()) return undefined;
  const [organization] = await organizations.loadMany([row.organization]);
  if (!organization) return undefined;
  if (row.invitedBy !== undefined) {
    const held = await organizations.roleOf(row.organization, row.invitedBy);
    if (!mayInvite(held, row.role)) return undefined;
  }
  return { row, organization };
}

/** Whether a member with a role, or who has left, may invite others into a role. */
function mayInvite(held: Role | undefined, invited: string): boolean {
  if (held === undefined || !permissionsOf(held).has('members:write')) return false;
  return invited !== 'owner' || held === 'owner';
}

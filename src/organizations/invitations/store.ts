import { OrganizationInvitation } from '../../../schemas/index.js';
import type { NewRow, Page, PageRequest, RowOf } from '../../contract/index.js';
import type { Database } from '../../platform/database/index.js';
import type { Rows } from '../../platform/parse/index.js';
import { noteChange } from '../../platform/rowChanges.js';

export type InvitationRow = RowOf<typeof OrganizationInvitation>;
type InvitationStatus = 'pending' | 'accepted' | 'declined' | 'revoked';

/** Invitations that an organization can have pending. */
export const PENDING_MAX = 500;

/** Reads and writes invitations; no other file of this domain does. */
export interface InvitationStore {
  insert(row: Omit<NewRow<typeof OrganizationInvitation>, 'readers'>): Promise<void>;
  load(id: string): Promise<InvitationRow | undefined>;
  loadByHashes(hashes: readonly string[]): Promise<InvitationRow | undefined>;
  /** Pending invitations of an organization that have not expired: to one address, by one member, or all. */
  pending(
    organization: string,
    now: Date,
    where?: { readonly email?: string; readonly invitedBy?: string },
  ): Promise<InvitationRow[]>;
  pageSent(organization: string, request: PageRequest): Promise<Page<InvitationRow>>;
  /** Pending invitations to an address that have not expired. */
  pageReceived(email: string, now: Date, request: PageRequest): Promise<Page<InvitationRow>>;
  /** Ends a pending invitation. Of concurrent calls exactly one gets true. */
  settle(
    row: InvitationRow,
    end: {
      readonly status: Exclude<InvitationStatus, 'pending'>;
      readonly by?: string | undefined;
    },
  ): Promise<boolean>;
  prune(before: Date, limit: number): Promise<number>;
}

export function invitationStore({
  rows,
  database,
}: {
  readonly rows: Rows;
  readonly database: Database;
}): InvitationStore {
  return {
    async insert(row) {
      await database.insertMany(OrganizationInvitation, [{ ...row, readers: [] }]);
      noteChange(OrganizationInvitation, undefined, row);
    },
    load: async (id) => (await database.loadMany(OrganizationInvitation, [id]))[0],
    loadByHashes: (hashes) => rows.load(OrganizationInvitation, { tokenHash: { $in: hashes } }),
    pending: (organization, now, where = {}) =>
      rows.find(
        OrganizationInvitation,
        { organization, status: 'pending', expiresAt: { $gt: now }, ...where },
        { limit: PENDING_MAX },
      ),
    pageSent: (organization, request) =>
      rows.page(OrganizationInvitation, { organization }, request),
    pageReceived: (email, now, request) =>
      rows.page(
        OrganizationInvitation,
        { email, status: 'pending', expiresAt: { $gt: now } },
        request,
      ),
    async settle(row, { status, by }) {
      const set = { status, ...(by !== undefined && { settledBy: by }) };
      const change = { id: row.id, was: { status: 'pending' }, set };
      const isOurs = await database.change(OrganizationInvitation, change);
      if (isOurs) noteChange(OrganizationInvitation, row, { ...row, ...set });
      return isOurs;
    },
    prune: (before, limit) =>
      database.deleteBefore(OrganizationInvitation, { field: 'expiresAt', before, limit }),
  };
}

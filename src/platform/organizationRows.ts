import type { ClassSpec } from '../contract/index.js';
import { deleteInBatches, type DeletionOptions } from './deleteInBatches.js';
import type { Rows } from './parse/index.js';

/** What a domain stores of one organization, for the deletion of the organization. */
export interface OrganizationRows {
  /** Returns the number of rows by the names that people know them by. */
  count(organizationId: string): Promise<Readonly<Record<string, number>>>;
  /** Deletes the rows in batches until there are none or the signal is aborted. */
  remove(organizationId: string, options: DeletionOptions): Promise<void>;
}

/** Reads and deletes by the field `organization` of these classes. */
export function organizationRows(
  rows: Rows,
  counted: Readonly<Record<string, ClassSpec>>,
  uncounted: readonly ClassSpec[] = [],
): OrganizationRows {
  return {
    async count(organization) {
      const entries = Object.entries(counted).map(
        async ([name, cls]) => [name, await rows.count(cls, { organization })] as const,
      );
      return Object.fromEntries(await Promise.all(entries));
    },
    async remove(organization, options) {
      for (const cls of [...Object.values(counted), ...uncounted]) {
        await deleteInBatches((limit) => rows.removeSome(cls, { organization }, limit), options);
      }
    },
  };
}

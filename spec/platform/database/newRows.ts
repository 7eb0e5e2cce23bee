import type { NewRow } from '../../../src/contract/index.js';
import type { Errand, Order, Parcel, Scan } from './classes.js';

let names = 0;

/** A name that no other spec of the file has. */
export function unique(prefix: string): string {
  names += 1;
  return `${prefix}${String(names)}`;
}

const base = () => ({ createdAt: new Date(), readers: ['org_1_admin', 'org_1_viewer'] });

export function newOrder(order: Partial<NewRow<typeof Order>> = {}): NewRow<typeof Order> {
  return { ...base(), id: unique('order'), customer: 'c1', body: '{}', ...order };
}

export function newParcel(parcel: Partial<NewRow<typeof Parcel>> = {}): NewRow<typeof Parcel> {
  return {
    ...base(),
    id: unique('parcel'),
    depot: 'd1',
    order: 'o1',
    state: 'pending',
    attempts: 0,
    ...parcel,
  };
}

export function newScan(scan: Partial<NewRow<typeof Scan>> = {}): NewRow<typeof Scan> {
  return { ...base(), id: unique('scan'), parcel: 'p1', outcome: 'seen', ...scan };
}

export function newErrand(errand: Partial<NewRow<typeof Errand>> = {}): NewRow<typeof Errand> {
  return { ...base(), id: unique('errand'), errandLane: 'e1', ...errand };
}

import { systemClock } from '../../../src/platform/clock.js';
import type { Database, Hold } from '../../../src/platform/database/index.js';
import { isLong } from '../../support/rounds.js';
import { Parcel, Scan } from './classes.js';
import { newParcel, newScan, unique } from './newRows.js';
import { openOver, useWorld } from './world.js';

const world = useWorld();

const HOLD_MS = 30_000;
/** Several times what one look of each of the holders takes. */
const LANES = isLong ? 500 : 200;

/** The state that the holders of one spec share. */
interface Yard {
  readonly kind: string;
  /** Which holder has which lane, as they believe. */
  readonly holderOf: Map<string, Holder>;
  /** Nothing more will be published. */
  isClosing: boolean;
  /** One of them has failed: the others would wait for its lanes. */
  hasFailed: boolean;
}

/** Takes lanes, works what is due in them page by page, and gives them back; until no lane of its yard waits. */
class Holder {
  readonly worked: string[] = [];

  constructor(
    private readonly db: Database,
    private readonly yard: Yard,
  ) {}

  async work(): Promise<void> {
    const { kind, holderOf } = this.yard;
    try {
      while (!this.yard.isClosing || (await this.db.nextLaneDue([kind]))) {
        if (this.yard.hasFailed) return;
        const holds = await this.db.hold({ kinds: [kind], count: 20, holdMs: 20 * HOLD_MS });
        for (const { key } of holds) {
          expect(holderOf.get(key)).toBeUndefined();
          holderOf.set(key, this);
        }
        await Promise.all(holds.map((hold) => this.workLane(hold)));
      }
    } catch (error) {
      this.yard.hasFailed = true;
      throw error;
    }
  }

  private async workLane(hold: Hold): Promise<void> {
    for (;;) {
      const rows = await this.db.loadDue(Parcel, [{ key: hold.key, limit: 3 }]);
      if (rows.length === 0) break;
      const applied = await this.db.settleMany({
        cls: Parcel,
        changes: rows.map(({ id, attempts }) => ({
          id,
          was: { attempts },
          set: { attempts: attempts + 1, state: 'delivered', dueAt: undefined },
        })),
        logClass: Scan,
        log: rows.map(({ id }) => newScan({ parcel: id })),
      });
      expect(applied).toBe(rows.length);
      this.worked.push(...rows.map(({ id }) => id));
    }
    const nextDueAt = (await this.db.nextDue(Parcel, [hold.key])).get(hold.key);
    expect(this.yard.holderOf.get(hold.key)).toBe(this);
    this.yard.holderOf.delete(hold.key);
    await this.db.release([{ hold, nextDueAt }]);
  }
}

it('8 holders on more lanes than they take at once work each row once, while rows keep coming', async () => {
  const { server, other } = world;
  const clocks = [-3_600_000, 0, 3_600_000].map((skew) => systemClock(() => Date.now() + skew));
  const databases = await Promise.all(
    Array.from({ length: 8 }, (_, at) =>
      openOver(at % 2 ? server : other, clocks[at % clocks.length] ?? systemClock()),
    ),
  );
  const [publisher] = databases;
  if (!publisher) throw new Error('Eight databases were opened.');
  const lanes = Array.from({ length: LANES }, () => unique('depot'));
  const kind = unique('kind');
  const publish = async () => {
    const dueAt = await publisher.now();
    const rows = lanes.map((depot) => newParcel({ depot, dueAt }));
    await publisher.insertMany(Parcel, rows);
    await publisher.wake(lanes.map((key) => ({ kind, key })));
    return rows.map(({ id }) => id);
  };
  const published = await publish();
  const yard: Yard = { kind, holderOf: new Map(), isClosing: false, hasFailed: false };
  const holders = databases.map((db) => new Holder(db, yard));
  const working = holders.map((holder) => holder.work());
  for (let round = 1; round < 4; round += 1) published.push(...(await publish()));
  yard.isClosing = true;
  await Promise.all(working);
  const worked = holders.flatMap((holder) => holder.worked);
  expect(worked.sort()).toEqual(published.sort());
  expect(yard.holderOf.size).toBe(0);
  expect(holders.filter((holder) => holder.worked.length > 0).length).toBeGreaterThan(1);
});

it('a row comes back when its holder died between sending and settling', async () => {
  const { db, otherDb, clock } = world;
  const [depot, kind] = [unique('depot'), unique('kind')];
  const parcel = newParcel({ depot, dueAt: clock.now() });
  await db.insertMany(Parcel, [parcel]);
  await db.wake([{ kind, key: depot }]);
  await db.hold({ kinds: [kind], count: 10, holdMs: HOLD_MS });
  expect(await db.loadDue(Parcel, [{ key: depot, limit: 10 }])).toHaveLength(1);
  // It is sent, and the process is gone.
  clock.advance(HOLD_MS - 1_000);
  expect(await otherDb.hold({ kinds: [kind], count: 10, holdMs: HOLD_MS })).toEqual([]);
  clock.advance(1_001);
  expect(await otherDb.hold({ kinds: [kind], count: 10, holdMs: HOLD_MS })).toMatchObject([
    { key: depot },
  ]);
  const again = await otherDb.loadDue(Parcel, [{ key: depot, limit: 10 }]);
  expect(again).toMatchObject([{ id: parcel.id, attempts: 0 }]);
});

it('what a holder settles after it overslept is refused once another has settled', async () => {
  const { db, otherDb, clock } = world;
  const [depot, kind] = [unique('depot'), unique('kind')];
  const parcel = newParcel({ depot, dueAt: clock.now() });
  await db.insertMany(Parcel, [parcel]);
  await db.wake([{ kind, key: depot }]);
  const settle = (by: Database, set: { state: string; dueAt?: Date | undefined }) =>
    by.settleMany({
      cls: Parcel,
      changes: [{ id: parcel.id, was: { attempts: 0 }, set: { attempts: 1, ...set } }],
      logClass: Scan,
      log: [newScan({ parcel: parcel.id })],
    });
  const [late] = await db.hold({ kinds: [kind], count: 10, holdMs: HOLD_MS });
  clock.advance(HOLD_MS + 1);
  const [next] = await otherDb.hold({ kinds: [kind], count: 10, holdMs: HOLD_MS });
  const retryAt = new Date(clock.now().getTime() + 60_000);
  expect(await settle(otherDb, { state: 'pending', dueAt: retryAt })).toBe(1);
  expect(await settle(db, { state: 'delivered', dueAt: undefined })).toBe(0);
  expect(await db.loadMany(Parcel, [parcel.id])).toMatchObject([
    { state: 'pending', attempts: 1, dueAt: retryAt },
  ]);
  if (!late || !next) throw new Error('Both have held the lane.');
  expect(await db.prolong([late], HOLD_MS)).toEqual([]);
  expect(await otherDb.prolong([next], HOLD_MS)).toHaveLength(1);
});

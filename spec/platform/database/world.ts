import type { Db } from 'mongodb';

import type { Clock } from '../../../src/platform/clock.js';
import { type Database, openDatabase } from '../../../src/platform/database/index.js';
import { type TestClock, testClock } from '../../support/clock.js';
import { createStore, engine, type Store } from '../../support/store.js';
import { type BareServer, classes, startBareServer } from './bareServer.js';

/** A store with two Parse Servers on it, as two processes have them: each with a connection of its own. */
export interface World {
  readonly server: BareServer;
  readonly other: BareServer;
  /** Shared by `db` and `otherDb`, so that a spec moves the time of both. */
  readonly clock: TestClock;
  readonly db: Database;
  readonly otherDb: Database;
}

/** Call at the top of a spec file; the world is there when its specs run. */
export function useWorld(): World {
  const world = {} as { -readonly [K in keyof World]: World[K] };
  let store: Store;
  beforeAll(async () => {
    store = await createStore();
    world.server = await startBareServer(store.uri);
    world.other = await startBareServer(store.uri);
    world.clock = testClock();
    world.db = await openDatabase(world.server.controller.adapter, world.clock);
    world.otherDb = await openDatabase(world.other.controller.adapter, world.clock);
    await Promise.all([world.db.prepare(classes), world.otherDb.prepare(classes)]);
  });
  afterAll(async () => {
    await world.server.close();
    await world.other.close();
    await store.drop();
  });
  return world;
}

/** The database over a server's connection, for a process with a clock of its own. */
export function openOver(server: BareServer, clock: Clock): Promise<Database> {
  return openDatabase(server.controller.adapter, clock);
}

type RawRow = Record<string, unknown>;

interface Connections {
  readonly _client: { any(query: { text: string; values: unknown[] }): Promise<RawRow[]> };
  readonly database: Db;
}

/** The connection itself, without Parse and the code under test. */
export function connectionOf(server: BareServer): Connections {
  return server.controller.adapter as unknown as Connections;
}

/** A row as the database stores it. */
export async function loadRaw(
  server: BareServer,
  className: string,
  id: string,
): Promise<RawRow | undefined> {
  const { _client: client, database } = connectionOf(server);
  if (engine === 'mongodb') {
    const document = await database.collection<{ _id: string }>(className).findOne({ _id: id });
    return document ?? undefined;
  }
  const text = `select * from "${className}" where "objectId" = $1`;
  const [row] = await client.any({ text, values: [id] });
  return row;
}

/**
 * A statement that a failing adapter passes to `before`: SQL, or a method of a MongoDB collection that writes many
 * rows.
 */
export interface Statement {
  readonly className: string;
  readonly call: string;
}

const WRITES = new Set(['insertMany', 'bulkWrite', 'updateMany']);

/** An adapter that calls `before` with each statement, which may throw: a crash or a lost connection at that line. */
export function failingAdapter(server: BareServer, before: (statement: Statement) => void): object {
  const { _client: client, database } = connectionOf(server);
  if (engine === 'postgres') {
    const any = async (query: { text: string; values: unknown[] }) => {
      before({ className: /"(\w+)"/.exec(query.text)?.[1] ?? '', call: query.text });
      return client.any(query);
    };
    return { _client: { any } };
  }
  const collection = (className: string) =>
    new Proxy(database.collection(className), {
      get(target, method) {
        const member: unknown = Reflect.get(target, method);
        if (typeof member !== 'function') return member;
        const call = (...args: unknown[]) => Reflect.apply(member, target, args) as unknown;
        if (!WRITES.has(String(method))) return call;
        return async (...args: unknown[]) => {
          before({ className, call: String(method) });
          return call(...args);
        };
      },
    });
  const aggregate = database.aggregate.bind(database);
  return { database: { collection, aggregate }, _collectionPrefix: '' };
}

/** An adapter that notes the errors of PostgreSQL, deadlocks among them, which are otherwise tried again unseen. */
export function observedAdapter(server: BareServer, errors: unknown[]): object {
  if (engine === 'mongodb') return server.controller.adapter;
  const { _client: client } = connectionOf(server);
  const any = (query: { text: string; values: unknown[] }) =>
    client.any(query).catch((error: unknown) => {
      errors.push(error);
      throw error;
    });
  return { _client: { any } };
}

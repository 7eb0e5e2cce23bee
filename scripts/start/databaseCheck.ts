import { setTimeout as wait } from 'node:timers/promises';

import { requireOfParseServer } from './checks.js';
import { errorCode } from './errorCode.js';
import { StartProblem } from './startProblem.js';

/** Throws unless the database responds to a query within `withinMs`. No message contains the password. */
export async function checkDatabase(uri: string, withinMs = 10_000): Promise<string> {
  const maskedUri = maskUri(uri);
  const ping = uri.startsWith('mongodb') ? pingMongo : pingPostgres;
  try {
    await ping(uri, withinMs);
  } catch (error) {
    throw new StartProblem(
      `The database ${maskedUri} cannot be used (${reasonOf(error, uri)}): start it, or correct DATABASE_URI`,
    );
  }
  return `${maskedUri} responds`;
}

/** Returns scheme, user, hosts and name, without the password and without the options, which may contain one too. */
export function maskUri(uri: string): string {
  return uri
    .replace(/[?#].*$/, '')
    .replace(/^([a-z+]+:\/\/)([^@]*)@/, (_, scheme: string, user: string) => {
      const name = user.split(':')[0] ?? '';
      return `${scheme}${name}${user.includes(':') ? ':***' : ''}@`;
    });
}

// The members used of the drivers, which are dependencies of parse-server, not of this package.
interface MongoModule {
  readonly MongoClient: new (
    uri: string,
    options: { serverSelectionTimeoutMS: number; connectTimeoutMS: number },
  ) => {
    db(): { command(command: { ping: 1 }): Promise<unknown> };
    close(): Promise<void>;
  };
}
interface PgClient {
  on(event: 'error', listener: () => void): void;
  connect(): Promise<void>;
  query(text: string): Promise<unknown>;
  end(): Promise<void>;
}
type PgModule = (options: { noWarnings: boolean }) => {
  readonly pg: {
    readonly Client: new (options: {
      connectionString: string;
      connectionTimeoutMillis: number;
      query_timeout: number;
    }) => PgClient;
  };
};

async function pingMongo(uri: string, withinMs: number): Promise<void> {
  const { MongoClient } = requireOfParseServer()('mongodb') as MongoModule;
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: withinMs,
    connectTimeoutMS: withinMs,
  });
  try {
    await client.db().command({ ping: 1 });
  } finally {
    await client.close();
  }
}

/** Retries while the database is starting up. Any other refusal is final. */
async function pingPostgres(uri: string, withinMs: number): Promise<void> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const leftMs = Math.max(1, Math.ceil(endMs - performance.now()));
    try {
      await queryPostgres(uri, leftMs);
      return;
    } catch (error) {
      if (performance.now() + 250 >= endMs || !mayPass(error)) throw error;
    }
    await wait(250);
  }
}

async function queryPostgres(uri: string, withinMs: number): Promise<void> {
  const pgPromise = requireOfParseServer()('pg-promise') as PgModule;
  const { Client } = pgPromise({ noWarnings: true }).pg;
  const client = new Client({
    connectionString: uri,
    connectionTimeoutMillis: withinMs,
    query_timeout: withinMs,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    // Not awaited: after a failed connect, end() would wait for a response that does not come.
    void client.end().catch(() => undefined);
  }
}

/** 57P03: the database is starting up. https://www.postgresql.org/docs/18/errcodes-appendix.html */
function mayPass(error: unknown): boolean {
  return ['ECONNREFUSED', 'ECONNRESET', 'EAI_AGAIN', '57P03'].includes(errorCode(error));
}

function reasonOf(error: unknown, uri: string): string {
  const { message = '' } = error as Partial<Error>;
  const text = (message.split('\n')[0] ?? '').trim() || errorCode(error) || 'no reason given';
  const password = /^[a-z+]+:\/\/[^:@/]*:([^@]+)@/.exec(uri)?.[1];
  return password === undefined ? text : text.replaceAll(password, '***');
}

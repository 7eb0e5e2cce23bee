import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';

import { calculateJwkThumbprint } from 'jose';

import type { Clock } from '../../platform/clock.js';
import { type OAuthStore, recordId } from '../store.js';
import type { Seals } from './seal.js';

/** A private key in the form that the authorization server takes. */
export interface SigningKey extends JsonWebKey {
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'ES256';
}

interface KeySetDeps {
  readonly store: OAuthStore;
  readonly seals: Seals;
  readonly clock: Clock;
}

const KIND = 'KeySet';
const ID = recordId(KIND, 'signing');

/**
 * The keys for signing tokens: generated once and stored encrypted, so that all processes have the same. Keys that none of the
 * secrets decrypts are replaced; the tokens that they signed stop working.
 */
export async function loadSigningKeys(deps: KeySetDeps): Promise<readonly SigningKey[]> {
  const { store, seals, clock } = deps;
  for (;;) {
    const row = await store.loadRecord(ID);
    const known = row && seals.open(row.payload, ID);
    if (known !== undefined && seals.isPresent(row?.payload ?? '')) return read(known);
    const text = known ?? JSON.stringify([await newKey()]);
    const payload = seals.seal(text, ID);
    // When several processes do this at once, one write succeeds and all of them read it.
    if (row) await store.changeRecord(ID, { payload }, { payload: row.payload });
    else await store.insertRecord({ id: ID, kind: KIND, payload, createdAt: clock.now() });
  }
}

function read(text: string): readonly SigningKey[] {
  return JSON.parse(text) as readonly SigningKey[];
}

async function newKey(): Promise<SigningKey> {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = privateKey.export({ format: 'jwk' });
  const kid = await calculateJwkThumbprint(jwk);
  return { ...jwk, kid, use: 'sig', alg: 'ES256' };
}

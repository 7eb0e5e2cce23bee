import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import { createVaultService } from '../../src/vault/index.js';
import { say } from '../start/say.js';
import { measure, median } from './measure.js';
import { memoryKeys } from './memoryKeys.js';
import { printTable } from './table.js';

const TEXT_BYTES = 430;
const COUNT = 50_000;
const CONTEXT = {
  organization: 'o',
  className: 'ServiceConnection',
  field: 'sealedCredential',
  recordId: 'r',
};

export interface VaultResult {
  readonly what: string;
  readonly perSecond: number;
  /** Relative to bare AES-256-GCM of the same size, measured just before. */
  readonly ratio: number;
  readonly cpuUs: number;
}

/** Measures values encrypted and decrypted per second. The ceiling is bare AES-256-GCM of the same size with one key. */
export async function vault(rounds: number): Promise<VaultResult[]> {
  const service = createVaultService(memoryKeys());
  await service.unlock();
  const text = randomBytes(TEXT_BYTES / 2).toString('hex');
  const sealed = await service.seal(text, CONTEXT);
  const key = randomBytes(32);
  const bare = { seal: () => bareSeal(key, text), open: bareOpen(key, bareSeal(key, text)) };
  const work = {
    seal: () => service.seal(text, CONTEXT),
    open: () => service.open(sealed, CONTEXT),
  };
  const results: VaultResult[] = [];
  for (const what of ['seal', 'open'] as const) {
    const measured = [];
    for (let round = 0; round <= rounds; round += 1) {
      const ceiling = await measure(COUNT, () => repeated(bare[what]));
      const ours = await measure(COUNT, () => repeated(work[what]));
      // The first round warms up.
      if (round > 0) measured.push({ ours, ceiling });
    }
    results.push({
      what,
      perSecond: median(measured.map(({ ours }) => ours.perSecond)),
      ratio: median(measured.map(({ ours, ceiling }) => ours.perSecond / ceiling.perSecond)),
      cpuUs: median(measured.map(({ ours }) => ours.cpuUs)),
    });
  }
  say();
  printTable(
    [`${String(TEXT_BYTES)} bytes`, 'a second', 'of bare AES-GCM', 'CPU µs each'],
    results.map(({ what, perSecond, ratio, cpuUs }) => [
      ...[what, perSecond.toFixed(0), ratio.toFixed(2), cpuUs.toFixed(1)],
    ]),
  );
  return results;
}

async function repeated(one: () => unknown): Promise<void> {
  for (let n = 0; n < COUNT; n += 1) await one();
}

function bareSeal(key: Buffer, text: string): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 });
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function bareOpen(key: Buffer, box: Buffer): () => string {
  return () => {
    const options = { authTagLength: 16 };
    const decipher = createDecipheriv('aes-256-gcm', key, box.subarray(0, 12), options);
    decipher.setAuthTag(box.subarray(-16));
    const text = decipher.update(box.subarray(12, -16));
    return Buffer.concat([text, decipher.final()]).toString();
  };
}

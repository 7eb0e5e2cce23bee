import { randomFillSync } from 'node:crypto';

/** Random bytes fetched ahead: a system call for sixteen bytes costs more than the rest of generating an id. */
const pool = Buffer.alloc(4_096);
let taken = pool.length;

/**
 * Returns random digits of an alphabet of at most 256, each equally likely: bytes past the last whole multiple of its
 * length are discarded. Fit for secrets; bytes that were used do not stay in memory.
 */
export function randomDigits(alphabet: string, count: number): string {
  const fair = 256 - (256 % alphabet.length);
  let digits = '';
  while (digits.length < count) {
    const byte = nextByte();
    if (byte < fair) digits += alphabet.charAt(byte % alphabet.length);
  }
  return digits;
}

function nextByte(): number {
  if (taken === pool.length) {
    randomFillSync(pool);
    taken = 0;
  }
  const byte = pool.readUInt8(taken);
  pool[taken] = 0;
  taken += 1;
  return byte;
}

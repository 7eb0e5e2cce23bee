import { randomFillSync } from 'node:crypto';

/** Random bytes fetched ahead: asking the system for sixteen at a time costs more than all the rest of making an id. */
const pool = Buffer.alloc(4_096);
let taken = pool.length;

/**
 * Digits of an alphabet of at most 256, each equally likely: bytes past the last whole multiple of its length are thrown
 * away. Fit for secrets; what was handed out does not stay in memory.
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

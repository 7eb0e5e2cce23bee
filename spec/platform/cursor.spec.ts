import { commonErrors } from '../../src/contract/index.js';
import { decodeCursor, encodeCursor } from '../../src/platform/cursor.js';

const read = ([at, id]: readonly unknown[]) =>
  typeof at === 'number' && typeof id === 'string' ? { at, id } : undefined;
const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('is read as it was made, and fits into an address as it is', () => {
    const cursor = encodeCursor('Webhook', [7, 'ä/?&']);
    expect(cursor).toMatch(/^[\w-]+$/);
    expect(decodeCursor('Webhook', cursor, read)).toEqual({ at: 7, id: 'ä/?&' });
  });

  it('may be at the beginning of a list', () => {
    expect(decodeCursor('Webhook', encodeCursor('Webhook', [0]), ([at]) => at)).toBe(0);
  });

  it.each([
    ['of another list', encodeCursor('Other', [7, 'a'])],
    ['without a position', encodeCursor('Webhook', [])],
    ['with another position', encodeCursor('Webhook', ['a', 7])],
    ['that is empty', ''],
    ['that is not base64url of JSON', 'a b'],
    ['that is not a list', made('Webhook')],
    ['that is an object', made({ 0: 'Webhook', 1: 7, 2: 'a' })],
    ['that is null', made(null)],
  ])('%s is refused', (_what, cursor) => {
    expect(() => decodeCursor('Webhook', cursor, read)).toThrow(
      expect.objectContaining({ spec: commonErrors.InvalidCursor.spec }) as Error,
    );
  });
});

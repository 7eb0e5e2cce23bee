import { createDevices, DEVICE_LIFE_MS } from '../../src/security/index.js';

describe('a known browser', () => {
  const [old, fresh] = ['a-secret-of-thirty-two-characters', 'b-secret-of-thirty-two-characters'];
  const now = new Date('2026-01-02T03:04:05.000Z');
  const value = createDevices([old]).generate('user1', now);

  it('is known for one account, under the current secret and previous ones', () => {
    const id = createDevices([old]).read(value, 'user1', now);
    expect(id).toMatch(/^[\w-]{22}$/);
    expect(createDevices([fresh, old]).read(value, 'user1', now)).toBe(id);
    expect(createDevices([fresh]).read(value, 'user1', now)).toBe(undefined);
    expect(createDevices([old]).read(value, 'user2', now)).toBe(undefined);
  });

  it('gets another value each time', () => {
    expect(createDevices([old]).generate('user1', now)).not.toBe(value);
  });

  it.each([
    '',
    'a.b.c',
    'a',
    value.slice(0, -1),
    `${value}.x`,
    `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`,
  ])('is not recognized by %s', (forged) => {
    expect(createDevices([old]).read(forged, 'user1', now)).toBe(undefined);
  });

  it('is unknown again after half a year', () => {
    const at = (ms: number) =>
      createDevices([old]).read(value, 'user1', new Date(now.getTime() + ms));
    expect(at(DEVICE_LIFE_MS - 1)).toBeDefined();
    expect(at(DEVICE_LIFE_MS)).toBe(undefined);
  });
});

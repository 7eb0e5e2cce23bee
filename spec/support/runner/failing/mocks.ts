import { jest } from '@jest/globals';

it('mocks, with the import that jest documents and with the global', () => {
  jest.spyOn(Date, 'now').mockReturnValue(5);
  expect(Date.now()).toBe(5);
  const mock = globalThis.jest.fn(() => 1);
  expect(mock()).toBe(1);
  expect(mock).toHaveBeenCalledTimes(1);
});

import { jest } from '@jest/globals';

it('sets a variable of the environment, and changes and deletes others', () => {
  process.env['SPEC_OF_THE_FILE_BEFORE'] = 'set';
  process.env['NODE_ENV'] = 'changed';
  delete process.env['PATH'];
  expect(process.env).toMatchObject({ SPEC_OF_THE_FILE_BEFORE: 'set', NODE_ENV: 'changed' });
});

it('mocks, with the import that jest documents and with the global', () => {
  jest.spyOn(Date, 'now').mockReturnValue(5);
  expect(Date.now()).toBe(5);
  const mock = globalThis.jest.fn(() => 1);
  expect(mock()).toBe(1);
  expect(mock).toHaveBeenCalledTimes(1);
});

it('sees the environment as it was', () => {
  expect(process.env['SPEC_OF_THE_FILE_BEFORE']).toBeUndefined();
  expect(process.env['NODE_ENV']).toBe('test');
  expect(process.env['PATH']).toBeDefined();
});

it('sees no mock of the file before', () => {
  expect(Date.now()).toBeGreaterThan(5);
});

it('sees no mock of the file before', () => {
  expect(Date.now()).toBeGreaterThan(5);
});

it('throws after its end', () => {
  setImmediate(() => {
    throw new Error('after the tests');
  });
});

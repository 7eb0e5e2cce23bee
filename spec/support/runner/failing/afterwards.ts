it('leaves something for later', () => {
  setImmediate(() => {
    throw new Error('after the tests');
  });
});

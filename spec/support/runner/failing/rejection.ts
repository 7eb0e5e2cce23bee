it('does not handle a rejection', async () => {
  void Promise.reject(new Error('without a handler'));
  await new Promise((resolve) => setImmediate(resolve));
});

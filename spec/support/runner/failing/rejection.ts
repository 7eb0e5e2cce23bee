it('leaves a promise to itself', async () => {
  void Promise.reject(new Error('nobody hears this'));
  await new Promise((resolve) => setImmediate(resolve));
});

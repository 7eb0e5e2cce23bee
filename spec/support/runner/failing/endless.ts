it('waits for what never comes', async () => {
  await new Promise(() => undefined);
}, 100);

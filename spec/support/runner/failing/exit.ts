it('ends the process', () => {
  process.stderr.write('the last words');
  process.exit(0);
});

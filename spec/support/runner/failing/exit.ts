it('ends the process', () => {
  process.stderr.write('the last output');
  process.exit(0);
});

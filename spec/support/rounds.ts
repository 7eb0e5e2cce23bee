/** How often a spec tries what a race decides: `usual` times, a hundred in the long form (`npm run test:all`). */
export function rounds(usual: number): number {
  return process.env['SPEC_LONG'] === '1' ? Math.max(usual, 100) : usual;
}

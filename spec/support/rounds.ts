/** Whether this is the long form, `npm run test:all`. */
export const isLong = process.env['SPEC_LONG'] === '1';

/** How often a spec tries what a race decides: `usual` times, a hundred in the long form. */
export function rounds(usual: number): number {
  return isLong ? Math.max(usual, 100) : usual;
}

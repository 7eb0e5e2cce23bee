import { parseUrl } from '../../src/contract/index.js';

/** Enough calls for V8 to optimize the function under test. */
const CALLS = 300_000;

describe('parseUrl', () => {
  it('returns the URL, however often it is called', () => {
    const urls = ['https://äpp.example.com/', 'https://a.example/?q=ü'];
    let failures = 0;
    for (let nth = 0; nth < CALLS; nth += 1) if (!parseUrl(urls[nth % 2] ?? '')) failures += 1;
    expect(failures).toBe(0);
  });

  it('returns undefined for what is not a URL', () => {
    expect(parseUrl('not a URL')).toBeUndefined();
    expect(parseUrl('/next', 'no base')).toBeUndefined();
  });

  it('resolves against a base', () => {
    expect(parseUrl('/next?page=2', new URL('https://a.example/list'))?.href).toBe(
      'https://a.example/next?page=2',
    );
  });
});

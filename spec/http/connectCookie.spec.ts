import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import express from 'express';

import { readConsentCookie, setConsentCookie } from '../../src/http/connectCookie.js';

/** The cookie that a browser gets, as Express writes it. */
async function cookieFor(callbackUrl: string, state: string): Promise<string> {
  const app = express().get('/', (_req, res) => {
    setConsentCookie(res, 'proof', { callbackUrl, state });
    res.end();
  });
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/`);
  server.closeAllConnections();
  server.close();
  return response.headers.get('set-cookie') ?? '';
}

const HTTPS = 'https://api.example.com/api/hub/oauth/callback';

it('goes to the callback only, is hidden from scripts, and needs https where the callback has it', async () => {
  const cookie = await cookieFor(HTTPS, 's');
  expect(cookie.split('; ')).toEqual(
    expect.arrayContaining(['Path=/api/hub/oauth/callback', 'HttpOnly', 'SameSite=Lax', 'Secure']),
  );
  expect(await cookieFor('http://localhost:1337/hub/oauth/callback', 's')).not.toContain('Secure');
});

it('is read for its own attempt, among others', async () => {
  const [mine = '', other = ''] = await Promise.all(
    ['mine', 'other'].map(async (state) => (await cookieFor(HTTPS, state)).split(';')[0]),
  );
  const read = (cookie: string | undefined) => readConsentCookie({ headers: { cookie } }, 'mine');
  expect(read(`a=b; ${other}; ${mine}`)).toBe('proof');
  expect(read(other)).toBeUndefined();
  expect(read(`x${mine}`)).toBeUndefined();
  expect(read(undefined)).toBeUndefined();
});

import type { Lookup } from '../../src/platform/http/index.js';

/** Resolves the host names of these cases. */
export const lookup: Lookup = (host) => {
  const addresses: Record<string, string[]> = {
    'public.example': ['93.184.215.14'],
    'private.example': ['10.1.2.3'],
    'half.example': ['93.184.215.14', '192.168.1.1'],
    'metadata.example': ['169.254.169.254'],
    'mapped.example': ['::ffff:10.0.0.1'],
    'translated.example': ['64:ff9b::a00:1'],
    'unique-local.example': ['fd00::1'],
    'nothing.example': [],
  };
  const found = addresses[host];
  if (!found) return Promise.reject(Object.assign(new Error(host), { code: 'ENOTFOUND' }));
  return Promise.resolve(
    found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
  );
};

/** URLs that a hub without an allow-list refuses, with a part of the error message. */
export const REFUSED_TARGETS: readonly (readonly [url: string, problem: RegExp])[] = [
  ['http://93.184.215.14/', /https:\/\//],
  ['http://public.example/', /https:\/\//],
  ['http://127.0.0.1:9/hooks', /https:\/\//],
  ['https://127.0.0.1/', /private or reserved/],
  ['https://127.1/', /private or reserved/],
  ['https://0x7f000001/', /private or reserved/],
  ['https://2130706433/', /private or reserved/],
  ['https://0177.0.0.1/', /private or reserved/],
  ['https://0.0.0.0/', /private or reserved/],
  ['https://10.0.0.1/', /private or reserved/],
  ['https://172.16.0.1/', /private or reserved/],
  ['https://192.168.0.1/', /private or reserved/],
  ['https://169.254.169.254/latest/meta-data/', /private or reserved/],
  ['https://100.64.0.1/', /private or reserved/],
  ['https://[::1]/', /private or reserved/],
  ['https://[::ffff:127.0.0.1]/', /private or reserved/],
  ['https://[64:ff9b::7f00:1]/', /private or reserved/],
  ['https://[fd00::1]/', /private or reserved/],
  ['https://[fe80::1]/', /private or reserved/],
  ['https://private.example/', /resolves to a private or reserved/],
  ['https://half.example/', /resolves to a private or reserved/],
  ['https://metadata.example/', /resolves to a private or reserved/],
  ['https://mapped.example/', /resolves to a private or reserved/],
  ['https://translated.example/', /resolves to a private or reserved/],
  ['https://unique-local.example/', /resolves to a private or reserved/],
  ['https://nothing.example/', /No address is known/],
  ['https://unknown.example/', /No address is known/],
  ['https://localhost/', /private network/],
  ['https://hub.localhost/', /private network/],
  ['https://hub.internal/', /private network/],
  ['https://intranet/', /private network/],
  ['https://user:pw@public.example/', /user name or password/],
  ['https://public.example/#x', /fragment/],
  ['https://public.example:0/', /port 0/],
  ['https://public.example./', /dot at the end/],
  ['ftp://public.example/', /must begin with https/],
  ['javascript:alert(1)', /must begin with https/],
  ['//public.example/', /must begin with https/],
  ['public.example', /must begin with https/],
  ['https://', /must begin with https/],
  ['https://public.example/a b', /space/],
  ['https://public.example\\@10.0.0.1/', /backslash/],
  ['\thttps://public.example/', /control character/],
  [`https://public.example/${'x'.repeat(2048)}`, /2048/],
  ['', /must begin with https/],
];

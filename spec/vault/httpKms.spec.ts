import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { DoesNotOpen } from '../../src/vault/aead.js';
import type { FullEncryptionContext } from '../../src/vault/context.js';
import { createHttpKms } from '../../src/vault/httpKms.js';
import { createTestKms, openTestVault, type TestKms } from './testVault.js';

const CONTEXT = { organization: 'o1', className: 'Webhook', field: 'secrets', recordId: 'w1' };
const TOKEN = 'token of the key service';

/** A key service with the keys of `kms`. */
function serve(kms: TestKms): Server {
  return createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const respond = (status: number, body: object) => {
        res.writeHead(status).end(JSON.stringify(body));
      };
      if (req.headers.authorization !== `Bearer ${TOKEN}`) {
        respond(403, {});
        return;
      }
      const body = JSON.parse(Buffer.concat(chunks).toString() || '{}') as Record<string, string>;
      reply(kms, req.url ?? '', body).then(
        (found) => {
          respond(200, found);
        },
        () => {
          respond(400, {});
        },
      );
    });
  });
}

async function reply(kms: TestKms, path: string, body: Readonly<Record<string, unknown>>) {
  const context = body['context'] as FullEncryptionContext;
  if (path === '/current') return { keyId: await kms.current() };
  if (path === '/generate') {
    const { keyId, plain, wrapped } = await kms.generate(context);
    return { keyId, plaintext: plain.toString('base64'), ciphertext: wrapped.toString('base64') };
  }
  const wrapped = Buffer.from(String(body['ciphertext']), 'base64');
  const plain = await kms.unwrap(String(body['keyId']), wrapped, context);
  return { plaintext: plain.toString('base64') };
}

describe('a key service over HTTP', () => {
  const inside = createTestKms('k1');
  const server = serve(inside);
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const vaultWith = (token = TOKEN) =>
    openTestVault('app', createHttpKms({ url, token, currentForMs: 0 }));

  it('holds the keys: values are encrypted, decrypted, and re-encrypted when it has another key', async () => {
    const vault = vaultWith();
    const sealed = await vault.seal('secret', CONTEXT);
    expect(sealed).toMatch(/^v1\.k1\./);
    expect(await vault.open(sealed, CONTEXT)).toBe('secret');
    expect(await vault.reencrypt(sealed, CONTEXT)).toBeUndefined();
    inside.add('k2');
    const anew = (await vault.reencrypt(sealed, CONTEXT)) ?? '';
    expect(anew).toMatch(/^v1\.k2\./);
    expect(await vault.open(anew, CONTEXT)).toBe('secret');
    expect(await vault.open(sealed, CONTEXT)).toBe('secret');
  });

  it('unwraps only for the context', async () => {
    const sealed = await vaultWith().seal('secret', CONTEXT);
    const elsewhere = { ...CONTEXT, organization: 'o2' };
    await expect(vaultWith().open(sealed, elsewhere)).rejects.toThrow(DoesNotOpen);
  });

  it('that refuses the hub is not reported as a value that cannot be decrypted', async () => {
    const refused = await vaultWith('wrong')
      .seal('secret', CONTEXT)
      .catch((error: unknown) => error);
    expect(refused).not.toBeInstanceOf(DoesNotOpen);
    expect(String(refused)).toBe('Error: The key service responded with status 403.');
  });
});

// `openssl rand -hex 32`, for machines without openssl.
import { randomBytes } from 'node:crypto';

const [command, encoding, bytes] = process.argv.slice(2);
if (command !== 'rand' || encoding !== '-hex')
  throw new Error('The openssl of the specs supports only rand -hex.');
process.stdout.write(`${randomBytes(Number(bytes)).toString('hex')}\n`);

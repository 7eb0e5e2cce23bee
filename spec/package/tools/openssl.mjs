// `openssl rand -hex 32`, for machines that have no openssl.
import { randomBytes } from 'node:crypto';

const [command, encoding, bytes] = process.argv.slice(2);
if (command !== 'rand' || encoding !== '-hex')
  throw new Error('openssl of the specs knows rand -hex alone.');
process.stdout.write(`${randomBytes(Number(bytes)).toString('hex')}\n`);

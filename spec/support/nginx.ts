import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type LookupFunction } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { Agent } from 'undici';

import { memoryFolder } from './memoryFolder.mjs';

/** nginx with TLS and a certificate of its own. */
export interface Nginx {
  readonly port: number;
  /** `fetch`, as a client at this address of the machine: it finds nginx under any host name, and trusts its certificate. */
  fetchFrom(address: string): typeof fetch;
  stop(): Promise<void>;
}

interface NginxOptions {
  readonly port: number;
  /** The host name of its certificate. */
  readonly host: string;
  /** The `server` block, which names the certificate CERTIFICATE and its key KEY. */
  readonly server: string;
}

/** Starts nginx on 127.0.0.1; see SPEC_NGINX in jest.config.mjs. Throws with its output when it does not start. */
export async function startNginx({ port, host, server }: NginxOptions): Promise<Nginx> {
  const folder = await mkdtemp(join(await memoryFolder(), 'hub-nginx-'));
  // Its workers, which buffer large responses there, may be another user.
  await chmod(folder, 0o755);
  const certificate = join(folder, 'certificate.pem');
  const key = join(folder, 'key.pem');
  await createCertificate({ certificate, key, host });
  const file = join(folder, 'nginx.conf');
  const text = server.replaceAll('CERTIFICATE', certificate).replaceAll('KEY', key);
  await writeFile(file, configuration(folder, text));
  const child = spawn(process.env['SPEC_NGINX'] ?? '', ['-c', file, '-p', folder, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(child, 'close');
  let hasEnded = false;
  void ended.then(() => (hasEnded = true));
  while (!(await accepts(port))) if (hasEnded) throw new Error(`nginx did not start: ${output}`);
  const ca = await readFile(certificate, 'utf8');
  const agents: Agent[] = [];
  return {
    port,
    fetchFrom(localAddress) {
      const agent = new Agent({ localAddress, connect: { ca, lookup: toLoopback } });
      agents.push(agent);
      // The types of Node's own undici and of the installed one differ.
      return (url, init) => fetch(url, { ...init, dispatcher: agent as never });
    },
    async stop() {
      await Promise.all(agents.map((agent) => agent.close()));
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

const configuration = (folder: string, server: string) => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events {}
http {
  access_log off;
${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};`).join('\n')}
${server}
}
`;

/** Creates a self-signed certificate for a day. */
async function createCertificate(at: { certificate: string; key: string; host: string }) {
  const { certificate, key, host } = at;
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
    ...['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`, '-days', '1'],
    ...['-keyout', key, '-out', certificate],
  ]);
}

/** Returns whether a server accepts connections on this port. */
async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Any host name is this machine. With a local address Node asks for one address, not for all. */
const toLoopback: LookupFunction = (_host, _options, found) => {
  found(null, '127.0.0.1', 4);
};

import { createSocket } from 'node:dgram';

// https://www.rfc-editor.org/rfc/rfc1035#section-4.1.1 and https://www.rfc-editor.org/rfc/rfc3596#section-2.1
const RCODES = { ok: 0, servfail: 2, nxdomain: 3 };
const TYPES: Readonly<Record<number, 'A' | 'AAAA'>> = { 1: 'A', 28: 'AAAA' };

/** Addresses, the reason why there are none, or no response at all. */
export type DnsAnswer = readonly string[] | 'servfail' | 'nxdomain' | 'silent';

export interface DnsServer {
  /** `address:port`. */
  readonly address: string;
  readonly questions: readonly { readonly name: string; readonly type: string }[];
  close(): Promise<void>;
}

/** A DNS server on 127.0.0.1 that responds with the results of `answer`. */
export async function startDnsServer(
  answer: (name: string, type: 'A' | 'AAAA') => DnsAnswer,
): Promise<DnsServer> {
  const questions: { name: string; type: string }[] = [];
  const socket = createSocket('udp4');
  socket.on('message', (query, { address, port }) => {
    const { name, end } = readName(query);
    const type = TYPES[query.readUInt16BE(end)];
    if (type === undefined) return;
    questions.push({ name, type });
    const result = answer(name, type);
    if (result !== 'silent') socket.send(respond(query, end + 4, result), port, address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    questions,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

function readName(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query.readUInt8(at); length > 0; length = query.readUInt8(at)) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.'), end: at + 1 };
}

function respond(query: Buffer, end: number, result: Exclude<DnsAnswer, 'silent'>): Buffer {
  const addresses = typeof result === 'string' ? [] : result;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180 | (typeof result === 'string' ? RCODES[result] : RCODES.ok), 2);
  head.writeUInt16BE(addresses.length, 6);
  head.writeUInt32BE(0, 8);
  const records = addresses.map((address) => {
    const data = bytesOf(address);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    record.writeUInt16BE(data.length === 4 ? 1 : 28, 2);
    record.writeUInt16BE(1, 4);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([record, data]);
  });
  return Buffer.concat([head, query.subarray(12, end), ...records]);
}

/** The bytes of an IPv4 address, or of an IPv6 one that has all eight groups. */
function bytesOf(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  return Buffer.from(
    address.split(':').flatMap((each) => [parseInt(each, 16) >> 8, parseInt(each, 16) & 0xff]),
  );
}

import { crc32 as checksumOf } from 'node:zlib';

/** CRC-32 as https://www.rfc-editor.org/rfc/rfc1952#section-8 has it, in base64 of its four bytes: how S3 wants it. */
export function crc32(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksumOf(text));
  return bytes.toString('base64');
}

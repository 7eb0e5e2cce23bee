import { crc32 as checksumOf } from 'node:zlib';

/** Returns the CRC-32 of https://www.rfc-editor.org/rfc/rfc1952#section-8 as base64 of its four bytes, as S3 expects it. */
export function crc32(text: string): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(checksumOf(text));
  return bytes.toString('base64');
}

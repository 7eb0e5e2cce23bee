import { z } from 'zod';

import { path, pathOf, type ProviderResponse } from '../../src/contract/index.js';
import { text } from './shared.js';

// Shapes shared by several operations of S3. https://docs.aws.amazon.com/AmazonS3/latest/API

/**
 * In the path: one address serves all buckets of a region.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html#path-style-access
 */
export const bucket = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{1,253}[A-Za-z0-9]$/)
  .describe('A bucket in the region of the connection.');

export const key = z.string().min(1).max(1024).describe('Such as `photos/2006/puppy.jpg`.');

export const one = { Bucket: bucket, Key: key };

export const objectPath = (Bucket: string, Key: string) => pathOf(path`/${Bucket}`, Key);

export const versionId = text.optional().describe('For buckets that keep versions.');

/** The characters allowed in a header; S3 encodes others in a format of its own. */
export const headerText = z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/);

const STORAGE_CLASSES = [
  ...(['STANDARD', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING'] as const),
  ...(['GLACIER', 'GLACIER_IR', 'DEEP_ARCHIVE', 'REDUCED_REDUNDANCY'] as const),
] as const;

/** The properties of an object to write. */
export const written = {
  ContentType: headerText.optional(),
  CacheControl: headerText.optional(),
  ContentDisposition: headerText.optional(),
  ContentEncoding: headerText.optional(),
  ContentLanguage: headerText.optional(),
  Metadata: z.record(z.string().regex(/^[a-z0-9-]+$/), headerText).optional(),
  StorageClass: z.enum(STORAGE_CLASSES).optional(),
  ACL: z
    .enum([
      ...(['private', 'public-read', 'public-read-write', 'authenticated-read'] as const),
      ...(['aws-exec-read', 'bucket-owner-read', 'bucket-owner-full-control'] as const),
    ])
    .optional()
    .describe('Only for buckets that still use access control lists.'),
  ServerSideEncryption: z.enum(['AES256', 'aws:kms', 'aws:kms:dsse']).optional(),
  SSEKMSKeyId: headerText.optional(),
  Tagging: headerText.optional().describe('As in a query: `project=blue&stage=test`.'),
  IfMatch: headerText.optional(),
  IfNoneMatch: z.literal('*').optional().describe('Writes only if the object does not exist yet.'),
};

type Written = z.output<z.ZodObject<typeof written>>;

/** Returns the headers for the properties of an object. */
export function headersOf(about: Written): Readonly<Record<string, string | undefined>> {
  const metadata = Object.entries(about.Metadata ?? {});
  return {
    'Cache-Control': about.CacheControl,
    'Content-Disposition': about.ContentDisposition,
    'Content-Encoding': about.ContentEncoding,
    'Content-Language': about.ContentLanguage,
    'If-Match': about.IfMatch,
    'If-None-Match': about.IfNoneMatch,
    'x-amz-acl': about.ACL,
    'x-amz-storage-class': about.StorageClass,
    'x-amz-server-side-encryption': about.ServerSideEncryption,
    'x-amz-server-side-encryption-aws-kms-key-id': about.SSEKMSKeyId,
    'x-amz-tagging': about.Tagging,
    ...Object.fromEntries(metadata.map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}

/** The properties of an object in response headers. */
export const described = {
  ETag: z.string(),
  ContentLength: z.number(),
  ContentType: z.string().optional(),
  LastModified: z.string(),
  VersionId: z.string().optional(),
  Metadata: z.record(z.string(), z.string()),
};

const DESCRIPTION_HEADERS = {
  ETag: 'etag',
  ContentType: 'content-type',
  LastModified: 'last-modified',
  VersionId: 'x-amz-version-id',
  StorageClass: 'x-amz-storage-class',
  CacheControl: 'cache-control',
  ContentDisposition: 'content-disposition',
  ContentEncoding: 'content-encoding',
  ContentLanguage: 'content-language',
  ContentRange: 'content-range',
  ServerSideEncryption: 'x-amz-server-side-encryption',
  Expiration: 'x-amz-expiration',
  Restore: 'x-amz-restore',
};

/** Returns these properties by S3's names, without missing ones. */
export function descriptionOf({ headers }: Pick<ProviderResponse, 'headers'>) {
  const prefix = 'x-amz-meta-';
  const { 'content-length': length } = headers;
  return {
    ...pickHeaders(headers, DESCRIPTION_HEADERS),
    ...(length !== undefined && { ContentLength: Number(length) }),
    Metadata: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, value]) => [name.slice(prefix.length), value]),
    ),
  };
}

/** Returns the present headers under other names. */
export function pickHeaders(
  headers: ProviderResponse['headers'],
  names: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(names).flatMap(([name, header]) => {
      const value = headers[header];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

export const SERVER = 'https://s3.us-east-1.amazonaws.com';
export const XMLNS = 'http://s3.amazonaws.com/doc/2006-03-01/';

import { z } from 'zod';

import { defineAction } from '../../src/contract/index.js';
import {
  described,
  descriptionOf,
  headersOf,
  headerText,
  objectPath,
  one,
  pickHeaders,
  SERVER,
  versionId,
  written,
  XMLNS,
} from './s3Shapes.js';
import { memberOf, within } from './shared.js';

const HAPPY_FACE = {
  'accept-ranges': 'bytes',
  'content-length': '3191',
  'content-type': 'image/jpeg',
  etag: '"6805f2cfc46c0f04559748bb039d69ae"',
  'x-amz-version-id': 'null',
  'last-modified': 'Thu, 15 Dec 2016 01:19:41 GMT',
  'x-amz-meta-mood': 'happy',
};

export const getObject = defineAction({
  name: 'getObject',
  summary: 'Reads an object, in base64, or a part of it.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html',
  risk: 'read',
  input: () =>
    z.strictObject({
      ...one,
      VersionId: versionId,
      Range: headerText.optional().describe('As `bytes=0-1023`.'),
      IfMatch: headerText.optional().describe('The ETag that the object must have.'),
    }),
  output: () => z.looseObject({ Body: z.base64(), ...described }),
  request: ({ Bucket, Key, VersionId, Range, IfMatch }) => ({
    method: 'GET',
    path: objectPath(Bucket, Key),
    query: { versionId: VersionId },
    headers: { Range, 'If-Match': IfMatch },
    reads: 'bytes',
  }),
  response: (response) => ({ ...descriptionOf(response), Body: memberOf(response.body, 'base64') }),
  example: {
    input: { Bucket: 'examplebucket', Key: 'HappyFace.jpg', Range: 'bytes=0-9' },
    sends: {
      method: 'GET',
      url: `${SERVER}/examplebucket/HappyFace.jpg`,
      headers: { Range: 'bytes=0-9' },
    },
    response: {
      status: 206,
      headers: { ...HAPPY_FACE, 'content-length': '10', 'content-range': 'bytes 0-9/3191' },
      body: { base64: '/9j/4AAQSkZJRg==', contentType: 'image/jpeg' },
    },
  },
});

export const headObject = defineAction({
  name: 'headObject',
  summary: 'Returns the size, type, time and metadata of an object.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html',
  risk: 'read',
  input: () => z.strictObject({ ...one, VersionId: versionId }),
  output: () => z.looseObject(described),
  request: ({ Bucket, Key, VersionId }) => ({
    method: 'HEAD',
    path: objectPath(Bucket, Key),
    query: { versionId: VersionId },
  }),
  response: descriptionOf,
  example: {
    input: { Bucket: 'examplebucket', Key: 'photos/Happy Face+.jpg' },
    sends: { method: 'HEAD', url: `${SERVER}/examplebucket/photos/Happy%20Face%2B.jpg` },
    response: { headers: HAPPY_FACE, body: null },
  },
});

export const putObject = defineAction({
  name: 'putObject',
  summary: 'Writes an object, replacing an existing one.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html',
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      ...one,
      Body: z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.base64() })]),
      ...written,
    }),
  output: () => z.looseObject({ ETag: z.string(), VersionId: z.string().optional() }),
  request: ({ Bucket, Key, Body, ContentType, ...about }) => ({
    method: 'PUT',
    path: objectPath(Bucket, Key),
    headers: headersOf(about),
    body:
      'text' in Body
        ? { text: Body.text, contentType: ContentType ?? 'text/plain; charset=utf-8' }
        : { base64: Body.base64, contentType: ContentType ?? 'application/octet-stream' },
  }),
  response: ({ headers }) => pickHeaders(headers, { ETag: 'etag', VersionId: 'x-amz-version-id' }),
  example: {
    input: {
      Bucket: 'examplebucket',
      Key: 'index.html',
      Body: { text: 'Welcome to Amazon S3.' },
      ContentType: 'text/html',
      StorageClass: 'REDUCED_REDUNDANCY',
      Metadata: { author: 'Janet' },
    },
    sends: {
      method: 'PUT',
      url: `${SERVER}/examplebucket/index.html`,
      headers: {
        'Content-Type': 'text/html',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        'x-amz-meta-author': 'Janet',
      },
      text: 'Welcome to Amazon S3.',
    },
    response: {
      headers: {
        etag: '"6805f2cfc46c0f04559748bb039d69ae"',
        'x-amz-version-id': 'Bvq0EDKxOcXLJXNo_Lkz37eM3R4pfzyQ',
      },
      body: null,
    },
  },
});

/** The headers that a copy takes from its source unless all of them are replaced. */
const REPLACED = [
  ...(['ContentType', 'CacheControl', 'ContentDisposition', 'ContentEncoding'] as const),
  ...(['ContentLanguage', 'Metadata'] as const),
] as const;

export const copyObject = defineAction({
  name: 'copyObject',
  summary: 'Copies an object of up to 5 GB; within S3, nothing is downloaded.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html',
  risk: 'write',
  idempotent: true,
  input: () =>
    z
      .strictObject({
        ...one,
        CopySource: z
          .strictObject({ ...one, VersionId: versionId })
          .describe('The object to copy.'),
        CopySourceIfMatch: headerText.optional(),
        MetadataDirective: z.enum(['COPY', 'REPLACE']).optional(),
        ...written,
      })
      .refine(
        ({ MetadataDirective, ...input }) =>
          MetadataDirective === 'REPLACE' || REPLACED.every((name) => input[name] === undefined),
        { error: `To give ${REPLACED.join(', ')}, give MetadataDirective REPLACE as well.` },
      ),
  output: () => z.looseObject({ ETag: z.string(), LastModified: z.string() }),
  request: ({ Bucket, Key, CopySource, ...input }) => ({
    method: 'PUT',
    path: objectPath(Bucket, Key),
    headers: {
      ...headersOf(input),
      'Content-Type': input.ContentType,
      'x-amz-copy-source': sourceOf(CopySource),
      'x-amz-copy-source-if-match': input.CopySourceIfMatch,
      'x-amz-metadata-directive': input.MetadataDirective,
      'x-amz-tagging-directive': input.Tagging === undefined ? undefined : 'REPLACE',
    },
  }),
  response: ({ headers, body }) => {
    const result = within(body, 'CopyObjectResult');
    return typeof result === 'object'
      ? { ...result, ...pickHeaders(headers, { VersionId: 'x-amz-version-id' }) }
      : result;
  },
  example: {
    input: {
      Bucket: 'destinationbucket',
      Key: 'HappyFaceCopy.jpg',
      CopySource: { Bucket: 'sourcebucket', Key: 'my photos/HappyFace.jpg' },
    },
    sends: {
      method: 'PUT',
      url: `${SERVER}/destinationbucket/HappyFaceCopy.jpg`,
      headers: { 'x-amz-copy-source': '/sourcebucket/my%20photos/HappyFace.jpg' },
    },
    response: {
      body: `<?xml version="1.0" encoding="UTF-8"?>
<CopyObjectResult xmlns="${XMLNS}"><LastModified>2016-12-15T17:38:53.000Z</LastModified><ETag>&quot;6805f2cfc46c0f04559748bb039d69ae&quot;</ETag></CopyObjectResult>`,
    },
  },
});

function sourceOf({
  Bucket,
  Key,
  VersionId,
}: {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
}): string {
  const version = VersionId === undefined ? '' : `?versionId=${encodeURIComponent(VersionId)}`;
  return `${objectPath(Bucket, Key)}${version}`;
}

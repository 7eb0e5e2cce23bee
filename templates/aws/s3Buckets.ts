import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { bucket, SERVER, XMLNS } from './s3Shapes.js';
import { listIn, memberOf, text } from './shared.js';
import { escapeXml } from './xml.js';

export const listBuckets = defineAction({
  name: 'listBuckets',
  summary: 'Lists the buckets of the account, in every region.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html',
  risk: 'read',
  input: () =>
    z.strictObject({
      Prefix: text.optional(),
      BucketRegion: text.optional(),
      MaxBuckets: z
        .int()
        .min(1)
        .max(10_000)
        .optional()
        .describe('Without it the response is not paged.'),
      ContinuationToken: text.optional(),
    }),
  output: () =>
    z.looseObject({
      Buckets: z.array(z.looseObject({ Name: z.string(), CreationDate: z.string() })),
      ContinuationToken: z.string().optional(),
    }),
  request: (input) => ({
    method: 'GET',
    path: path`/`,
    query: {
      prefix: input.Prefix,
      'bucket-region': input.BucketRegion,
      'max-buckets': input.MaxBuckets,
      'continuation-token': input.ContinuationToken,
    },
  }),
  response: ({ body }) => {
    const result = memberOf(body, 'ListAllMyBucketsResult');
    return typeof result === 'object'
      ? { ...result, Buckets: listIn(result, 'Buckets', 'Bucket') }
      : body;
  },
  pages: {
    kind: 'cursor',
    items: '/ListAllMyBucketsResult/Buckets/Bucket',
    next: '/ListAllMyBucketsResult/ContinuationToken',
    param: 'continuation-token',
  },
  example: {
    input: { MaxBuckets: 1000, Prefix: 'amzn-s3-demo' },
    sends: { method: 'GET', url: `${SERVER}/?prefix=amzn-s3-demo&max-buckets=1000` },
    response: {
      body: `<?xml version="1.0" encoding="UTF-8"?>
<ListAllMyBucketsResult>
   <Buckets>
      <Bucket>
         <CreationDate>2019-12-11T23:32:47+00:00</CreationDate>
         <Name>amzn-s3-demo-bucket</Name>
      </Bucket>
      <Bucket>
         <CreationDate>2019-11-10T23:32:13+00:00</CreationDate>
         <Name>amzn-s3-demo-bucket1</Name>
      </Bucket>
   </Buckets>
   <Owner>
      <ID>AIDACKCEVSQ6C2EXAMPLE</ID>
   </Owner>
   <Prefix>amzn-s3-demo</Prefix>
</ListAllMyBucketsResult>`,
    },
  },
});

const object = z.looseObject({
  Key: z.string(),
  LastModified: z.string(),
  ETag: z.string(),
  Size: z.number(),
});

export const listObjectsV2 = defineAction({
  name: 'listObjectsV2',
  summary: 'Lists the objects of a bucket, or those below a prefix.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html',
  risk: 'read',
  input: () =>
    z.strictObject({
      Bucket: bucket,
      Prefix: z.string().optional(),
      Delimiter: text
        .optional()
        .describe('With `/`, deeper objects are summed up in CommonPrefixes.'),
      MaxKeys: z.int().min(1).max(1000).optional().describe('Default 1000.'),
      StartAfter: text.optional(),
      ContinuationToken: text.optional(),
      FetchOwner: z.boolean().optional(),
    }),
  output: () =>
    z.looseObject({
      Contents: z.array(object),
      CommonPrefixes: z.array(z.looseObject({ Prefix: z.string() })),
      IsTruncated: z.boolean(),
      KeyCount: z.number(),
      NextContinuationToken: z.string().optional(),
    }),
  request: ({ Bucket, ...input }) => ({
    method: 'GET',
    path: path`/${Bucket}`,
    query: {
      'list-type': 2,
      prefix: input.Prefix,
      delimiter: input.Delimiter,
      'max-keys': input.MaxKeys,
      'start-after': input.StartAfter,
      'continuation-token': input.ContinuationToken,
      'fetch-owner': input.FetchOwner,
    },
  }),
  response: ({ body }) => {
    const result = memberOf(body, 'ListBucketResult');
    if (typeof result !== 'object') return body;
    const contents = listIn(result, 'Contents');
    return {
      ...result,
      Contents: contents.map((item) => ({
        ...(item as object),
        Size: Number(memberOf(item, 'Size')),
      })),
      CommonPrefixes: listIn(result, 'CommonPrefixes'),
      IsTruncated: memberOf(result, 'IsTruncated') === 'true',
      KeyCount: Number(memberOf(result, 'KeyCount') ?? contents.length),
      MaxKeys: Number(memberOf(result, 'MaxKeys')),
    };
  },
  pages: {
    kind: 'cursor',
    items: '/ListBucketResult/Contents',
    next: '/ListBucketResult/NextContinuationToken',
    param: 'continuation-token',
  },
  example: {
    input: { Bucket: 'quotes', MaxKeys: 3, Prefix: 'E', StartAfter: 'ExampleGuide.pdf' },
    sends: {
      method: 'GET',
      url: `${SERVER}/quotes?list-type=2&prefix=E&max-keys=3&start-after=ExampleGuide.pdf`,
    },
    response: {
      body: `<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="${XMLNS}">
  <Name>quotes</Name>
  <Prefix>E</Prefix>
  <StartAfter>ExampleGuide.pdf</StartAfter>
  <KeyCount>1</KeyCount>
  <MaxKeys>3</MaxKeys>
  <IsTruncated>false</IsTruncated>
  <Contents>
    <Key>ExampleObject.txt</Key>
    <LastModified>2013-09-17T18:07:53.000Z</LastModified>
    <ETag>"599bab3ed2c697f1d26842727561fd94"</ETag>
    <Size>857</Size>
    <StorageClass>REDUCED_REDUNDANCY</StorageClass>
  </Contents>
</ListBucketResult>`,
    },
  },
});

export const createBucket = defineAction({
  name: 'createBucket',
  summary: 'Creates a bucket in the region of the connection.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html',
  risk: 'write',
  input: () =>
    z.strictObject({
      Bucket: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/),
      LocationConstraint: text
        .optional()
        .describe('The region of the connection; omit it for us-east-1.'),
      ObjectOwnership: z
        .enum(['BucketOwnerEnforced', 'BucketOwnerPreferred', 'ObjectWriter'])
        .optional(),
    }),
  output: () => z.looseObject({ Location: z.string() }),
  request: ({ Bucket, LocationConstraint, ObjectOwnership }) => ({
    method: 'PUT',
    path: path`/${Bucket}`,
    headers: { 'x-amz-object-ownership': ObjectOwnership },
    ...(LocationConstraint !== undefined && {
      body: {
        text: `<CreateBucketConfiguration xmlns="${XMLNS}"><LocationConstraint>${escapeXml(LocationConstraint)}</LocationConstraint></CreateBucketConfiguration>`,
        contentType: 'application/xml',
      },
    }),
  }),
  response: ({ headers }) => ({ Location: headers['location'] }),
  example: {
    input: { Bucket: 'examplebucket', LocationConstraint: 'eu-west-1' },
    sends: {
      method: 'PUT',
      url: `${SERVER}/examplebucket`,
      headers: { 'Content-Type': 'application/xml' },
      text: '<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>',
    },
    response: { headers: { location: 'http://examplebucket.s3.amazonaws.com/' }, body: null },
  },
});

export const deleteBucket = defineAction({
  name: 'deleteBucket',
  summary: 'Deletes a bucket that is empty.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html',
  risk: 'write',
  input: () => z.strictObject({ Bucket: bucket }),
  output: () => z.looseObject({ deleted: z.literal(true) }),
  request: ({ Bucket }) => ({ method: 'DELETE', path: path`/${Bucket}` }),
  response: ({ body }) => (body === null ? { deleted: true } : body),
  example: {
    input: { Bucket: 'quotes' },
    sends: { method: 'DELETE', url: `${SERVER}/quotes` },
    response: { status: 204, body: null },
  },
});

import { defineConnector } from '../../src/contract/index.js';
import { createBucket, deleteBucket, listBuckets, listObjectsV2 } from './s3Buckets.js';
import { deleteObject, deleteObjects } from './s3Deletions.js';
import { copyObject, getObject, headObject, putObject } from './s3Objects.js';
import { accessKey, CODES, fields, setup, STS, test } from './shared.js';
import { xmlReader } from './xml.js';

export const awsS3 = defineConnector({
  key: 'awsS3',
  name: 'Amazon S3',
  category: 'storage',
  description: 'Keep files in buckets: list, read, write, copy and delete them.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API',
  support: 'official',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: setup(
    's3:ListBucket on a bucket; s3:GetObject, s3:PutObject and s3:DeleteObject on its objects; s3:ListAllMyBuckets and s3:CreateBucket only if you need them',
  ),
  servers: { s3: 'https://s3.{region}.amazonaws.com', sts: STS },
  headers: { Accept: 'application/xml' },
  fields,
  auth: { accessKey: accessKey('s3') },
  test,
  read: xmlReader(['Bucket', 'CommonPrefixes', 'Contents', 'Deleted']),
  actions: [
    listObjectsV2,
    getObject,
    headObject,
    putObject,
    copyObject,
    deleteObject,
    deleteObjects,
    listBuckets,
    createBucket,
    deleteBucket,
  ],
  sync: [
    { name: 'objects', action: 'listObjectsV2', id: '/Key', changed: { at: '/LastModified' } },
    { name: 'buckets', action: 'listBuckets', id: '/Name' },
  ],
  limits: {
    // For each prefix of a bucket; there is no limit for the whole bucket.
    docs: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html',
    budgets: [
      {
        requests: 3500,
        perSeconds: 1,
        scope: 'connection',
        actions: ['putObject', 'copyObject', 'deleteObject', 'deleteObjects'],
      },
      {
        requests: 5500,
        perSeconds: 1,
        scope: 'connection',
        actions: ['getObject', 'headObject', 'listObjectsV2'],
      },
    ],
  },
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  failures: {
    // A copy may fail after a response with status 200.
    when: { at: '/Error' },
    code: ['/Error/Code', '/ErrorResponse/Error/Code'],
    message: ['/Error/Message', '/ErrorResponse/Error/Message'],
    codes: {
      ...CODES,
      AccountProblem: 'permission',
      AllAccessDisabled: 'permission',
      InvalidAccessKeyId: 'authentication',
      InvalidToken: 'authentication',
      TokenRefreshRequired: 'authentication',
      NoSuchBucket: 'notFound',
      NoSuchKey: 'notFound',
      NoSuchVersion: 'notFound',
      BucketAlreadyExists: 'conflict',
      BucketAlreadyOwnedByYou: 'conflict',
      BucketNotEmpty: 'conflict',
      ConditionalRequestConflict: 'conflict',
      // Archived: it must be restored first.
      InvalidObjectState: 'conflict',
      OperationAborted: 'conflict',
      PreconditionFailed: 'conflict',
      SlowDown: 'rateLimit',
      // The bucket is in another region than the connection's.
      AuthorizationHeaderMalformed: 'validation',
      PermanentRedirect: 'validation',
    },
    statuses: { 301: 'validation', 304: 'conflict' },
  },
  example: { region: 'us-east-1' },
});

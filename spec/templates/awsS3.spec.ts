import { failureOf, nextPage } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { awsS3 } from '../../templates/aws/index.js';
import { listObjectsV2 } from '../../templates/aws/s3Buckets.js';
import { deleteObjects } from '../../templates/aws/s3Deletions.js';
import { copyObject, headObject, putObject } from '../../templates/aws/s3Objects.js';

const failure = (status: number, text: unknown) =>
  failureOf(awsS3, { status, headers: {}, body: awsS3.read(text) });

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
describe('S3', () => {
  const error = (code: string) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>No &amp; no</Message><Resource>/b/k</Resource><RequestId>4442587FB7D0A2F9</RequestId></Error>`;

  it.each<[number, string, FailureKind, boolean]>([
    [404, 'NoSuchKey', 'notFound', false],
    [403, 'AccessDenied', 'permission', false],
    [403, 'SignatureDoesNotMatch', 'authentication', false],
    [403, 'InvalidAccessKeyId', 'authentication', false],
    [400, 'ExpiredToken', 'authentication', false],
    [403, 'RequestTimeTooSkewed', 'system', false],
    [403, 'InvalidObjectState', 'conflict', false],
    [409, 'BucketNotEmpty', 'conflict', false],
    [412, 'PreconditionFailed', 'conflict', false],
    [301, 'PermanentRedirect', 'validation', false],
    [400, 'EntityTooLarge', 'validation', false],
    [503, 'SlowDown', 'rateLimit', true],
    [500, 'InternalError', 'provider', true],
    // An interrupted copy.
    [200, 'InternalError', 'provider', false],
  ])('with %i %s means %s', (status, code, kind, retryable) => {
    expect(failure(status, error(code))).toMatchObject({
      kind,
      retryable,
      code,
      message: 'No & no',
    });
  });

  it('reports why its test failed, as STS does', () => {
    const text =
      '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>InvalidClientTokenId</Code><Message>No</Message></Error><RequestId>1</RequestId></ErrorResponse>';
    expect(failure(403, text)).toMatchObject({
      kind: 'authentication',
      code: 'InvalidClientTokenId',
      message: 'No',
    });
  });

  it('does not treat the failure of one of many as a failure', () => {
    const body = awsS3.read(deleteObjects.example.response.body);
    expect(failureOf(awsS3, { status: 200, headers: {}, body })).toBeUndefined();
    expect(deleteObjects.response?.({ status: 200, headers: {}, body })).toEqual({
      Deleted: [{ Key: 'sample1.txt' }],
      Errors: [{ Key: 'sample2.txt', Code: 'AccessDenied', Message: 'Access Denied' }],
    });
    const quiet = awsS3.read('<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>');
    expect(deleteObjects.response?.({ status: 200, headers: {}, body: quiet })).toEqual({
      Deleted: [],
      Errors: [],
    });
  });

  it('continues with the token of the previous page', () => {
    const body = awsS3.read(
      '<ListBucketResult><Name>bucket</Name><NextContinuationToken>1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=</NextContinuationToken><KeyCount>1</KeyCount><MaxKeys>1</MaxKeys><IsTruncated>true</IsTruncated><Contents><Key>happyface.jpg</Key><LastModified>2014-11-21T19:40:05.000Z</LastModified><ETag>"70ee1738b6b21e2c8a43f3a5ab0eee71"</ETag><Size>11</Size></Contents></ListBucketResult>',
    );
    const response = { status: 200, headers: {}, body };
    const sent = { url: new URL('https://s3.us-east-1.amazonaws.com/bucket?list-type=2') };
    const { pages } = listObjectsV2;
    expect(pages && nextPage(pages, sent, response)).toEqual({
      kind: 'params',
      in: 'query',
      params: { 'continuation-token': '1ueGcxLPRx1Tr/XYExHnhbYLgveDs2J/wm36Hy4vbOwM=' },
    });
    expect(listObjectsV2.response?.(response)).toMatchObject({
      IsTruncated: true,
      KeyCount: 1,
      CommonPrefixes: [],
      Contents: [{ Key: 'happyface.jpg', Size: 11 }],
    });
  });

  it('accepts an empty bucket', () => {
    const body = awsS3.read(
      '<ListBucketResult><Name>bucket</Name><Prefix/><KeyCount>0</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated></ListBucketResult>',
    );
    const output = listObjectsV2.response?.({ status: 200, headers: {}, body });
    expect(listObjectsV2.output.parse(output)).toMatchObject({ Contents: [], IsTruncated: false });
  });

  it.each([
    ['a/b c', '/b/a/b%20c'],
    ['/a//b/', '/b//a//b/'],
    ['ü+&=?#%', '/b/%C3%BC%2B%26%3D%3F%23%25'],
  ])('encodes the object key %j', (Key, path) => {
    expect(headObject.request({ Bucket: 'b', Key }).path).toBe(path);
    const { headers } = copyObject.request({
      Bucket: 'c',
      Key: 'k',
      CopySource: { Bucket: 'b', Key, VersionId: '1/+' },
    });
    expect(headers?.['x-amz-copy-source']).toBe(`${path}?versionId=1%2F%2B`);
  });

  it.each(['..', 'a/../b', './a'])('cannot leave its path: %s', (Key) => {
    expect(() => headObject.request({ Bucket: 'b', Key })).toThrow();
    const CopySource = { Bucket: 'b', Key };
    expect(() => copyObject.request({ Bucket: 'c', Key: 'k', CopySource })).toThrow();
  });

  it('escapes keys in XML', () => {
    const { body } = deleteObjects.request({
      Bucket: 'b',
      Objects: [{ Key: 'a</Key><Key>b&\r' }],
    });
    expect(body).toEqual({
      text: '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>a&#60;/Key&#62;&#60;Key&#62;b&#38;&#13;</Key></Object></Delete>',
      contentType: 'application/xml',
    });
  });

  it('refuses values that headers cannot contain', () => {
    const put = { Bucket: 'bucket', Key: 'k', Body: { text: '' } };
    expect(putObject.input.safeParse(put).success).toBe(true);
    for (const bad of [
      { Metadata: { 'a b': 'x' } },
      { Metadata: { a: 'ü' } },
      { CacheControl: 'a\r\nx: y' },
      { ContentType: ' ' },
    ])
      expect([bad, putObject.input.safeParse({ ...put, ...bad }).success]).toEqual([bad, false]);
  });
});

import { z } from 'zod';

import { defineAction, path } from '../../src/contract/index.js';
import { crc32 } from './crc32.js';
import { bucket, key, objectPath, one, pickHeaders, SERVER, versionId, XMLNS } from './s3Shapes.js';
import { listIn, memberOf } from './shared.js';
import { escapeXml } from './xml.js';

export const deleteObject = defineAction({
  name: 'deleteObject',
  summary: 'Deletes an object; in a bucket with versions only marks it, unless a version is named.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ ...one, VersionId: versionId }),
  output: () => z.looseObject({ DeleteMarker: z.boolean(), VersionId: z.string().optional() }),
  request: ({ Bucket, Key, VersionId }) => ({
    method: 'DELETE',
    path: objectPath(Bucket, Key),
    query: { versionId: VersionId },
  }),
  response: ({ headers }) => ({
    DeleteMarker: headers['x-amz-delete-marker'] === 'true',
    ...pickHeaders(headers, { VersionId: 'x-amz-version-id' }),
  }),
  example: {
    input: {
      Bucket: 'examplebucket',
      Key: 'HappyFace.jpg',
      VersionId: '3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo',
    },
    sends: {
      method: 'DELETE',
      url: `${SERVER}/examplebucket/HappyFace.jpg?versionId=3%2FL4kqtJlcpXroDTDmJ%2BrmSpXd3dIbrHY%2BMTRCxf3vjVBH40Nr8X8gdRQBpUMLUo`,
    },
    response: {
      status: 204,
      headers: {
        'x-amz-version-id': '3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo',
        'x-amz-delete-marker': 'true',
      },
      body: null,
    },
  },
});

export const deleteObjects = defineAction({
  name: 'deleteObjects',
  summary: 'Deletes up to 1000 objects and returns the result of each.',
  docs: 'https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html',
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      Bucket: bucket,
      Objects: z
        .array(z.strictObject({ Key: key, VersionId: versionId }))
        .min(1)
        .max(1000),
      Quiet: z.boolean().optional().describe('Returns only the objects that could not be deleted.'),
    }),
  output: () =>
    z.looseObject({
      Deleted: z.array(z.looseObject({ Key: z.string() })),
      Errors: z.array(z.looseObject({ Key: z.string(), Code: z.string() })),
    }),
  request: ({ Bucket, Objects, Quiet }) => {
    const objects = Objects.map(
      ({ Key, VersionId }) =>
        `<Object><Key>${escapeXml(Key)}</Key>${VersionId === undefined ? '' : `<VersionId>${escapeXml(VersionId)}</VersionId>`}</Object>`,
    );
    const quiet = Quiet === undefined ? '' : `<Quiet>${Quiet}</Quiet>`;
    const text = `<Delete xmlns="${XMLNS}">${objects.join('')}${quiet}</Delete>`;
    return {
      method: 'POST',
      path: path`/${Bucket}`,
      query: { delete: '' },
      // Without a checksum S3 refuses it.
      headers: { 'x-amz-checksum-crc32': crc32(text) },
      body: { text, contentType: 'application/xml' },
    };
  },
  response: ({ body }) => {
    if (memberOf(body, 'DeleteResult') === undefined) return body;
    return {
      Deleted: listIn(body, 'DeleteResult', 'Deleted'),
      Errors: listIn(body, 'DeleteResult', 'Error'),
    };
  },
  example: {
    input: {
      Bucket: 'examplebucket',
      Objects: [{ Key: 'sample1.txt' }, { Key: 'sample2.txt', VersionId: '1' }],
      Quiet: false,
    },
    sends: {
      method: 'POST',
      url: `${SERVER}/examplebucket?delete=`,
      headers: { 'Content-Type': 'application/xml', 'x-amz-checksum-crc32': 'YuHbqg==' },
      text: '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Object><Key>sample1.txt</Key></Object><Object><Key>sample2.txt</Key><VersionId>1</VersionId></Object><Quiet>false</Quiet></Delete>',
    },
    response: {
      body: `<?xml version="1.0" encoding="UTF-8"?>
<DeleteResult xmlns="${XMLNS}"><Deleted><Key>sample1.txt</Key></Deleted><Error><Key>sample2.txt</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error></DeleteResult>`,
    },
  },
});

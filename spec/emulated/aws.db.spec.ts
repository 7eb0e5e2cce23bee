import { awsS3, awsSqs } from '../../templates/aws/index.js';
import type { Json } from '../support/hub.js';
import { at } from './at.js';
import { type Input, startWorld, type World } from './world.js';

const CREDENTIAL = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const ADMIN = { id: 'arn:aws:iam::123456789012:user/admin', name: 'admin' };
const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString('base64');

// The emulator does not check signatures: AWS's own examples in spec/templates/aws.spec.ts prove them. It lacks SNS.
describe('AWS', () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      service: 'aws',
      connectors: (url) => [
        at(awsS3, { servers: { s3: url, sts: `${url}/sts` } }),
        at(awsSqs, { servers: { sqs: `${url}/sqs`, sts: `${url}/sts` } }),
      ],
      seed: () => ({ s3: { buckets: [{ name: 'photos' }] }, sqs: { queues: [{ name: 'jobs' }] } }),
    });
  });
  afterAll(() => world.stop());

  const connect = async (connector: string) => {
    const { connection } = await world.client().createConnection({
      connector,
      authMethod: 'accessKey',
      name: 'Ours',
      credential: CREDENTIAL,
      fields: { region: 'us-east-1' },
    });
    return connection;
  };

  it.each(['awsS3Emulated', 'awsSqsEmulated'])(
    '%s is connected by an access key, tested and disconnected',
    async (connector) => {
      const { id } = await connect(connector);
      const { connection } = await world.client().testConnection({ connectionId: id });
      expect(connection).toMatchObject({ state: 'connected', identity: ADMIN });
      const left = await world.client().disconnectConnection({ connectionId: id });
      expect(left.connection.state).toBe('disconnected');
    },
  );

  // The emulator supports only SQS's query protocol, not the JSON protocol that the template uses like AWS's own clients:
  // the template's actions are not tested. The spec proves that signed requests of any kind work with a queue.
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
  it('SQS accepts raw requests: sent, received, deleted', async () => {
    const { integration } = await world.client().createIntegration({
      name: 'By hand',
      connector: 'awsSqsEmulated',
      allowProxy: true,
      connectionId: (await connect('awsSqsEmulated')).id,
    });
    const callSqs = async (Action: string, form: Record<string, string>): Promise<Json> => {
      const { output } = await world.client().proxyRequest({
        integrationId: integration.id,
        method: 'POST',
        path: '/',
        body: { form: { Action, ...form } },
      });
      return (output as Json).body[`${Action}Response`][`${Action}Result`];
    };
    const { QueueUrl } = await callSqs('GetQueueUrl', { QueueName: 'jobs' });
    const sent = await callSqs('SendMessage', { QueueUrl, MessageBody: 'Grüße & <more>' });
    const { Message } = await callSqs('ReceiveMessage', { QueueUrl });
    expect(Message).toMatchObject({ MessageId: sent.MessageId, Body: 'Grüße & <more>' });
    const { ReceiptHandle } = Message;
    await callSqs('DeleteMessage', { QueueUrl, ReceiptHandle });
    const { Attribute } = await callSqs('GetQueueAttributes', {
      QueueUrl,
      'AttributeName.1': 'All',
    });
    expect(Attribute).toContainEqual({ Name: 'ApproximateNumberOfMessages', Value: '0' });
  });

  describe('S3', () => {
    let integration: string;
    beforeAll(async () => {
      integration = await world.integrate('awsS3Emulated', (await connect('awsS3Emulated')).id);
    });
    const call = (action: string, input: Input = {}) => world.call(integration, action, input);
    const refused = (action: string, input: Input) => world.callInVain(integration, action, input);
    const keysOf = ({ Contents }: Json) => Contents.map(({ Key }: Json) => Key);

    it('handles objects: written, read, described, copied, deleted', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, nth) => nth);
      const one = { Bucket: 'photos', Key: 'my photos/café & co (1).bin' };
      const about = { ContentType: 'image/jpeg', Metadata: { mood: 'happy' } };
      const { ETag } = await call('putObject', {
        ...one,
        Body: { base64: base64(bytes) },
        ...about,
      });
      // MD5 of the bytes 0 to 255.
      expect(ETag).toBe('"e2c865db4162bed963bfaa9ef6ac18f0"');
      expect(await call('getObject', one)).toMatchObject({
        Body: base64(bytes),
        ContentType: 'image/jpeg',
        ContentLength: 256,
        ETag,
        Metadata: { mood: 'happy' },
      });
      expect(await call('headObject', one)).toMatchObject({ ContentLength: 256, ETag });
      const replaced = await call('putObject', { ...one, Body: { text: 'Grüße' } });
      expect(replaced.ETag).not.toBe(ETag);
      expect(await call('getObject', one)).toMatchObject({ Body: base64('Grüße') });
      await call('deleteObject', one);
      expect(await refused('getObject', one)).toMatchObject({ code: 8012 });
      expect(await refused('headObject', one)).toMatchObject({ code: 8012 });
    });

    // Unlike S3, the emulator does not decode the source of a copy: its key here needs no encoding. It does not support
    // copies of a version, parts of objects, or deleting several at once.
    it('copies objects', async () => {
      const source = { Bucket: 'photos', Key: 'from/a.txt' };
      const copy = { Bucket: 'photos', Key: 'to/b.txt' };
      await call('putObject', { ...source, Body: { text: 'a' } });
      await call('copyObject', { ...copy, CopySource: source });
      expect(await call('getObject', copy)).toMatchObject({ Body: base64('a') });
      const nothing = { Bucket: 'photos', Key: 'nothing' };
      expect(await refused('copyObject', { ...copy, CopySource: nothing })).toEqual({
        code: 8012,
        message: expect.stringContaining('source key does not exist'),
      });
    });

    it('handles buckets: created, listed page by page, deleted when empty', async () => {
      const Bucket = 'letters';
      await call('createBucket', { Bucket });
      const names = async () => (await call('listBuckets')).Buckets.map(({ Name }: Json) => Name);
      expect(await names()).toEqual(expect.arrayContaining(['photos', Bucket]));
      expect(await refused('createBucket', { Bucket })).toMatchObject({ code: 8013 });
      for (const Key of ['a', 'b/1', 'b/2'])
        await call('putObject', { Bucket, Key, Body: { text: Key } });

      const request = { integrationId: integration, action: 'listObjectsV2' };
      const first = await world
        .client()
        .executeIntegration({ ...request, input: { Bucket, MaxKeys: 2 } });
      expect(keysOf(first.output)).toEqual(['a', 'b/1']);
      const { nextCursor: cursor } = first;
      const second = await world.client().executeIntegration({
        ...request,
        input: { Bucket, MaxKeys: 2 },
        cursor,
      });
      expect([keysOf(second.output), second.nextCursor]).toEqual([['b/2'], undefined]);
      expect(await call('listObjectsV2', { Bucket, Delimiter: '/' })).toMatchObject({
        Contents: [{ Key: 'a', Size: 1 }],
        CommonPrefixes: [{ Prefix: 'b/' }],
      });

      expect(await refused('deleteBucket', { Bucket })).toMatchObject({
        code: 8013,
        message: expect.stringContaining('not empty'),
      });
      for (const Key of ['a', 'b/1', 'b/2']) await call('deleteObject', { Bucket, Key });
      expect(await call('deleteBucket', { Bucket })).toEqual({ deleted: true });
      expect(await names()).not.toContain(Bucket);
      expect(await refused('listObjectsV2', { Bucket })).toMatchObject({ code: 8012 });
    });
  });
});

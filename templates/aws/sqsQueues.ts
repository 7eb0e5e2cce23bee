import { z } from 'zod';

import { defineAction } from '../../src/contract/index.js';
import { listIn, text } from './shared.js';
import { nothing, orNothing, QUEUE, queueUrl, requestOf, sends } from './sqsShapes.js';

const REFERENCE = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';

const queueName = z
  .string()
  .regex(/^(?=.{1,80}$)[\w-]+(?:\.fifo)?$/)
  .describe('The name of a FIFO queue ends with `.fifo`.');

const SETTINGS = [
  ...(['VisibilityTimeout', 'MaximumMessageSize', 'MessageRetentionPeriod'] as const),
  ...(['DelaySeconds', 'ReceiveMessageWaitTimeSeconds', 'Policy', 'RedrivePolicy'] as const),
  ...(['RedriveAllowPolicy', 'FifoQueue', 'ContentBasedDeduplication'] as const),
  ...(['DeduplicationScope', 'FifoThroughputLimit', 'KmsMasterKeyId'] as const),
  ...(['KmsDataKeyReusePeriodSeconds', 'SqsManagedSseEnabled'] as const),
] as const;

const ATTRIBUTES = [
  ...(['All', 'QueueArn', 'CreatedTimestamp', 'LastModifiedTimestamp'] as const),
  ...(['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const),
  'ApproximateNumberOfMessagesDelayed',
  ...SETTINGS,
] as const;

const url = z.looseObject({ QueueUrl: z.string() });

export const createQueue = defineAction({
  name: 'createQueue',
  summary: 'Creates a queue, or returns the one with that name and the same attributes.',
  docs: `${REFERENCE}/API_CreateQueue.html`,
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      QueueName: queueName,
      Attributes: z.partialRecord(z.enum(SETTINGS), z.string()).optional(),
      tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
    }),
  output: () => url,
  request: (input) => requestOf('CreateQueue', input),
  example: {
    input: {
      QueueName: 'MyQueue',
      Attributes: { VisibilityTimeout: '40' },
      tags: { QueueType: 'Production' },
    },
    sends: sends('CreateQueue', {
      QueueName: 'MyQueue',
      Attributes: { VisibilityTimeout: '40' },
      tags: { QueueType: 'Production' },
    }),
    response: { body: { QueueUrl: QUEUE } },
  },
});

export const getQueueUrl = defineAction({
  name: 'getQueueUrl',
  summary: 'Returns the address of a queue by its name.',
  docs: `${REFERENCE}/API_GetQueueUrl.html`,
  risk: 'read',
  input: () =>
    z.strictObject({
      QueueName: queueName,
      QueueOwnerAWSAccountId: z
        .string()
        .regex(/^\d{12}$/)
        .optional()
        .describe('For a queue of another account.'),
    }),
  output: () => url,
  request: (input) => requestOf('GetQueueUrl', input),
  example: {
    input: { QueueName: 'MyQueue' },
    sends: sends('GetQueueUrl', { QueueName: 'MyQueue' }),
    response: { body: { QueueUrl: QUEUE } },
  },
});

export const getQueueAttributes = defineAction({
  name: 'getQueueAttributes',
  summary: 'Returns the attributes of a queue and its approximate number of messages.',
  docs: `${REFERENCE}/API_GetQueueAttributes.html`,
  risk: 'read',
  input: () =>
    z.strictObject({
      QueueUrl: queueUrl,
      AttributeNames: z.array(z.enum(ATTRIBUTES)).min(1),
    }),
  output: () => z.looseObject({ Attributes: z.record(z.string(), z.string()) }),
  request: (input) => requestOf('GetQueueAttributes', input),
  response: ({ body }) => (typeof body === 'object' ? { Attributes: {}, ...body } : body),
  example: {
    input: { QueueUrl: QUEUE, AttributeNames: ['All'] },
    sends: sends('GetQueueAttributes', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
      AttributeNames: ['All'],
    }),
    response: {
      body: {
        Attributes: {
          ApproximateNumberOfMessages: '0',
          ApproximateNumberOfMessagesDelayed: '0',
          ApproximateNumberOfMessagesNotVisible: '0',
          CreatedTimestamp: '1676665337',
          DelaySeconds: '0',
          LastModifiedTimestamp: '1677096375',
          MaximumMessageSize: '262144',
          MessageRetentionPeriod: '345600',
          QueueArn: 'arn:aws:sqs:us-east-1:177715257436:MyQueue',
          ReceiveMessageWaitTimeSeconds: '0',
          SqsManagedSseEnabled: 'true',
          VisibilityTimeout: '30',
        },
      },
    },
  },
});

export const listQueues = defineAction({
  name: 'listQueues',
  summary: 'Lists the addresses of the queues of the region.',
  docs: `${REFERENCE}/API_ListQueues.html`,
  risk: 'read',
  input: () =>
    z.strictObject({
      QueueNamePrefix: text.optional(),
      MaxResults: z.int().min(1).max(1000).optional(),
      NextToken: text.optional(),
    }),
  output: () => z.looseObject({ QueueUrls: z.array(z.string()), NextToken: z.string().optional() }),
  // Without MaxResults the response is not paged and ends after a thousand queues.
  request: (input) => requestOf('ListQueues', { MaxResults: 1000, ...input }),
  response: ({ body }) =>
    typeof body === 'object' ? { ...body, QueueUrls: listIn(body, 'QueueUrls') } : body,
  pages: {
    kind: 'cursor',
    items: '/QueueUrls',
    next: '/NextToken',
    param: 'NextToken',
    in: 'body',
  },
  example: {
    input: { QueueNamePrefix: 'M' },
    sends: sends('ListQueues', { MaxResults: 1000, QueueNamePrefix: 'M' }),
    response: { body: { QueueUrls: [QUEUE] } },
  },
});

export const purgeQueue = defineAction({
  name: 'purgeQueue',
  summary: 'Deletes all messages of a queue within a minute. Allowed once a minute.',
  docs: `${REFERENCE}/API_PurgeQueue.html`,
  risk: 'write',
  input: () => z.strictObject({ QueueUrl: queueUrl }),
  output: () => nothing,
  request: (input) => requestOf('PurgeQueue', input),
  response: orNothing,
  example: {
    input: { QueueUrl: QUEUE },
    sends: sends('PurgeQueue', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
    }),
    response: { body: null },
  },
});

import { z } from 'zod';

import { type ActionRequest, path } from '../../src/contract/index.js';
import { text } from './shared.js';

// Shapes shared by several operations of SQS. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference

export const queueUrl = z
  .url()
  .describe(
    'As getQueueUrl and listQueues return it; the queue must be in the region of the connection.',
  );

export const receiptHandle = text.describe(
  'The handle that receiveMessage returned; each receipt has its own.',
);

export const seconds = (max: number) => z.int().min(0).max(max).optional();

const attribute = z.strictObject({
  DataType: z.string().regex(/^(?:String|Number|Binary)(?:\..+)?$/),
  StringValue: text.optional(),
  BinaryValue: z.base64().optional(),
});

/** The parameters of a message, alone and in a batch. */
export const message = {
  MessageBody: z.string().min(1).describe('At most 1 MiB, also for a whole batch.'),
  DelaySeconds: seconds(900).describe(
    'How many seconds until it can be received. Not for FIFO queues.',
  ),
  MessageAttributes: z.record(z.string().min(1).max(256), attribute).optional(),
  MessageSystemAttributes: z.strictObject({ AWSTraceHeader: attribute.optional() }).optional(),
  MessageDeduplicationId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('For FIFO queues: a message with the same id is not sent again within five minutes.'),
  MessageGroupId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('For FIFO queues, which keep the order of each group.'),
};

export const sent = z.looseObject({ MessageId: z.string(), MD5OfMessageBody: z.string() });

export const failed = z.array(
  z.looseObject({ Id: z.string(), Code: z.string(), SenderFault: z.boolean() }),
);

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html */
export function requestOf(operation: string, json: object): ActionRequest {
  return {
    method: 'POST',
    path: path`/`,
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `AmazonSQS.${operation}`,
    },
    body: { json },
  };
}

/** Returns such a request as the documentation shows it. */
export function sends(operation: string, json: object) {
  return {
    method: 'POST',
    url: 'https://sqs.us-east-1.amazonaws.com/',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': `AmazonSQS.${operation}`,
    },
    json,
  } as const;
}

/** Operations without a result respond with an empty object or an empty body. */
export const nothing = z.looseObject({});
export const orNothing = ({ body }: { readonly body: unknown }) => body ?? {};

export const QUEUE = 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue';

import { z } from 'zod';

import { defineAction } from '../../src/contract/index.js';
import { listIn } from './shared.js';
import {
  failed,
  message,
  nothing,
  orNothing,
  QUEUE,
  queueUrl,
  receiptHandle,
  requestOf,
  seconds,
  sends,
  sent,
} from './sqsShapes.js';

const REFERENCE = 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference';

const ATTRIBUTES = {
  my_attribute_name_1: { DataType: 'String', StringValue: 'my_attribute_value_1' },
  my_attribute_name_2: { DataType: 'String', StringValue: 'my_attribute_value_2' },
};

export const sendMessage = defineAction({
  name: 'sendMessage',
  summary: 'Sends a message to a queue.',
  docs: `${REFERENCE}/API_SendMessage.html`,
  risk: 'write',
  input: () => z.strictObject({ QueueUrl: queueUrl, ...message }),
  output: () => sent,
  request: (input) => requestOf('SendMessage', input),
  example: {
    input: {
      QueueUrl: QUEUE,
      MessageBody: 'This is a test message',
      MessageAttributes: ATTRIBUTES,
    },
    sends: sends('SendMessage', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
      MessageBody: 'This is a test message',
      MessageAttributes: {
        my_attribute_name_1: { DataType: 'String', StringValue: 'my_attribute_value_1' },
        my_attribute_name_2: { DataType: 'String', StringValue: 'my_attribute_value_2' },
      },
    }),
    response: {
      body: {
        MD5OfMessageAttributes: 'c48838208d2b4e14e3ca0093a8443f09',
        MD5OfMessageBody: 'fafb00f5732ab283681e124bf8747ed1',
        MessageId: '219f8380-5770-4cc2-8c3e-5c715e145f5e',
      },
    },
  },
});

const entryId = z
  .string()
  .regex(/^[\w-]{1,80}$/)
  .describe('Your own id; the response refers to it.');

export const sendMessageBatch = defineAction({
  name: 'sendMessageBatch',
  summary: 'Sends up to ten messages to a queue and returns the result of each.',
  docs: `${REFERENCE}/API_SendMessageBatch.html`,
  risk: 'write',
  input: () =>
    z.strictObject({
      QueueUrl: queueUrl,
      Entries: z
        .array(z.strictObject({ Id: entryId, ...message }))
        .min(1)
        .max(10),
    }),
  output: () =>
    z.looseObject({
      Successful: z.array(sent.extend({ Id: z.string() })),
      Failed: failed,
    }),
  request: (input) => requestOf('SendMessageBatch', input),
  response: batchOf,
  example: {
    input: {
      QueueUrl: QUEUE,
      Entries: [
        { Id: 'test_msg_no_1', MessageBody: 'One' },
        { Id: 'test_msg_no_2', MessageBody: 'Two', DelaySeconds: 60 },
      ],
    },
    sends: sends('SendMessageBatch', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
      Entries: [
        { Id: 'test_msg_no_1', MessageBody: 'One' },
        { Id: 'test_msg_no_2', MessageBody: 'Two', DelaySeconds: 60 },
      ],
    }),
    response: {
      body: {
        Failed: [],
        Successful: [
          {
            Id: 'test_msg_no_1',
            MD5OfMessageBody: '06c2cea18679d64399783748fa367bdd',
            MessageId: '0a5231c7-8bff-4955-be2e-8dc7c50a25fa',
          },
          {
            Id: 'test_msg_no_2',
            MD5OfMessageBody: 'aada29daee1d64ed0fe907043855cb7e',
            MessageId: '15ee1ed3-87e7-40c1-bdaa-2e49968ea7e9',
          },
        ],
      },
    },
  },
});

function batchOf({ body }: { readonly body: unknown }): unknown {
  return typeof body === 'object'
    ? { ...body, Successful: listIn(body, 'Successful'), Failed: listIn(body, 'Failed') }
    : body;
}

const SYSTEM_ATTRIBUTES = [
  ...(['All', 'SenderId', 'SentTimestamp', 'ApproximateReceiveCount'] as const),
  ...(['ApproximateFirstReceiveTimestamp', 'SequenceNumber'] as const),
  ...(['MessageDeduplicationId', 'MessageGroupId', 'AWSTraceHeader'] as const),
  'DeadLetterQueueSourceArn',
] as const;

export const receiveMessage = defineAction({
  name: 'receiveMessage',
  summary: 'Receives messages from a queue and hides them for a while; deleteMessage removes them.',
  docs: `${REFERENCE}/API_ReceiveMessage.html`,
  risk: 'write',
  input: () =>
    z.strictObject({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: z.int().min(1).max(10).optional(),
      VisibilityTimeout: seconds(43_200).describe('How many seconds they are hidden.'),
      WaitTimeSeconds: seconds(20).describe('How many seconds to wait for a message.'),
      MessageAttributeNames: z.array(z.string().min(1)).optional().describe('`All`, or names.'),
      MessageSystemAttributeNames: z.array(z.enum(SYSTEM_ATTRIBUTES)).optional(),
      ReceiveRequestAttemptId: z
        .string()
        .min(1)
        .max(128)
        .optional()
        .describe('For FIFO queues: a repeated call with the same one returns the same messages.'),
    }),
  output: () =>
    z.looseObject({
      Messages: z.array(
        z.looseObject({ MessageId: z.string(), ReceiptHandle: z.string(), Body: z.string() }),
      ),
    }),
  request: (input) => requestOf('ReceiveMessage', input),
  response: ({ body }) =>
    typeof body === 'object' ? { ...body, Messages: listIn(body, 'Messages') } : body,
  example: {
    input: {
      QueueUrl: QUEUE,
      MaxNumberOfMessages: 5,
      VisibilityTimeout: 15,
      MessageSystemAttributeNames: ['All'],
    },
    sends: sends('ReceiveMessage', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
      MaxNumberOfMessages: 5,
      VisibilityTimeout: 15,
      MessageSystemAttributeNames: ['All'],
    }),
    response: {
      body: {
        Messages: [
          {
            Attributes: {
              SenderId: 'AIDASSYFHUBOBT7F4XT75',
              ApproximateFirstReceiveTimestamp: '1677112433437',
              ApproximateReceiveCount: '1',
              SentTimestamp: '1677112427387',
            },
            Body: 'This is a test message',
            MD5OfBody: 'fafb00f5732ab283681e124bf8747ed1',
            MessageId: '219f8380-5770-4cc2-8c3e-5c715e145f5e',
            ReceiptHandle:
              'AQEBaZ+j5qUoOAoxlmrCQPkBm9njMWXqemmIG6shMHCO6fV20JrQYg/AiZ8JELwLwOu5U61W+aIX5Qzu7GGofxJuvzymr4Ph53RiR0mudj4InLSgpSspYeTRDteBye5tV/txbZDdNZxsi+qqZA9xPnmMscKQqF6pGhnGIKrnkYGl45Nl6GPIZv62LrIRb6mSqOn1fn0yqrvmWuuY3w2UzQbaYunJWGxpzZze21EOBtywknU3Je/g7G9is+c6K9hGniddzhLkK1tHzZKjejOU4jokaiB4nmi0dF3JqLzDsQuPF0Gi8qffhEvw56nl8QCbluSJScFhJYvoagGnDbwOnd9z50L239qtFIgETdpKyirlWwl/NGjWJ45dqWpiW3d2Ws7q',
          },
        ],
      },
    },
  },
});

const HANDLE = 'AQEBaZ+j5qUoOAoxlmrCQPkBm9njMWXqemmIG6shMHCO6fV20JrQYg';

export const deleteMessage = defineAction({
  name: 'deleteMessage',
  summary: 'Deletes a received message from its queue.',
  docs: `${REFERENCE}/API_DeleteMessage.html`,
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }),
  output: () => nothing,
  request: (input) => requestOf('DeleteMessage', input),
  response: orNothing,
  example: {
    input: { QueueUrl: QUEUE, ReceiptHandle: HANDLE },
    sends: sends('DeleteMessage', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
      ReceiptHandle: 'AQEBaZ+j5qUoOAoxlmrCQPkBm9njMWXqemmIG6shMHCO6fV20JrQYg',
    }),
    response: { body: null },
  },
});

export const changeMessageVisibility = defineAction({
  name: 'changeMessageVisibility',
  summary: 'Hides a received message for longer, or with 0 makes it visible again.',
  docs: `${REFERENCE}/API_ChangeMessageVisibility.html`,
  risk: 'write',
  input: () =>
    z.strictObject({
      QueueUrl: queueUrl,
      ReceiptHandle: receiptHandle,
      VisibilityTimeout: z.int().min(0).max(43_200).describe('In seconds from now.'),
    }),
  output: () => nothing,
  request: (input) => requestOf('ChangeMessageVisibility', input),
  response: orNothing,
  example: {
    input: { QueueUrl: QUEUE, ReceiptHandle: HANDLE, VisibilityTimeout: 60 },
    sends: sends('ChangeMessageVisibility', {
      QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue',
      ReceiptHandle: 'AQEBaZ+j5qUoOAoxlmrCQPkBm9njMWXqemmIG6shMHCO6fV20JrQYg',
      VisibilityTimeout: 60,
    }),
    response: { body: null },
  },
});

import { failureOf, nextPage } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { awsSqs } from '../../templates/aws/index.js';
import { receiveMessage, sendMessageBatch } from '../../templates/aws/sqsMessages.js';
import { createQueue, getQueueAttributes, listQueues } from '../../templates/aws/sqsQueues.js';

const failure = (status: number, text: unknown) =>
  failureOf(awsSqs, { status, headers: {}, body: awsSqs.read(text) });

// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-api-responses.html
describe('SQS', () => {
  it.each<[number, string, FailureKind, boolean]>([
    [400, 'com.amazonaws.sqs#QueueDoesNotExist', 'notFound', false],
    [400, 'QueueDoesNotExist', 'notFound', false],
    [403, 'com.amazonaws.sqs#PurgeQueueInProgress', 'conflict', false],
    [404, 'com.amazonaws.sqs#ReceiptHandleIsInvalid', 'validation', false],
    [403, 'com.amazonaws.sqs#RequestThrottled', 'rateLimit', true],
    [400, 'com.amazon.coral.service#ThrottlingException', 'rateLimit', true],
    [400, 'com.amazon.coral.service#AccessDeniedException', 'permission', false],
    [400, 'com.amazon.coral.service#UnrecognizedClientException', 'authentication', false],
    [400, 'com.amazonaws.sqs#InvalidAttributeValue', 'validation', false],
    [500, 'com.amazon.coral.service#InternalFailure', 'provider', true],
  ])('with %i %s means %s', (status, type, kind, retryable) => {
    expect(failure(status, { __type: type, message: 'No' })).toMatchObject({
      kind,
      retryable,
      message: 'No',
      code: type.replace(/.*#/, ''),
    });
  });

  it('leaves successful responses unchanged', () => {
    const body = { QueueUrl: 'https://sqs.us-east-1.amazonaws.com/177715257436/MyQueue' };
    expect(awsSqs.read(body)).toBe(body);
    expect(awsSqs.read(null)).toBeNull();
  });

  it.each([[{}], [null]])(
    'accepts responses without messages, queues or attributes: %j',
    (body) => {
      const response = { status: 200, headers: {}, body };
      expect(receiveMessage.response?.(response)).toEqual({ Messages: [] });
      expect(listQueues.response?.(response)).toEqual({ QueueUrls: [] });
      expect(getQueueAttributes.response?.(response)).toEqual({ Attributes: {} });
      expect(sendMessageBatch.response?.(response)).toEqual({ Successful: [], Failed: [] });
    },
  );

  it('requests the next page in the body', () => {
    const { pages } = listQueues;
    const sent = { url: new URL('https://sqs.us-east-1.amazonaws.com/') };
    const body = { QueueUrls: ['https://a/1/b'], NextToken: 'eyJ' };
    expect(pages && nextPage(pages, sent, { status: 200, headers: {}, body })).toEqual({
      kind: 'params',
      in: 'body',
      params: { NextToken: 'eyJ' },
    });
  });

  it.each([
    ['orders', true],
    ['orders.fifo', true],
    ['a'.repeat(80), true],
    ['a'.repeat(81), false],
    [`${'a'.repeat(76)}.fifo`, false],
    ['orders.fifo.x', false],
    ['a b', false],
    ['', false],
  ])('accepts the queue name %j: %s', (QueueName, expected) => {
    expect(createQueue.input.safeParse({ QueueName }).success).toBe(expected);
  });
});

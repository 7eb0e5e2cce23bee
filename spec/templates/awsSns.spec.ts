import { failureOf, nextPage } from '../../src/connectors/index.js';
import type { FailureKind } from '../../src/contract/index.js';
import { awsSns } from '../../templates/aws/index.js';
import { publish, publishBatch } from '../../templates/aws/snsMessages.js';
import { listSubscriptionsByTopic } from '../../templates/aws/snsSubscriptions.js';
import { createTopic, listTopics } from '../../templates/aws/snsTopics.js';

const failure = (status: number, text: unknown) =>
  failureOf(awsSns, { status, headers: {}, body: awsSns.read(text) });

// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
describe('SNS', () => {
  const error = (code: string) =>
    `<ErrorResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/">\n  <Error>\n    <Type>Sender</Type>\n    <Code>${code}</Code>\n    <Message>No</Message>\n  </Error>\n  <RequestId>1</RequestId>\n</ErrorResponse>`;

  it.each<[number, string, FailureKind, boolean]>([
    [404, 'NotFound', 'notFound', false],
    [403, 'AuthorizationError', 'permission', false],
    [403, 'InvalidClientTokenId', 'authentication', false],
    [403, 'SignatureDoesNotMatch', 'authentication', false],
    [400, 'OptedOut', 'permission', false],
    [400, 'EndpointDisabled', 'conflict', false],
    [403, 'TopicLimitExceeded', 'validation', false],
    [429, 'Throttled', 'rateLimit', true],
    [400, 'Throttling', 'rateLimit', true],
    [400, 'InvalidParameter', 'validation', false],
    [500, 'InternalError', 'provider', true],
  ])('with %i %s means %s', (status, code, kind, retryable) => {
    expect(failure(status, error(code))).toMatchObject({
      kind,
      retryable,
      code,
      message: 'No',
    });
  });

  it('goes to exactly one target', () => {
    const TopicArn = 'arn:aws:sns:us-east-2:123456789012:MyTopic';
    const [PhoneNumber, Message] = ['+14155552345', 'Hello'];
    const takes = (to: object) => publish.input.safeParse({ Message, ...to }).success;
    expect([takes({}), takes({ TopicArn }), takes({ PhoneNumber })]).toEqual([false, true, true]);
    expect(takes({ TopicArn, PhoneNumber })).toBe(false);
    expect(takes({ TopicArn: 'arn:aws:sqs:us-east-2:123456789012:MyQueue' })).toBe(false);
    expect(takes({ TopicArn, Subject: 'a\nb' })).toBe(false);
  });

  it('numbers the attributes of each message separately', () => {
    const text = { DataType: 'String' as const, StringValue: 'x' };
    const { body } = publishBatch.request({
      TopicArn: 'arn:aws:sns:us-east-2:123456789012:MyTopic',
      PublishBatchRequestEntries: [
        { Id: 'a', Message: 'A', MessageAttributes: { one: text, two: text } },
        {
          Id: 'b',
          Message: 'B',
          MessageAttributes: { one: { DataType: 'Binary', BinaryValue: 'AA==' } },
        },
      ],
    });
    const entries = 'PublishBatchRequestEntries.member';
    expect(body).toMatchObject({
      form: {
        [`${entries}.1.MessageAttributes.entry.2.Name`]: 'two',
        [`${entries}.1.MessageAttributes.entry.2.Value.StringValue`]: 'x',
        [`${entries}.2.MessageAttributes.entry.1.Name`]: 'one',
        [`${entries}.2.MessageAttributes.entry.1.Value.BinaryValue`]: 'AA==',
      },
    });
  });

  it('accepts lists without topics or subscriptions', () => {
    const response = (xml: string) => ({ status: 200, headers: {}, body: awsSns.read(xml) });
    expect(
      listTopics.response?.(
        response(
          '<ListTopicsResponse><ListTopicsResult><Topics/></ListTopicsResult></ListTopicsResponse>',
        ),
      ),
    ).toEqual({ Topics: [] });
    expect(
      listSubscriptionsByTopic.response?.(
        response(
          '<ListSubscriptionsByTopicResponse><ListSubscriptionsByTopicResult><Subscriptions/></ListSubscriptionsByTopicResult></ListSubscriptionsByTopicResponse>',
        ),
      ),
    ).toEqual({ Subscriptions: [] });
  });

  it('requests the next page in the body', () => {
    const { pages } = listTopics;
    const body = awsSns.read(
      '<ListTopicsResponse><ListTopicsResult><Topics><member><TopicArn>a</TopicArn></member></Topics><NextToken>AAG=</NextToken></ListTopicsResult></ListTopicsResponse>',
    );
    const sent = { url: new URL('https://sns.us-east-1.amazonaws.com/') };
    expect(pages && nextPage(pages, sent, { status: 200, headers: {}, body })).toEqual({
      kind: 'params',
      in: 'body',
      params: { NextToken: 'AAG=' },
    });
  });

  it.each([
    ['orders', true],
    ['orders.fifo', true],
    ['a'.repeat(257), false],
    ['a b', false],
  ])('accepts the topic name %j: %s', (Name, expected) => {
    expect(createTopic.input.safeParse({ Name }).success).toBe(expected);
  });
});

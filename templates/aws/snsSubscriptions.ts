import { z } from 'zod';

import { defineAction } from '../../src/contract/index.js';
import { listIn, text, within } from './shared.js';
import {
  done,
  entriesOf,
  numbered,
  requestOf,
  subscriptionArn,
  topicArn,
  XMLNS,
} from './snsShapes.js';

const SETTINGS = [
  ...(['DeliveryPolicy', 'FilterPolicy', 'FilterPolicyScope', 'RawMessageDelivery'] as const),
  ...(['RedrivePolicy', 'SubscriptionRoleArn', 'ReplayPolicy'] as const),
] as const;

const subscribed = z.looseObject({ SubscriptionArn: z.string() });

export const subscribe = defineAction({
  name: 'subscribe',
  summary: 'Subscribes an address, a queue or a function to a topic.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html',
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      TopicArn: topicArn,
      Protocol: z.enum([
        ...(['http', 'https', 'email', 'email-json', 'sms'] as const),
        ...(['sqs', 'application', 'lambda', 'firehose'] as const),
      ]),
      Endpoint: text.describe(
        'A URL, an e-mail address, a phone number, or the ARN of the queue or function.',
      ),
      Attributes: z.partialRecord(z.enum(SETTINGS), z.string()).optional(),
      ReturnSubscriptionArn: z
        .boolean()
        .optional()
        .describe(
          'Whether to return the ARN of an unconfirmed subscription instead of `pending confirmation`.',
        ),
    }),
  output: () => subscribed,
  request: ({ Attributes, ...input }) =>
    requestOf('Subscribe', { ...input, ...numbered('Attributes.entry', entriesOf(Attributes)) }),
  response: ({ body }) => within(body, 'SubscribeResponse', 'SubscribeResult'),
  example: {
    input: {
      TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-west-2:123456789012:MyQueue',
      Attributes: { RawMessageDelivery: 'true' },
      ReturnSubscriptionArn: true,
    },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=Subscribe&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-west-2%3A123456789012%3AMyTopic&Protocol=sqs&Endpoint=arn%3Aaws%3Asqs%3Aus-west-2%3A123456789012%3AMyQueue&ReturnSubscriptionArn=true&Attributes.entry.1.key=RawMessageDelivery&Attributes.entry.1.value=true',
    },
    response: {
      body: `<SubscribeResponse xmlns="${XMLNS}">
    <SubscribeResult>
        <SubscriptionArn>arn:aws:sns:us-west-2:123456789012:MyTopic:6b0e71bd-7e97-4d97-80ce-4a0994e55286</SubscriptionArn>
    </SubscribeResult>
    <ResponseMetadata>
        <RequestId>c4407779-24a4-56fa-982c-3d927f93a775</RequestId>
    </ResponseMetadata>
</SubscribeResponse>`,
    },
  },
});

export const confirmSubscription = defineAction({
  name: 'confirmSubscription',
  summary: 'Confirms a subscription with the token that was sent to its address.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html',
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      TopicArn: topicArn,
      Token: text.describe('The token, valid for two days.'),
      AuthenticateOnUnsubscribe: z
        .enum(['true', 'false'])
        .optional()
        .describe('Whether only callers with a key of the account can unsubscribe it.'),
    }),
  output: () => subscribed,
  request: (input) => requestOf('ConfirmSubscription', input),
  response: ({ body }) => within(body, 'ConfirmSubscriptionResponse', 'ConfirmSubscriptionResult'),
  example: {
    input: {
      TopicArn: 'arn:aws:sns:us-east-2:123456789012:My-Topic',
      Token: '51b2ff3edb475b7d91550e0ab6edf0c1de2a34e6ebaf6',
    },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=ConfirmSubscription&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-2%3A123456789012%3AMy-Topic&Token=51b2ff3edb475b7d91550e0ab6edf0c1de2a34e6ebaf6',
    },
    response: {
      body: `<ConfirmSubscriptionResponse xmlns="${XMLNS}">
    <ConfirmSubscriptionResult>
        <SubscriptionArn>arn:aws:sns:us-east-2:123456789012:My-Topic:80289ba6-0fd4-4079-afb4-ce8c8260f0ca</SubscriptionArn>
    </ConfirmSubscriptionResult>
    <ResponseMetadata>
        <RequestId>7a50221f-3774-11df-a9b7-05d48da6f042</RequestId>
    </ResponseMetadata>
</ConfirmSubscriptionResponse>`,
    },
  },
});

export const unsubscribe = defineAction({
  name: 'unsubscribe',
  summary: 'Ends a subscription.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_Unsubscribe.html',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ SubscriptionArn: subscriptionArn }),
  output: () => done,
  request: (input) => requestOf('Unsubscribe', input),
  response: ({ body }) => within(body, 'UnsubscribeResponse', 'ResponseMetadata'),
  example: {
    input: {
      SubscriptionArn:
        'arn:aws:sns:us-east-2:123456789012:My-Topic:80289ba6-0fd4-4079-afb4-ce8c8260f0ca',
    },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=Unsubscribe&Version=2010-03-31&SubscriptionArn=arn%3Aaws%3Asns%3Aus-east-2%3A123456789012%3AMy-Topic%3A80289ba6-0fd4-4079-afb4-ce8c8260f0ca',
    },
    response: {
      body: `<UnsubscribeResponse xmlns="${XMLNS}">
    <ResponseMetadata>
        <RequestId>18e0ac39-3776-11df-84c0-b93cc1666b84</RequestId>
    </ResponseMetadata>
</UnsubscribeResponse>`,
    },
  },
});

export const listSubscriptionsByTopic = defineAction({
  name: 'listSubscriptionsByTopic',
  summary: 'Lists the subscriptions of a topic, a hundred on a page.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html',
  risk: 'read',
  input: () => z.strictObject({ TopicArn: topicArn, NextToken: text.optional() }),
  output: () =>
    z.looseObject({
      Subscriptions: z.array(
        subscribed.extend({ Protocol: z.string(), Endpoint: z.string(), TopicArn: z.string() }),
      ),
      NextToken: z.string().optional(),
    }),
  request: (input) => requestOf('ListSubscriptionsByTopic', input),
  response: ({ body }) => {
    const result = within(
      body,
      'ListSubscriptionsByTopicResponse',
      'ListSubscriptionsByTopicResult',
    );
    return result !== body && typeof result === 'object'
      ? { ...result, Subscriptions: listIn(result, 'Subscriptions', 'member') }
      : body;
  },
  pages: {
    kind: 'cursor',
    items: '/ListSubscriptionsByTopicResponse/ListSubscriptionsByTopicResult/Subscriptions/member',
    next: '/ListSubscriptionsByTopicResponse/ListSubscriptionsByTopicResult/NextToken',
    param: 'NextToken',
    in: 'body',
  },
  example: {
    input: { TopicArn: 'arn:aws:sns:us-east-2:123456789012:My-Topic' },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=ListSubscriptionsByTopic&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-2%3A123456789012%3AMy-Topic',
    },
    response: {
      body: `<ListSubscriptionsByTopicResponse xmlns="${XMLNS}">
    <ListSubscriptionsByTopicResult>
        <Subscriptions>
            <member>
                <TopicArn>arn:aws:sns:us-east-2:123456789012:My-Topic</TopicArn>
                <Protocol>email</Protocol>
                <SubscriptionArn>arn:aws:sns:us-east-2:123456789012:My-Topic:80289ba6-0fd4-4079-afb4-ce8c8260f0ca</SubscriptionArn>
                <Owner>123456789012</Owner>
                <Endpoint>example@amazon.com</Endpoint>
            </member>
        </Subscriptions>
    </ListSubscriptionsByTopicResult>
    <ResponseMetadata>
        <RequestId>b9275252-3774-11df-9540-99d0768312d3</RequestId>
    </ResponseMetadata>
</ListSubscriptionsByTopicResponse>`,
    },
  },
});

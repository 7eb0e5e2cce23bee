import { defineConnector, type TriggerSpec } from '../../src/contract/index.js';
import { accessKey, CODES, fields, setup, STS, test } from './shared.js';
import { publish, publishBatch } from './snsMessages.js';
import {
  confirmSubscription,
  listSubscriptionsByTopic,
  subscribe,
  unsubscribe,
} from './snsSubscriptions.js';
import { createTopic, deleteTopic, listTopics } from './snsTopics.js';
import { xmlReader } from './xml.js';

export const awsSns = defineConnector({
  key: 'awsSns',
  name: 'Amazon SNS',
  category: 'cloud',
  description: 'Publish messages to topics and phones, and manage subscriptions to topics.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: setup(
    'sns:Publish to send; sns:ListTopics, sns:CreateTopic, sns:Subscribe, sns:Unsubscribe and sns:ListSubscriptionsByTopic as you need them',
  ),
  servers: { sns: 'https://sns.{region}.amazonaws.com', sts: STS },
  // With `accept: application/json`, the default, it responds in an undocumented JSON.
  headers: { Accept: 'application/xml' },
  fields,
  auth: { accessKey: accessKey('sns') },
  test,
  read: xmlReader(['member']),
  actions: [
    publish,
    publishBatch,
    listTopics,
    createTopic,
    deleteTopic,
    subscribe,
    confirmSubscription,
    unsubscribe,
    listSubscriptionsByTopic,
  ],
  // The requests sent to an endpoint with the protocol https. https://docs.aws.amazon.com/sns/latest/dg/http-header.html
  triggers: [
    delivery('messagePublished', 'Notification', 'A message was published to a topic.'),
    delivery(
      'subscriptionRequested',
      'SubscriptionConfirmation',
      'A subscription must be confirmed.',
    ),
    delivery('subscriptionEnded', 'UnsubscribeConfirmation', 'A subscription was ended.'),
  ],
  sync: [{ name: 'topics', action: 'listTopics', id: '/TopicArn' }],
  limits: {
    // Publishing: from 300 a second, by region; the smallest number holds everywhere.
    docs: 'https://docs.aws.amazon.com/general/latest/gr/sns.html',
    budgets: [
      {
        requests: 300,
        perSeconds: 1,
        scope: 'connection',
        actions: ['publish', 'publishBatch'],
      },
      { requests: 100, perSeconds: 1, scope: 'connection', actions: ['subscribe'] },
      { requests: 100, perSeconds: 1, scope: 'connection', actions: ['unsubscribe'] },
      { requests: 30, perSeconds: 1, scope: 'connection', actions: ['listTopics'] },
      { requests: 30, perSeconds: 1, scope: 'connection', actions: ['listSubscriptionsByTopic'] },
    ],
  },
  // https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
  failures: {
    code: ['/ErrorResponse/Error/Code'],
    message: ['/ErrorResponse/Error/Message'],
    codes: {
      ...CODES,
      AuthorizationError: 'permission',
      InvalidSecurity: 'permission',
      KMSAccessDenied: 'permission',
      KMSOptInRequired: 'permission',
      // The recipient of SMS messages has opted out.
      OptedOut: 'permission',
      NotFound: 'notFound',
      ResourceNotFound: 'notFound',
      KMSNotFound: 'notFound',
      ConcurrentAccess: 'conflict',
      EndpointDisabled: 'conflict',
      InvalidState: 'conflict',
      KMSDisabled: 'conflict',
      KMSInvalidState: 'conflict',
      PlatformApplicationDisabled: 'conflict',
      StaleTag: 'conflict',
      KMSThrottling: 'rateLimit',
      Throttled: 'rateLimit',
      // The number of objects is limited, not the rate: waiting does not help.
      FilterPolicyLimitExceeded: 'validation',
      ReplayLimitExceeded: 'validation',
      SubscriptionLimitExceeded: 'validation',
      TagLimitExceeded: 'validation',
      TopicLimitExceeded: 'validation',
    },
  },
  example: { region: 'us-east-1' },
});

function delivery(name: string, type: string, summary: string): TriggerSpec {
  return {
    name,
    summary,
    match: { header: 'x-amz-sns-message-type', is: type },
    docs: 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html',
  };
}

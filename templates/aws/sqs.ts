import { defineConnector } from '../../src/contract/index.js';
import { accessKey, CODES, fields, memberOf, setup, STS, test } from './shared.js';
import {
  changeMessageVisibility,
  deleteMessage,
  receiveMessage,
  sendMessage,
  sendMessageBatch,
} from './sqsMessages.js';
import {
  createQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueues,
  purgeQueue,
} from './sqsQueues.js';
import { xmlReader } from './xml.js';

const readXml = xmlReader([]);

export const awsSqs = defineConnector({
  key: 'awsSqs',
  name: 'Amazon SQS',
  category: 'cloud',
  description: 'Send messages to queues, and receive and delete messages.',
  docs: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference',
  support: 'verified',
  version: '1.0.0',
  checkedOn: '2026-11-21',
  setup: setup(
    'sqs:SendMessage to send; sqs:ReceiveMessage, sqs:DeleteMessage and sqs:ChangeMessageVisibility to receive; sqs:GetQueueUrl, sqs:GetQueueAttributes and sqs:ListQueues to find queues',
  ),
  servers: { sqs: 'https://sqs.{region}.amazonaws.com', sts: STS },
  fields,
  auth: { accessKey: accessKey('sqs') },
  test,
  // The response to the test is XML. Failures come with or without a namespace.
  read(body) {
    const type = memberOf(body, '__type');
    return typeof type === 'string' && typeof body === 'object'
      ? { ...body, __type: type.replace(/^.*#/, '') }
      : readXml(body);
  },
  actions: [
    sendMessage,
    sendMessageBatch,
    receiveMessage,
    deleteMessage,
    changeMessageVisibility,
    getQueueUrl,
    getQueueAttributes,
    listQueues,
    createQueue,
    purgeQueue,
  ],
  limits: {
    // Nearly unlimited for standard queues; by default 300 a second of each operation for FIFO queues.
    docs: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
    budgets: [],
  },
  // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-api-responses.html
  failures: {
    code: ['/__type', '/ErrorResponse/Error/Code'],
    message: ['/message', '/Message', '/ErrorResponse/Error/Message'],
    codes: {
      ...CODES,
      InvalidSecurity: 'permission',
      KmsAccessDenied: 'permission',
      KmsOptInRequired: 'permission',
      KmsNotFound: 'notFound',
      NonExistentQueue: 'notFound',
      QueueDoesNotExist: 'notFound',
      ResourceNotFoundException: 'notFound',
      KmsDisabled: 'conflict',
      KmsInvalidState: 'conflict',
      MessageNotInflight: 'conflict',
      PurgeQueueInProgress: 'conflict',
      QueueDeletedRecently: 'conflict',
      QueueNameExists: 'conflict',
      KmsThrottled: 'rateLimit',
      OverLimit: 'rateLimit',
      RequestThrottled: 'rateLimit',
      // The receipt handle was not found, not the queue.
      InvalidIdFormat: 'validation',
      ReceiptHandleIsInvalid: 'validation',
    },
  },
  example: { region: 'us-east-1' },
});

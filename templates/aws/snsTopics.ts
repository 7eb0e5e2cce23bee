import { z } from 'zod';

import { defineAction } from '../../src/contract/index.js';
import { listIn, text, within } from './shared.js';
import { done, entriesOf, numbered, requestOf, topicArn, XMLNS } from './snsShapes.js';

export const listTopics = defineAction({
  name: 'listTopics',
  summary: 'Lists the topics of the region, a hundred on a page.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_ListTopics.html',
  risk: 'read',
  input: () => z.strictObject({ NextToken: text.optional() }),
  output: () =>
    z.looseObject({
      Topics: z.array(z.looseObject({ TopicArn: z.string() })),
      NextToken: z.string().optional(),
    }),
  request: (input) => requestOf('ListTopics', input),
  response: ({ body }) => {
    const result = within(body, 'ListTopicsResponse', 'ListTopicsResult');
    return result !== body && typeof result === 'object'
      ? { ...result, Topics: listIn(result, 'Topics', 'member') }
      : body;
  },
  pages: {
    kind: 'cursor',
    items: '/ListTopicsResponse/ListTopicsResult/Topics/member',
    next: '/ListTopicsResponse/ListTopicsResult/NextToken',
    param: 'NextToken',
    in: 'body',
  },
  example: {
    input: {},
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=ListTopics&Version=2010-03-31',
    },
    response: {
      body: `<ListTopicsResponse xmlns="${XMLNS}">
   <ListTopicsResult>
      <Topics>
         <member>
            <TopicArn>arn:aws:sns:us-east-2:123456789012:My-Topic</TopicArn>
         </member>
      </Topics>
   </ListTopicsResult>
   <ResponseMetadata>
      <RequestId>3f1478c7-33a9-11df-9540-99d0768312d3</RequestId>
   </ResponseMetadata>
</ListTopicsResponse>`,
    },
  },
});

const SETTINGS = [
  ...(['DeliveryPolicy', 'DisplayName', 'FifoTopic', 'Policy', 'SignatureVersion'] as const),
  ...(['TracingConfig', 'KmsMasterKeyId', 'ArchivePolicy', 'MaximumMessageSize'] as const),
  ...(['ContentBasedDeduplication', 'FifoThroughputScope'] as const),
] as const;

export const createTopic = defineAction({
  name: 'createTopic',
  summary: 'Creates a topic, or returns the one with that name.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html',
  risk: 'write',
  idempotent: true,
  input: () =>
    z.strictObject({
      Name: z
        .string()
        .regex(/^(?=.{1,256}$)[\w-]+(?:\.fifo)?$/)
        .describe('The name of a FIFO topic ends with `.fifo`.'),
      Attributes: z.partialRecord(z.enum(SETTINGS), z.string()).optional(),
      Tags: z
        .array(z.strictObject({ Key: z.string().min(1).max(128), Value: z.string().max(256) }))
        .max(50)
        .optional(),
    }),
  output: () => z.looseObject({ TopicArn: z.string() }),
  request: ({ Name, Attributes, Tags = [] }) =>
    requestOf('CreateTopic', {
      Name,
      ...numbered('Attributes.entry', entriesOf(Attributes)),
      ...numbered('Tags.member', Tags),
    }),
  response: ({ body }) => within(body, 'CreateTopicResponse', 'CreateTopicResult'),
  example: {
    input: {
      Name: 'My-Topic',
      Attributes: { DisplayName: 'My topic' },
      Tags: [{ Key: 'team', Value: 'a' }],
    },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=CreateTopic&Version=2010-03-31&Name=My-Topic&Attributes.entry.1.key=DisplayName&Attributes.entry.1.value=My+topic&Tags.member.1.Key=team&Tags.member.1.Value=a',
    },
    response: {
      body: `<CreateTopicResponse xmlns="${XMLNS}">
    <CreateTopicResult>
        <TopicArn>arn:aws:sns:us-east-2:123456789012:My-Topic</TopicArn>
    </CreateTopicResult>
    <ResponseMetadata>
        <RequestId>a8dec8b3-33a4-11df-8963-01868b7c937a</RequestId>
    </ResponseMetadata>
</CreateTopicResponse>`,
    },
  },
});

export const deleteTopic = defineAction({
  name: 'deleteTopic',
  summary: 'Deletes a topic and its subscriptions.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html',
  risk: 'write',
  idempotent: true,
  input: () => z.strictObject({ TopicArn: topicArn }),
  output: () => done,
  request: (input) => requestOf('DeleteTopic', input),
  response: ({ body }) => within(body, 'DeleteTopicResponse', 'ResponseMetadata'),
  example: {
    input: { TopicArn: 'arn:aws:sns:us-east-2:123456789012:My-Topic' },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=DeleteTopic&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-2%3A123456789012%3AMy-Topic',
    },
    response: {
      body: `<DeleteTopicResponse xmlns="${XMLNS}">
    <ResponseMetadata>
        <RequestId>f3aa9ac9-3c3d-11df-8235-9dab105e9c32</RequestId>
    </ResponseMetadata>
</DeleteTopicResponse>`,
    },
  },
});

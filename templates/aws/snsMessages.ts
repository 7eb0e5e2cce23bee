import { z } from 'zod';

import { defineAction } from '../../src/contract/index.js';
import { listIn, memberOf, within } from './shared.js';
import { fieldsOf, message, numbered, requestOf, targetArn, topicArn, XMLNS } from './snsShapes.js';

export const publish = defineAction({
  name: 'publish',
  summary: 'Sends a message to all subscribers of a topic, or to one phone or app.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_Publish.html',
  risk: 'write',
  input: () =>
    z
      .strictObject({
        TopicArn: topicArn.optional(),
        TargetArn: targetArn.optional(),
        PhoneNumber: z
          .string()
          .regex(/^\+[1-9]\d{1,14}$/)
          .optional()
          .describe('As `+14155552345`.'),
        ...message,
      })
      .refine(
        ({ TopicArn, TargetArn, PhoneNumber }) =>
          [TopicArn, TargetArn, PhoneNumber].filter((to) => to !== undefined).length === 1,
        { error: 'Give one of TopicArn, TargetArn and PhoneNumber.' },
      ),
  output: () => z.looseObject({ MessageId: z.string(), SequenceNumber: z.string().optional() }),
  request: ({ TopicArn, TargetArn, PhoneNumber, ...rest }) =>
    requestOf('Publish', { TopicArn, TargetArn, PhoneNumber, ...fieldsOf(rest) }),
  response: ({ body }) => within(body, 'PublishResponse', 'PublishResult'),
  example: {
    input: {
      TopicArn: 'arn:aws:sns:us-west-2:123456789012:MyTopic',
      Message: 'Hello, all & sundry',
      Subject: 'Greetings',
      MessageAttributes: { store: { DataType: 'String', StringValue: 'example_corp' } },
    },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-west-2%3A123456789012%3AMyTopic&Message=Hello%2C+all+%26+sundry&Subject=Greetings&MessageAttributes.entry.1.Name=store&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=example_corp',
    },
    response: {
      body: `<PublishResponse xmlns="${XMLNS}">
    <PublishResult>
        <MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId>
    </PublishResult>
    <ResponseMetadata>
        <RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId>
    </ResponseMetadata>
</PublishResponse>`,
    },
  },
});

export const publishBatch = defineAction({
  name: 'publishBatch',
  summary: 'Sends up to ten messages to a topic and returns the result of each.',
  docs: 'https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html',
  risk: 'write',
  input: () =>
    z.strictObject({
      TopicArn: topicArn,
      PublishBatchRequestEntries: z
        .array(
          z.strictObject({
            Id: z
              .string()
              .regex(/^[\w-]{1,80}$/)
              .describe('Your own id; the response refers to it.'),
            ...message,
          }),
        )
        .min(1)
        .max(10),
    }),
  output: () =>
    z.looseObject({
      Successful: z.array(z.looseObject({ Id: z.string(), MessageId: z.string() })),
      Failed: z.array(
        z.looseObject({ Id: z.string(), Code: z.string(), SenderFault: z.boolean() }),
      ),
    }),
  request: ({ TopicArn, PublishBatchRequestEntries: entries }) =>
    requestOf('PublishBatch', {
      TopicArn,
      ...numbered(
        'PublishBatchRequestEntries.member',
        entries.map(({ Id, ...rest }) => ({ Id, ...fieldsOf(rest) })),
      ),
    }),
  response: ({ body }) => {
    const result = within(body, 'PublishBatchResponse', 'PublishBatchResult');
    if (result === body) return body;
    return {
      Successful: listIn(result, 'Successful', 'member'),
      Failed: listIn(result, 'Failed', 'member').map((item) => ({
        ...(item as object),
        SenderFault: memberOf(item, 'SenderFault') === 'true',
      })),
    };
  },
  example: {
    input: {
      TopicArn: 'arn:aws:sns:us-east-2:123456789012:MyTopic',
      PublishBatchRequestEntries: [
        { Id: 'one', Message: 'Hello' },
        { Id: 'two', Message: 'Again', MessageGroupId: 'g' },
      ],
    },
    sends: {
      method: 'POST',
      url: 'https://sns.us-east-1.amazonaws.com/',
      form: 'Action=PublishBatch&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aus-east-2%3A123456789012%3AMyTopic&PublishBatchRequestEntries.member.1.Id=one&PublishBatchRequestEntries.member.1.Message=Hello&PublishBatchRequestEntries.member.2.Id=two&PublishBatchRequestEntries.member.2.Message=Again&PublishBatchRequestEntries.member.2.MessageGroupId=g',
    },
    response: {
      body: `<PublishBatchResponse xmlns="${XMLNS}">
  <PublishBatchResult>
    <Failed>
      <member>
        <Id>two</Id>
        <Code>InvalidParameter</Code>
        <Message>Invalid parameter: MessageGroupId</Message>
        <SenderFault>true</SenderFault>
      </member>
    </Failed>
    <Successful>
      <member>
        <Id>one</Id>
        <MessageId>567910cd-659e-55d4-8ccb-5aaf14679dc0</MessageId>
      </member>
    </Successful>
  </PublishBatchResult>
  <ResponseMetadata>
    <RequestId>d74b8436-ae13-5ab4-a9ff-ce54dfea72a0</RequestId>
  </ResponseMetadata>
</PublishBatchResponse>`,
    },
  },
});

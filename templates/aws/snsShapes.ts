import { z } from 'zod';

import { type ActionRequest, path } from '../../src/contract/index.js';
import { text } from './shared.js';

// Shapes shared by several operations of SNS. https://docs.aws.amazon.com/sns/latest/api

const arn = (example: string) =>
  z
    .string()
    .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:\S+$/)
    .describe(`Such as \`${example}\`.`);

export const topicArn = arn('arn:aws:sns:us-east-2:123456789012:MyTopic');
export const subscriptionArn = arn('arn:aws:sns:us-east-2:123456789012:MyTopic:6b0e71bd-7e97');
export const targetArn = arn('arn:aws:sns:us-west-2:123456789012:endpoint/APNS/app/98e9ced9');

const attribute = z.strictObject({
  DataType: z.enum(['String', 'String.Array', 'Number', 'Binary']),
  StringValue: text.optional(),
  BinaryValue: z.base64().optional(),
});

/** The parameters of a message, alone and in a batch. */
export const message = {
  Message: text.describe('At most 256 KiB, also for a whole batch, unless the topic allows more.'),
  Subject: z
    .string()
    .regex(/^\P{Cc}{1,99}$/u)
    .optional()
    .describe('For e-mail.'),
  MessageStructure: z
    .literal('json')
    .optional()
    .describe('With `json`, Message is a JSON object with a text for each protocol and `default`.'),
  MessageAttributes: z.record(z.string().regex(/^[\w.-]{1,256}$/), attribute).optional(),
  MessageDeduplicationId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('For FIFO topics: a message with the same id is not sent again within five minutes.'),
  MessageGroupId: z
    .string()
    .min(1)
    .max(128)
    .optional()
    .describe('For FIFO topics, which keep the order of each group.'),
};

type Message = z.output<z.ZodObject<typeof message>>;
type Fields = Readonly<Record<string, string | boolean | undefined>>;

/** A message as parameters. */
export function fieldsOf({ MessageAttributes = {}, ...rest }: Message): Fields {
  const attributes = Object.entries(MessageAttributes).map(([name, value]) => ({
    Name: name,
    'Value.DataType': value.DataType,
    'Value.StringValue': value.StringValue,
    'Value.BinaryValue': value.BinaryValue,
  }));
  return { ...rest, ...numbered('MessageAttributes.entry', attributes) };
}

/** Lists are counted from 1: `Tags.member.1.Key`. */
export function numbered(prefix: string, items: readonly Fields[]): Fields {
  return Object.fromEntries(
    items.flatMap((item, nth) =>
      Object.entries(item).map(([name, value]) => [`${prefix}.${nth + 1}.${name}`, value]),
    ),
  );
}

export function entriesOf(map: Readonly<Record<string, string>> = {}): readonly Fields[] {
  return Object.entries(map).map(([key, value]) => ({ key, value }));
}

/** https://docs.aws.amazon.com/sns/latest/api/CommonParameters.html */
export function requestOf(operation: string, fields: Fields): ActionRequest {
  return {
    method: 'POST',
    path: path`/`,
    body: { form: { Action: operation, Version: '2010-03-31', ...fields } },
  };
}

export const XMLNS = 'https://sns.amazonaws.com/doc/2010-03-31/';

/** Operations without a result return the request id for AWS support. */
export const done = z.looseObject({ RequestId: z.string() });

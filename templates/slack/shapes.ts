import { z } from 'zod';

// Shapes shared by several methods of Slack.

export const channel = z.string().min(1).describe('The id of a channel, person or conversation.');

export const ts = z
  .string()
  .regex(/^\d+\.\d+$/)
  .describe('The `ts` of a message, which is its id in its channel.');

export const limit = z.int().min(1).max(1000).optional().describe('How many on a page.');

export const cursor = z.string().optional().describe('`next_cursor` of the previous page.');

export const blocks = z
  .array(z.looseObject({ type: z.string() }))
  .max(50)
  .optional()
  .describe('https://docs.slack.dev/reference/block-kit/blocks');

export const ok = z.literal(true);

export const message = z.looseObject({
  type: z.string().optional(),
  text: z.string(),
  ts: z.string(),
});

export const conversation = z.looseObject({ id: z.string(), name: z.string().optional() });

export const user = z.looseObject({ id: z.string(), name: z.string() });

export const METADATA = '/response_metadata/next_cursor';

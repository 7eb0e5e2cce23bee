import { z } from 'zod';

import { defineFunction } from '../define.js';

const when = z.iso.datetime();

export const getEncryptionStatus = defineFunction({
  name: 'getEncryptionStatus',
  summary: 'Shows the encryption keys, what is sealed under each, and how far sealing anew is.',
  access: { kind: 'master' },
  reads: true,
  params: z.strictObject({}),
  result: z.strictObject({
    keys: z
      .array(
        z.strictObject({
          id: z.string(),
          state: z
            .enum(['staged', 'active', 'decryptOnly', 'retired'])
            .describe(
              'staged: made, not used yet. decryptOnly: replaced, still needed. retired: nothing needs it.',
            ),
          generation: z.number(),
          iterations: z.number().describe('Of PBKDF2-HMAC-SHA256.'),
          encryptedValues: z.number().describe('How many values are sealed under it now.'),
          createdAt: when,
          activatedAt: when.optional(),
          replacedAt: when.optional(),
          retiredAt: when.optional(),
        }),
      )
      .describe('Oldest first; empty where a key service of the host’s keeps them.'),
    reencryption: z
      .strictObject({
        rows: z.number().describe('Rows looked at.'),
        reencrypted: z.number().describe('Rows sealed anew.'),
        left: z
          .number()
          .describe('Rows that somebody changed at the same moment: looked at again.'),
        broken: z
          .number()
          .describe('Rows with a value that does not open, left as they are; the log names them.'),
        finishedAt: when.optional().describe('Absent while it goes on.'),
      })
      .optional()
      .describe('The latest time that everything was sealed anew; absent when it never was.'),
  }),
  errors: {},
  example: {
    params: {},
    result: {
      keys: [
        {
          id: '0mhc6xwzk3v9q2t8r4ynb1pde',
          state: 'active',
          generation: 1,
          iterations: 600_000,
          encryptedValues: 42,
          createdAt: '2026-01-02T03:04:05.000Z',
          activatedAt: '2026-01-02T03:04:05.000Z',
        },
      ],
    },
  },

  async handle({ services }) {
    const { keys, reencryption: reseal } = await services.vault.status();
    return {
      keys: keys.map(({ id, state, generation, iterations, encryptedValues, ...dates }) => ({
        id,
        generation,
        iterations,
        encryptedValues,
        state: state as 'staged' | 'active' | 'decryptOnly' | 'retired',
        createdAt: dates.createdAt.toISOString(),
        ...(dates.activatedAt && { activatedAt: dates.activatedAt.toISOString() }),
        ...(dates.replacedAt && { replacedAt: dates.replacedAt.toISOString() }),
        ...(dates.retiredAt && { retiredAt: dates.retiredAt.toISOString() }),
      })),
      ...(reseal && {
        reencryption: {
          rows: reseal.rows,
          reencrypted: reseal.reencrypted,
          left: reseal.left,
          broken: reseal.broken,
          ...(reseal.finishedAt !== undefined && { finishedAt: reseal.finishedAt }),
        },
      }),
    };
  },
});
